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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError, one_line
from pipeline.gate_suites import Expectation, suite
from pipeline.tables import Table, Words

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_QUIET = {"GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "TQDM_DISABLE": "1"}
_SHOWN = 5
"""Values that an observation quotes."""
_LONGEST = 200
"""Characters of a quoted value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that does not hold."""

    table: str
    check: str
    """The expectation's own name, unique in its table's suite."""
    type: str
    """Its type, such as expect_parts_to_make_the_whole."""
    severity: str
    """critical, warning or info."""
    description: Words
    """What was expected."""
    observed: str
    """What was found instead, in one line."""
    rows: tuple[int, ...]
    """The rows that fail, as numbers from 0; empty where the table as a whole does."""
    columns: tuple[str, ...]
    """The columns that it looks at."""
    values: tuple[str, ...] = ()
    """Of the first rows that fail, where single values do."""

    @property
    def name(self) -> str:
        """Names the check among all: quantities.vocabulary-kind."""
        return f"{self.table}.{self.check}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validation came to."""

    findings: tuple[Finding, ...]
    """In the order of tables and of their suites."""
    expectations: int
    """How many expectations were run."""

    @property
    def withheld(self) -> bool:
        return any(finding.severity == "critical" for finding in self.findings)


def warm() -> None:
    """Import Great Expectations now, so that the first validation need not."""
    with _quiet():
        import pipeline.gate_rules  # noqa: F401


def validate(
    tables: Mapping[str, pa.Table], suites: Mapping[str, Sequence[Expectation]], texts: Mapping[str, str]
) -> Verdict:
    """Run each table's expectations over it.

    tables: by name, with everything that a suite refers to. suites: expectations by
    table; those of tables that are not there are passed over. texts: the decoded
    sources by document_id. Raises `WenshuError` where an expectation cannot be loaded.
    """
    import pandas as pd

    frames = {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in tables.items()}
    asked = {name: suites[name] for name in frames if name in suites}
    with _quiet():
        from pipeline.gate_rules import VIEW, View

        source = _context().data_sources.add_pandas("night")
        token = VIEW.set(View(frames, texts))
        try:
            findings = [
                found for name in asked for found in _validate(source, name, frames[name], asked[name])
            ]
        finally:
            VIEW.reset(token)
    return Verdict(tuple(findings), sum(map(len, asked.values())))


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
    from pipeline.gate_hold import Holding

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
    source: Any, name: str, frame: pd.DataFrame, expectations: Sequence[Expectation]
) -> Iterator[Finding]:
    loaded = _load(name, expectations)
    if frame.empty:
        loaded.expectations = [e for e in loaded.expectations if not _row_by_row(e)]
    asset = source.add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    results = batch.validate(loaded, result_format={"result_format": "COMPLETE"}).results
    failed = {r.expectation_config.meta["check"]: r for r in results if not r.success}
    # Results come in an order of their own.
    for expectation in expectations:
        if result := failed.get(expectation["meta"]["check"]):
            yield _finding(name, expectation, result.result, result.exception_info)


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


def _finding(
    name: str, expectation: Expectation, result: Mapping[str, Any], fault: Mapping[str, Any]
) -> Finding:
    kwargs, meta = expectation["kwargs"], expectation["meta"]
    columns = kwargs.get("column_list") or [
        kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs
    ]
    return Finding(
        table=name,
        check=meta["check"],
        type=expectation["type"],
        severity=expectation["severity"],
        description=Words(meta["description"]["zh"], meta["description"]["en"]),
        observed=_observed(result, fault),
        rows=tuple(result.get("unexpected_index_list") or ()),
        columns=tuple(columns),
        values=tuple(_short(value) for value in list(result.get("unexpected_list") or ())[:_SHOWN]),
    )


def joint(parts: Sequence[Finding], total: int) -> Finding:
    """One finding of those of a table's parts, whose rows are numbered in the whole by now.

    total: rows of the whole table. What it says is what a look at the whole would have said.
    """
    rows = tuple(row for part in parts for row in part.rows)
    values = tuple(value for part in parts for value in part.values)[:_SHOWN]
    if not rows:
        return parts[0]
    return replace(parts[0], rows=rows, values=values, observed=_counted(len(rows), total, values))


def _counted(failed: int, total: int, values: Sequence[str]) -> str:
    return f"{failed} of {total} rows: {', '.join(values)}"


def _observed(result: Mapping[str, Any], fault: Mapping[str, Any]) -> str:
    """What was found, in one line of bounded length; the values are untrusted text."""
    if not result:
        said = [str(info.get("exception_message", "")) for info in fault.values() if isinstance(info, dict)]
        return f"could not be checked: {_short(said[0] if said else str(fault))}"
    if mismatched := (result.get("details") or {}).get("mismatched"):
        return "; ".join(
            f"{item.get('Found')} in the place of {item.get('Expected')}" for item in mismatched[:_SHOWN]
        )
    if "unexpected_count" in result:
        values = [_short(value) for value in list(result.get("unexpected_list", ()))[:_SHOWN]]
        return _counted(result["unexpected_count"], result["element_count"], values)
    return _short(result.get("observed_value"))


def _short(value: object) -> str:
    text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


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
