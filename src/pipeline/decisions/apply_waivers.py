"""What the gate found, judged by what officers accepted: that is listed as such, and holds nothing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.decisions.mark_rows import Settled
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue, compare_issues, new_issue
from pipeline.gate.locations import Locator
from pipeline.statistics.claims import Finding as Doubt


class Judgement(NamedTuple):
    """What is left of a night's findings, and all that the officer is told of them."""

    settled: Settled
    """The decisions, now that the gate has spoken."""
    findings: tuple[Finding, ...]
    """Those that no decision accepts, without the rows that one does."""
    doubts: tuple[Doubt, ...]
    """Those that no decision accepts."""
    issues: tuple[Issue, ...]
    """Of all that was found, accepted or not, and of each decision that is not applied."""


def judge(
    settled: Settled, findings: Sequence[Finding], doubts: Iterable[Doubt], tonight: Iterable[Issue],
    before: Sequence[Issue], locator: Locator, today: dt.date,
) -> Judgement:  # fmt: skip
    """Apply the decisions to what was found.

    tonight: the issues of these findings and doubts. before: those of the last run. locator:
    of the tables that the findings are about. today: the day of issues about decisions.
    """
    observed = {finding.name: finding.observed for finding in findings}
    settled = settled.heard(observed)
    said = ((s.decision.id, s.check, f"{s.message.zh} / {s.message.en}") for s in settled.stale)
    stale = (new_issue("warning", check, None, (name,), message, today) for name, check, message in said)
    known = compare_issues([*tonight, *stale], before)
    return Judgement(
        settled,
        tuple(_open(findings, locator, settled)),
        tuple(d for d in doubts if not settled.waives(d.check, "", d.keys, d.document_id)),
        tuple(_accepted(issue, settled, observed.get(issue.check, "")) for issue in known),
    )


def _open(findings: Iterable[Finding], locator: Locator, settled: Settled) -> Iterator[Finding]:
    for finding in findings:
        if not settled.accepted:
            yield finding
        elif finding.rows:
            locator.load({finding.table: finding.rows})
            rows = tuple(row for row in finding.rows if not _waived(finding, row, locator, settled))
            if rows:
                yield replace(finding, rows=rows)
        elif not settled.waives(finding.name, finding.observed, ()):
            yield finding


def _waived(finding: Finding, number: int, locator: Locator, settled: Settled) -> bool:
    location = locator.locate(finding.table, number)
    return bool(settled.waives(finding.name, finding.observed, location.quantities, location.document_id))


def _accepted(issue: Issue, settled: Settled, observed: str) -> Issue:
    if issue.state == "resolved":
        return issue
    decision = settled.waives(issue.check, observed, issue.quantities, issue.document_id)
    return replace(issue, state="accepted", decision=decision) if decision else issue
