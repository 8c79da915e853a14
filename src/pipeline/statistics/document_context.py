"""One document's clauses, and the region and the period of each of its figures."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipeline.numbers.mention import Mention
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.period import Period, day
from pipeline.statistics.periods.resolver import PeriodResolver, ResolvedPeriod
from pipeline.statistics.regions.resolver import RegionResolver, ResolvedRegion
from pipeline.texts.layout import Flow
from pipeline.texts.source import Source

_REACH, _BACK = 60, 12
"""Characters between a day and what happened on it; sentences before a toll in which the event is sought."""


class DocumentContext:
    """Resolves region and period of a document's figures, each once."""

    def __init__(
        self, catalog: Catalog, flow: Flow, mentions: Sequence[Mention], source: Source,
        regions: RegionResolver,
    ) -> None:  # fmt: skip
        self.clauses = Clauses(flow, mentions)
        self.source, self.areas, self.concepts = source, catalog.areas, catalog.concepts
        self._flow, self._mentions, self._regions = flow, mentions, regions
        stating = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._periods = PeriodResolver(flow, source, stating, catalog.holidays)
        self._events = _Events(flow, self._periods)
        self._resolved: dict[int, tuple[ResolvedRegion, ResolvedPeriod]] = {}

    def resolve(self, index: int) -> tuple[ResolvedRegion, ResolvedPeriod]:
        """Region and period of the figure at an index of the mentions."""
        if index not in self._resolved:
            mention = self._mentions[index]
            clause = self.clauses.clause(mention)
            words = self._flow.text[self.clauses.plan_begin(mention) : clause[1]]
            self._resolved[index] = (
                self._regions.resolve(
                    self._flow.sentences[mention.sentence],
                    mention.begin,
                    self.clauses.list_position(index, clause),
                ),
                self._periods.resolve(mention.sentence, mention.begin, words, planned=bool(mention.planned)),
            )
        return self._resolved[index]

    @property
    def only_period(self) -> Period | None:
        """The one period that the sentences with figures state; None where there are several."""
        return self._periods.only

    def event_day(self, index: int) -> Period | None:
        """The day of the event that a figure is of; None where the text does not state it."""
        mention = self._mentions[index]
        return self._events.day(mention.sentence, mention.begin)


class _Events:
    """When the events of one document happened."""

    def __init__(self, flow: Flow, periods: PeriodResolver) -> None:
        self._flow, self._periods = flow, periods
        self._headlines = [block.begin for block in flow.blocks if block.kind == "headline"]
        self._days: dict[int, list[tuple[int, Period]]] = {}

    def day(self, sentence: int, begin: int) -> Period | None:
        """The day of the event that a figure at `begin` in its sentence is of; None where none is stated.

        Searched for in its sentence before the figure, then in the sentences before of the same news item.
        """
        before = [of for at, of in self._event_days(sentence) if at < begin]
        if before:
            return before[-1]
        start = self._flow.sentences[sentence][0]
        item = bisect_right(self._headlines, start) - 1
        first = bisect_left(self._flow.sentences, (self._headlines[item], 0)) if item >= 0 else 0
        for index in range(sentence - 1, max(first, sentence - _BACK) - 1, -1):
            if days := self._event_days(index):
                return days[-1][1]
        return None

    def _event_days(self, sentence: int) -> list[tuple[int, Period]]:
        """The events of a sentence that have a day: where each is named, and its day."""
        if sentence not in self._days:
            span = self._flow.sentences[sentence]
            stated = self._periods.days_in(sentence)
            found: list[tuple[int, Period]] = []
            for match in CUES.event.finditer(self._flow.text, *span) if stated else ():
                near = (one for one in stated if one.stop <= match.start() <= one.stop + _REACH)
                before = [one for one in near if not CUES.reporting.match(self._flow.text, one.stop)]
                if before:
                    found.append((match.start(), day(before[-1].period.first)))
            self._days[sentence] = found
        return self._days[sentence]
