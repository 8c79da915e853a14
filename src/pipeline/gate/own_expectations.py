"""Expectations of this project's own, beside those that Great Expectations has.

Importing this module registers them: a suite that holds one which is not registered
would silently load without it. Each is a condition over whole columns, computed at
once, for a night may bring a million rows. What a condition needs beyond its own columns
(another table, the texts) is in `context.current`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.expectations.expectation import BatchExpectation

from pipeline.gate.context import cells as cells_of
from pipeline.gate.context import current
from pipeline.gate.coverage import Truth, overlapping
from pipeline.gate.results import QUOTED, of_rows
from pipeline.gate.sums import Figure, failing_shares, failing_sums


class OwnExpectation(BatchExpectation):
    """One that looks at the table itself, and asks Great Expectations for no metric of it."""

    metric_dependencies = ()

    def look(self) -> dict[str, Any]:
        """`success` and `result`, as of an expectation of Great Expectations' own."""
        raise NotImplementedError

    def _validate(self, *_: Any, **__: Any) -> dict[str, Any]:
        return self.look()


class RowExpectation(OwnExpectation):
    """Something that holds of each row; the result is as of Great Expectations' own map expectations.

    A row is passed over, and counted as missing, where one of the cells is null, unless
    `nulls` says that null is asked too.
    """

    nulls: ClassVar[bool] = False

    def holding(self, cells: pa.Table) -> pa.ChunkedArray | pa.Array | Truth:
        """Whether each row's cells, in the order of the columns that are named, are as expected."""
        raise NotImplementedError

    def look(self) -> dict[str, Any]:
        alone = getattr(self, "column", None)
        cells = cells_of([alone] if alone else self.column_list)
        rows = np.arange(len(cells)) if self.nulls else np.flatnonzero(_filled(cells))
        holds = self.holding(cells if len(rows) == len(cells) else cells.take(rows))
        failing = rows[~np.asarray(holds, bool)]
        shown = cells.take(failing[:QUOTED])
        values = shown[alone].to_pylist() if alone else shown.to_pylist()
        missing = len(cells) - len(rows)
        return {"success": not len(failing), "result": of_rows(len(cells), missing, failing.tolist(), values)}


class ExpectFilledCells(RowExpectation):
    """No cell of these columns is null."""

    column_list: list[str]
    nulls = True

    def holding(self, cells: pa.Table) -> pa.ChunkedArray:
        return _filled(cells)


class ExpectAscendingCells(RowExpectation):
    """In every row each cell is at most (strictly: less than) those in the columns after it."""

    column_list: list[str]
    strictly: bool = False
    nulls = True

    def holding(self, cells: pa.Table) -> pa.ChunkedArray:
        compare = pc.less if self.strictly else pc.less_equal
        # Every pair, not neighbours alone: the value between two bounds may be null.
        pairs = combinations(cells.columns, 2)
        return reduce(pc.and_, (compare(a, b).fill_null(True) for a, b in pairs))


class ExpectTextOfTheSource(RowExpectation):
    """`column_list`: document_id, start, end, text; the text is the source's characters there."""

    column_list: list[str]

    def holding(self, cells: pa.Table) -> Truth:
        columns = (column.to_pylist() for column in cells.columns)
        by_document: dict[str, list[tuple[int, int, int, str]]] = {}
        for row, (name, start, end, said) in enumerate(zip(*columns, strict=True)):
            by_document.setdefault(name, []).append((row, start, end, said))
        holds = np.zeros(len(cells), bool)
        for name, text in current().read():
            quotes = by_document.get(name, ())
            holds[[row for row, start, end, said in quotes if _is_there(text, start, end, said)]] = True
        return holds


class ExpectSpansApart(RowExpectation):
    """`column_list`: document_id, start, end; no character stands in the spans of two rows."""

    column_list: list[str]

    def holding(self, cells: pa.Table) -> Truth:
        documents, starts, ends = cells.columns
        numbers = pc.index_in(documents, documents.unique()).to_numpy().astype(np.int64)
        return ~overlapping(numbers, starts.to_numpy(), ends.to_numpy())


class ExpectPartsToMakeTheWhole(RowExpectation):
    """`column_list`: the whole, then its parts; they add up exactly wherever all are stated."""

    column_list: list[str]

    def holding(self, cells: pa.Table) -> Truth:
        # As Python's decimals: Arrow's have no room for the sum of two of full width.
        whole, *parts = (column.to_pylist() for column in cells.columns)
        return np.array([sum(row) == made for made, *row in zip(whole, *parts, strict=True)], bool)


