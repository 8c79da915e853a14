"""Where bars stand in the report's plots; templates draw them as inline SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.report.night import Before, Night

SEVERITIES = ("critical", "warning", "info")
WIDTH, HEIGHT = 320, 120
"""Of a plot, in SVG units."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 10, 10, 18, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a stacked bar."""

    name: str
    x: float
    y: float
    width: float
    height: float
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """A night's bar. label: its day, where there is room for it."""

    date: str
    outcome: str
    x: float
    label: str
    bars: tuple[Bar, ...]


def nights(night: Night) -> tuple[Column, ...]:
    """Open issues per night, tonight's last; nothing where there is no night to compare with."""
    if not night.history:
        return ()
    tonight = Before(
        run=night.run or "",
        date=night.date,
        outcome=night.outcome,
        issues={s: night.count("new", "persisting", severity=s) for s in SEVERITIES},
    )
    every = (*night.history, tonight)
    most = max(1, *(sum(one.issues.values()) for one in every))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(every), 12)
    labelled = {0, len(every) - 1} if len(every) > 5 else {len(every) - 1}
    return tuple(
        Column(
            one.date.isoformat(),
            one.outcome,
            round(_LEFT + n * step, 1),
            one.date.strftime("%m-%d") if n in labelled else "",
            tuple(_stack(one, _LEFT + n * step, step * 0.7, most)),
        )
        for n, one in enumerate(every)
    )


def shares(account: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """One bar, 100 wide, of the account's kinds."""
    whole = sum(count for _, count in account) or 1
    bars, at = [], 0.0
    for kind, count in account:
        width = 100 * count / whole
        bars.append(Bar(kind, round(at, 3), 0, round(width, 3), 1, count))
        at += width
    return tuple(bars)


def _stack(one: Before, x: float, width: float, most: int) -> Iterator[Bar]:
    scale = (HEIGHT - _TOP - _BOTTOM) / most
    top = float(HEIGHT - _BOTTOM)
    for severity in SEVERITIES:
        count = one.issues.get(severity, 0)
        height = count * scale
        top -= height
        if count:
            yield Bar(severity, round(x, 1), round(top, 1), round(width, 1), round(height, 1), count)
