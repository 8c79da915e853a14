"""The gate: what a night's tables must be like before anyone sees them.

Great Expectations runs the suites of expectations/ over the tables as pandas frames, while this project's
own expectations look at Arrow's (`expectation_runner`); what fails becomes a `Finding` with its severity, and
`hold_back` takes out the rows that a warning names, with whatever rests on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.gate.context import TOGETHER, CheckContext, Texts, checking
from pipeline.gate.drift import MARKS, ROWS_BEFORE, drift
from pipeline.gate.expectation_runner import quiet, run, warm
from pipeline.gate.findings import Finding, finding_of, of_drift
from pipeline.gate.results import Result, files
from pipeline.gate.suites import Expectation
from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Finding", "Verdict", "hold_back", "validate", "warm"]

Suites = Mapping[str, Sequence[Expectation]]
Parameters = Mapping[str, Mapping[str, int]]
"""By table, what its expectations may ask for by name."""
Results = dict[str, dict[str, Result]]
"""By table and check."""


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
    uncovered: int = 0
    """Runs of numeral characters in the texts that no mention covers."""

    @property
    def withheld(self) -> bool:
        return any(finding.severity == "critical" for finding in self.findings)


def validate(
    tables: Mapping[str, pa.Table],
    suites: Suites,
    texts: Texts = lambda ids: {},
    release: Path | None = None,
    together: int = TOGETHER,
) -> Verdict:
    """Run each table's expectations over it.

    tables: by name, with everything that a suite refers to; those by document in the order
    of documents. suites: expectations by table; those of tables that are not there are
    passed over, and of a table without rows only what counts them is asked. texts: gives
    the decoded texts of documents that were read. release: the folder of the last release,
    where there is one. together: characters of texts that are looked at at once. Raises
    `WenshuError` where an expectation cannot be loaded.
    """
    drifted = drift(tables, release)
    asked = {name: suites[name] for name in tables if name in suites}
    parameters = {name: {ROWS_BEFORE: drifted.rows[name]} for name in asked}
    context = CheckContext(drifted.tables, texts, together)
    results = _look(context, asked, parameters)
    looked_at = (
        (name, expectation, results[name][expectation["meta"]["check"]])
        for name in results
        for expectation in suites[name]
        if expectation["meta"]["check"] in results[name]
    )
    findings = (finding_of(*each, parameters[each[0]]) for each in looked_at if not each[2].success)
    return Verdict(
        findings=tuple(findings),
        expectations=sum(map(len, results.values())),
        tables=drifted.tables,
        files=files(suites, results, parameters),
        uncovered=context.uncovered_runs,
    )


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


def _look(context: CheckContext, suites: Suites, parameters: Parameters) -> Results:
    """What each expectation came to; only those of drift see the columns that no release has."""
    results: Results = {}
    with quiet():
        for name, expectations in suites.items():
            table, results[name] = context.tables[name], {}
            marks = [column for column in table.column_names if column in MARKS.get(name, ())]
            for marked, shown in ((False, table.drop_columns(marks)), (True, table)):
                if own := [e for e in expectations if of_drift(name, e) == marked]:
                    with checking(context, shown):
                        results[name] |= run(name, shown, own, parameters[name])
    return results
