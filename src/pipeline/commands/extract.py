"""`wenshu extract`: every numeral of some files, as a table, JSON lines or CSV."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from json import JSONEncoder
from pathlib import Path

from pipeline.commands.terminal import clip, coloured, columns, joined, pad, paint
from pipeline.errors import one_line
from pipeline.numbers.extract import Reading, extract
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.numerals import plain
from pipeline.project import load_project
from pipeline.texts.decode import UndecodableError, decode

FIELDS = (
    "file", "start", "end", "text", "kind", "value", "low", "high", "unit", "qualifier", "subject", "rule"
)  # fmt: skip
"""What a line of `--format jsonl` and `--format csv` holds; `rule` with --explain alone."""

Readings = Iterator[tuple[Path, str, Reading]]


def run(args: Namespace) -> int:
    """Run `wenshu extract` with its parsed arguments; the exit code."""
    grammar = load_grammar(load_project(args.config).catalog)
    unread: list[Path] = []
    _WRITERS[args.format](_readings(args.files, unread, grammar), args.explain)
    return 2 if len(unread) == len(args.files) else 0


def read_texts(files: Iterable[Path], unread: list[Path]) -> Iterator[tuple[Path, str]]:
    """Each file's decoded text; what cannot be read gets a line on stderr and goes to `unread`.

    A file called - is what is piped in.
    """
    for path in files:
        try:
            data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
            yield path, decode(data)[0]
        except (OSError, UndecodableError) as error:
            why = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
            print(f"wenshu: {one_line(str(path))}: {why}", file=sys.stderr)
            unread.append(path)


def _readings(files: Sequence[Path], unread: list[Path], grammar: Grammar) -> Readings:
    for path, text in read_texts(files, unread):
        yield path, text, extract(text, grammar)


# ---------------------------------------------------------------- for programs


def _rows(readings: Readings, explain: bool) -> Iterator[tuple[str | int | None, ...]]:
    for path, _, reading in readings:
        file = str(path)
        for m in reading.mentions:
            row = (
                file, m.start, m.end, m.text, m.kind, plain(m.value), plain(m.low), plain(m.high),
                m.unit, m.qualifier, m.subject,
            )  # fmt: skip
            yield (*row, m.rule) if explain else row


def _write_jsonl(readings: Readings, explain: bool) -> None:
    encode = JSONEncoder(ensure_ascii=False).encode
    for row in _rows(readings, explain):
        print(encode(dict(zip(FIELDS, row, strict=False))))


def _write_csv(readings: Readings, explain: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(FIELDS if explain else FIELDS[:-1])
    writer.writerows(_rows(readings, explain))


# ---------------------------------------------------------------- for people

_MARKS = "【】"
_QUANTITY, _OTHER, _FILE = (1, 36), (2,), (1,)
_SIGNS = {"about": "≈ {}", "over": "> {}", "at_least": "≥ {}", "below": "< {}", "at_most": "≤ {}"}


def _write_table(readings: Readings, explain: bool) -> None:
    colour = coloured()
    for path, text, reading in readings:
        name = one_line(str(path))
        print(paint(name, *_FILE) if colour else name)
        rows = [_cells(mention, explain) for mention in reading.mentions]
        widths = columns(rows) if rows else []
        at = 0
        for sentence, group in groupby(reading.mentions, key=lambda m: m.sentence):
            mentions = list(group)
            print(f"\n{_marked(text, reading, sentence, mentions, colour)}")
            for mention in mentions:
                line = _aligned(rows[at], widths)
                print(paint(line, *_OTHER) if colour and not mention.statistical else line)
                at += 1
        print()


def _marked(text: str, reading: Reading, sentence: int, mentions: Iterable[Mention], colour: bool) -> str:
    """A sentence in its own script, without line breaks, its numerals marked."""
    flow = reading.flow
    begin, stop = flow.sentences[sentence] if flow.sentences else (0, len(flow.text))

    def original(begin: int, stop: int) -> str:
        return one_line("".join(text[flow.origin[i]] for i in range(begin, stop)).replace("\n", " "))

    parts: list[str] = []
    at = begin
    for m in mentions:
        number = original(m.begin, m.stop) or m.text  # a page number between two lines is not in the flow
        marked = paint(number, *(_QUANTITY if m.statistical else _OTHER)) if colour else number.join(_MARKS)
        parts += original(at, m.begin), marked
        at = m.stop
    parts.append(original(at, max(at, stop)))
    return "".join(parts).strip()


def _cells(m: Mention, explain: bool) -> tuple[str, ...]:
    cells = (one_line(m.text.replace("\n", "")), _stated(m), m.unit or "", m.kind, one_line(m.subject or ""))
    return (*cells, m.rule) if explain else cells


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A row below its sentence; values are set flush right."""
    aligned = (
        pad(clip(cell, columns), columns, right=i == 1)
        for i, (cell, columns) in enumerate(zip(cells, widths, strict=True))
    )
    return f"    {joined(aligned)}"


def _stated(m: Mention) -> str:
    """The interval that a mention states, as people write it: ≈ 300, 160–170, > 9,000."""
    if not m.statistical and m.kind != "ordinal":
        return ""
    if m.low is not None and m.high is not None and m.low != m.high:
        return f"{_spaced(m.low)}–{_spaced(m.high)}"
    if m.value is None:
        return ""
    return _SIGNS.get(m.qualifier, "{}").format(_spaced(m.value))


def _spaced(value: Decimal) -> str:
    return f"{value:,f}"


_WRITERS: dict[str, Callable[[Readings, bool], None]] = {
    "table": _write_table,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}
