"""Great Expectations at work: a table's expectations over a frame, and what each came to.

It takes seconds to import, and is imported here alone and when it is first needed.
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate.results import Result, own_result, result_of
from pipeline.gate.suites import Expectation, looked_at, suite

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_OF_THE_TABLE = ("expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set")
"""Types that name columns and look at none of their cells."""

_QUIET = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "TQDM_DISABLE": "1"}


def warm() -> None:
    """Import Great Expectations now, so that the first validation need not."""
    with quiet():
        import pipeline.gate.own_expectations  # noqa: F401

        _batches()


def run(
    name: str,
    table: pa.Table,
    expectations: Sequence[Expectation],
    parameters: Mapping[str, int],
) -> dict[str, Result]:
    """What each expectation comes to over the table, by check. It is the one of `context.checking`.

    This project's own look at it themselves; only Great Expectations' own cost a frame and a validator.
    parameters: what an expectation may ask for by name. Raises `WenshuError` where an expectation
    cannot be loaded.
    """
    from pipeline.gate.own_expectations import OwnExpectation

    written = {e["meta"]["check"]: e for e in expectations}
    asked = _loaded(name, json.dumps(expectations))
    if not table.num_rows:
        drifted = any(parameters.values())
        asked = {c: e for c, e in asked.items() if _counts_rows(e) and (drifted or not _compares(written[c]))}
    found = {check: own_result(e) for check, e in asked.items() if isinstance(e, OwnExpectation)}
    theirs = {check: e for check, e in asked.items() if check not in found}
    if theirs:
        frame = _frame(table, [written[check] for check in theirs])
        said = _validated(name, frame, theirs, parameters, "BASIC")
        # Which rows fail costs more to tell than whether any does.
        if unnamed := {check: theirs[check] for check, each in said.items() if _unnamed(each.result)}:
            said |= _validated(name, frame, unnamed, parameters, "COMPLETE")
        found |= {check: result_of(each, written[check]) for check, each in said.items()}
    return found


def _validated(
    name: str, frame: pd.DataFrame, asked: Mapping[str, Any], parameters: Mapping[str, int], detail: str
) -> dict[str, Any]:
    """Great Expectations' results, by check."""
    import great_expectations as gx
    from great_expectations.exceptions import SuiteParameterError
    from great_expectations.validator.v1_validator import Validator

    validator = Validator(
        _batches(), batch_parameters={"dataframe": frame}, result_format={"result_format": detail}
    )
    try:
        found = validator.validate_expectation_suite(
            gx.ExpectationSuite(name, [*asked.values()]), dict(parameters)
        )
    except SuiteParameterError as error:
        raise WenshuError(
            f"expectations/{name}.json: a $PARAMETER cannot be worked out ({one_line(str(error))}); "
            f"there is {', '.join(parameters)}"
        ) from error
    return {each.expectation_config.meta["check"]: each for each in found.results}


def _frame(table: pa.Table, asked: Sequence[Expectation]) -> pd.DataFrame:
    """The table as Great Expectations' own expectations see it, which hashes and copies all that it is shown.

    Columns whose cells none of these looks at are blank. Codes are categories, so that each is hashed
    once; all else stays where Arrow has it.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    blank, cells = pa.array(np.zeros(table.num_rows, np.int8)), {}
    looked = {name for e in asked if e["type"] not in _OF_THE_TABLE for name in looked_at(e)}
    if any("row_condition" in e["kwargs"] for e in asked):  # which may name any column
        looked = {*table.column_names}
    codes = {e["kwargs"]["column"] for e in asked if "value_set" in e["kwargs"]}
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells[name] = blank if name not in looked else column.dictionary_encode() if name in codes else column
    frame: pd.DataFrame = pa.table(cells).to_pandas(
        types_mapper=lambda kind: (
            None if kind == blank.type or pa.types.is_dictionary(kind) else pd.ArrowDtype(kind)
        )
    )
    return frame


@cache
def _batches() -> Any:
    """Makes a batch of any frame, in a context that is nowhere but in memory and says nothing to anyone.

    One serves for all: with every further asset the whole context would be written out anew.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    nowhere = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    bars = ProgressBarsConfig(globally=False)
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=nowhere, progress_bars=bars, analytics_enabled=False
        ),
    )
    asset = context.data_sources.add_pandas("night").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


@lru_cache(maxsize=64)
def _loaded(name: str, written: str) -> dict[str, Any]:
    """A suite's expectations as Great Expectations has them, by check, none of them lost.

    They take as long to load as to ask of a small table.
    """
    import great_expectations as gx

    import pipeline.gate.own_expectations  # noqa: F401  (registers this project's own)

    expectations: list[Expectation] = json.loads(written)
    try:
        loaded = gx.ExpectationSuite(**suite(name, expectations))
    except Exception as error:
        fault = one_line(str(error).splitlines()[-1] if str(error) else repr(error))
        raise WenshuError(
            f"expectations/{name}.json: an expectation is not as its type wants it: {fault}"
        ) from error
    there = {expectation.meta["check"]: expectation for expectation in loaded.expectations}
    lost = [e for e in expectations if e["meta"]["check"] not in there]
    if lost or len(loaded.expectations) != len(expectations):
        types = ", ".join(sorted({one_line(e["type"]) for e in lost})) or "one that another equals"
        raise WenshuError(
            f"expectations/{name}.json holds {len(expectations)} expectations, of which "
            f"{len(loaded.expectations)} loaded; unknown type: {types}"
        )
    return there


def _counts_rows(expectation: Any) -> bool:
    """Whether it says something of a table without rows: it asks nothing of each row, nor for columns."""
    from great_expectations.expectations import core
    from great_expectations.expectations import expectation as kinds

    from pipeline.gate.own_expectations import RowExpectation

    maps = (kinds.ColumnMapExpectation, kinds.ColumnPairMapExpectation, kinds.MulticolumnMapExpectation)
    return not isinstance(expectation, (*maps, RowExpectation, core.ExpectTableColumnsToMatchOrderedList))


def _unnamed(result: Mapping[str, Any]) -> bool:
    """Whether rows fail of which it does not say which."""
    return bool(result.get("unexpected_count")) and "unexpected_index_list" not in result


def _compares(expectation: Expectation) -> bool:
    """Whether it compares with the last release, in which a table may have no rows either."""
    return "$PARAMETER" in str(expectation["kwargs"])


@contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations without telemetry, progress bars, logs and warnings."""
    os.environ.update(_QUIET)
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
