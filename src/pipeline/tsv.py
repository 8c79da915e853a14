"""Data files of the packages: tab-separated, one entry a line, the column names in the first line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable


def read_entries(file: Traversable) -> Iterator[dict[str, str]]:
    """The entries of a file. Missing cells at the end are empty; a line that begins with # is a comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))


_NAME = re.compile(r"\{([a-z_]+)\}")


def _written_out(cell: str, patterns: Mapping[str, str]) -> str:
    """A cell with the pattern of each {name} that it has in its place."""
    return _NAME.sub(lambda found: f"(?:{patterns[found[1]]})", cell)


def read_rules(file: Traversable) -> Iterator[dict[str, str]]:
    """The entries of a file of rules, with the words in the place of each word list that a cell names.

    A rule has a field, its value, a pattern and an example. An entry of the field `words` is a word list: its
    value is its name, its pattern the words, and {name} in an entry below it stands for one of them.
    """
    lists: dict[str, str] = {}
    for entry in read_entries(file):
        rule = {column: _written_out(cell, lists) for column, cell in entry.items()}
        if rule["field"] == "words":
            lists[rule["value"]] = rule["pattern"]
        yield rule


class Patterns:
    """The patterns of a table, each an attribute named by its cue.

    {name} in a pattern stands for the pattern of an earlier line.
    """

    def __init__(self, table: Traversable) -> None:
        patterns: dict[str, str] = {}
        for entry in read_entries(table):
            patterns[entry["cue"]] = pattern = _written_out(entry["pattern"], patterns)
            setattr(self, entry["cue"], re.compile(pattern))

    def __getattr__(self, name: str) -> re.Pattern[str]:
        raise AttributeError(f"the table has no cue {name}")
