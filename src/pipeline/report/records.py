"""What a report shows, as plain values: `collect` makes them, `ReportPage` renders them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import CODES, OPEN_STATES, SEVERITIES, check_kind
from pipeline.web.marked_text import MarkedNumeral
from pipeline.web.points import Point

EQUATION_FAILS = Bilingual("等式不成立", "An equation does not hold")
"""The title of an issue about an equation."""
STATES = (*OPEN_STATES, "accepted", "resolved")
"""States of issues, in the order in which the report lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document and its numerals."""

    id: str
    path: str
    title: str | None
    publisher: str | None
    page: str | None
    issued: dt.date | None
    status: str
    reason: str | None
    numerals: int
    quantities: int
    changed: bool = False
    """Whether the release before had no document of this name and content."""
    text: str | None = None
    """Decoded; None where the source view does not show it."""
    marks: tuple[MarkedNumeral, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEquation:
    """An equation that the text states and that does not hold."""

    id: str
    relation: str
    expression: str
    """As stated: 89 + 204 + 195 = 487."""
    computed: Decimal | None
    """The result of the parts: 488."""
    stated: Decimal | None
    """The result that the text states: 487."""
    residual: Decimal | None
    """Stated less computed: -1."""
    verdict: str
    unit: str | None
    quantities: tuple[str, ...]

    @property
    def left(self) -> str:
        return left_side(self.expression)


def left_side(expression: str) -> str:
    """The side of an equation before its sign of equality."""
    return expression.rpartition("=")[0].strip() or expression


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedIssue:
    """An issue, with everything that the officer needs to decide on it."""

    fingerprint: str
    severity: str
    check: str
    state: str
    since: dt.date
    message: str
    document_id: str | None
    path: str | None
    expected: Bilingual | None
    """The expectation that failed; None where no expectation raised it."""
    observed: str
    quantities: tuple[MarkedNumeral, ...]
    """The figures that it is about, in the order of the text."""
    equations: tuple[FailedEquation, ...]
    advice: Bilingual
    decision: str | None
    targets: tuple[DecisionTarget, ...]
    """What a decision on it could be about, the likeliest first."""

    @property
    def title(self) -> Bilingual:
        """The name of its check; without one, what was expected."""
        if self.equations:
            return EQUATION_FAILS
        return (
            CODES["check"].get(check_kind(self.check)) or self.expected or Bilingual(self.check, self.check)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTarget:
    """Something that `wenshu decide` can write a decision about."""

    kind: str
    id: str
    label: str
    """A name for people: 204个 进入收尾阶段的老旧小区."""
    expect: Mapping[str, str]
    """Cells of its row, by which the decision is checked from then on."""
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSeries:
    """An indicator in a region, over periods of one kind, such as months."""

    indicator: str
    title: Bilingual
    unit: str | None
    region: Bilingual | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run before this one, for the plot of open issues."""

    date: dt.date
    outcome: str
    issues: Mapping[str, int]
    """Open issues by severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageShare:
    """How many rows of a table were read, or have what the title says."""

    title: Bilingual
    part: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStatus:
    """A decision in force, or one that is not applied and why."""

    id: str
    action: str
    kind: str
    target: str
    expect: str
    value: str | None
    reason: str
    officer: str
    date: dt.date
    expires: dt.date | None
    stale: Bilingual | None = None
    now: Mapping[str, str] | None = None
    """The cells of its target as they are now, where they are not as expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """The outcome of a run, in the input of its report and in the report."""

    date: dt.date
    outcome: str
    """released, unchanged, withheld or failed."""
    version: str | None = None
    """The version that was released; else the latest one."""
    previous: str | None = None
    held: Mapping[str, int] = field(default_factory=dict)
    """Rows held back, by table."""
    changes: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """Differences from the release before, by (table, change, cause)."""
    unclaimed: int = 0
    """Digits that no numeral covers."""
    expectations: int = 0
    """How many were checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightlyReport(RunSummary):
    """Everything that one report shows."""

    run: str | None
    """The run's id. None in a release's own report: the same inputs give the same bytes."""
    rows: Mapping[str, int]
    issues: tuple[ReportedIssue, ...]
    numerals: Mapping[str, int]
    """Their counts by kind."""
    statuses: Mapping[str, int]
    """All documents, by status."""
    documents: tuple[SourceDocument, ...]
    """Those that are listed: of very many those in doubt, changed or not read."""
    series: tuple[IndicatorSeries, ...]
    history: tuple[PastRun, ...]
    coverage: tuple[CoverageShare, ...]
    decisions: tuple[DecisionStatus, ...]

    def count(self, *states: str, severity: str | None = None) -> int:
        """Issues in these states, of a severity or of all."""
        return sum(i.state in states and severity in (None, i.severity) for i in self.issues)

    @property
    def open_issues(self) -> Mapping[str, int]:
        """Their counts by severity."""
        return {s: self.count(*OPEN_STATES, severity=s) for s in SEVERITIES}

    @property
    def differences(self) -> list[Mapping[str, Any]]:
        """Differences from the release before, one row for each table, change and cause."""
        names = ("table", "change", "cause", "count")
        return [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(self.changes.items())]
