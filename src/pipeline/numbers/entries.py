"""Table files of the grammar: one entry a line, tab-separated, the first line names the columns.

A person reads and extends them. A line that begins with # is a comment. Every table has the
columns `holds` and `holds not`: sentences that the entry must read, and must leave alone; each
is run by a test.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries


@cache
def entries(table: str) -> tuple[dict[str, str], ...]:
    """The entries of a table of the grammar, each by the names of its columns."""
    return tuple(read_entries(files("pipeline.numbers") / "data" / f"{table}.tsv"))
