"""Where and when the figures of a document hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.numbers.mention import Mention
from pipeline.statistics.claims import About
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.entries import Catalog
from pipeline.statistics.events import Events
from pipeline.statistics.period_resolver import PeriodResolver
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.statistics.resolved import ResolvedPeriod, ResolvedRegion
from pipeline.statistics.spans import Period
from pipeline.texts.layout import Flow


class Placed(NamedTuple):
    """Where and when a figure holds."""

    where: ResolvedRegion
    when: ResolvedPeriod


class Placing:
    """Resolves region and period of a document's figures, each once."""

    def __init__(
        self, catalog: Catalog, flow: Flow, mentions: Sequence[Mention], about: About, where: RegionResolver
    ) -> None:
        self.clauses = Clauses(flow, mentions)
        self.about, self.areas, self.concepts = about, catalog.areas, catalog.concepts
        self._flow, self._mentions, self._where = flow, mentions, where
        telling = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._when = PeriodResolver(
            flow, about.issued, title=about.title, telling=telling, holidays=catalog.lexicon.holidays
        )
        self._events = Events(flow, self._when)
        self._known: dict[int, Placed] = {}

    def at(self, index: int) -> Placed:
        """Where and when the figure holds that is so manieth of the mentions."""
        if index not in self._known:
            self._known[index] = self._placed(index)
        return self._known[index]

    @property
    def only(self) -> Period | None:
        """The one period that the document's figures are said to be of, or None."""
        return self._when.only

    def event(self, index: int) -> Period | None:
        """The day of the event that the figure is of, where it is told."""
        mention = self._mentions[index]
        return self._events.day(mention.sentence, mention.begin)

    def _placed(self, index: int) -> Placed:
        mention, clauses = self._mentions[index], self.clauses
        clause = clauses.clause(mention)
        said = self._flow.text[clauses.planned(clause) : clause[1]]
        return Placed(
            self._where.at(
                self._flow.sentences[mention.sentence], mention.begin, clauses.turn(index, clause)
            ),
            self._when.at(mention.sentence, mention.begin, said, planned=bool(mention.planned)),
        )
