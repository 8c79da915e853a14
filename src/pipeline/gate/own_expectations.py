"""Expectations of this project's own, beside those that Great Expectations has.

Importing this module registers them: a suite that holds one which is not registered
would silently load without it. Each is a condition over whole columns, computed at
once, for a night may bring a million rows. What a condition needs beyond its own columns
(another table, the texts) is in `context.current`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import combinations
from operator import add, and_
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.expectations.expectation import BatchExpectation

from pipeline.gate.context import cells as cells_of
from pipeline.gate.context import current
from pipeline.gate.coverage import overlapping, quoted
from pipeline.gate.sums import Figure, failing_shares, failing_sums


class OwnExpectation(BatchExpectation):
    """One that looks at the table itself, and asks Great Expectations for no metric of it."""

    metric_dependencies = ()


class RowExpectation(OwnExpectation):
    """Something that holds of each row; the result is as of Great Expectations' own map expectations.

    A row is passed over, and counted as missing, where one of the cells is null, unless
    `nulls` says that null is asked too.
    """

    nulls: ClassVar[bool] = False

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        """Whether each row's cells, in the order of the columns that are named, are as expected."""
        raise NotImplementedError

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        alone = getattr(self, "column", None)
        cells = cells_of([alone] if alone else self.column_list)
        asked = cells if self.nulls else cells[cells.notna().all(axis="columns")]
        failing = asked[~self.holding(asked).to_numpy(bool)]
        result = {
            "element_count": len(cells),
            "missing_count": len(cells) - len(asked),
            "unexpected_count": len(failing),
            "unexpected_index_list": failing.index.to_list(),
            "unexpected_list": failing[alone].to_list() if alone else failing.to_dict("records"),
        }
        return {"success": failing.empty, "result": result}


class ExpectFilledCells(RowExpectation):
    """No cell of these columns is null."""

    column_list: list[str]
    nulls = True

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        return cells.notna().all(axis="columns")


class ExpectAscendingCells(RowExpectation):
    """In every row each cell is at most (strictly: less than) those in the columns after it."""

    column_list: list[str]
    strictly: bool = False
    nulls = True

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        # Every pair, not neighbours alone: the value between two bounds may be null.
        pairs = combinations((cells[name] for name in cells.columns), 2)
        return reduce(
            and_,
            (((a < b) if self.strictly else (a <= b)).fillna(True) | a.isna() | b.isna() for a, b in pairs),
        )


class ExpectTextOfTheSource(RowExpectation):
    """`column_list`: document_id, start, end, text; the text is the source's characters there."""

    column_list: list[str]

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        documents, starts, ends, texts = (cells[name] for name in cells.columns)
        ids, said, holds = pa.array(documents), pa.array(texts), np.zeros(len(cells), bool)
        begun, ended = starts.to_numpy("int64"), ends.to_numpy("int64")
        for joined in current().joined():
            numbers = joined.numbers(ids)
            rows = np.flatnonzero(numbers >= 0)
            own = (numbers[rows], begun[rows], ended[rows], said.take(rows).to_pylist())
            holds[rows] = quoted(joined, *own)
        return pd.Series(holds)


class ExpectSpansApart(RowExpectation):
    """`column_list`: document_id, start, end; no character stands in the spans of two rows."""

    column_list: list[str]

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        documents, starts, ends = (cells[name] for name in cells.columns)
        codes = pd.factorize(documents)[0].astype("int64")
        return pd.Series(~overlapping(codes, starts.to_numpy("int64"), ends.to_numpy("int64")))


class ExpectPartsToMakeTheWhole(RowExpectation):
    """`column_list`: the whole, then its parts; they add up exactly wherever all are stated."""

    column_list: list[str]

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        # As Python's decimals: Arrow's have no room for the sum of two of full width.
        whole, *parts = (cells[name].astype(object) for name in cells.columns)
        return reduce(add, parts) == whole


class _ArithmeticExpectation(RowExpectation):
    """`column_list`: indicator, ref_area, time_period, obs_status, qualifier, obs_value, quantity_id.

    It holds wherever all figures of a group are stated exactly, for one region and period and
    of one status.
    """

    column_list: list[str]

    def figures(self, cells: pd.DataFrame, groups: dict[str, list[str]]) -> Iterator[Figure]:
        """The exact figures of the indicators in some groups."""
        members = {name for first, others in groups.items() for name in (first, *others)}
        own = cells[cells["indicator"].isin([*members]) & (cells["qualifier"] == "exact")]
        texts = current().quoted(own["quantity_id"])
        return (
            Figure(row, indicator, tuple(place), value, texts.get(quantity, ""))
            for row, indicator, *place, _, value, quantity in own[self.column_list].itertuples()
        )


class ExpectIndicatorsToAddUp(_ArithmeticExpectation):
    """`sums`: the indicators that are all the parts of another make it."""

    sums: dict[str, list[str]]

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        failing = failing_sums(self.figures(cells, self.sums), self.sums)
        return pd.Series(~cells.index.isin([*failing]))


class ExpectSharesOfIndicatorsToHold(_ArithmeticExpectation):
    """`shares`: a percentage is that of its part in its whole."""

    shares: dict[str, list[str]]

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        failing = failing_shares(self.figures(cells, self.shares), self.shares)
        return pd.Series(~cells.index.isin([*failing]))


class ExpectColumnValuesToBeAmongThoseOf(RowExpectation):
    """Every value names a row of another table by that table's column."""

    column: str
    named_table: str
    named_column: str

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        values = pa.array(cells[self.column])
        named = current().named(self.named_table, self.named_column).cast(values.type)
        return pd.Series(pc.is_in(values, named).to_numpy(zero_copy_only=False))


class ExpectDocumentsToBeAccountedFor(RowExpectation):
    """`column`: document_id; every numeral of its text stands in a row of numerals."""

    column: str

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        return ~cells[self.column].isin([*current().uncovered])


class ExpectQuantitiesToBeSound(RowExpectation):
    """`column`: quantity_id; no equation of the table relations that is made of it fails."""

    column: str

    def holding(self, cells: pd.DataFrame) -> pd.Series:
        relations = current().tables["relations"]
        failed = relations["quantity_ids"].filter(pc.equal(relations["verdict"], "fails")).drop_null()
        return ~cells[self.column].isin([name for names in failed.to_pylist() for name in names.split(" ")])


class ExpectSomeValuesToBeInSet(OwnExpectation):
    """At least one value is of the set; a column that holds nothing `besides` says nothing."""

    column: str
    value_set: list[str]
    besides: tuple[str, ...] = ()

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        there = {str(value) for value in cells_of([self.column])[self.column].dropna().unique()}
        there -= {*self.besides}
        holds = not there or not there.isdisjoint(self.value_set)
        return {"success": holds, "result": {"observed_value": ", ".join(sorted(there))}}
