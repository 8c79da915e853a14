"""One indicator over regions: of one level and one kind of period, ranked, and on one scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.site.series import Observed, Series
from pipeline.statistics.areas import COUNTRY

DRAWN = 12
"""Regions that a plot has; a list ranks more of them, the table has all."""
SHOWN = 5
"""Of these the ones that are shown before a reader chooses."""
_RANKED = 60
_LEVELS = ("country", "province", "city", "county", "none")
"""Levels of GB/T 2260, and regions that are not known, in their order."""


@dataclass(frozen=True, slots=True)
class Rank:
    """A region's figure at the moment at which regions are compared.

    begin, width: of its bar, in percent of the room; bars begin at 0, wherever that is.
    """

    place: int
    series: Series
    point: Observed
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Series that may be compared: regions of one level, periods of one kind."""

    level: str
    span: str
    series: tuple[Series, ...]
    """As they are ranked, then those without a figure at that moment."""
    period: str
    ranks: tuple[Rank, ...]
    """The largest figure first; empty where there is one region."""


def level(area: str | None) -> str:
    """At what level of GB/T 2260 a region is, one of `_LEVELS`."""
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
    made = [_comparison(where, span, inside) for (where, span), inside in groups.items()]
    return tuple(sorted(made, key=lambda c: (-len(c.series), _LEVELS.index(c.level), c.span)))


def _comparison(where: str, span: str, inside: list[Series]) -> Comparison:
    period = _moment(inside)
    at = [(s, p) for s in inside if (p := _point(s, period))]
    at.sort(key=lambda item: (-(item[1].middle or 0), item[0].area or ""))
    ranked = [s for s, _ in at]
    rest = sorted((s for s in inside if s not in ranked), key=lambda s: s.area or "")
    ranks = tuple(_ranks(at[:_RANKED])) if len(at) > 1 else ()
    return Comparison(where, span, (*ranked, *rest), period, ranks)


def _moment(inside: list[Series]) -> str:
    """The newest period that at least half as many regions state as any."""
    counts = Counter(p.period for s in inside for p in {p.period: p for p in s.points}.values())
    most = max(counts.values())
    newest = {p.period: p.at for s in inside for p in s.points}
    return max((p for p in counts if 2 * counts[p] >= most), key=lambda p: (counts[p] > 1, newest[p], p))


def _point(series: Series, period: str) -> Observed | None:
    """The region's figure of a period: what was measured before what was planned, the newest document's."""
    found = [p for p in series.points if p.period == period]
    return max(enumerate(found), key=lambda item: (not item[1].planned, item[0]))[1] if found else None


def _ranks(at: list[tuple[Series, Observed]]) -> Iterable[Rank]:
    values = [point.middle or Decimal(0) for _, point in at]
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    run = float(high - low) or 1.0
    places: dict[Decimal, int] = {}
    for number, ((series, point), value) in enumerate(zip(at, values, strict=True), 1):
        begin = float(min(value, Decimal(0)) - low) / run * 100
        place = places.setdefault(value, number)
        yield Rank(place, series, point, round(begin, 2), round(float(abs(value)) / run * 100, 2))
