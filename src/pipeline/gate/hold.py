"""Holding rows back: those that a warning names, and those that rest on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.tables import Table
from pipeline.tables.edits import picked, put, where, without

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[Any, ...]

_PLACE = ("ref_area", "time_period", "document_id")
"""What a dataset's row and the observations that it shows have in common; the document only
where region or period is not known, for a row may bring several documents together."""


class Holding:
    """Which rows of which tables are held; `rest` is what is left to publish."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        declarations: Mapping[str, Table],
        rests_on: Mapping[str, Sequence[str]],
    ) -> None:
        self._tables = dict(tables)
        self._declarations = declarations
        self._rests_on = rests_on
        self._held: dict[str, set[int]] = {name: set() for name in tables}
        self._blank: dict[str, dict[str, set[int]]] = {name: {} for name in tables}

    def add(self, table: str, rows: Iterable[int]) -> None:
        """Hold these rows, and after them whatever rests on them."""
        fresh = set(rows) - self._held[table]
        if not fresh:
            return
        self._held[table] |= fresh
        for name, declaration in self._declarations.items():
            if name in self._tables:
                self._follow(table, sorted(fresh), declaration)

    def rest(self) -> tuple[dict[str, pa.Table], dict[str, int]]:
        """What is left of the tables, and how many rows each lost."""
        left = {name: self._left(name, table) for name, table in self._tables.items()}
        return left, {name: len(rows) for name, rows in self._held.items() if rows}

    def _follow(self, table: str, rows: Sequence[int], dependent: Table) -> None:
        for key in dependent.foreign_keys:
            if key.table != table:
                continue
            found = self._matching(dependent.name, key.columns, self._keys(table, key.references, rows))
            if all(dependent.column(name).required for name in key.columns):
                self.add(dependent.name, found)
            else:
                for name in key.columns:
                    self._blank[dependent.name].setdefault(name, set()).update(found)
        if table == "observations" and dependent.name in self._rests_on:
            self.add(dependent.name, self._showing(dependent, rows))

    def _showing(self, dataset: Table, rows: Sequence[int]) -> list[int]:
        """The rows of a dataset that show one of these observations."""
        mine = set(self._rests_on[dataset.name])
        keys = [key for key in self._keys("observations", ("indicator", *_PLACE), rows) if key[0] in mine]
        if "indicator" in dataset.names:
            return self._matching(dataset.name, ("indicator", *_PLACE), keys)
        shown = {_place(key[1:]) for key in keys}
        near = self._near(dataset.name, ("ref_area", "time_period"), [key[1:] for key in keys])
        return [number for number, key in self._cells(dataset.name, _PLACE, near) if _place(key) in shown]

    def _keys(self, table: str, columns: Sequence[str], rows: Collection[int]) -> list[Key]:
        return [key for _, key in self._cells(table, columns, rows)]

    def _matching(self, table: str, columns: Sequence[str], keys: Iterable[Key]) -> list[int]:
        """Rows of the table whose columns are one of the keys; a reference that is null names nothing."""
        wanted = set(keys)
        near = self._near(table, columns, wanted)
        return [number for number, key in self._cells(table, columns, near) if key in wanted]

    def _near(self, table: str, columns: Sequence[str], keys: Collection[Key]) -> list[int]:
        """Rows of the table of which each cell is in one of the keys, if not all in the same."""
        cells = {name: {key[place] for key in keys} for place, name in enumerate(columns)}
        return where(self._tables[table], cells) if keys else []

    def _cells(self, table: str, columns: Sequence[str], rows: Collection[int]) -> Iterator[tuple[int, Key]]:
        found = picked(self._tables[table].select(list(columns)), rows)
        return ((number, tuple(cells.values())) for number, cells in found.items())

    def _left(self, name: str, table: pa.Table) -> pa.Table:
        for column, rows in self._blank[name].items():
            table = put(table, column, dict.fromkeys(rows))
        held = self._held[name]
        if name == "documents":
            return put(table, "status", dict.fromkeys(held, "held")) if held else table
        return without(table, held) if held else table


def _place(key: Key) -> Key:
    area, period, document = key
    return (area, period) if area and period else (area, period, document)
