"""`wenshu extract`: every numeral of some files, as a table, JSON lines or CSV."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby, tee
from json import JSONEncoder
from pathlib import Path

from pipeline.api import FIGURE_COLUMNS
from pipeline.commands.terminal import aligned, has_colours, styled
from pipeline.errors import fault_message, one_line
from pipeline.frames.reading import SubjectChoice, read_each, subject_choices
from pipeline.language import localized, translate
from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.explain import explain
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.project import load_project
from pipeline.settings import ReadOptions
from pipeline.texts.articles import articles, piped
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import Article
from pipeline.web.frame_line import frame_line

FIELDS = ("file", *FIGURE_COLUMNS, "rule")
"""The fields of `--format jsonl` and `--format csv`; `rule` with --explain alone."""

Readings = Iterator[tuple[str, str, Reading]]


def run(args: Namespace) -> int:
    """Run `wenshu extract` with its parsed arguments; the exit code."""
    project = load_project(args.config)
    grammar = load_grammar(project.catalog)
    unread: list[Path] = []
    readings = _readings(args.files, unread, grammar, project.ocr)
    if args.explain:
        readings = ((path, text, _explained(text, reading, grammar)) for path, text, reading in readings)
    _WRITERS[args.format](readings, args.explain)
    return 2 if len(unread) == len(args.files) else 0


def _explained(text: str, reading: Reading, grammar: Grammar) -> Reading:
    """The reading whose mentions have in `rule` the rules for the number and for its subject."""
    chosen = subject_choices(text, reading, grammar)
    explained = []
    for m in explain(reading, grammar).mentions:
        choice = chosen.get(m.start)
        explained.append(m._replace(rule=f"{m.rule}; {_subjects(choice)}") if choice else m)
    return replace(reading, mentions=tuple(explained))


def _subjects(choice: SubjectChoice) -> str:
    first, second = (name or "none" for name in (choice.subject, choice.runner_up))
    return f"subject: {first}, before {second} by {choice.margin}"


def read_texts(
    files: Iterable[Path], unread: list[Path], ocr: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """The name and text of each article of files in any format that a run reads.

    The file - is stdin. An article of a file with several is named FILE#RECORD. What cannot be
    read, or is left out, is reported on stderr; a file without any text is added to `unread`.
    ocr: the project's command for scans.
    """
    options = ReadOptions(ocr=ocr)
    for path in files:
        count = 0
        try:
            for article in _articles(path, options):
                name = str(path) if article.record is None else f"{path}#{article.record}"
                for note in (article.reason, *article.notes):
                    if note:
                        _report(name, note)
                if not article.reason:
                    count += 1
                    yield name, article.text
            if not count:
                unread.append(path)
        except Exception as error:  # of any kind, from the reader of a format
            _report(str(path), _error_text(error))
            unread.append(path)


def _error_text(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    return str(error) if isinstance(error, UnreadableError) else fault_message(error)


def _articles(path: Path, options: ReadOptions) -> Iterator[Article]:
    if str(path) == "-":
        yield from piped(sys.stdin.buffer.read(), options)
        return
    with path.open("rb") as file:
        yield from articles(file, path.name, options)


def _report(name: str, message: str) -> None:
    print(f"wenshu: {one_line(name)}{localized('：', ': ')}{translate(one_line(message))}", file=sys.stderr)


def _readings(files: Sequence[Path], unread: list[Path], grammar: Grammar, ocr: tuple[str, ...]) -> Readings:
    texts, again = tee(read_texts(files, unread, ocr))
    readings = read_each((text for _, text in again), grammar)
    for (name, text), reading in zip(texts, readings, strict=True):
        yield name, text, reading


# ---------------------------------------------------------------- for programs


def _rows(readings: Readings, explain: bool) -> Iterator[tuple[str | int | bool | None, ...]]:
    for file, _, reading in readings:
        for m in reading.mentions:
            cells = (getattr(m, name) for name in FIGURE_COLUMNS)
            row = (file, *(decimal_text(cell) if isinstance(cell, Decimal) else cell for cell in cells))
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
    for file, text, reading in readings:
        print(styled(one_line(file), *_FILE))
        lines = aligned([_cells(mention, explain) for mention in reading.mentions], 48, right=(1,))
        for sentence, group in groupby(reading.mentions, key=lambda m: m.sentence):
            mentions = list(group)
            print(f"\n{_marked(text, reading, sentence, mentions)}")
            for mention, cells in zip(mentions, lines, strict=False):
                line = f"    {cells}"
                print(line if mention.statistical else styled(line, *_OTHER))
        print()


def _marked(text: str, reading: Reading, sentence: int, mentions: Iterable[Mention]) -> str:
    """A sentence in its original characters, without line breaks, with its numerals marked."""
    flow = reading.flow
    begin, stop = flow.sentences[sentence] if flow.sentences else (0, len(flow.text))

    def original(begin: int, stop: int) -> str:
        return one_line("".join(text[flow.origin[i]] for i in range(begin, stop)).replace("\n", " "))

    parts: list[str] = []
    at = begin
    for m in mentions:
        number = original(m.begin, m.stop) or m.text  # a page number between two lines is not in the flow
        style = _QUANTITY if m.statistical else _OTHER
        marked = styled(number, *style) if has_colours() else number.join(_MARKS)
        parts += original(at, m.begin), marked
        at = m.stop
    parts.append(original(at, max(at, stop)))
    return "".join(parts).strip()


def _cells(m: Mention, explain: bool) -> tuple[str, ...]:
    about = one_line(frame_line(m._asdict(), localized))
    cells = (one_line(m.text.replace("\n", "")), _value_text(m), m.unit or "", m.kind, about)
    return (*cells, m.rule) if explain else cells


def _value_text(m: Mention) -> str:
    """The value or interval of a mention for people: ≈ 300, 160–170, > 9,000."""
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
