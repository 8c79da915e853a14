"""Where and when the figures of a document hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.numbers.mention import Mention
from pipeline.statistics.claims import About
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.entries import Catalog
from pipeline.statistics.period_resolver import PeriodResolver, ResolvedPeriod
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.statistics.resolved import ResolvedRegion
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
        self.about, self.areas = about, catalog.areas
        self._flow, self._mentions, self._where = flow, mentions, where
        telling = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._when = PeriodResolver(
            flow, about.issued, title=about.title, telling=telling, holidays=catalog.lexicon.holidays
        )
        self._known: dict[int, Placed] = {}

    def at(self, index: int) -> Placed:
        """Where and when the figure holds that is so manieth of the mentions."""
        if index not in self._known:
            self._known[index] = self._placed(index)
        return self._known[index]

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
