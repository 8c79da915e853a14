"""A stated statistic, a row of the table `statistics`."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

TRANSFORMATION = {"level": "N", "change": "D", "growth": "G", "contribution": "GC"}
"""SDMX CL_TRANSFORMATION by measure; the other measures have no code there and keep their names."""
MEASURE = {code: measure for measure, code in TRANSFORMATION.items()}
"""The measures by these codes."""
ADDS = frozenset("新增 净增 新建 增设 新设 新登记 新开工 减少 净减".split())
"""States that make a figure a change of a stock."""


class Statistic(NamedTuple):
    """A stated statistic; see the columns of the table `statistics`."""

    mention: int
    """Its place among the document's mentions."""
    concept: str | None
    """Code of the concept list."""
    subject: str
    state: str | None
    transformation: str
    base: str | None
    value: Decimal | None
    """Signed by its direction."""
    low: Decimal | None
    high: Decimal | None
    denominator: str | None
    breakdown: tuple[tuple[str, str], ...]
    """Dimension and value, sorted."""
    ref_area: str | None
    counterpart_area: tuple[str, ...]
    stat_pop: str | None
    time_period: str | None
    collection: str | None
    prices: str | None
    scenario: str
    obs_status: str
    part: bool
    """Whether it is of a part of the region only."""
    confidence: Decimal | None
    reasons: tuple[str, ...]
    headline: bool = False
    """Whether a headline states it: no row of its own, and a source of what the text repeats."""
