"""One document's clauses, and the region and the period of each of its figures."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.numbers.mention import Mention
from pipeline.statistics.catalog_entries import Catalog
from pipeline.statistics.claims import DocumentMetadata
from pipeline.statistics.clauses import Clauses
from pipeline.statistics.events import Events
from pipeline.statistics.period import Period
from pipeline.statistics.period_resolver import PeriodResolver, ResolvedPeriod
from pipeline.statistics.region_resolver import RegionResolver, ResolvedRegion
from pipeline.texts.layout import Flow


class DocumentContext:
    """Resolves region and period of a document's figures, each once."""

    def __init__(
        self,
        catalog: Catalog,
        flow: Flow,
        mentions: Sequence[Mention],
        metadata: DocumentMetadata,
        regions: RegionResolver,
    ) -> None:
        self.clauses = Clauses(flow, mentions)
        self.metadata, self.areas, self.concepts = metadata, catalog.areas, catalog.concepts
        self._flow, self._mentions, self._regions = flow, mentions, regions
        stating = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._periods = PeriodResolver(
            flow, metadata.issued, title=metadata.title, stating=stating, holidays=catalog.lexicon.holidays
        )
        self._events = Events(flow, self._periods)
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
        """The one period that the document's figures are of, by its text; None where there are several."""
        return self._periods.only

    def event_day(self, index: int) -> Period | None:
        """The day of the event that a figure is of; None where the text does not tell it."""
        mention = self._mentions[index]
        return self._events.day(mention.sentence, mention.begin)
