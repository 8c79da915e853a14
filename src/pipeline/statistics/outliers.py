"""Outliers of series: figures that differ from their neighbours by a factor, or from the whole series.

A series is an indicator's figures for a region, in one unit and for one kind of period. A figure that is
ten, a hundred or ten thousand times its neighbours, or as many times as its period has days, has a wrong
unit or takes an average for a total; for one beyond robust bounds of its series there is a diagnostic too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from statistics import median

from pipeline.numbers.decimals import decimal_text
from pipeline.statistics.claims import Diagnostic
from pipeline.statistics.observations import Observation
from pipeline.statistics.periods.period import length

_RATES = ("%", "‰", "[ppth]", "{percentage_point}")
"""Units of what may double from one period to the next."""
_FACTORS = (10, 100, 1_000, 10_000)
_NEAR = math.log10(1.25)
"""How near a ratio must be to such a factor, in powers of ten."""
_AGREEING = math.log10(3)
"""How far apart neighbours may be that agree, in powers of ten."""
_NEIGHBOURS = 2
"""To each side."""
_MIN_NEIGHBOURS = 3
"""Neighbours, at least, for a warning, which holds the figure back; with fewer it is for information."""
_MIN_SERIES, _MIN_DAYS, _SPREADS = 5, 7, 6.0
"""Figures of a series that has robust bounds, days that a factor may be, deviations that are allowed."""


def outliers(observations: Iterable[Observation]) -> Iterator[Diagnostic]:
    """A diagnostic for each outlier."""
    useful = (o for o in observations if o.value and o.value > 0 and o.obs_status != "F" and o.time_period)
    for _, group in groupby(sorted(useful, key=_order), key=_series):
        series = list({o.time_period: o for o in group}.values())
        if len(series) > _NEIGHBOURS and series[0].unit_measure not in _RATES:
            yield from _within(series)


def _within(series: Sequence[Observation]) -> Iterator[Diagnostic]:
    logs = [math.log10(o.value or 1) for o in series]
    middle = median(logs)
    spread = 1.4826 * median(abs(log - middle) for log in logs)
    for place, one in enumerate(series):
        near = [*range(max(0, place - _NEIGHBOURS), place), *range(place + 1, place + 1 + _NEIGHBOURS)]
        near = [other for other in near if other < len(series)]
        others = [logs[other] for other in near]
        beside = [series[other] for other in near]
        apart = logs[place] - median(others)
        alike = max(others) - min(others) < _AGREEING
        if alike and (factor := _factor(apart, one)):
            found = _outlier(one, beside, factor)
            yield found if len(others) >= _MIN_NEIGHBOURS else found._replace(severity="info")
        elif len(series) >= _MIN_SERIES and abs(logs[place] - middle) > max(1.0, _SPREADS * spread):
            yield _outlier(one, beside, "")._replace(severity="info")


def _factor(apart: float, one: Observation) -> str:
    """The factor by which a figure differs from its neighbours, in words; "" where it is none of these."""
    for factor in _FACTORS:
        if abs(abs(apart) - math.log10(factor)) < _NEAR:
            return str(factor)
    days = length(one.time_period or "")
    if days >= _MIN_DAYS and abs(abs(apart) - math.log10(days)) < _NEAR / 2:
        return f"{days} (the days of its period)"
    return ""


def _order(one: Observation) -> tuple[str, ...]:
    return (*_series(one), one.time_period or "", one.document_id)


def _series(one: Observation) -> tuple[str, ...]:
    shape = "".join("0" if char.isdigit() else char for char in (one.time_period or "").partition("T")[0])
    months = (one.time_period or "").replace((one.time_period or "")[:4], "Y") if "/" in shape else ""
    return one.indicator, one.ref_area or "", one.unit_measure, shape, months


def _outlier(one: Observation, beside: Sequence[Observation], factor: str) -> Diagnostic:
    value = decimal_text(one.value or Decimal(0))
    neighbours = ", ".join(f"{o.time_period} {decimal_text(o.value or Decimal(0))}" for o in beside)
    zh = f"约为邻近各期的 {factor} 倍，或其倒数" if factor else "远出其序列的常态"
    en = f"about {factor} times its neighbours, or that part of them" if factor else "far beyond its series"
    return Diagnostic(
        "series_outlier",
        "warning",
        one.document_id,
        f"{one.indicator} {one.ref_area} {one.time_period} {value}: {zh}（{neighbours}）；"
        "请核对单位与均值、总量 / "
        f"{en} ({neighbours}); check its unit, and whether it is an average or a total",
        one.sources[:1],
    )
