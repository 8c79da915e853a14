"""Table files of the grammar: one entry a line, tab-separated, the first line names the columns.

A person reads and extends them. A line that begins with # is a comment. Every table has the
columns `holds` and `holds not`: sentences that the entry must read, and must leave alone; each
is run by a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries


@cache
def entries(table: str) -> tuple[dict[str, str], ...]:
    """The entries of a table of the grammar, each by the names of its columns."""
    return tuple(read_entries(files("pipeline.numbers") / "data" / f"{table}.tsv"))


def word_lengths(words: Iterable[str], position: int) -> dict[str, tuple[int, ...]]:
    """How long the words are that have a character at a position, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[position], set()).add(len(word))
    return {char: tuple(sorted(found, reverse=True)) for char, found in lengths.items()}