class _ArithmeticExpectation(RowExpectation):
    """`column_list`: indicator, ref_area, time_period, obs_status, qualifier, obs_value, quantity_id.

    It holds wherever all figures of a group are stated exactly, for one region and period and
    of one status.
    """

    column_list: list[str]

    def failing(self, figures: list[Figure]) -> Iterator[int]:
        """The rows of figures that do not agree."""
        raise NotImplementedError

    def groups(self) -> dict[str, list[str]]:
        """The indicators that are compared with each other."""
        raise NotImplementedError

    def holding(self, cells: pa.Table) -> Truth:
        members = {name for first, others in self.groups().items() for name in (first, *others)}
        asked = pc.and_(
            pc.is_in(cells["indicator"], pa.array([*members], pa.string())),
            pc.equal(cells["qualifier"], "exact"),
        )
        rows = np.flatnonzero(asked)
        own = cells.take(rows).to_pylist()
        texts = current().quoted(row["quantity_id"] for row in own)
        figures = [
            Figure(
                number, row["indicator"], (row["ref_area"], row["time_period"], row["obs_status"]),
                row["obs_value"], texts.get(row["quantity_id"], ""),
            )
            for number, row in zip(rows.tolist(), own, strict=True)
        ]  # fmt: skip
        holds = np.ones(len(cells), bool)
        holds[[*self.failing(figures)]] = False
        return holds


class ExpectIndicatorsToAddUp(_ArithmeticExpectation):
    """`sums`: the indicators that are all the parts of another make it."""

    sums: dict[str, list[str]]

    def groups(self) -> dict[str, list[str]]:
        return self.sums

    def failing(self, figures: list[Figure]) -> Iterator[int]:
        return failing_sums(figures, self.sums)


class ExpectSharesOfIndicatorsToHold(_ArithmeticExpectation):
    """`shares`: a percentage is that of its part in its whole."""

    shares: dict[str, list[str]]

    def groups(self) -> dict[str, list[str]]:
        return self.shares

    def failing(self, figures: list[Figure]) -> Iterator[int]:
        return failing_shares(figures, self.shares)


class ExpectColumnValuesToBeAmongThoseOf(RowExpectation):
    """Every value names a row of another table by that table's column."""

    column: str
    named_table: str
    named_column: str

    def holding(self, cells: pa.Table) -> pa.ChunkedArray:
        values = cells[self.column]
        return pc.is_in(values, current().tables[self.named_table][self.named_column].cast(values.type))


class ExpectDocumentsToBeAccountedFor(RowExpectation):
    """`column`: document_id; every numeral of its text stands in a row of numerals."""

    column: str

    def holding(self, cells: pa.Table) -> pa.ChunkedArray:
        return _none_of(cells[self.column], current().uncovered)


class ExpectQuantitiesToBeSound(RowExpectation):
    """`column`: quantity_id; no equation of the table relations that is made of it fails."""

    column: str

    def holding(self, cells: pa.Table) -> pa.ChunkedArray:
        relations = current().tables["relations"]
        failed = relations["quantity_ids"].filter(pc.equal(relations["verdict"], "fails")).drop_null()
        return _none_of(cells[self.column], (name for names in failed.to_pylist() for name in names.split()))


class ExpectSomeValuesToBeInSet(OwnExpectation):
    """At least one value is of the set; a column that holds nothing `besides` says nothing."""

    column: str
    value_set: list[str]
    besides: tuple[str, ...] = ()

    def look(self) -> dict[str, Any]:
        there = {
            str(value) for value in cells_of([self.column])[self.column].unique().drop_null().to_pylist()
        }
        there -= {*self.besides}
        holds = not there or not there.isdisjoint(self.value_set)
        return {"success": holds, "result": {"observed_value": ", ".join(sorted(there))}}


def _is_there(text: str, start: int, end: int, said: str) -> bool:
    """Whether a quote is the text's characters from start to end."""
    return start >= 0 and end - start == len(said) and text.startswith(said, start)


def _filled(cells: pa.Table) -> pa.ChunkedArray:
    """Whether no cell of each row is null."""
    return reduce(pc.and_, (column.is_valid() for column in cells.columns))


def _none_of(values: pa.ChunkedArray, names: Iterable[str]) -> pa.ChunkedArray:
    """Whether each value is none of these."""
    return pc.invert(pc.is_in(values, pa.array([*names], pa.string())))
