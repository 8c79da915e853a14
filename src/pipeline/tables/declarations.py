"""The tables of a release: the built-in ones, declared in tables.tsv and columns.tsv, and those of datasets.

columns.tsv is a data dictionary: a line for each column, in the order of every file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.tables.model import Bilingual, Column, ForeignKey, Table
from pipeline.tsv import read_entries

if TYPE_CHECKING:
    from pipeline.statistics.catalog.entries import Dataset

_SHARED = "*"
"""The table name of columns that several tables have."""
_EMPTY = "-"
"""An empty cell that is not filled from the shared column."""

Entry = Mapping[str, str]


def _built_in_tables() -> Iterator[Table]:
    for entry in read_entries(files(__package__) / "tables.tsv"):
        yield Table(
            entry["table"],
            _bilingual(entry, "title"),
            _bilingual(entry, "description"),
            _COLUMNS[entry["table"]],
            key=tuple(entry["key"].split()),
            order=tuple(entry["order"].split()),
            foreign_keys=tuple(map(_foreign_key, entry["foreign keys"].split())),
        )


def _read_columns() -> Mapping[str, tuple[Column, ...]]:
    """The columns of each table in columns.tsv."""
    shared: dict[str, Entry] = {}
    found: dict[str, list[Column]] = defaultdict(list)
    for entry in read_entries(files(__package__) / "columns.tsv"):
        if entry["table"] == _SHARED:
            shared[entry["column"]] = entry
        else:
            found[entry["table"]].append(_column(_completed(entry, shared.get(entry["column"], {}))))
    return {table: tuple(columns) for table, columns in found.items()}


def _completed(entry: Entry, shared: Entry) -> Entry:
    """The entry with its empty cells filled from that of the shared column."""
    full = {name: cell or shared.get(name, "") for name, cell in entry.items()}
    return {name: "" if cell == _EMPTY else cell for name, cell in full.items()}


def _column(entry: Entry) -> Column:
    return Column(
        entry["column"],
        entry["type"],
        _bilingual(entry, "title"),
        _bilingual(entry, "meaning"),
        required=bool(entry["required"]),
        unit=entry["unit"] or None,
        vocabulary=tuple(entry["codes"].split()),
        separator=" " if entry["list"] else None,
        concept=entry["concept"] or None,
        position=bool(entry["position"]),
    )


def _bilingual(entry: Entry, name: str) -> Bilingual:
    return Bilingual(entry[f"{name}_zh"], entry[f"{name}_en"])


def _foreign_key(text: str) -> ForeignKey:
    """Parse COLUMN=TABLE.COLUMN."""
    column, _, target = text.partition("=")
    table, _, reference = target.partition(".")
    return ForeignKey((column,), table, (reference,))


_COLUMNS = _read_columns()
_ALL = {table.name: table for table in _built_in_tables()}
FIGURES = _ALL.pop("figures")
"""The labelled view of a release, with names in place of codes; it is not one of its tables."""
TABLES: Mapping[str, Table] = _ALL
"""The built-in tables, by name, in the order of a release."""


def dataset_table(dataset: Dataset) -> Table:
    """The table of a declared dataset: a column for each indicator (wide), or observations (long).

    Raises ValueError where the declaration has a column twice.
    """
    observations = TABLES["observations"]
    title, description = _either(dataset.title), _either(dataset.description)
    if dataset.layout == "long":
        return replace(observations, name=dataset.id, title=title, description=description, dataset=True)
    figures = tuple(
        Column(
            column.name,
            "decimal",
            _either(column.title),
            _either(column.description or column.title),
            unit=column.unit,
            unit_text=column.counted,
        )
        for column in dataset.columns
    )
    area, period, *last = (
        column for column in _COLUMNS["wide dataset"] if dataset.residual or column.name != "residual"
    )
    return Table(
        dataset.id,
        title,
        description,
        (area, period, *figures, *last),
        key=("ref_area", "time_period", "document_id"),
        foreign_keys=tuple(key for key in observations.foreign_keys if key.table in ("areas", "documents")),
        dataset=True,
    )


def _either(texts: Mapping[str, str]) -> Bilingual:
    """Both languages; a missing text is replaced by that in the other language."""
    zh, en = texts.get("zh"), texts.get("en")
    return Bilingual(zh or en or "", en or zh or "")


def with_datasets(datasets: Iterable[Dataset]) -> dict[str, Table]:
    """`TABLES` and a table for each dataset, which follow the observations that they are made of.

    Raises ValueError where a dataset has the name of a built-in table.
    """
    of_datasets = {table.name: table for table in map(dataset_table, datasets)}
    if taken := sorted(of_datasets.keys() & {*TABLES, FIGURES.name}):
        raise ValueError(f"dataset {taken[0]!r} has the name of a built-in table; give it another id")
    merged: dict[str, Table] = {}
    for name, table in TABLES.items():
        merged[name] = table
        if name == "observations":
            merged |= of_datasets
    return merged
