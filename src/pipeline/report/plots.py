"""Where things stand in the report's plots; templates draw them as inline SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.report.night import Before, Night, Point, Series
from pipeline.tables.cells import as_text

SEVERITIES = ("critical", "warning", "info")
WIDTH, HEIGHT = 320, 120
"""Of a plot, in SVG units."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 10, 10, 18, 20


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a series. low, high: ends of its interval, where it has both."""

    x: float
    y: float
    low: float | None
    high: float | None
    point: Point


@dataclass(frozen=True, slots=True)
class Line:
    """A series as drawn."""

    series: Series
    dots: tuple[Dot, ...]
    path: str
    first: str
    last: str
    """What the first and the last point say."""


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


def lines(series: Iterable[Series]) -> Iterator[Line]:
    """The series that have something to plot: at least two points with a value."""
    for one in series:
        shown = [point for point in one.points if _middle(point) is not None]
        if len(shown) > 1:
            yield _line(one, shown)


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


def _line(series: Series, points: Sequence[Point]) -> Line:
    values = [v for p in points for v in (_middle(p), p.low, p.high) if v is not None]
    least, most = min(values), max(values)

    def height(value: Decimal | None) -> float | None:
        if value is None:
            return None
        share = float((value - least) / (most - least)) if most > least else 0.5
        return round(HEIGHT - _BOTTOM - 4 - share * (HEIGHT - _TOP - _BOTTOM - 8), 1)

    step = (WIDTH - _LEFT - _RIGHT) / (len(points) - 1)
    dots = tuple(
        Dot(
            round(_LEFT + n * step, 1),
            height(_middle(p)) or 0.0,
            height(p.low) if p.value is None or p.low != p.value else None,
            height(p.high) if p.value is None or p.high != p.value else None,
            p,
        )
        for n, p in enumerate(points)
    )
    path = "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots)
    return Line(series, dots, path, *(_said(dot.point) for dot in (dots[0], dots[-1])))


def _said(point: Point) -> str:
    if point.value is not None:
        return f"{point.value.normalize():,f}"
    return "–".join(as_text(bound) for bound in (point.low, point.high))


def _middle(point: Point) -> Decimal | None:
    if point.value is None and point.low is not None and point.high is not None:
        return (point.low + point.high) / 2
    return point.value


def _stack(one: Before, x: float, width: float, most: int) -> Iterator[Bar]:
    scale = (HEIGHT - _TOP - _BOTTOM) / most
    top = float(HEIGHT - _BOTTOM)
    for severity in SEVERITIES:
        count = one.issues.get(severity, 0)
        height = count * scale
        top -= height
        if count:
            yield Bar(severity, round(x, 1), round(top, 1), round(width, 1), round(height, 1), count)
