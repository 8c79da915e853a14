"""Holding rows back: the rows that warnings name, and the rows that depend on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.gate.findings import Finding
from pipeline.tables import Table
from pipeline.tables.edits import drop_rows, find_rows, set_cells, take_rows

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[Any, ...]

CELL = ("ref_area", "time_period", "document_id")
"""The columns of `cell_key`."""


def hold_back(
    tables: Mapping[str, pa.Table],
    declarations: Mapping[str, Table],
    findings: Sequence[Finding],
    indicators: Mapping[str, Sequence[str]] | None = None,
) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """The tables without the rows that warnings name, and how many rows each lost.

    A row whose required reference names a held row is held as well; an optional
    reference becomes null. A held document stays as a row, with the status `held`.
    indicators: those of each dataset, whose rows are held with their observations.
    """
    held = _HeldRows(tables, declarations, indicators or {})
    for finding in findings:
        if finding.severity == "warning":
            held.add(finding.table, finding.rows)
    return held.remaining_tables(), held.counts()


class _HeldRows:
    """Which rows of which tables are held."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        declarations: Mapping[str, Table],
        indicators: Mapping[str, Sequence[str]],
    ) -> None:
        self._tables, self._declarations, self._indicators = tables, declarations, indicators
        self._held: dict[str, set[int]] = {name: set() for name in tables}
        self._nulls: dict[str, dict[str, set[int]]] = {name: {} for name in tables}

    def add(self, table: str, rows: Iterable[int]) -> None:
        """Hold these rows, and then all rows that depend on them."""
        new = set(rows) - self._held[table]
        if not new:
            return
        self._held[table] |= new
        for name, declaration in self._declarations.items():
            if name in self._tables:
                self._add_dependent(table, sorted(new), declaration)

    def counts(self) -> dict[str, int]:
        """How many rows are held, by table."""
        return {name: len(rows) for name, rows in self._held.items() if rows}

    def remaining_tables(self) -> dict[str, pa.Table]:
        """The tables without the held rows."""
        return {name: self._remaining(name, table) for name, table in self._tables.items()}

    def _add_dependent(self, table: str, rows: Sequence[int], dependent: Table) -> None:
        for key in dependent.foreign_keys:
            if key.table != table:
                continue
            found = self._matching(dependent.name, key.columns, self._keys(table, key.references, rows))
            if all(dependent.column(name).required for name in key.columns):
                self.add(dependent.name, found)
            else:
                for name in key.columns:
                    self._nulls[dependent.name].setdefault(name, set()).update(found)
        if table == "observations" and dependent.name in self._indicators:
            self.add(dependent.name, self._dataset_rows(dependent, rows))

    def _dataset_rows(self, dataset: Table, observations: Sequence[int]) -> list[int]:
        """The rows of a dataset that show one of these observations."""
        members = set(self._indicators[dataset.name])
        columns = ("indicator", *CELL)
        keys = [key for key in self._keys("observations", columns, observations) if key[0] in members]
        if "indicator" in dataset.names:
            return self._matching(dataset.name, columns, keys)
        cells = {cell_key(dict(zip(columns, key, strict=True))) for key in keys}
        candidates = self._candidates(dataset.name, ("ref_area", "time_period"), [key[1:] for key in keys])
        rows = take_rows(self._tables[dataset.name].select(list(CELL)), candidates)
        return [number for number, row in rows.items() if cell_key(row) in cells]

    def _keys(self, table: str, columns: Sequence[str], rows: Collection[int]) -> list[Key]:
        return [key for _, key in self._select(table, columns, rows)]

    def _matching(self, table: str, columns: Sequence[str], keys: Iterable[Key]) -> list[int]:
        """The rows of a table whose columns equal one of the keys; a null reference names nothing."""
        wanted = set(keys)
        rows = self._select(table, columns, self._candidates(table, columns, wanted))
        return [number for number, key in rows if key in wanted]

    def _candidates(self, table: str, columns: Sequence[str], keys: Collection[Key]) -> list[int]:
        """The rows of a table whose every cell is in one of the keys, perhaps not all in the same."""
        cells = {name: {key[place] for key in keys} for place, name in enumerate(columns)}
        return find_rows(self._tables[table], cells) if keys else []

    def _select(self, table: str, columns: Sequence[str], rows: Collection[int]) -> Iterator[tuple[int, Key]]:
        found = take_rows(self._tables[table].select(list(columns)), rows)
        return ((number, tuple(cells.values())) for number, cells in found.items())

    def _remaining(self, name: str, table: pa.Table) -> pa.Table:
        for column, rows in self._nulls[name].items():
            table = set_cells(table, column, dict.fromkeys(rows))
        held = self._held[name]
        if name == "documents":
            return set_cells(table, "status", dict.fromkeys(held, "held")) if held else table
        return drop_rows(table, held) if held else table


def cell_key(row: Mapping[str, Any]) -> Key:
    """What a row of a wide dataset has in common with the observations that it shows.

    The document only where region or period is unknown, because a row may combine several documents.
    """
    area, period, document = (row[name] for name in CELL)
    return (area, period) if area and period else (area, period, document)
