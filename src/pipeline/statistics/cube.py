"""Indicators as cells of the cube: which of them a stated statistic is, and why not another.

A cell is a concept with a measure, a breakdown and a population. A statistic with a modifier that the cell
does not have is another cell, so that 工业用电量 is never 用电量; what the concept says of units holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.concepts.concept import Concept
from pipeline.concepts.units import factor
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.entries import Indicator
from pipeline.statistics.spans import span
from pipeline.statistics.statistic import MEASURE, TRANSFORMATION, Statistic

_ADDS = frozenset("新增 净增 新建 增设 新设 新登记 新开工 减少 净减".split())
"""States that make a figure a change of what there is."""
_THERE = frozenset("现有 实有 有效 拥有 保有 共有 达到 超过 突破".split())
"""States of a stock that say no more than that it is there."""
_AVERAGES = ("average_day", "average_month", "average_year")


class Cube:
    """Indicators by their concepts."""

    def __init__(self, indicators: Iterable[Indicator], concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._cells: dict[str, list[Indicator]] = {}
        for indicator in indicators:
            if indicator.concept:
                self._cells.setdefault(indicator.concept, []).append(indicator)

    def of(self, statistic: Statistic) -> list[Indicator]:
        """The indicators that are cells of the statistic's concept."""
        return self._cells.get(statistic.concept or "", [])

    def elsewhere(self, said: Statistic) -> str:
        """Why a statistic, and what its sentence goes on to say of the same, is none of the whole region."""
        if said.part:
            return "holds for a part of the region"
        if said.counterpart_area and said.base != "place":
            return f"partner: {' '.join(said.counterpart_area)}"
        return ""

    def unlike(self, indicator: Indicator, said: Statistic, mention: Mention, elsewhere: str) -> str:
        """Why a statistic, with its mention, is not the indicator's; "" where it is.

        elsewhere: why what its sentence says of the same is none of the whole region's. An indicator with
        words of its own asks that it is of the whole region, and no average.
        """
        if said.part and not indicator.event:
            return "holds for a part of the region"
        if said.collection in _AVERAGES:
            return f"collects: {said.collection}"
        if not indicator.concept:
            return ""
        return ("" if indicator.event else elsewhere) or self._other_cell(indicator, said, mention)

    def _other_cell(self, indicator: Indicator, said: Statistic, mention: Mention) -> str:
        measure = TRANSFORMATION.get(indicator.measure, indicator.measure)
        if said.transformation != measure:
            one = MEASURE.get(said.transformation, said.transformation)
            return f"measure: is {one}, not {indicator.measure}"
        if measure in ("G", "D") and (said.base or "yoy") != (indicator.base or "yoy"):
            return f"base: {said.base}"
        if said.breakdown != indicator.breakdown:
            return f"breakdown: {_pairs(said.breakdown)}, not {_pairs(indicator.breakdown)}"
        if said.stat_pop != indicator.population and not self._of_its_own(indicator, said.stat_pop):
            return f"population: {said.stat_pop or 'all'}"
        if indicator.measures and mention.unit not in indicator.measures:
            return f"unit: {mention.unit or 'none'}"
        if factor(unit_code(mention.kind, mention.unit), indicator.unit) is None:
            return f"unit: {mention.unit or 'none'}"
        if measure != "N":
            return ""
        if (said.denominator or "").startswith("每"):
            return f"per: {said.denominator}"
        if said.collection == "since_event" and self._one_day(said) and not indicator.event:
            return "counts up to a day, from when on is not told"
        return self._state(indicator, said.state, said.collection in ("stock", "since_event"))

    def _one_day(self, said: Statistic) -> bool:
        flows = self._concepts[said.concept or ""].collects == "flow"
        return flows and said.time_period is not None and span(said.time_period) == "day"

    @staticmethod
    def _of_its_own(indicator: Indicator, population: str | None) -> bool:
        """Whether the concept's own names say the population: 规模以上工业增加值 is all of it."""
        return bool(population) and any(str(population) in name for name in indicator.subjects)

    def _state(self, indicator: Indicator, state: str | None, as_of: bool) -> str:
        """Why a state makes a level another figure, where the indicator says nothing of states itself.

        as_of: it is as of a day, so that 建成5G基站 are all of them.
        """
        if state is None or indicator.states or indicator.event:
            return ""
        stock = self._concepts[indicator.concept or ""].collects == "stock"
        if state in _ADDS or (stock and not as_of and state not in _THERE):
            return f"state: {state}"
        return ""


def _pairs(breakdown: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{dimension}={value}" for dimension, value in breakdown) or "the whole"
