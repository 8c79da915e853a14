"""Bars of open issues, one for each night; the template draws them as inline SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.report.records import NightlyReport, PastRun
from pipeline.tables.vocabulary import SEVERITIES

WIDTH, HEIGHT = 320, 120
"""Of a plot, in SVG units."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 10, 10, 18, 20


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, as a rectangle."""

    name: str
    x: float
    y: float
    width: float
    height: float
    count: int


@dataclass(frozen=True, slots=True)
class NightBar:
    """A night's open issues by severity. label: its day, where there is room for it."""

    date: str
    outcome: str
    x: float
    label: str
    segments: tuple[Segment, ...]


def night_bars(report: NightlyReport) -> tuple[NightBar, ...]:
    """Open issues of every night, the current one last; empty where there is no earlier night."""
    if not report.history:
        return ()
    current = PastRun(date=report.date, outcome=report.outcome, issues=report.open_issues)
    runs = (*report.history, current)
    most = max(1, *(sum(run.issues.values()) for run in runs))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(runs), 12)
    labelled = {0, len(runs) - 1} if len(runs) > 5 else {len(runs) - 1}
    return tuple(
        NightBar(
            run.date.isoformat(),
            run.outcome,
            round(_LEFT + n * step, 1),
            run.date.strftime("%m-%d") if n in labelled else "",
            tuple(_stacked(run, _LEFT + n * step, step * 0.7, most)),
        )
        for n, run in enumerate(runs)
    )


def _stacked(run: PastRun, x: float, width: float, most: int) -> Iterator[Segment]:
    scale = (HEIGHT - _TOP - _BOTTOM) / most
    top = float(HEIGHT - _BOTTOM)
    for severity in SEVERITIES:
        if count := run.issues.get(severity, 0):
            height = count * scale
            top -= height
            yield Segment(severity, round(x, 1), round(top, 1), round(width, 1), round(height, 1), count)
