"""The officer's list: what a night found, told apart from what was known the night before.

A finding becomes one issue for each sentence that it is about. Its fingerprint is made
of the check, the document and the sentence's own words, never of line numbers or of
what stands elsewhere: it is the same issue as long as the sentence stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from pipeline.errors import one_line
from pipeline.gate import Finding
from pipeline.gate.locating import Locator
from pipeline.statistics.claims import Finding as Doubt
from pipeline.tables import TABLES

MOST = 500
"""Issues that one check raises on its own; what goes beyond is counted in one more."""

_ORDER = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A row of the table issues."""

    fingerprint: str
    severity: str
    """critical, warning or info."""
    check: str
    """The check that raised it: renovation.sum, indicator_ambiguous."""
    document_id: str | None
    """None where it is about no single document."""
    message: str
    """What, where and what to do, in one line."""
    since: date
    """The day of the run that raised it first."""
    state: str
    """new, persisting, resolved or accepted."""
    decision: str | None = None
    """The decision taken on it."""
    quantities: tuple[str, ...] = ()
    """Ids of the mentions that it is about, where it is about any; no column of the table."""


def new_issue(
    severity: str, check: str, document: str | None, words: Sequence[str], message: str, today: date
) -> Issue:
    """An issue of tonight; its fingerprint is made of the check, the document and the words."""
    identity = json.dumps([check, document, *words], ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Issue(
        fingerprint=hashlib.sha256(identity).hexdigest()[:16], severity=severity, check=check,
        document_id=document, message=one_line(message), since=today, state="new",
    )  # fmt: skip


def issues(
    findings: Iterable[Finding], doubts: Iterable[Doubt], locator: Locator, today: date
) -> list[Issue]:
    """Tonight's issues, the gravest first, every one of them new.

    doubts: what reading the indicators left open. locator: of the tables that were looked at.
    """
    findings, doubts = tuple(findings), tuple(doubts)
    rows: dict[str, list[int]] = {}
    for finding in findings:
        rows.setdefault(finding.table, []).extend(finding.rows[:MOST])
    locator.learn(rows, (key for doubt in doubts for key in doubt.keys))
    raised = [issue for finding in findings for issue in _of_finding(finding, locator, today)]
    raised += [_of_doubt(doubt, locator, today) for doubt in doubts]
    return sorted({issue.fingerprint: issue for issue in reversed(raised)}.values(), key=_grave)


def told_apart(tonight: Sequence[Issue], before: Sequence[Issue]) -> list[Issue]:
    """Tonight's issues with what is known of them, then those that are resolved by now."""
    known = {issue.fingerprint: issue for issue in before if issue.state != "resolved"}
    here = {issue.fingerprint for issue in tonight}
    still = [
        replace(issue, state="persisting", since=known[issue.fingerprint].since)
        if issue.fingerprint in known
        else issue
        for issue in tonight
    ]
    gone = (issue for issue in known.values() if issue.fingerprint not in here)
    return [*still, *sorted((replace(issue, state="resolved") for issue in gone), key=_grave)]


def issue_rows(known: Iterable[Issue]) -> Iterator[tuple[Any, ...]]:
    """Rows of the table issues."""
    return (tuple(getattr(issue, name) for name in TABLES["issues"].names) for issue in known)


def to_json(known: Iterable[Issue]) -> str:
    """The list as a run keeps it."""
    rows = [asdict(issue) | {"since": issue.since.isoformat()} for issue in known]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> list[Issue]:
    """The list that a run kept; ValueError where it is none."""
    try:
        return [
            Issue(
                **row
                | {"since": date.fromisoformat(row["since"]), "quantities": tuple(row.get("quantities", ()))}
            )
            for row in json.loads(text)
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a list of issues: {error}") from error


def _grave(issue: Issue) -> tuple[int, str, str, str]:
    return _ORDER[issue.severity], issue.check, issue.document_id or "", issue.fingerprint


def _of_finding(finding: Finding, locator: Locator, today: date) -> Iterator[Issue]:
    """One issue a sentence; one for the whole table where no row is named."""
    said = f"{finding.description.zh} / {finding.description.en}"
    if not finding.rows:
        yield new_issue(finding.severity, finding.name, None, (), f"{said}: {finding.observed}", today)
        return
    seen: dict[str, Issue] = {}
    for row in islice(finding.rows, MOST):
        place = locator.of(finding.table, row)
        equation = locator.equation(finding, place.row)
        detail = equation or place.cells(finding.columns)
        words = (equation, *place.words[:1]) if equation else place.words
        message = f"{said}: {detail}{place.where}"
        issue = new_issue(finding.severity, finding.name, place.document_id, words, message, today)
        known = seen.setdefault(issue.fingerprint, issue)
        named = tuple(dict.fromkeys((*known.quantities, *place.quantities)))
        seen[issue.fingerprint] = replace(known, quantities=named)
    yield from seen.values()
    if len(finding.rows) > MOST:
        more = f"{said}: {len(finding.rows) - MOST} more rows of {finding.table}"
        yield new_issue(finding.severity, finding.name, None, ("more",), more, today)


def _of_doubt(doubt: Doubt, locator: Locator, today: date) -> Issue:
    where = locator.file(doubt.document_id)
    words = locator.sentences(doubt.keys) or (doubt.message,)
    message, document = f"{doubt.message}{where}", doubt.document_id or None
    issue = new_issue(doubt.severity, doubt.check, document, words, message, today)
    return replace(issue, quantities=tuple(doubt.keys))
