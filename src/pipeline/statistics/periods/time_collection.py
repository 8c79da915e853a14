"""How a figure collects time, and when what is reached in several years is reached."""

from __future__ import annotations

from pipeline.concepts.concept import Match
from pipeline.numbers.mention import Mention
from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.period import years
from pipeline.statistics.periods.resolver import ResolvedPeriod
from pipeline.statistics.statistic_cues import FigureContext, first_value

_COLLECTS = {"stock": "stock", "flow": "flow", "event": "since_event"}
"""How a figure collects time, by how its concept does; there is none for rates, prices and indices."""


def at_end_of_years(mention: Mention, when: ResolvedPeriod, words: FigureContext) -> ResolvedPeriod:
    """The period of a figure; what was reached in a report on several years holds for the last of them."""
    period = when.period
    if period is None or period.span != "years" or when.origin == "stated" or mention.measure != "level":
        return when
    reached = CUES.reached.search(words.clause) and not CUES.summed.search(words.clause)
    if not (reached or (mention.unit or "") == "%"):
        return when
    return when._replace(period=years(period.last.year, period.last.year))


def time_collection(
    measure: str, when: ResolvedPeriod, words: FigureContext, match: Match | None
) -> str | None:
    """How a figure collects time: by its own words first, then by time expressions and concept."""
    cued = first_value("collection", words)
    if cued and cued.startswith("average"):
        return cued
    flows = match is not None and match.concept.collects == "flow"
    if when.collection and measure in ("level", "fulfilment"):
        up_to = when.collection == "stock" and flows  # 截至6月底，全市接待游客…: from an unknown day on
        return "since_event" if up_to else when.collection
    is_stock = match is not None and match.concept.collects == "stock"
    within = when.origin == "stated" and not is_stock  # 一季度累计完成: in that quarter
    if cued == "since_event" and within:
        cued = "flow"
    if measure not in ("level", "fulfilment") or not cued:
        cued = _COLLECTS.get(match.concept.collects) if match else first_value("nature", words)
    period = when.period
    if cued == "since_event" and within and period and period.span != "day":
        cued = "flow"
    if cued == "flow" and period and period.span in ("months", "days") and _from_january(when):
        return "year_to_date"
    return cued


def _from_january(when: ResolvedPeriod) -> bool:
    """Whether it is of the days, or months, of one year from its first on."""
    period = when.period
    if period is None or period.last.year != period.first.year:
        return False
    return (period.first.month, period.first.day) == (1, 1)
