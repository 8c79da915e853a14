"""Locations: the documents, sentences and equations that a finding's rows come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import one_line, shortened
from pipeline.gate.findings import Finding
from pipeline.gate.holding import CELL, Key, cell_key
from pipeline.statistics.catalog.entries import Dataset
from pipeline.tables import Table
from pipeline.tables.edits import find_rows, take_rows
from pipeline.tables.model import cell_text

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST = 400
"""Characters of a sentence or a cell that a message quotes."""

Row = Mapping[str, Any]


class Location(NamedTuple):
    """A row and where it comes from, for the message of an issue."""

    row: Row
    document_id: str | None
    words: tuple[str, ...]
    """What identifies it however other rows move: its sentences and its text."""
    source: str
    """File and sentence, the end of a message."""
    quantities: tuple[str, ...]
    """Ids of the mentions that it is made of."""

    def cells(self, columns: Sequence[str]) -> str:
        """The cells that an expectation looked at."""
        return ", ".join(f"{name} {_short(self.row.get(name))}" for name in columns)


class Locator:
    """Finds the locations of rows; each index is built when it is first used."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        declarations: Mapping[str, Table],
        datasets: Collection[Dataset],
    ) -> None:
        """tables: of the run, by name. datasets: those of the catalog."""
        self._tables, self._declarations = tables, declarations
        self._indicators = {d.id: {c.indicator for c in d.columns} for d in datasets if d.columns}
        self._sums = {d.id: (d.residual.whole, *d.residual.parts) for d in datasets if d.residual}
        self._rows: dict[tuple[str, int], Row] = {}
        self._quotes: dict[str, str | None] = {}

    def load(self, rows: Mapping[str, Iterable[int]], quantities: Iterable[str] = ()) -> None:
        """Look up many rows and sentences at once; later look-ups of each would scan a whole table.

        rows: their numbers, by table. quantities: ids of further mentions.
        """
        mentions: list[str] = [*quantities]
        for name, numbers in rows.items():
            if missing := [number for number in numbers if (name, number) not in self._rows]:
                for number, row in take_rows(self._tables[name], missing).items():
                    self._rows[name, number] = row
                    if not isinstance(row.get("quote"), str):
                        mentions += self.quantities(name, row)
        new = dict.fromkeys(key for key in mentions if key not in self._quotes)
        self._quotes |= new
        if new and "quantities" in self._tables:
            cells = self._tables["quantities"].select(["quantity_id", "quote"])
            found = take_rows(cells, find_rows(cells, {"quantity_id": new})).values()
            self._quotes |= {row["quantity_id"]: row["quote"] for row in found}

    def locate(self, table: str, number: int) -> Location:
        """The location of the row of that number."""
        self.load({table: [number]})
        row = self._rows[table, number]
        document = row.get("document_id")
        quantities = self.quantities(table, row)
        sentences = (row["quote"],) if isinstance(row.get("quote"), str) else self.sentences(quantities)
        text = row.get("text")
        words = (*sentences, *([text] if isinstance(text, str) else ()))
        if not words and table != "documents":
            words = tuple(str(row.get(name)) for name in self._declarations[table].key)
        source = self.file(document) + "".join(f"「{_short(sentence)}」" for sentence in sentences)
        return Location(row, document, words, source, quantities)

    def quantities(self, table: str, row: Row) -> tuple[str, ...]:
        """The mentions that a row is made of: an equation's, a figure's, a dataset's."""
        if table in self._indicators:
            by_indicator = self._quantities_by_cell.get(cell_key(row), {})
            return tuple(
                name for indicator, name in by_indicator.items() if indicator in self._indicators[table]
            )
        if isinstance(row.get("quantity_id"), str):
            return (row["quantity_id"],)
        return tuple((row.get("quantity_ids") or "").split())

    def equation(self, finding: Finding, row: Row) -> str | None:
        """The equation that a finding is about, where it is about one: 89 + 204 + 195 = 487."""
        if finding.table in self._sums:
            whole, *parts = (row[name] for name in self._sums[finding.table])
            if whole is not None and None not in parts:
                stated, total = f"{' + '.join(map(cell_text, parts))} = {cell_text(whole)}", sum(parts)
                return f"{stated} ✗ makes {cell_text(total)} (residual {cell_text(whole - total)})"
        elif (
            finding.type == "expect_quantities_to_be_sound" and row["quantity_id"] in self._failing_equations
        ):
            relation = self._failing_equations[row["quantity_id"]]
            residual = relation["residual"]
            gap = "" if residual is None else f" (residual {cell_text(residual)})"
            return f"{relation['expression']} ✗{gap}"
        return None

    def sentences(self, quantities: Iterable[str]) -> tuple[str, ...]:
        """The sentences of mentions, each once."""
        names = list(quantities)
        self.load({}, names)
        return tuple(dict.fromkeys(quote for name in names if (quote := self._quotes[name])))

    def file(self, document: str | None) -> str:
        """The document's file, for the end of a message."""
        return f" — {_short(self._paths.get(document, document))}" if document else ""

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The path of each document."""
        if "documents" not in self._tables:
            return {}
        cells = self._tables["documents"].select(["document_id", "path"]).drop_null()
        return dict(zip(*(column.to_pylist() for column in cells.columns), strict=True))

    @cached_property
    def _quantities_by_cell(self) -> dict[Key, dict[str, str]]:
        """The quantity of each indicator, by region and period."""
        found: dict[Key, dict[str, str]] = {}
        if "observations" not in self._tables:
            return found
        columns = [*CELL, "indicator", "quantity_id"]
        for row in self._tables["observations"].select(columns).to_pylist():
            found.setdefault(cell_key(row), {})[row["indicator"]] = row["quantity_id"]
        return found

    @cached_property
    def _failing_equations(self) -> dict[str, Row]:
        """The equation that fails, by the ids of its quantities."""
        if "relations" not in self._tables:
            return {}
        relations = self._tables["relations"]
        failing = list(take_rows(relations, find_rows(relations, {"verdict": ["fails"]})).values())
        return {name: row for row in reversed(failing) for name in (row["quantity_ids"] or "").split()}


def _short(value: object) -> str:
    text = cell_text(value) if isinstance(value, Decimal) else str(value)
    return one_line(shortened(text, _LONGEST))
