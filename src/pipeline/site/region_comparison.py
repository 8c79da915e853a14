"""One indicator over regions: of one level and one kind of period, ranked, and on one scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.site.observed_series import ObservedPoint, Series
from pipeline.statistics.regions.areas import COUNTRY

DRAWN = 12
"""Regions that a plot has; a list ranks more of them, the table has all."""
SHOWN = 5
"""Of these the ones that are shown before a reader chooses."""
_RANKED = 60
_LEVELS = ("country", "province", "city", "county", "none")
"""Levels of GB/T 2260 in their order, and no region."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A region's figure of the period for which regions are compared.

    begin, width: of its bar, in percent of the room; bars begin at 0, wherever that is.
    """

    place: int
    series: Series
    point: ObservedPoint
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Series that may be compared: regions of one level, periods of one kind."""

    level: str
    span: str
    series: tuple[Series, ...]
    """In the order of their ranks, then those without a figure of the period."""
    period: str
    ranks: tuple[Rank, ...]
    """The largest figure first; empty where there is one region."""


def level(area: str | None) -> str:
    """The level of a region by GB/T 2260, one of `_LEVELS`."""
    if area is None:
        return "none"
    if area == COUNTRY:
        return "country"
    return "province" if area.endswith("0000") else "city" if area.endswith("00") else "county"


def comparisons(series: Iterable[Series]) -> tuple[Comparison, ...]:
    """The series of an indicator by what may be compared, those of most regions first."""
    groups: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        groups.setdefault((level(one.area), one.span), []).append(one)
    made = [_comparison(of_level, span, group) for (of_level, span), group in groups.items()]
    return tuple(sorted(made, key=lambda c: (-len(c.series), _LEVELS.index(c.level), c.span)))


def _comparison(of_level: str, span: str, group: list[Series]) -> Comparison:
    period = _period(group)
    figures = [(s, p) for s in group if (p := _point(s, period))]
    figures.sort(key=lambda item: (-(item[1].middle or 0), item[0].area or ""))
    ranked = [s for s, _ in figures]
    rest = sorted((s for s in group if s not in ranked), key=lambda s: s.area or "")
    ranks = tuple(_ranks(figures[:_RANKED])) if len(figures) > 1 else ()
    return Comparison(of_level, span, (*ranked, *rest), period, ranks)


def _period(group: list[Series]) -> str:
    """The newest period that at least half as many regions state as any."""
    counts = Counter(p.period for s in group for p in {p.period: p for p in s.points}.values())
    most = max(counts.values())
    newest = {p.period: p.at for s in group for p in s.points}
    return max((p for p in counts if 2 * counts[p] >= most), key=lambda p: (counts[p] > 1, newest[p], p))


def _point(series: Series, period: str) -> ObservedPoint | None:
    """The region's figure of a period: measured before planned ones, of these the newest document's."""
    found = [p for p in series.points if p.period == period]
    return max(enumerate(found), key=lambda item: (not item[1].planned, item[0]))[1] if found else None


def _ranks(figures: list[tuple[Series, ObservedPoint]]) -> Iterable[Rank]:
    values = [point.middle or Decimal(0) for _, point in figures]
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    length = float(high - low) or 1.0
    places: dict[Decimal, int] = {}
    for number, ((series, point), value) in enumerate(zip(figures, values, strict=True), 1):
        begin = float(min(value, Decimal(0)) - low) / length * 100
        place = places.setdefault(value, number)
        yield Rank(place, series, point, round(begin, 2), round(float(abs(value)) / length * 100, 2))
