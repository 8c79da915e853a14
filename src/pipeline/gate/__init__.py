"""The gate: what a night's tables must be like before anyone sees them.

Great Expectations runs the suites of expectations/ over the tables as pandas frames
(`engine`); what fails becomes a `Finding` with its severity, and `hold_back` takes out
the rows that a warning names, with whatever rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.gate.drift import MARKS, ROWS, drift
from pipeline.gate.engine import quiet, run, warm
from pipeline.gate.findings import Finding, finding_of, of_drift
from pipeline.gate.results import Result, files
from pipeline.gate.suites import Expectation
from pipeline.gate.view import VIEW, View
from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Finding", "Verdict", "hold_back", "validate", "warm"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validation came to."""

    findings: tuple[Finding, ...]
    """In the order of tables and of their suites."""
    expectations: int
    """How many expectations were run."""
    tables: Mapping[str, pa.Table] = field(default_factory=dict, compare=False)
    """What was looked at: the tables with the columns of `drift.MARKS`."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Great Expectations' own results, as a release has them, by path."""

    @property
    def withheld(self) -> bool:
        return any(finding.severity == "critical" for finding in self.findings)


Look = Callable[
    [View, Mapping[str, Sequence[Expectation]], Mapping[str, Mapping[str, int]]],
    dict[str, dict[str, Result]],
]
"""Looks at tables: `look`, or whoever knows some of it already."""


def look(
    view: View,
    suites: Mapping[str, Sequence[Expectation]],
    parameters: Mapping[str, Mapping[str, int]],
) -> dict[str, dict[str, Result]]:
    """What each expectation came to, by table and check.

    view: the tables of the suites, with the columns of `drift.MARKS`, and what they refer
    to. parameters: by table, what its expectations may ask for by name.
    """
    with quiet():
        import pipeline.gate.rules  # noqa: F401

        token = VIEW.set(view)
        try:
            return {
                name: _results(name, view.tables[name], asked, parameters.get(name, {}))
                for name, asked in suites.items()
            }
        finally:
            VIEW.reset(token)


def validate(
    tables: Mapping[str, pa.Table],
    suites: Mapping[str, Sequence[Expectation]],
    texts: Mapping[str, str],
    release: Path | None = None,
    look: Look = look,
) -> Verdict:
    """Run each table's expectations over it.

    tables: by name, with everything that a suite refers to. suites: expectations by
    table; those of tables that are not there are passed over. texts: the decoded
    sources by document_id. release: the folder of the last release, where there is one.
    Raises `WenshuError` where an expectation cannot be loaded.
    """
    drifted = drift(tables, release)
    asked = {name: suites[name] for name in tables if name in suites}
    parameters = {name: {ROWS: drifted.rows[name]} for name in asked}
    results = look(View(drifted.tables, texts, asked), asked, parameters)
    return verdict_of(results, asked, parameters, drifted.tables)


def verdict_of(
    results: Mapping[str, Mapping[str, Result]],
    suites: Mapping[str, Sequence[Expectation]],
    parameters: Mapping[str, Mapping[str, int]],
    tables: Mapping[str, pa.Table],
) -> Verdict:
    """The verdict of results by table and check. suites, parameters: of these tables alone."""
    findings = (
        finding_of(name, expectation, result, parameters[name])
        for name, found in results.items()
        for expectation in suites[name]
        if not (result := found[expectation["meta"]["check"]]).success
    )
    asked = sum(len(suites[name]) for name in results)
    return Verdict(tuple(findings), asked, tables, files(suites, results, parameters))


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


def _results(
    name: str,
    table: pa.Table,
    expectations: Sequence[Expectation],
    parameters: Mapping[str, int],
) -> dict[str, Result]:
    """What each expectation came to; only those of drift see the columns that no release has."""
    import pandas as pd

    marks = [column for column in table.column_names if column in MARKS.get(name, ())]
    results: dict[str, Result] = {}
    for marked, shown in ((False, table.drop_columns(marks)), (True, table)):
        if asked := [e for e in expectations if of_drift(name, e) == marked]:
            frame = shown.to_pandas(types_mapper=pd.ArrowDtype)
            results |= run(name, frame, asked, parameters)
    return results
