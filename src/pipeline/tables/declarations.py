"""The declarations of the built-in tables and of their columns: tables.tsv, columns.tsv.

A data dictionary as people write it: a line a column, in the order in which every file has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from pipeline.tables.model import Column, ForeignKey, Table, Words
from pipeline.tsv import read_entries

_SHARED = "*"
"""The table of columns that several tables have."""
_NOTHING = "-"

Entry = Mapping[str, str]


def _declared() -> Iterator[Table]:
    for entry in read_entries(files(__package__) / "tables.tsv"):
        yield Table(
            entry["table"],
            _words(entry, "title"),
            _words(entry, "description"),
            columns_of(entry["table"]),
            key=tuple(entry["key"].split()),
            order=tuple(entry["order"].split()),
            foreign_keys=tuple(map(_foreign_key, entry["foreign keys"].split())),
        )


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns that columns.tsv gives a table."""
    return _columns()[table]


@cache
def _columns() -> Mapping[str, tuple[Column, ...]]:
    shared: dict[str, Entry] = {}
    found: dict[str, list[Column]] = defaultdict(list)
    for entry in read_entries(files(__package__) / "columns.tsv"):
        if entry["table"] == _SHARED:
            shared[entry["column"]] = entry
        else:
            found[entry["table"]].append(_column(_completed(entry, shared.get(entry["column"], {}))))
    return {table: tuple(columns) for table, columns in found.items()}


def _completed(entry: Entry, shared: Entry) -> Entry:
    """The entry, its empty cells filled from the one that several tables share."""
    full = {name: cell or shared.get(name, "") for name, cell in entry.items()}
    return {name: "" if cell == _NOTHING else cell for name, cell in full.items()}


def _column(entry: Entry) -> Column:
    return Column(
        entry["column"],
        entry["type"],
        _words(entry, "title"),
        _words(entry, "meaning"),
        required=bool(entry["required"]),
        unit=entry["unit"] or None,
        vocabulary=tuple(entry["codes"].split()),
        separator=" " if entry["list"] else None,
        concept=entry["concept"] or None,
        position=bool(entry["position"]),
    )


def _words(entry: Entry, what: str) -> Words:
    return Words(entry[f"{what}_zh"], entry[f"{what}_en"])


def _foreign_key(said: str) -> ForeignKey:
    """As it is written: COLUMN=TABLE.COLUMN."""
    column, _, named = said.partition("=")
    table, _, reference = named.partition(".")
    return ForeignKey((column,), table, (reference,))


_ALL = {table.name: table for table in _declared()}
FIGURES = _ALL.pop("figures")
"""The labelled view of a release: figures with names instead of codes, which is none of its tables."""
TABLES: Mapping[str, Table] = _ALL
"""The built-in tables, by name, in the order of a release."""
