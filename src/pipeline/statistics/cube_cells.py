"""Indicators as cells of the cube: which of them a stated statistic is, and why not another.

A cell is a concept with a measure, a breakdown and a population. A statistic with a modifier that the cell
does not have is another cell, so that 工业用电量 is never 用电量; what the concept says of units holds. Cells
of one concept that differ in what befell it (纳入, 完工) are told apart by the words beside the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.concepts.concept import Concept
from pipeline.concepts.units import factor
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.entries import ANY, Indicator
from pipeline.statistics.statistic import ADDS, MEASURE, Statistic

_THERE = frozenset("现有 实有 有效 拥有 保有 共有 达到 超过 突破".split())
"""States of a stock that say no more than that it is there."""
_AVERAGES = ("average_day", "average_month", "average_year")


class Verdict(NamedTuple):
    """Whether a figure is an indicator's."""

    indicator: Indicator
    reason: str
    """Why it is not; empty where it is."""
    near: int = 0
    """Characters between the figure and the word of the indicator's states that it goes by."""


class Cells:
    """Indicators by their concepts."""

    def __init__(self, indicators: Iterable[Indicator], concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._cells: dict[str, list[Indicator]] = {}
        for indicator in indicators:
            self._cells.setdefault(indicator.concept, []).append(indicator)

    def of(self, said: Statistic) -> Sequence[Indicator]:
        """The indicators that are cells of the statistic's concept."""
        return self._cells.get(said.concept or "", ())

    def elsewhere(self, said: Statistic) -> str:
        """Why a statistic, and what its sentence goes on to say of the same, is none of the whole region."""
        if said.part:
            return "holds for a part of the region"
        if said.counterpart_area and said.base != "place":
            return f"partner: {' '.join(said.counterpart_area)}"
        return ""

    def verdicts(self, said: Statistic, clauses: Clauses, elsewhere: str) -> list[Verdict]:
        """Of each cell of its concept whether a statistic is it.

        elsewhere: why what its sentence says of the same is none of the whole region's.
        """
        mention, sentence = clauses.mentions[said.mention], clauses.scope(clauses.mentions[said.mention])
        words, at = _beside(said, clauses, self.of(said))
        found = []
        for indicator in self.of(said):
            asked = () if ANY in indicator.states else indicator.states
            near = min((_distance(words, at, state) for state in asked), default=len(words))
            why = "" if indicator.event else elsewhere
            why = why or self._other_cell(indicator, said, mention)
            if not why and indicator.scope and not any(word in sentence for word in indicator.scope):
                why = f"scope: none of {'、'.join(indicator.scope)}"
            if not why and near > len(words):
                why = f"states: none of {'、'.join(asked)}"
            found.append(Verdict(indicator, why, near))
        return found

    def _other_cell(self, indicator: Indicator, said: Statistic, mention: Mention) -> str:
        measure = MEASURE.get(said.transformation, said.transformation)
        if measure != indicator.measure:
            return f"measure: is {measure}, not {indicator.measure}"
        if measure in ("growth", "change") and (said.base or "yoy") != (indicator.base or "yoy"):
            return f"base: {said.base}"
        if said.collection in _AVERAGES:
            return f"collects: {said.collection}"
        if not _in_slice(indicator, said):
            return f"breakdown: {_pairs(said.breakdown)}, not {_pairs(indicator.breakdown)}"
        if said.stat_pop != indicator.population and not self._of_its_own(said):
            return f"population: {said.stat_pop or 'all'}"
        if indicator.measures and mention.unit not in indicator.measures:
            return f"unit: {mention.unit or 'none'}"
        if factor(unit_code(mention.kind, mention.unit), indicator.unit) is None:
            return f"unit: {mention.unit or 'none'}"
        if measure != "level":
            return ""
        if (said.denominator or "").startswith("每"):
            return f"per: {said.denominator}"
        if indicator.event or indicator.states:
            return ""
        if said.collection == "since_event" and self._from_untold(said):
            return "counts up to a day, from when on is not told"
        return self._other_state(said)

    def _from_untold(self, said: Statistic) -> bool:
        """Whether a flow is cumulated since a beginning that its period does not say."""
        flows = self._concepts[said.concept or ""].collects == "flow"
        return flows and said.time_period is not None and "/" not in said.time_period

    def _of_its_own(self, said: Statistic) -> bool:
        """Whether the concept's own names say the population: 规模以上工业增加值 is all of it."""
        population = said.stat_pop
        return bool(population) and any(
            str(population) in name for name in self._concepts[said.concept or ""].names
        )

    def _other_state(self, said: Statistic) -> str:
        """Why a state makes a level another figure; as of a day, 建成5G基站 are all of them."""
        as_of = said.collection in ("stock", "since_event")
        stock = self._concepts[said.concept or ""].collects == "stock"
        other = said.state in ADDS or (stock and not as_of and said.state not in _THERE)
        return f"state: {said.state}" if said.state and other else ""


def meant(verdicts: Iterable[Verdict]) -> list[Indicator]:
    """The indicators that a figure is, of which there should be one.

    A whole gives way to its parts, and one whose word stands farther off to one whose word is nearer.
    """
    fit = [verdict for verdict in verdicts if not verdict.reason]
    wholes = {verdict.indicator.part_of for verdict in fit}
    fit = [verdict for verdict in fit if verdict.indicator.id not in wholes]
    nearest = min((verdict.near for verdict in fit), default=0)
    return [verdict.indicator for verdict in fit if verdict.near == nearest]


def _beside(said: Statistic, clauses: Clauses, cells: Iterable[Indicator]) -> tuple[str, int]:
    """The words that say what befell a figure, with its own state, and where in them it stands.

    They are those of its own part of the clause; where these say nothing and it has its own noun, the clause.
    """
    mention, text = clauses.mentions[said.mention], clauses.flow.text
    clause = clauses.clause(mention)
    begin, stop = clauses.own(said.mention, clause)
    own_noun = mention.head and begin <= mention.head[0] < stop
    if own_noun and not any(state in text[begin:stop] for cell in cells for state in cell.states):
        begin, stop = clause
    state = said.state or ""
    return f"{text[begin : mention.begin]}{state}{text[mention.begin : stop]}", mention.begin - begin


def _distance(words: str, at: int, state: str) -> int:
    """Characters between a place and the nearest of these words; more than there are where it has none."""
    left, right = words.rfind(state, 0, at + len(state)), words.find(state, at)
    near = [abs(place - at) for place in (left, right) if place >= 0]
    return min(near, default=len(words) + 1)


def _in_slice(indicator: Indicator, said: Statistic) -> bool:
    free = {dimension for dimension, value in indicator.breakdown if value == ANY}
    one, other = (
        [pair for pair in pairs if pair[0] not in free] for pairs in (said.breakdown, indicator.breakdown)
    )
    return one == other


def _pairs(breakdown: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{dimension}={value}" for dimension, value in breakdown) or "the whole"
