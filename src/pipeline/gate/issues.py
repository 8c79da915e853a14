"""Issues: the officer's list of what a run found, compared with the list of the run before.

A finding becomes one issue for each sentence that it is about. Its fingerprint is made
of the check, the document and the sentence's own words, never of line numbers or of
other sentences: it is the same issue as long as the sentence stays as it is.
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
from pipeline.gate.findings import Finding
from pipeline.gate.locations import Locator
from pipeline.statistics.claims import Diagnostic
from pipeline.tables import TABLES
from pipeline.tables.vocabulary import SEVERITIES

MAX_PER_CHECK = 500
"""Issues that one finding raises; the rows beyond are counted in one more."""


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
    """Ids of the mentions that it is about; no column of the table."""


def new_issue(
    severity: str, check: str, document: str | None, words: Sequence[str], message: str, today: date
) -> Issue:
    """An issue of this run. words: of its fingerprint."""
    return Issue(
        fingerprint=fingerprint_of(check, document, words), severity=severity, check=check,
        document_id=document, message=one_line(message), since=today, state="new",
    )  # fmt: skip


def fingerprint_of(check: str, document: str | None, words: Sequence[str]) -> str:
    """An issue's fingerprint, made of the check, the document and the words that it is about."""
    identity = json.dumps([check, document, *words], ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(identity).hexdigest()[:16]


def new_issues(
    findings: Sequence[Finding], doubts: Sequence[Diagnostic], locator: Locator, today: date
) -> list[Issue]:
    """The issues of a run, by severity, every one of them with the state `new`.

    doubts: what reading the indicators left open. locator: for the tables that were validated.
    """
    rows: dict[str, list[int]] = {}
    for finding in findings:
        rows.setdefault(finding.table, []).extend(finding.rows[:MAX_PER_CHECK])
    locator.load(rows, (key for doubt in doubts for key in doubt.keys))
    issues = [issue for finding in findings for issue in _issues_of_finding(finding, locator, today)]
    issues += [_issue_of_doubt(doubt, locator, today) for doubt in doubts]
    return sorted({issue.fingerprint: issue for issue in reversed(issues)}.values(), key=_by_severity)


def compare_issues(current: Sequence[Issue], previous: Sequence[Issue]) -> list[Issue]:
    """The issues of this run as new or persisting, then those of the previous run that are resolved."""
    unresolved = {issue.fingerprint: issue for issue in previous if issue.state != "resolved"}
    found = {issue.fingerprint for issue in current}
    compared = [
        replace(issue, state="persisting", since=unresolved[issue.fingerprint].since)
        if issue.fingerprint in unresolved
        else issue
        for issue in current
    ]
    resolved = (replace(issue, state="resolved") for name, issue in unresolved.items() if name not in found)
    return [*compared, *sorted(resolved, key=_by_severity)]


def issue_rows(issues: Iterable[Issue]) -> Iterator[tuple[Any, ...]]:
    """Rows of the table issues."""
    return (tuple(getattr(issue, name) for name in TABLES["issues"].names) for issue in issues)


def to_json(issues: Iterable[Issue]) -> str:
    """The list as runs/RUN/issues.json has it."""
    rows = [asdict(issue) | {"since": issue.since.isoformat()} for issue in issues]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> list[Issue]:
    """The list that `to_json` wrote; ValueError where it is none."""
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


def _by_severity(issue: Issue) -> tuple[int, str, str, str]:
    return SEVERITIES.index(issue.severity), issue.check, issue.document_id or "", issue.fingerprint


def _issues_of_finding(finding: Finding, locator: Locator, today: date) -> Iterator[Issue]:
    """One issue for each sentence; one for the whole table where no row is named."""
    description = f"{finding.description.zh} / {finding.description.en}"
    if not finding.rows:
        message = f"{description}: {finding.observed}"
        yield new_issue(finding.severity, finding.name, None, (), message, today)
        return
    by_fingerprint: dict[str, Issue] = {}
    for row in islice(finding.rows, MAX_PER_CHECK):
        location = locator.locate(finding.table, row)
        equation = locator.equation(finding, location.row)
        detail = equation or location.cells(finding.columns)
        words = (equation, *location.words[:1]) if equation else location.words
        message = f"{description}: {detail}{location.source}"
        issue = new_issue(finding.severity, finding.name, location.document_id, words, message, today)
        first = by_fingerprint.setdefault(issue.fingerprint, issue)
        quantities = tuple(dict.fromkeys((*first.quantities, *location.quantities)))
        by_fingerprint[issue.fingerprint] = replace(first, quantities=quantities)
    yield from by_fingerprint.values()
    if len(finding.rows) > MAX_PER_CHECK:
        message = f"{description}: {len(finding.rows) - MAX_PER_CHECK} more rows of {finding.table}"
        yield new_issue(finding.severity, finding.name, None, ("more",), message, today)


def _issue_of_doubt(doubt: Diagnostic, locator: Locator, today: date) -> Issue:
    words = locator.sentences(doubt.keys) or (doubt.message,)
    message = f"{doubt.message}{locator.file(doubt.document_id)}"
    issue = new_issue(doubt.severity, doubt.check, doubt.document_id or None, words, message, today)
    return replace(issue, quantities=tuple(doubt.keys))
