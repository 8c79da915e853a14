"""What a report tells: a night as plain values, made by `gather`, shown by `render`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.tables.model import Words
from pipeline.tables.vocabulary import CODES, kind_of
from pipeline.web.series import Point

STATES = ("new", "persisting", "accepted", "resolved")
"""Issues in the order in which the officer meets them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A numeral where it stands, as the source view marks it."""

    id: str
    """quantity_id; for what states no quantity, document_id and start. The anchor of its link."""
    document_id: str
    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str | None
    subject: str | None
    rule: str
    quantity: bool
    """Whether it is a row of `quantities`."""
    frame: Mapping[str, Any] | None = None
    """The row of `quantities`: what the figure is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source text and its numerals."""

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
    """Whether the release before did not have it as it is."""
    text: str | None = None
    """Decoded; None where the source view does not show it."""
    marks: tuple[Numeral, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """An equation that the text states, with what it comes to."""

    id: str
    relation: str
    expression: str
    """As stated: 89 + 204 + 195 = 487."""
    computed: Decimal | None
    """What the parts come to: 488."""
    stated: Decimal | None
    """What the text says that they come to: 487."""
    residual: Decimal | None
    """Stated less computed: -1."""
    verdict: str
    unit: str | None
    quantities: tuple[str, ...]

    @property
    def left(self) -> str:
        """What stands before the sign of equality."""
        return self.expression.rpartition("=")[0].strip() or self.expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A finding, with everything that the officer needs to decide on it."""

    fingerprint: str
    severity: str
    check: str
    state: str
    since: dt.date
    message: str
    document_id: str | None
    path: str | None
    expected: Words | None
    """The expectation that failed; None where no expectation raised it."""
    observed: str
    quantities: tuple[Numeral, ...]
    """The figures that it is about, in the order of the text."""
    equations: tuple[Equation, ...]
    advice: Words
    decision: str | None
    targets: tuple[Target, ...]
    """What a decision on it could be about, the likeliest first."""

    @property
    def title(self) -> Words:
        """What is wrong in a few words, or what was expected where that is all there is."""
        if self.equations:
            return Words("等式不成立", "An equation does not hold")
        return CODES["check"].get(kind_of(self.check)) or self.expected or Words(self.check, self.check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that `wenshu decide` can write a decision about."""

    kind: str
    id: str
    label: str
    """For people: 204个 进入收尾阶段的老旧小区."""
    expect: Mapping[str, str]
    """Cells of its row, by which the decision is checked from then on."""
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An indicator in a region, over periods of one kind, such as months."""

    indicator: str
    title: Words
    unit: str | None
    region: Words | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A night before this one, as far as the plot of issues needs it."""

    run: str
    date: dt.date
    outcome: str
    issues: Mapping[str, int]
    """Open issues by severity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole: how far the night's work reaches."""

    title: Words
    part: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
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
    stale: Words | None = None
    now: Mapping[str, str] | None = None
    """What its target says now, where that is not what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a night came to, as its record and its report have it."""

    date: dt.date
    outcome: str
    """released, unchanged, withheld or failed."""
    version: str | None = None
    """What was released; where nothing was, the release that stands."""
    previous: str | None = None
    held: Mapping[str, int] = field(default_factory=dict)
    """Rows held back, by table."""
    changes: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """Differences from the release before, by (table, change, cause)."""
    unclaimed: int = 0
    """Digits that no numeral covers."""
    expectations: int = 0
    """How many were run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night(Course):
    """Everything that one report tells."""

    run: str | None
    """The run's id. None in a release's own report: the same inputs give the same bytes."""
    rows: Mapping[str, int]
    issues: tuple[Issue, ...]
    account: Mapping[str, int]
    """Numerals by kind."""
    statuses: Mapping[str, int]
    """All documents, by status."""
    documents: tuple[Document, ...]
    """Those that the report tells of: of very many the doubted, the changed and the unread."""
    series: tuple[Series, ...]
    history: tuple[Before, ...]
    coverage: tuple[Share, ...]
    decisions: tuple[Decided, ...]

    def count(self, *states: str, severity: str | None = None) -> int:
        """Issues in these states, of a severity or of all."""
        return sum(i.state in states and severity in (None, i.severity) for i in self.issues)

    @property
    def differences(self) -> list[Mapping[str, Any]]:
        """What differs from the release before, by table, change and cause."""
        names = ("table", "change", "cause", "count")
        return [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(self.changes.items())]
