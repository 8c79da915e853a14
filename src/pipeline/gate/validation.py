"""Validation: every table's expectations evaluated, and what does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.gate.check_context import CheckContext, Texts
from pipeline.gate.drift import DRIFT_COLUMNS, ROWS_BEFORE, compare_with_release
from pipeline.gate.expectation_runner import evaluate, quiet
from pipeline.gate.findings import Finding, finding_of, is_about_drift
from pipeline.gate.results import FOLDER, Result, suite_result
from pipeline.gate.suites import Expectation

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome of a validation."""

    findings: tuple[Finding, ...]
    """In the order of tables and of their suites."""
    expectations: int
    """How many expectations were evaluated."""
    tables: Mapping[str, pa.Table] = field(default_factory=dict, compare=False)
    """The tables that were validated, with `drift.DRIFT_COLUMNS`."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Great Expectations' own results, as a release has them, by path."""
    uncovered: int = 0
    """How many runs of numeral characters in the texts no mention covers."""


def validate(
    tables: Mapping[str, pa.Table],
    suites: Mapping[str, Sequence[Expectation]],
    texts: Texts = lambda ids: {},
    release: Path | None = None,
    batch_characters: int = 10_000_000,
) -> Validation:
    """Evaluate each table's expectations.

    tables: by name, with everything that a suite refers to; those by document in the order
    of documents. suites: expectations by table; those of other tables are ignored, and of an
    empty table only those about its number of rows are evaluated. texts: returns the decoded
    texts of documents that were read. release: the folder of the last release. batch_characters:
    of texts that are held in memory at once; they take about 20 MB. Raises `WenshuError` where an
    expectation cannot be loaded.
    """
    drift = compare_with_release(tables, release)
    context = CheckContext(drift.tables, texts, batch_characters)
    findings: list[Finding] = []
    files: dict[str, bytes] = {}
    count = 0
    with quiet():
        for name in (name for name in tables if name in suites):
            parameters = {ROWS_BEFORE: drift.rows[name]}
            evaluated = _evaluated(name, suites[name], context, parameters)
            findings += (finding_of(name, *each, parameters) for each in evaluated if not each[1].success)
            files[f"{FOLDER}{name}.json"] = suite_result(name, evaluated, parameters)
            count += len(evaluated)
    return Validation(
        findings=tuple(findings), expectations=count, tables=drift.tables, files=files,
        uncovered=sum(map(len, context.uncovered.values())),
    )  # fmt: skip


def _evaluated(
    name: str, suite: Sequence[Expectation], context: CheckContext, parameters: Mapping[str, int]
) -> list[tuple[Expectation, Result]]:
    """Expectations with their results; only those about drift see the columns that no release has."""
    table = context.tables[name]
    released = table.drop_columns([c for c in table.column_names if c in DRIFT_COLUMNS.get(name, ())])
    results: dict[str, Result] = {}
    for about_drift, columns in ((False, released), (True, table)):
        if expectations := [e for e in suite if is_about_drift(name, e) == about_drift]:
            results |= evaluate(name, columns, expectations, context, parameters)
    return [(e, results[e["meta"]["check"]]) for e in suite if e["meta"]["check"] in results]
