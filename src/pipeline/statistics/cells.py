"""Indicators as cells of the cube: which of them a stated statistic is, and why it is not another.

A cell is a concept with a measure, a breakdown and a population. A statistic with a modifier that the cell
does not have is of another cell, so that 工业用电量 is never 用电量; units are those of the concept. Cells
of one concept that differ in state (纳入, 完工) are distinguished by the words beside the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.concepts.concept import Concept
from pipeline.concepts.unit_conversions import conversion_factor
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.catalog.entries import ANY, Indicator
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.statistic import ADDS, MEASURE, Statistic

_EXISTENCE = frozenset("现有 实有 有效 拥有 保有 共有 达到 超过 突破".split())
"""States of a stock that say no more than that it exists."""
_AVERAGES = ("average_day", "average_month", "average_year")


class CellMatch(NamedTuple):
    """Whether a figure is an indicator's."""

    indicator: Indicator
    reason: str
    """Why it is not; empty where it is."""
    distance: int = 0
    """Characters between the figure and the nearest word of the indicator's states."""


class Cells:
    """Indicators by their concepts."""

    def __init__(self, indicators: Iterable[Indicator], concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self._cells: dict[str, list[Indicator]] = {}
        for indicator in indicators:
            self._cells.setdefault(indicator.concept, []).append(indicator)

    def of(self, statistic: Statistic) -> Sequence[Indicator]:
        """The indicators that are cells of the statistic's concept."""
        return self._cells.get(statistic.concept or "", ())

    def outside(self, statistic: Statistic) -> str:
        """Why a statistic, and what follows in its sentence of its subject, is not of the whole region."""
        if statistic.part:
            return "holds for a part of the region"
        if statistic.counterpart_area and statistic.base != "place":
            return f"partner: {' '.join(statistic.counterpart_area)}"
        return ""

    def matches(self, statistic: Statistic, clauses: Clauses, elsewhere: str) -> list[CellMatch]:
        """For each cell of its concept, whether a statistic is it.

        elsewhere: why figures of this subject in the sentence are not of the whole region; empty if they are.
        """
        mention = clauses.mentions[statistic.mention]
        sentence = clauses.quote_with_whole(mention)
        words, at = _words_beside(statistic, clauses, self.of(statistic))
        found = []
        for indicator in self.of(statistic):
            states = () if ANY in indicator.states else indicator.states
            distance = min((_distance(words, at, state) for state in states), default=len(words))
            why = "" if indicator.event else elsewhere
            why = why or self._other_cell(indicator, statistic, mention)
            if not why and indicator.scope and not any(word in sentence for word in indicator.scope):
                why = f"scope: none of {'、'.join(indicator.scope)}"
            if not why and distance > len(words):
                why = f"states: none of {'、'.join(states)}"
            found.append(CellMatch(indicator, why, distance))
        return found

    def _other_cell(self, indicator: Indicator, statistic: Statistic, mention: Mention) -> str:
        """Why a statistic is of another cell than the indicator; empty where it is of the same."""
        measure = MEASURE.get(statistic.transformation, statistic.transformation)
        if measure != indicator.measure:
            return f"measure: is {measure}, not {indicator.measure}"
        if measure in ("growth", "change") and (statistic.base or "yoy") != (indicator.base or "yoy"):
            return f"base: {statistic.base}"
        if statistic.collection in _AVERAGES:
            return f"collects: {statistic.collection}"
        if not _in_slice(indicator, statistic):
            return f"breakdown: {_pairs(statistic.breakdown)}, not {_pairs(indicator.breakdown)}"
        if statistic.stat_pop != indicator.population and not self._names_population(statistic):
            return f"population: {statistic.stat_pop or 'all'}"
        if indicator.measures and mention.unit not in indicator.measures:
            return f"unit: {mention.unit or 'none'}"
        if conversion_factor(unit_code(mention.kind, mention.unit), indicator.unit) is None:
            return f"unit: {mention.unit or 'none'}"
        if measure != "level":
            return ""
        if (statistic.denominator or "").startswith("每"):
            return f"per: {statistic.denominator}"
        if indicator.event or indicator.states:
            return ""
        if statistic.collection == "since_event" and self._begin_unknown(statistic):
            return "counts up to a day, from when on is not told"
        return self._other_state(statistic)

    def _begin_unknown(self, statistic: Statistic) -> bool:
        """Whether a flow is cumulated since a day that its period does not have."""
        flows = self._concepts[statistic.concept or ""].collects == "flow"
        return flows and statistic.time_period is not None and "/" not in statistic.time_period

    def _names_population(self, statistic: Statistic) -> bool:
        """Whether the concept's names have the population in them: 规模以上工业增加值 is all of it."""
        population = statistic.stat_pop
        return bool(population) and any(
            str(population) in name for name in self._concepts[statistic.concept or ""].names
        )

    def _other_state(self, statistic: Statistic) -> str:
        """Why its state makes a level another figure; as of a day, 建成5G基站 are all that exist."""
        as_of = statistic.collection in ("stock", "since_event")
        stock = self._concepts[statistic.concept or ""].collects == "stock"
        other = statistic.state in ADDS or (stock and not as_of and statistic.state not in _EXISTENCE)
        return f"state: {statistic.state}" if statistic.state and other else ""


def best_matches(matches: Iterable[CellMatch]) -> list[Indicator]:
    """The indicators that a figure is, of which there should be one.

    A part goes before its whole, and one whose word stands nearer to the figure before others.
    """
    fit = [match for match in matches if not match.reason]
    wholes = {match.indicator.part_of for match in fit}
    fit = [match for match in fit if match.indicator.id not in wholes]
    nearest = min((match.distance for match in fit), default=0)
    return [match.indicator for match in fit if match.distance == nearest]


def _words_beside(statistic: Statistic, clauses: Clauses, cells: Iterable[Indicator]) -> tuple[str, int]:
    """The words that may hold a state of a figure, with its own state, and where in them it stands.

    They are its own segment of the clause; where that has no state and has the figure's noun, the clause.
    """
    mention, text = clauses.mentions[statistic.mention], clauses.flow.text
    begin, stop = clauses.segment(statistic.mention)
    own_noun = mention.head and begin <= mention.head[0] < stop
    if own_noun and not any(state in text[begin:stop] for cell in cells for state in cell.states):
        begin, stop = clauses.clause(mention)
    state = statistic.state or ""
    return f"{text[begin : mention.begin]}{state}{text[mention.begin : stop]}", mention.begin - begin


def _distance(words: str, at: int, state: str) -> int:
    """Characters between a place and the nearest occurrence of a state; more than there are without one."""
    left, right = words.rfind(state, 0, at + len(state)), words.find(state, at)
    near = [abs(place - at) for place in (left, right) if place >= 0]
    return min(near, default=len(words) + 1)


def _in_slice(indicator: Indicator, statistic: Statistic) -> bool:
    free = {dimension for dimension, value in indicator.breakdown if value == ANY}
    one, other = (
        [pair for pair in pairs if pair[0] not in free]
        for pairs in (statistic.breakdown, indicator.breakdown)
    )
    return one == other


def _pairs(breakdown: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{dimension}={value}" for dimension, value in breakdown) or "the whole"
