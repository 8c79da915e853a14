"""`wenshu check`: the arithmetic in files, and what does not add up."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from pipeline.api import EQUATION_COLUMNS
from pipeline.commands.extract import read_texts
from pipeline.commands.terminal import pad, styled
from pipeline.errors import one_line
from pipeline.frames.reading import read
from pipeline.language import localized, translate
from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.project import load_project
from pipeline.relations import Relation, SearchResult, find_relations

FileResults = Iterable[tuple[str, SearchResult]]

_STYLES = {"fails": (1, 31), "possible": (33,), "rounding": (36,), "holds": (32,)}
_FILE = (1,)


def run(args: Namespace) -> int:
    """Run `wenshu check` with its parsed arguments; the exit code."""
    project = load_project(args.config)
    grammar = load_grammar(project.catalog)
    unread: list[Path] = []
    failed: list[Relation] = []
    _WRITERS[args.format](_search(read_texts(args.files, unread, project.ocr), failed, grammar))
    if len(unread) == len(args.files):
        return 2
    return 1 if failed else 0


def _search(
    texts: Iterable[tuple[str, str]], failed: list[Relation], grammar: Grammar
) -> Iterator[tuple[str, SearchResult]]:
    for file, text in texts:
        found = find_relations(read(text, grammar))
        for line in found.unsearched:
            print(f"wenshu: {one_line(file)}: {line}", file=sys.stderr)
        failed.extend(relation for relation in found.relations if relation.verdict == "fails")
        yield file, found


# ---------------------------------------------------------------- for programs


def _write_jsonl(results: FileResults) -> None:
    for file, found in results:
        for r in found.relations:
            fields = {"file": file, **{name: getattr(r, name) for name in EQUATION_COLUMNS}}
            print("{" + ", ".join(f'"{name}": {_json(value)}' for name, value in fields.items()) + "}")


def _json(value: object) -> str:
    """A value as JSON; a decimal as a number with all its digits, which a float would lose."""
    if isinstance(value, Decimal):
        return decimal_text(value) or "0"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_json, value))}]"
    return json.dumps(value, ensure_ascii=False)


# ---------------------------------------------------------------- for people


def _write_table(results: FileResults) -> None:
    for file, found in results:
        print(styled(one_line(file), *_FILE))
        quote = None
        for r in found.relations:
            if r.quote != quote:
                quote = r.quote
                print(f"\n  {one_line(quote).strip()}")
            line = f"    {pad(translate(r.verdict), 8)}  {r.expression}{_should_be(r)}"
            print(styled(line, *_STYLES[r.verdict]))
        print(f"\n  {_counted(found)}\n")


def _should_be(r: Relation) -> str:
    """The right result, where the stated one is wrong."""
    return "" if r.verdict == "holds" else f"   ({r.should_be})"


def _counted(found: SearchResult) -> str:
    verdicts = [r.verdict for r in found.relations]
    counts = [f"{verdicts.count(verdict)} {translate(verdict)}" for verdict in _STYLES if verdict in verdicts]
    return localized("，", ", ").join(reversed(counts)) or translate("no arithmetic found")


_WRITERS: dict[str, Callable[[FileResults], None]] = {"table": _write_table, "jsonl": _write_jsonl}
