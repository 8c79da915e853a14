"""What the gate found, without what officers accepted: that is listed as accepted and holds nothing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.decisions.decision import WHY_STALE
from pipeline.decisions.mark_rows import AppliedDecisions
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue, compare_issues, fingerprint_of, new_issue
from pipeline.gate.locations import Locator
from pipeline.statistics.claims import Diagnostic


class Waived(NamedTuple):
    """What is left of a run's findings, and all the issues of the officer's list."""

    decisions: AppliedDecisions
    """Without accepted expectations that found something else."""
    findings: tuple[Finding, ...]
    """Those that no decision accepts, without the rows that one does."""
    doubts: tuple[Diagnostic, ...]
    """Those that no decision accepts."""
    issues: tuple[Issue, ...]
    """Of all that was found, accepted or not, and of each stale decision."""


def apply_waivers(
    decisions: AppliedDecisions, findings: Sequence[Finding], doubts: Iterable[Diagnostic],
    new: Iterable[Issue], before: Sequence[Issue], locator: Locator, today: dt.date,
) -> Waived:  # fmt: skip
    """Apply the accepting decisions to what was found.

    new: the issues of these findings and doubts. before: those of the last run. locator: of
    the tables that the findings are about. today: the day of issues about stale decisions.
    """
    observed = {finding.name: finding.observed for finding in findings}
    decisions = decisions.after_gate(observed)
    stale = (
        new_issue("warning", s.check, None, (s.decision.id,), f"{s.message.zh} / {s.message.en}", today)
        for s in decisions.stale
    )
    return Waived(
        decisions,
        tuple(_open_findings(findings, locator, decisions)),
        tuple(d for d in doubts if not decisions.accepting(d.check, "", d.keys, d.document_id)),
        tuple(
            _accepted(issue, decisions, observed.get(issue.check, ""))
            for issue in compare_issues([*new, *stale], before)
        ),
    )


def stale_fingerprints(decision_id: str) -> Iterator[str]:
    """The fingerprints that the issue of a stale decision may have, one for each reason."""
    return (fingerprint_of(f"decision_{why}", None, (decision_id,)) for why in WHY_STALE)


def _open_findings(
    findings: Iterable[Finding], locator: Locator, decisions: AppliedDecisions
) -> Iterator[Finding]:
    for finding in findings:
        if not decisions.accepted:
            yield finding
        elif finding.rows:
            locator.load({finding.table: finding.rows})
            rows = tuple(row for row in finding.rows if not _waived(finding, row, locator, decisions))
            if rows:
                yield replace(finding, rows=rows)
        elif not decisions.accepting(finding.name, finding.observed, ()):
            yield finding


def _waived(finding: Finding, row: int, locator: Locator, decisions: AppliedDecisions) -> bool:
    location = locator.locate(finding.table, row)
    return bool(
        decisions.accepting(finding.name, finding.observed, location.quantities, location.document_id)
    )


def _accepted(issue: Issue, decisions: AppliedDecisions, observed: str) -> Issue:
    if issue.state == "resolved":
        return issue
    decision = decisions.accepting(issue.check, observed, issue.quantities, issue.document_id)
    return replace(issue, state="accepted", decision=decision) if decision else issue
