"""Where things stand in a series' plot; the template draws them as inline SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from itertools import pairwise

from pipeline.tables import wording
from pipeline.tables.wording import Lang, compact, exact, interval, period
from pipeline.web.series import Point

WIDTH, HEIGHT = 360, 196
"""Of a plot, in SVG units, which on a phone are about its pixels."""
_TOP, _RIGHT, _BOTTOM = 14, 14, 26
_LETTER = 6.2
"""Width of a label's letter."""
_DESCRIBED = 40
_STEPS = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line or a label of an axis."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Dot:
    """A point as drawn. low, high: ends of its interval; open: +1 where it has no upper end, -1 no lower."""

    x: float
    y: float
    low: float | None
    high: float | None
    open: int
    point: Point
    text: str
    """The figure and its period in words."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A series as drawn."""

    left: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    path: str
    """The line through what was measured, newest document first where several state one period."""
    dots: tuple[Dot, ...]

    @property
    def described(self) -> str:
        """It in words, for who does not see it: the first of its figures."""
        return " ".join(f"{dot.text};" for dot in self.dots[:_DESCRIBED])


def plot(points: Sequence[Point], unit: str | None, lang: Lang) -> Plot | None:
    """A series, in the order of time, as a plot; None where there are not two moments to show.

    unit: the code of its figures' unit.
    """
    if len({point.period for point in points}) < 2:
        return None
    scale = _scale(points)
    labels = [compact(value, lang) for value in scale]
    left = round(max(map(_width, labels)) + 10, 1)
    first, last = points[0].at, points[-1].at
    run, rise = (WIDTH - left - _RIGHT) / (last - first or 1), float(scale[-1] - scale[0])

    def across(point: Point) -> float:
        return round(left + (point.at - first) * run, 1)

    def down(value: Decimal) -> float:
        return round(HEIGHT - _BOTTOM - float(value - scale[0]) / rise * (HEIGHT - _TOP - _BOTTOM), 1)

    text = partial(_text, unit=wording.unit(unit, lang), lang=lang)
    dots = tuple(_dot(point, across(point), down, text(point)) for point in points)
    rows = tuple(Tick(down(value), label) for value, label in zip(scale, labels, strict=True))
    return Plot(left, rows, tuple(_columns(dots, left, lang)), _line(dots), dots)


def spark(shown: Sequence[Point]) -> str:
    """The path of a small line of the measured points, 100 wide and 24 high; empty where there is none."""
    values = {p.period: (p.at, p.middle) for p in shown if not p.planned and p.middle is not None}
    points = list(values.values())
    if len(points) < 2:
        return ""
    low, high = (edge(value for _, value in points) for edge in (min, max))
    first, run = points[0][0], (points[-1][0] - points[0][0]) or 1
    span = float(high - low) or 1.0
    return "M" + "L".join(
        f"{2 + 96 * (at - first) / run:.1f} {21 - 18 * float(value - low) / span:.1f}" for at, value in points
    )


def _width(label: str) -> float:
    return sum(_LETTER if c.isascii() or c in "−–" else 2 * _LETTER for c in label)


def _scale(points: Sequence[Point]) -> list[Decimal]:
    """Round values that take in every point and interval, three to six of them; from 0 where 0 is near."""
    values = [v for p in points for v in (p.middle, p.low, p.high) if v is not None]
    low, high = min(values), max(values)
    if low >= 0 and low <= high * Decimal("0.6"):
        low = Decimal(0)
    if low == high:
        low, high = low - max(abs(low) / 10, Decimal(1)), high + max(abs(high) / 10, Decimal(1))
    rough = (high - low) / 4
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * one for one in _STEPS if power * one >= rough)
    bottom = (low / step).to_integral_value(ROUND_FLOOR)
    top = (high / step).to_integral_value(ROUND_CEILING)
    return [step * (bottom + n) for n in range(int(top - bottom) + 1)]


def _text(point: Point, unit: str, lang: Lang) -> str:
    planned, new = (("（计划）", "（新）"), (" (planned)", " (new)"))[lang == "en"]
    return "".join((
        f"{period(point.period, lang)}: {interval(point.value, point.low, point.high, exact)}",
        f" {unit}" if unit else "", planned if point.planned else "", new if point.new else "",
    ))  # fmt: skip


def _dot(point: Point, x: float, down: Callable[[Decimal], float], text: str) -> Dot:
    middle = point.middle
    assert middle is not None
    stated = point.value is not None and point.low == point.value == point.high
    low, high = (None, None) if stated else (point.low, point.high)
    ends = (point.low is None) - (point.high is None) if point.value is None else 0
    return Dot(
        x,
        down(middle),
        None if low is None else down(low),
        None if high is None else down(high),
        -ends,
        point,
        text,
    )


def _line(dots: Sequence[Dot]) -> str:
    """Through one dot a period: the last, which is of the newest document."""
    through = {dot.point.period: dot for dot in dots if not dot.point.planned}
    return "M" + "L".join(f"{dot.x} {dot.y}" for dot in through.values()) if len(through) > 1 else ""


def _columns(dots: Sequence[Dot], left: float, lang: Lang) -> Iterator[Tick]:
    """Labels of periods: the first, the last, and those between them for which there is room."""
    labels = list({dot.x: period(dot.point.period, lang) for dot in dots}.items())
    (first, text), (last, end) = labels[0], labels[-1]
    yield Tick(left, text, "start")
    room_from, room_to = left + _width(text) + 10, WIDTH - 2 - _width(end) - 10
    if room_from > room_to + 8:  # both do not fit beside each other: the last alone would mislead
        end = end[-10:]
        room_to = WIDTH - 2 - _width(end) - 10
    if room_from <= room_to + 8:
        yield Tick(WIDTH - 2, end, "end")
    for (x, label), _ in pairwise(labels[1:]):
        half = _width(label) / 2
        if x - half >= room_from and x + half <= room_to and first < x < last:
            yield Tick(x, label)
            room_from = x + half + 10
