"""Runs the expectations of a table: Great Expectations' own over a pandas frame, this project's over Arrow.

Great Expectations takes seconds to import, and is imported only here and only when it is needed.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate.check_context import CheckContext
from pipeline.gate.results import Result, custom_result, result_of
from pipeline.gate.suites import Expectation, columns_of, suite

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_OF_THE_TABLE = ("expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set")
"""Types that name columns and look at none of their cells."""

_QUIET = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "TQDM_DISABLE": "1"}


def preload() -> None:
    """Import Great Expectations now, so that the first validation need not."""
    with quiet():
        import pipeline.gate.custom_expectations  # noqa: F401

        _batch_definition()


def evaluate(
    name: str,
    table: pa.Table,
    expectations: Sequence[Expectation],
    context: CheckContext,
    parameters: Mapping[str, int],
) -> dict[str, Result]:
    """The result of each expectation of a table, by check.

    parameters: values that an expectation may refer to by name. Raises `WenshuError` where an
    expectation cannot be loaded.
    """
    from pipeline.gate.custom_expectations import CustomExpectation

    declared = {e["meta"]["check"]: e for e in expectations}
    loaded = _load(name, expectations)
    if not table.num_rows:
        release_has_rows = any(parameters.values())
        loaded = {
            check: e for check, e in loaded.items()
            if _judges_empty_tables(e) and (release_has_rows or not _refers_to_release(declared[check]))
        }  # fmt: skip
    custom = {check: e for check, e in loaded.items() if isinstance(e, CustomExpectation)}
    results = {check: custom_result(e, table, context) for check, e in custom.items()}
    others = {check: e for check, e in loaded.items() if check not in custom}
    if others:
        frame = _frame(table, [declared[check] for check in others])
        found = _run_great_expectations(name, frame, others, parameters, "BASIC")
        # To list the rows that fail takes longer than to find that some do.
        if unlisted := {check: others[check] for check, each in found.items() if _lists_no_rows(each.result)}:
            found |= _run_great_expectations(name, frame, unlisted, parameters, "COMPLETE")
        results |= {check: result_of(each, declared[check]) for check, each in found.items()}
    return results


def _run_great_expectations(
    name: str, frame: pd.DataFrame, loaded: Mapping[str, Any], parameters: Mapping[str, int], detail: str
) -> dict[str, Any]:
    """Great Expectations' results, by check."""
    import great_expectations as gx
    from great_expectations.exceptions import SuiteParameterError
    from great_expectations.validator.v1_validator import Validator

    validator = Validator(
        _batch_definition(), batch_parameters={"dataframe": frame}, result_format={"result_format": detail}
    )
    try:
        found = validator.validate_expectation_suite(
            gx.ExpectationSuite(name, [*loaded.values()]), dict(parameters)
        )
    except SuiteParameterError as error:
        raise WenshuError(
            f"expectations/{name}.json: a $PARAMETER cannot be worked out ({one_line(str(error))}); "
            f"there is {', '.join(parameters)}"
        ) from error
    return {each.expectation_config.meta["check"]: each for each in found.results}


def _frame(table: pa.Table, expectations: Sequence[Expectation]) -> pd.DataFrame:
    """The table as a pandas frame for Great Expectations, which hashes and copies every column that it sees.

    Columns that no expectation looks into are blank. Codes are categories, so that each is hashed
    once; everything else stays in Arrow's memory.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    blank, cells = pa.array(np.zeros(table.num_rows, np.int8)), {}
    used = {name for e in expectations if e["type"] not in _OF_THE_TABLE for name in columns_of(e)}
    if any("row_condition" in e["kwargs"] for e in expectations):  # which may name any column
        used = {*table.column_names}
    codes = {e["kwargs"]["column"] for e in expectations if "value_set" in e["kwargs"]}
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells[name] = blank if name not in used else column.dictionary_encode() if name in codes else column
    frame: pd.DataFrame = pa.table(cells).to_pandas(
        types_mapper=lambda kind: (
            None if kind == blank.type or pa.types.is_dictionary(kind) else pd.ArrowDtype(kind)
        )
    )
    return frame


@cache
def _batch_definition() -> Any:
    """A batch of any frame, in a context that exists only in memory and sends nothing anywhere.

    One serves for all: with every further asset the whole context would be written out again.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("night").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def _load(name: str, expectations: Sequence[Expectation]) -> dict[str, Any]:
    """A suite's expectations as objects of Great Expectations, by check; fails where one is not loaded."""
    import great_expectations as gx

    import pipeline.gate.custom_expectations  # noqa: F401  (registers this project's own)

    try:
        loaded = gx.ExpectationSuite(**suite(name, expectations)).expectations
    except Exception as error:
        fault = one_line(str(error).splitlines()[-1] if str(error) else repr(error))
        raise WenshuError(
            f"expectations/{name}.json: an expectation is not as its type wants it: {fault}"
        ) from error
    by_check = {expectation.meta["check"]: expectation for expectation in loaded}
    missing = [e for e in expectations if e["meta"]["check"] not in by_check]
    if missing or len(loaded) != len(expectations):
        types = ", ".join(sorted({one_line(e["type"]) for e in missing})) or "one that another equals"
        raise WenshuError(
            f"expectations/{name}.json holds {len(expectations)} expectations, of which "
            f"{len(loaded)} loaded; unknown type: {types}"
        )
    return by_check


def _judges_empty_tables(expectation: Any) -> bool:
    """Whether it means something for a table without rows: it is about neither rows nor columns."""
    from great_expectations.expectations import core
    from great_expectations.expectations import expectation as kinds

    from pipeline.gate.custom_expectations import RowExpectation

    maps = (kinds.ColumnMapExpectation, kinds.ColumnPairMapExpectation, kinds.MulticolumnMapExpectation)
    return not isinstance(expectation, (*maps, RowExpectation, core.ExpectTableColumnsToMatchOrderedList))


def _refers_to_release(expectation: Expectation) -> bool:
    """Whether it compares with the last release, where the table may be empty too."""
    return "$PARAMETER" in str(expectation["kwargs"])


def _lists_no_rows(result: Mapping[str, Any]) -> bool:
    """Whether rows fail that the result does not list."""
    return bool(result.get("unexpected_count")) and "unexpected_index_list" not in result


@contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations without telemetry, progress bars, logs and warnings."""
    os.environ.update(_QUIET)
    logger = logging.getLogger("great_expectations")
    previous_level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(previous_level)
