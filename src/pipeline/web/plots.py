"""The coordinates of a plot of series; the template draws it as inline SVG.

A plot has one axis of values for all its series. It begins at 0, or its break is marked. Events
(holidays, the months up to now) are bars side by side, or dots where there are many; all other
periods have their place on an axis of time, and a line joins those of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from pipeline.tables import wording
from pipeline.tables.wording import EVENTS, Lang, format_interval, format_period
from pipeline.web.points import Point
from pipeline.web.value_axis import value_axis

WIDTH, HEIGHT = 360, 220
"""Of a plot, in SVG units, which on a phone are about its pixels."""
_TOP, _RIGHT, _BOTTOM = 30, 14, 26
_LETTER = 6.8
"""Width of a label's letter."""
_BARS = 60
"""Bars that a plot has room for; where there are more, dots stand for them."""
_WIDEST = 34.0
_BROKEN: Mapping[Lang, str] = {"zh": "纵轴不从 0 起", "en": "axis does not start at 0"}


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
    width: float = 0.0
    """Of the bar from 0 to it; 0 where it is a dot."""


@dataclass(frozen=True, slots=True)
class PlottedSeries:
    """One series of a plot."""

    name: str
    path: str
    """The line through the measured points; of several documents on one period, through the newest one's."""
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """Series as drawn."""

    left: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    series: tuple[PlottedSeries, ...]
    unit: str
    """Of the axis of values."""
    note: str
    """That the axis does not begin at 0, where it does not."""
    ground: float
    """The y of 0, or of the end of the axis next to it: bars begin there."""


def plot(
    series: Sequence[tuple[str, Sequence[Point]]],
    unit: str,
    lang: Lang,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Plot | None:
    """Named series, each in the order of time, on one scale; None where there are not two moments in all.

    names: of some events, by their periods.
    """
    every = [point for _, points in series for point in points]
    moments = sorted({(point.at, point.period) for point in every})
    if len(moments) < 2:
        return None
    events = all(point.span in EVENTS for point in every)
    bars = events and len(moments) * len(series) <= _BARS
    values = [v for p in every for v in (p.middle, p.low, p.high) if v is not None]
    axis = value_axis(values, unit, lang, from_zero=events)
    left = round(max(map(_width, axis.labels)) + 10, 1)
    room, rise = WIDTH - left - _RIGHT, float(axis.values[-1] - axis.values[0])
    slots = {name: number for number, (_, name) in enumerate(moments)}
    first, last = moments[0][0], moments[-1][0]

    def across(point: Point) -> float:
        if events:
            return left + room * (slots[point.period] + 0.5) / len(slots)
        return left + room * (point.at - first) / ((last - first) or 1)

    def down(value: Decimal) -> float:
        share = float(value - axis.values[0]) / rise
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    width = round(min(room / len(slots) * 0.76 / len(series), _WIDEST), 1) if bars else 0.0
    plotted = []
    for number, (name, points) in enumerate(series):
        aside = width * (number - (len(series) - 1) / 2)
        text = partial(_text, name=name, unit=unit, lang=lang, names=names)
        dots = tuple(_dot(p, round(across(p) + aside, 1), down, text(p), width) for p in points)
        plotted.append(PlottedSeries(name, "" if events else _line(dots), dots))
    columns = list({round(across(p), 1): p.period for p in sorted(every, key=lambda p: p.at)}.items())
    return Plot(
        left=left,
        rows=tuple(Tick(down(v), label) for v, label in zip(axis.values, axis.labels, strict=True)),
        columns=tuple(_under(columns, left, lang, names) if events else _columns(columns, left, lang)),
        series=tuple(plotted),
        unit=axis.unit,
        note=_BROKEN[lang] if axis.broken else "",
        ground=down(max(axis.values[0], min(Decimal(0), axis.values[-1]))),
    )


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line of the measured points, 100 wide and 24 high, and the points at its ends."""

    path: str
    first: Point
    last: Point


def spark(shown: Sequence[Point]) -> Spark | None:
    """A small line; None where there are not two periods, or no line would join them."""
    measured = {p.period: p for p in shown if not p.planned and p.middle is not None}
    points = list(measured.values())
    if len(points) < 2 or len({p.span for p in points}) > 1 or points[0].span in EVENTS:
        return None
    values = [p.middle or Decimal(0) for p in points]
    low, high = min(values), max(values)
    first, run = points[0].at, (points[-1].at - points[0].at) or 1
    span = float(high - low) or 1.0
    path = "L".join(
        f"{3 + 94 * (p.at - first) / run:.1f} {20 - 16 * float(value - low) / span:.1f}"
        for p, value in zip(points, values, strict=True)
    )
    return Spark(f"M{path}", points[0], points[-1])


def _width(label: str) -> float:
    return sum(_LETTER if c.isascii() or c in "−–" else 2 * _LETTER for c in label)


def _text(point: Point, name: str, unit: str, lang: Lang, names: Mapping[str, str]) -> str:
    planned, new = (("（计划）", "（新）"), (" (planned)", " (new)"))[lang == "en"]
    value = format_interval(point.value, point.low, point.high)
    before = (name, names.get(point.period), f"{format_period(point.period, lang)}: {value}", unit)
    text = " ".join(filter(None, before)) + planned * point.planned + new * point.new
    return f"{text}; {wording.correction_summary(point.amended, lang)}" if point.amended else text


def _dot(point: Point, x: float, down: Callable[[Decimal], float], text: str, width: float) -> Dot:
    middle = point.middle
    assert middle is not None
    stated = point.value is not None and point.low == point.value == point.high
    low, high = (None, None) if stated else (point.low, point.high)
    ends = (point.low is None) - (point.high is None) if point.value is None else 0
    bottom, top = (None if end is None else down(end) for end in (low, high))
    return Dot(x, down(middle), bottom, top, -ends, point, text, width)


def _line(dots: Sequence[Dot]) -> str:
    """Through one dot a period, of the newest document; a line of its own for each kind of period."""
    kinds: dict[str, dict[str, Dot]] = {}
    for dot in dots:
        if not dot.point.planned and dot.point.span not in EVENTS:
            kinds.setdefault(dot.point.span, {})[dot.point.period] = dot
    lines = [[f"{dot.x} {dot.y}" for dot in through.values()] for through in kinds.values()]
    return "".join(f"M{'L'.join(line)}" for line in lines if len(line) > 1)


def _columns(periods: Sequence[tuple[float, str]], left: float, lang: Lang) -> Iterator[Tick]:
    """Labels of periods: the first, the last, and those between them for which there is room."""
    labels = [(x, format_period(code, lang)) for x, code in periods]
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


def _under(
    periods: Sequence[tuple[float, str]], left: float, lang: Lang, names: Mapping[str, str]
) -> Iterator[Tick]:
    """A label under each event that has room for it: its name, or its first day."""
    free = 0.0
    for x, code in periods:
        label = names.get(code) or wording.short_period(code, lang)
        half = _width(label) / 2
        at = min(max(x, left + half), WIDTH - half)
        if at - half >= free:
            yield Tick(round(at, 1), label)
            free = at + half + 8
