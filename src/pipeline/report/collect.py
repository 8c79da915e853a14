"""Collect what a report shows from the tables, issues and decisions of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.decisions.loading import ACTIONS
from pipeline.decisions.mark_rows import BY_FIGURE, AppliedDecisions
from pipeline.gate.check_context import Texts
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue
from pipeline.releases.queries import Queries, open_queries
from pipeline.report.advice import advice_on
from pipeline.report.document_selection import counts_of, documents, rows_with, selected
from pipeline.report.indicator_series import series
from pipeline.report.records import (
    CoverageShare,
    DecisionStatus,
    DecisionTarget,
    FailedEquation,
    NightlyReport,
    ReportedIssue,
    RunSummary,
)
from pipeline.tables import FRAME, TABLES
from pipeline.tables.model import Bilingual, cell_text
from pipeline.web.escaping import flat
from pipeline.web.marked_text import MarkedNumeral


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput(RunSummary):
    """What a report is made of: the results of the stages of a run."""

    tables: Mapping[str, pa.Table]
    """Every table of the run by name, with the rows that are held back."""
    texts: Texts
    issues: Sequence[Issue]
    findings: Sequence[Finding] = ()
    """Expectations that failed, without those that a decision accepted."""
    decisions: AppliedDecisions = field(default_factory=AppliedDecisions)
    before: Path | None = None
    """The folder of the last release; points that it has not are new."""


def collect(given: ReportInput) -> NightlyReport:
    """The report of a release; that of a run has the run's id and the earlier runs as well."""
    tables = given.tables
    with open_queries({**tables, **_before(given.before)}) as database:
        rows, shown = selected(tables, given.issues, database)
        numerals = {n.id: n for n in _numerals(tables, rows)}
        return NightlyReport(
            **{each.name: getattr(given, each.name) for each in fields(RunSummary)},
            run=None,
            rows={name: table.num_rows for name, table in tables.items()},
            issues=tuple(_issues(given, numerals, {row["document_id"]: row for row in rows})),
            numerals=counts_of(tables["numerals"], "kind"),
            statuses=counts_of(tables["documents"], "status"),
            documents=tuple(documents(rows, shown, given.texts, numerals.values())),
            series=tuple(series(tables, database)),
            history=(),
            coverage=tuple(_coverage(tables, database)),
            decisions=tuple(_decisions(given.decisions)),
        )


def _before(folder: Path | None) -> dict[str, Path | pa.Table]:
    """Tables of the last release, by their names in SQL; empty tables where there is none."""
    found: dict[str, Path | pa.Table] = {}
    for name in ("documents", "observations"):
        path = folder and folder / "data" / f"{name}.parquet"
        found[f"{name}_before"] = path if path and path.is_file() else TABLES[name].schema().empty_table()
    return found


def _numerals(
    tables: Mapping[str, pa.Table], documents: Iterable[Mapping[str, Any]]
) -> Iterator[MarkedNumeral]:
    """The numerals of these documents, with the frames of quantities."""
    names = {document["document_id"] for document in documents}
    quantities = tables["quantities"].select([*_FRAME])
    frames = {row["quantity_id"]: row for row in rows_with(quantities, "document_id", names)}
    for row in rows_with(tables["numerals"], "document_id", names):
        key = row["quantity_id"]
        yield MarkedNumeral(
            id=key or f"{row['document_id']}-{row['start']}",
            low=row["value_low"],
            high=row["value_high"],
            quantity=key is not None,
            frame=frames.get(key),
            **{name: row[name] for name in _OF_NUMERAL},
        )


_OF_NUMERAL = (
    "document_id", "start", "end", "text", "kind", "value", "qualifier", "unit", "subject", "rule",
)  # fmt: skip
_FRAME = ("quantity_id", "document_id", "text", "subject", *FRAME)


def _issues(
    given: ReportInput, numerals: Mapping[str, MarkedNumeral], documents: Mapping[str, Mapping[str, Any]]
) -> Iterator[ReportedIssue]:
    findings = {f.name: f for f in given.findings}
    failed = _failed_by_figure(given.tables["relations"])
    for issue in given.issues:
        finding = findings.get(issue.check)
        equations = tuple(_equations(issue, failed))
        document = documents.get(issue.document_id or "")
        named = {*issue.quantities, *(q for e in equations for q in e.quantities)}
        figures = [numerals[q] for q in named if q in numerals]
        figures.sort(key=lambda n: (n.document_id, n.start))
        yield ReportedIssue(
            path=document["path"] if document else None,
            expected=finding.description if finding else None,
            observed=finding.observed if finding else "",
            quantities=tuple(figures),
            equations=equations,
            advice=advice_on(issue.check, issue.severity, bool(equations), bool(figures)),
            targets=tuple(_targets(document, finding, figures, equations)),
            **{name: getattr(issue, name) for name in _OF_ISSUE},
        )


