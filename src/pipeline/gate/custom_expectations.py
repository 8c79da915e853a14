"""This project's own expectations, beside those of Great Expectations ("custom expectations" there).

Importing this module registers them: a suite with an unregistered expectation would silently
load without it. Each is computed over whole columns at once, because a run may have a million
rows, and by `check` alone: Great Expectations loads them, and never runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import Any, ClassVar, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.expectations.expectation import BatchExpectation

from pipeline.gate.check_context import CheckContext
from pipeline.gate.coverage import overlapping
from pipeline.gate.results import QUOTED, row_result
from pipeline.gate.sums import ObservedFigure, failing_shares, failing_sums

Holds: TypeAlias = Any
"""A boolean for each row, as an array of Arrow or numpy."""


class CustomExpectation(BatchExpectation):
    """An expectation that is computed from the Arrow table, without metrics of Great Expectations."""

    metric_dependencies = ()

    def check(self, table: pa.Table, context: CheckContext) -> dict[str, Any]:
        """`success` and `result`, in the form of Great Expectations' own."""
        raise NotImplementedError

    def _validate(self, *_: Any, **__: Any) -> dict[str, Any]:
        raise NotImplementedError("runs in wenshu's gate, which has the tables and texts that it needs")


class RowExpectation(CustomExpectation):
    """Something that holds for each row; the result is like that of a map expectation.

    A row with a null in one of the columns is skipped and counted as missing, unless
    `includes_nulls`.
    """

    includes_nulls: ClassVar[bool] = False

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        """Whether each row is as expected. cells: the named columns, in their order."""
        raise NotImplementedError

    def check(self, table: pa.Table, context: CheckContext) -> dict[str, Any]:
        column = getattr(self, "column", None)
        cells = table.select([column] if column else list(self.column_list))
        rows = np.arange(len(cells)) if self.includes_nulls else np.flatnonzero(_filled(cells))
        holds = self.holds(cells if len(rows) == len(cells) else cells.take(rows), context)
        failing = rows[~np.asarray(holds, bool)]
        quoted = cells.take(failing[:QUOTED])
        values = quoted[column].to_pylist() if column else quoted.to_pylist()
        missing = len(cells) - len(rows)
        return {
            "success": not len(failing),
            "result": row_result(len(cells), missing, failing.tolist(), values),
        }


class ExpectFilledCells(RowExpectation):
    """No cell of these columns is null."""

    column_list: list[str]
    includes_nulls = True

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        return _filled(cells)


class ExpectAscendingCells(RowExpectation):
    """In every row each cell is at most (strictly: less than) those in the columns after it."""

    column_list: list[str]
    strictly: bool = False
    includes_nulls = True

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        compare = pc.less if self.strictly else pc.less_equal
        # Every pair, not neighbours alone: the value between two bounds may be null.
        pairs = combinations(cells.columns, 2)
        return reduce(pc.and_, (compare(a, b).fill_null(True) for a, b in pairs))


class ExpectTextOfTheSource(RowExpectation):
    """`column_list`: document_id, start, end, text; the text is the source's characters there."""

    column_list: list[str]

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        columns = (column.to_pylist() for column in cells.columns)
        by_document: dict[str, list[tuple[int, int, int, str]]] = {}
        for row, (name, start, end, quote) in enumerate(zip(*columns, strict=True)):
            by_document.setdefault(name, []).append((row, start, end, quote))
        holds = np.zeros(len(cells), bool)
        for name, text in context.read_texts():
            quotes = by_document.get(name, ())
            holds[[row for row, start, end, quote in quotes if _is_quote(text, start, end, quote)]] = True
        return holds


class ExpectSpansApart(RowExpectation):
    """`column_list`: document_id, start, end; no character is in the spans of two rows."""

    column_list: list[str]

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        documents, starts, ends = cells.columns
        numbers = pc.index_in(documents, documents.unique()).to_numpy().astype(np.int64)
        return ~overlapping(numbers, starts.to_numpy(), ends.to_numpy())


