"""The gate: what a night's tables must be like before anyone sees them.

Great Expectations runs the suites of expectations/ over the tables as pandas frames;
what fails becomes a `Finding` with its severity, and `hold_back` takes out the rows
that a warning names, with whatever rests on them. Great Expectations takes seconds to
import and is imported here alone, when it is first needed; `warm` does so beforehand.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate.drift import MARKS, ROWS, drift
from pipeline.gate.findings import Finding, finding_of, of_drift
from pipeline.gate.suites import Expectation, suite
from pipeline.tables import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["Finding", "Verdict", "hold_back", "validate", "warm"]

_QUIET = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "TQDM_DISABLE": "1"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validation came to."""

    findings: tuple[Finding, ...]
    """In the order of tables and of their suites."""
    expectations: int
    """How many expectations were run."""
    tables: Mapping[str, pa.Table] = field(default_factory=dict, compare=False)
    """What was looked at: the tables with the columns of `gate_drift.MARKS`."""

    @property
    def withheld(self) -> bool:
        return any(finding.severity == "critical" for finding in self.findings)


def warm() -> None:
    """Import Great Expectations now, so that the first validation need not."""
    with _quiet():
        import pipeline.gate.rules  # noqa: F401


def validate(
    tables: Mapping[str, pa.Table],
    suites: Mapping[str, Sequence[Expectation]],
    texts: Mapping[str, str],
    release: Path | None = None,
) -> Verdict:
    """Run each table's expectations over it.

    tables: by name, with everything that a suite refers to. suites: expectations by
    table; those of tables that are not there are passed over. texts: the decoded
    sources by document_id. release: the folder of the last release, where there is one.
    Raises `WenshuError` where an expectation cannot be loaded.
    """
    import pandas as pd

    drifted = drift(tables, release)
    frames = {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in drifted.tables.items()}
    asked = {name: suites[name] for name in frames if name in suites}
    with _quiet():
        from pipeline.gate.rules import VIEW, View

        source = _context().data_sources.add_pandas("night")
        token = VIEW.set(View(frames, texts))
        try:
            findings = [
                found
                for name in asked
                for found in _validate(source, name, frames[name], asked[name], {ROWS: drifted.rows[name]})
            ]
        finally:
            VIEW.reset(token)
    return Verdict(tuple(findings), sum(map(len, asked.values())), drifted.tables)


def hold_back(
    tables: Mapping[str, pa.Table],
    declarations: Mapping[str, Table],
    findings: Sequence[Finding],
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """The tables without the rows that warnings name, and how many rows each lost.

    A row whose required reference names a held row is held as well; an optional
    reference becomes null. A held document stays as a row, with the status `held`.
    rests_on: indicators of each dataset, whose row falls with an observation of its own.
    """
    from pipeline.gate.hold import Holding

    holding = Holding(tables, declarations, rests_on or {})
    for finding in findings:
        if finding.severity == "warning":
            holding.add(finding.table, finding.rows)
    return holding.rest()


def _context() -> Any:
    """A context that is nowhere but in memory and says nothing to anyone."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.execution_engine import pandas_execution_engine

    # A fingerprint of each frame, which nobody reads, would cost as much as all expectations.
    pandas_execution_engine.HASH_THRESHOLD = 0
    nowhere = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    bars = ProgressBarsConfig(globally=False)
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=nowhere, progress_bars=bars, analytics_enabled=False
        ),
    )


def _validate(
    source: Any,
    name: str,
    frame: pd.DataFrame,
    expectations: Sequence[Expectation],
    parameters: Mapping[str, int],
) -> Iterator[Finding]:
    marks = [column for column in frame.columns if column in MARKS.get(name, ())]
    failed: dict[str, Any] = {}
    for marked, shown in ((False, frame.drop(columns=marks)), (True, frame)):
        if asked := [e for e in expectations if of_drift(name, e) == marked]:
            asset = source.add_dataframe_asset(f"{name}, drift" if marked else name)
            failed |= _failed(asset, name, shown, asked, parameters)
    # Results come in an order of their own.
    for expectation in expectations:
        if result := failed.get(expectation["meta"]["check"]):
            yield finding_of(name, expectation, result.result, result.exception_info, parameters)


def _failed(
    asset: Any,
    name: str,
    frame: pd.DataFrame,
    expectations: Sequence[Expectation],
    parameters: Mapping[str, int],
) -> dict[str, Any]:
    """Great Expectations' results of what does not hold, by check."""
    from great_expectations.exceptions import SuiteParameterError

    loaded = _load(name, expectations)
    if frame.empty:
        loaded.expectations = [e for e in loaded.expectations if not _row_by_row(e)]
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    try:
        results = batch.validate(
            loaded, result_format={"result_format": "COMPLETE"}, expectation_parameters=dict(parameters)
        ).results
    except SuiteParameterError as error:
        raise WenshuError(
            f"expectations/{name}.json: a $PARAMETER cannot be worked out ({one_line(str(error))}); "
            f"there is {', '.join(parameters)}"
        ) from error
    return {r.expectation_config.meta["check"]: r for r in results if not r.success}


def _load(name: str, expectations: Sequence[Expectation]) -> Any:
    """The suite as Great Expectations has it, none of its expectations lost."""
    import great_expectations as gx

    try:
        loaded = gx.ExpectationSuite(**suite(name, map(dict, expectations)))
    except Exception as error:
        fault = one_line(str(error).splitlines()[-1] if str(error) else repr(error))
        raise WenshuError(
            f"expectations/{name}.json: an expectation is not as its type wants it: {fault}"
        ) from error
    there = {expectation.meta["check"] for expectation in loaded.expectations}
    lost = [e for e in expectations if e["meta"]["check"] not in there]
    if lost or len(loaded.expectations) != len(expectations):
        types = ", ".join(sorted({one_line(e["type"]) for e in lost})) or "one that another equals"
        raise WenshuError(
            f"expectations/{name}.json holds {len(expectations)} expectations, of which "
            f"{len(loaded.expectations)} loaded; unknown type: {types}"
        )
    return loaded


def _row_by_row(expectation: Any) -> bool:
    """Whether it asks something of each row, and so holds where there is none."""
    from great_expectations.expectations import expectation as kinds

    asked = (kinds.ColumnMapExpectation, kinds.ColumnPairMapExpectation, kinds.MulticolumnMapExpectation)
    return isinstance(expectation, asked)


@contextmanager
def _quiet() -> Iterator[None]:
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