_OF_ISSUE = (
    "fingerprint", "severity", "check", "state", "since", "message", "document_id", "decision",
)  # fmt: skip


def _failed_by_figure(relations: pa.Table) -> dict[str, list[FailedEquation]]:
    """The equations that fail, by each of their figures."""
    found: dict[str, list[FailedEquation]] = {}
    for equation in map(_equation, rows_with(relations, "verdict", ["fails"])):
        for quantity in equation.quantities:
            found.setdefault(quantity, []).append(equation)
    return found


def _equation(row: Mapping[str, Any]) -> FailedEquation:
    total, residual = row["total"], row["residual"]
    return FailedEquation(
        id=row["relation_id"],
        computed=None if total is None or residual is None else total - residual,
        stated=total,
        quantities=tuple((row["quantity_ids"] or "").split()),
        **{name: row[name] for name in ("relation", "expression", "residual", "verdict", "unit")},
    )


def _equations(issue: Issue, failed: Mapping[str, Sequence[FailedEquation]]) -> Iterator[FailedEquation]:
    """The equations that fail and share a figure with the issue, if it is about arithmetic.

    One figure alone may be in doubt for another reason, such as a jump.
    """
    figures = dict.fromkeys(issue.quantities)
    least = 1 if issue.check in BY_FIGURE else 2
    sharing = {equation.id: equation for quantity in figures for equation in failed.get(quantity, ())}
    for equation in sharing.values():
        if len(figures.keys() & set(equation.quantities)) >= least:
            yield equation


def _targets(
    document: Mapping[str, Any] | None,
    finding: Finding | None,
    figures: Iterable[MarkedNumeral],
    equations: Iterable[FailedEquation],
) -> Iterator[DecisionTarget]:
    """What could be decided about an issue; document: the row of its document."""
    for e in equations:
        yield _target("relation", e.id, e.expression, expression=e.expression, verdict=e.verdict)
    for n in figures:
        if n.quantity:
            label = f"{flat(n.text)} {n.subject or ''}".strip()
            yield _target(
                "quantity", n.id, label, text=n.text, value=cell_text(n.value), unit=cell_text(n.unit)
            )
    if document:
        yield _target("document", document["document_id"], document["path"], sha256=document["sha256"])
    if finding:
        yield _target("expectation", finding.name, finding.description.zh, observed=finding.observed)


def _target(kind: str, name: str, label: str, **expect: str) -> DecisionTarget:
    actions = tuple(action for action, kinds in ACTIONS.items() if kind in kinds)
    return DecisionTarget(kind=kind, id=name, label=label, expect=expect, actions=actions)


def _decisions(applied: AppliedDecisions) -> Iterator[DecisionStatus]:
    """The decisions in force, then those that are not applied."""
    stale = {one.decision.id: one for one in applied.stale}
    for decision in (*applied.in_force, *(one.decision for one in applied.stale)):
        reason = stale.get(decision.id)
        yield DecisionStatus(
            expect=decision.expected,
            value=decision.corrected or None,
            stale=reason and reason.message,
            now=reason and reason.now,
            **{name: getattr(decision, name) for name in _OF_DECISION},
        )


_OF_DECISION = ("id", "action", "kind", "target", "reason", "officer", "date", "expires")


def _coverage(tables: Mapping[str, pa.Table], database: Queries) -> Iterator[CoverageShare]:
    """Documents read, quantities with a subject, quantities that are indicators' figures."""
    documents, quantities = tables["documents"], tables["quantities"]
    read = counts_of(documents, "status").get("read", 0)
    with_subject = quantities.num_rows - quantities["subject"].null_count
    used = database.all(_USED)[0]["used"]
    shares = (
        (Bilingual("文档已读", "Documents read"), read, documents),
        (Bilingual("统计数有所数之物", "Quantities with a subject"), with_subject, quantities),
        (Bilingual("统计数归入指标", "Quantities that are indicators' figures"), used, quantities),
    )
    for title, part, table in shares:
        yield CoverageShare(title=title, part=part, whole=table.num_rows)


_USED = """
SELECT count(DISTINCT name) AS used
FROM (SELECT unnest(string_split(quantity_ids, ' ')) AS name FROM observations) WHERE name <> ''
"""
