"""Findings that an officer has accepted: they are listed as such, and hold nothing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.decisions.decision import Stale
from pipeline.decisions.settle import Settled
from pipeline.gate import Finding
from pipeline.gate.issues import Issue, new_issue
from pipeline.gate.locating import Locator


def waive(findings: Iterable[Finding], locator: Locator, settled: Settled) -> Iterator[Finding]:
    """The findings without the rows, or the whole ones, that a decision in force accepts."""
    for finding in findings:
        if not settled.accepted:
            yield finding
        elif finding.rows:
            locator.learn({finding.table: finding.rows})
            rows = tuple(row for row in finding.rows if not _waived(finding, row, locator, settled))
            if rows:
                yield replace(finding, rows=rows)
        elif not settled.waives(finding.name, finding.observed, ()):
            yield finding


def accepted(issues: Iterable[Issue], settled: Settled, observed: Mapping[str, str]) -> list[Issue]:
    """The issues; those that a decision accepts say so.

    observed: what each failed expectation found, by TABLE.CHECK.
    """
    return [_accepted(issue, settled, observed.get(issue.check, "")) for issue in issues]


def stale_issues(stale: Iterable[Stale], today: dt.date) -> list[Issue]:
    """An issue for each decision that is not applied."""
    return [
        new_issue("warning", s.check, None, (s.decision.id,), f"{s.message.zh} / {s.message.en}", today)
        for s in stale
    ]


def _accepted(issue: Issue, settled: Settled, observed: str) -> Issue:
    if issue.state == "resolved":
        return issue
    decision = settled.waives(issue.check, observed, issue.quantities, issue.document_id)
    return replace(issue, state="accepted", decision=decision) if decision else issue


def _waived(finding: Finding, number: int, locator: Locator, settled: Settled) -> bool:
    place = locator.of(finding.table, number)
    return bool(settled.waives(finding.name, finding.observed, place.quantities, place.document_id))
