"""Table files of the grammar: one entry a line, tab-separated, the first line names the columns.

A person reads and extends them. A line that begins with # is a comment. Every table has the
columns `holds` and `holds not`: sentences that the entry must read, and must leave alone; each
is run by a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def entries(table: str) -> tuple[dict[str, str], ...]:
    """The entries of a table of the grammar, each by the names of its columns."""
    return tuple(read_entries(files("pipeline.numbers") / "data" / f"{table}.tsv"))


def read_entries(file: Traversable) -> Iterator[dict[str, str]]:
    """The entries of any such file; a cell that is missing is empty."""
    lines = file.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
