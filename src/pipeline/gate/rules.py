"""Expectations of this project's own, beside those that Great Expectations has.

Importing this module registers them: a suite that holds one which is not registered
would silently load without it. Each is a condition over whole columns, computed at
once, for a night may bring a million rows; null says nothing and breaks none of them.
What a condition needs beyond its own columns (another table, the texts) is in `VIEW`.
"""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import add, and_
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnAggregateExpectation,
    ColumnMapExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)

from pipeline.gate.account import overlapping, quoted
from pipeline.gate.view import VIEW


class ExpectFilledCells(MulticolumnMapExpectation):
    """No cell of these columns is null."""

    map_metric = "multicolumn_values.filled"
    args_keys = ("column_list",)
    ignore_row_if: str = "never"


class _Filled(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.filled"

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series:
        return column_list.notna().all(axis="columns")


class ExpectAscendingCells(MulticolumnMapExpectation):
    """In every row each cell is at most (strictly: less than) those in the columns after it."""

    map_metric = "multicolumn_values.ascending"
    args_keys = ("column_list",)
    success_keys = ("mostly", "strictly")
    strictly: bool = False
    ignore_row_if: str = "never"


class _Ascending(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.ascending"
    condition_value_keys = ("strictly",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, strictly: bool = False, **_: Any) -> pd.Series:
        # Every pair, not neighbours alone: the value between two bounds may be null.
        pairs = combinations((column_list[name] for name in column_list.columns), 2)
        return reduce(and_, (((a < b) if strictly else (a <= b)) | a.isna() | b.isna() for a, b in pairs))


class ExpectTextOfTheSource(MulticolumnMapExpectation):
    """`column_list`: document_id, start, end, text; the text is the source's characters there."""

    map_metric = "multicolumn_values.of_the_source"
    args_keys = ("column_list",)
    ignore_row_if: str = "any_value_is_missing"


class _OfTheSource(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.of_the_source"

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series:
        documents, starts, ends, texts = (column_list[name] for name in column_list.columns)
        laid = VIEW.get().laid
        begun, ended = starts.to_numpy("int64"), ends.to_numpy("int64")
        holds = quoted(laid, laid.numbers(pa.array(documents)), begun, ended, pa.array(texts).to_pylist())
        return pd.Series(holds, column_list.index)


class ExpectSpansApart(MulticolumnMapExpectation):
    """`column_list`: document_id, start, end; no character stands in the spans of two rows."""

    map_metric = "multicolumn_values.apart"
    args_keys = ("column_list",)
    ignore_row_if: str = "any_value_is_missing"


class _Apart(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.apart"

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series:
        documents, starts, ends = (column_list[name] for name in column_list.columns)
        codes = pd.factorize(documents)[0].astype("int64")
        twice = overlapping(codes, starts.to_numpy("int64"), ends.to_numpy("int64"))
        return pd.Series(~twice, column_list.index)


class ExpectPartsToMakeTheWhole(MulticolumnMapExpectation):
    """`column_list`: the whole, then its parts; they add up exactly wherever all are stated."""

    map_metric = "multicolumn_values.whole"
    args_keys = ("column_list",)
    ignore_row_if: str = "any_value_is_missing"


class _Whole(MulticolumnMapMetricProvider):
    condition_metric_name = "multicolumn_values.whole"

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series:
        # As Python's decimals: Arrow's have no room for the sum of two of full width.
        whole, *parts = (column_list[name].astype(object) for name in column_list.columns)
        return reduce(add, parts) == whole


class ExpectColumnValuesToBeAmongThoseOf(ColumnMapExpectation):
    """Every value names a row of another table by that table's column."""

    map_metric = "column_values.among_those_of"
    args_keys = ("column", "named_table", "named_column")
    success_keys = ("mostly", "named_table", "named_column")
    named_table: str
    named_column: str


class _AmongThoseOf(ColumnMapMetricProvider):
    condition_metric_name = "column_values.among_those_of"
    condition_value_keys = ("named_table", "named_column")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, named_table: str, named_column: str, **_: Any) -> pd.Series:
        values = pa.array(column)
        hit = pc.is_in(values, VIEW.get().named(named_table, named_column).cast(values.type))
        return pd.Series(hit.to_numpy(zero_copy_only=False), column.index)


class ExpectSomeValuesToBeInSet(ColumnAggregateExpectation):
    """At least one value is of the set; a column that holds nothing `besides` says nothing."""

    metric_dependencies = ("column.value_counts",)
    success_keys = ("value_set", "besides")
    args_keys = ("column", "value_set", "besides")
    value_set: list[str]
    besides: tuple[str, ...] = ()

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        there = {str(value) for value in metrics["column.value_counts"].index} - {*self.besides}
        holds = not there or not there.isdisjoint(self.value_set)
        return {"success": holds, "result": {"observed_value": ", ".join(sorted(there))}}


class ExpectDocumentsToBeAccountedFor(ColumnMapExpectation):
    """`column`: document_id; every numeral of its text stands in a row of numerals."""

    map_metric = "column_values.accounted_for"
    args_keys = ("column",)


class _AccountedFor(ColumnMapMetricProvider):
    condition_metric_name = "column_values.accounted_for"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:
        return ~column.isin(list(VIEW.get().unclaimed))


class ExpectQuantitiesToBeSound(ColumnMapExpectation):
    """`column`: quantity_id; no equation of the table relations that is made of it fails."""

    map_metric = "column_values.sound"
    args_keys = ("column",)


class _Sound(ColumnMapMetricProvider):
    condition_metric_name = "column_values.sound"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:
        relations = VIEW.get().tables["relations"]
        failed = relations["quantity_ids"].filter(pc.equal(relations["verdict"], "fails")).drop_null()
        return ~column.isin([name for names in failed.to_pylist() for name in names.split(" ")])