class ExpectPartsToMakeTheWhole(RowExpectation):
    """`column_list`: the whole, then its parts; they add up exactly wherever all are stated."""

    column_list: list[str]

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        # As Python's decimals: Arrow's have no room for the sum of two of full width.
        whole, *parts = (column.to_pylist() for column in cells.columns)
        return np.array([sum(row) == total for total, *row in zip(whole, *parts, strict=True)], bool)


class ExpectIndicatorsToAddUp(RowExpectation):
    """`sums`: the indicators that are all the parts of another add up to it.

    `column_list`: indicator, ref_area, time_period, obs_status, qualifier, obs_value, quantity_id.
    """

    column_list: list[str]
    sums: dict[str, list[str]]

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        return _arithmetic_holds(cells, context, self.sums, failing_sums)


class ExpectSharesOfIndicatorsToHold(RowExpectation):
    """`shares`: a percentage is that of its part in its whole. `column_list`: as for sums."""

    column_list: list[str]
    shares: dict[str, list[str]]

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        return _arithmetic_holds(cells, context, self.shares, failing_shares)


class ExpectColumnValuesToBeAmongThoseOf(RowExpectation):
    """Every value is in a column of another table."""

    column: str
    named_table: str
    named_column: str

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        values = cells[self.column]
        return pc.is_in(values, context.tables[self.named_table][self.named_column].cast(values.type))


class ExpectDocumentsToBeAccountedFor(RowExpectation):
    """`column`: document_id; every numeral of its text is in a row of numerals."""

    column: str

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        return _none_of(cells[self.column], context.uncovered)


class ExpectQuantitiesToBeSound(RowExpectation):
    """`column`: quantity_id; no equation of the table relations that contains it fails."""

    column: str

    def holds(self, cells: pa.Table, context: CheckContext) -> Holds:
        relations = context.tables["relations"]
        failed = relations["quantity_ids"].filter(pc.equal(relations["verdict"], "fails")).drop_null()
        return _none_of(cells[self.column], (name for names in failed.to_pylist() for name in names.split()))


class ExpectSomeValuesToBeInSet(CustomExpectation):
    """At least one value is in the set; a column with no values but those of `besides` is not judged."""

    column: str
    value_set: list[str]
    besides: tuple[str, ...] = ()

    def check(self, table: pa.Table, context: CheckContext) -> dict[str, Any]:
        values = {str(value) for value in table[self.column].unique().drop_null().to_pylist()}
        values -= {*self.besides}
        success = not values or not values.isdisjoint(self.value_set)
        return {"success": success, "result": {"observed_value": ", ".join(sorted(values))}}


def _arithmetic_holds(
    cells: pa.Table,
    context: CheckContext,
    rules: Mapping[str, Sequence[str]],
    failing: Callable[[list[ObservedFigure], Mapping[str, Sequence[str]]], Iterator[int]],
) -> Holds:
    """Whether each row agrees with the rules, which compare exact figures of a region, period and status."""
    members = {name for first, others in rules.items() for name in (first, *others)}
    compared = pc.and_(
        pc.is_in(cells["indicator"], pa.array([*members], pa.string())),
        pc.equal(cells["qualifier"], "exact"),
    )
    numbers = np.flatnonzero(compared)
    rows = cells.take(numbers).to_pylist()
    texts = context.mention_texts(row["quantity_id"] for row in rows)
    figures = [
        ObservedFigure(
            number, row["indicator"], (row["ref_area"], row["time_period"], row["obs_status"]),
            row["obs_value"], texts.get(row["quantity_id"], ""),
        )
        for number, row in zip(numbers.tolist(), rows, strict=True)
    ]  # fmt: skip
    holds = np.ones(len(cells), bool)
    holds[[*failing(figures, rules)]] = False
    return holds


def _is_quote(text: str, start: int, end: int, quote: str) -> bool:
    """Whether a quote is the text's characters from start to end."""
    return start >= 0 and end - start == len(quote) and text.startswith(quote, start)


def _filled(cells: pa.Table) -> pa.ChunkedArray:
    """Whether no cell of each row is null."""
    return reduce(pc.and_, (column.is_valid() for column in cells.columns))


def _none_of(values: pa.ChunkedArray, names: Iterable[str]) -> pa.ChunkedArray:
    """Whether each value is none of these."""
    return pc.invert(pc.is_in(values, pa.array([*names], pa.string())))
