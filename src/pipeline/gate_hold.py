"""Holding rows back: those that a warning names, and those that rest on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipeline.tables import Table

Key = tuple[Any, ...]

_CELL = ("ref_area", "time_period", "document_id")
"""What a dataset's row and the observations that it shows have in common."""


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
            indicators = self._keys(table, ("indicator",), rows)
            cells = self._keys(table, _CELL, rows)
            mine = {(name,) for name in self._rests_on[dependent.name]}
            held = {cell for indicator, cell in zip(indicators, cells, strict=True) if indicator in mine}
            self.add(dependent.name, self._matching(dependent.name, _CELL, held))

    def _keys(self, table: str, columns: Sequence[str], rows: Sequence[int]) -> list[Key]:
        taken = self._tables[table].select(list(columns)).take(pa.array(rows, pa.int64()))
        return list(zip(*(column.to_pylist() for column in taken.columns), strict=True))

    def _matching(self, table: str, columns: Sequence[str], keys: Iterable[Key]) -> list[int]:
        """Rows of the table whose columns are one of the keys; a reference that is null names nothing."""
        wanted = set(keys)
        cells = zip(*(self._tables[table][name].to_pylist() for name in columns), strict=True)
        return [number for number, cell in enumerate(cells) if cell in wanted]

    def _left(self, name: str, table: pa.Table) -> pa.Table:
        for column, rows in self._blank[name].items():
            table = _put(table, column, dict.fromkeys(rows))
        held = self._held[name]
        if not held:
            return table
        if name == "documents":
            return _put(table, "status", dict.fromkeys(held, "held"))
        return table.filter(pa.array([number not in held for number in range(table.num_rows)]))


def _put(table: pa.Table, column: str, cells: Mapping[int, Any]) -> pa.Table:
    """The table with other values in some cells of a column."""
    values = table[column].to_pylist()
    for row, value in cells.items():
        values[row] = value
    place = table.schema.get_field_index(column)
    return table.set_column(
        place, table.schema.field(place), pa.array(values, table.schema.field(place).type)
    )
