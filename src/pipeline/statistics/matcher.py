"""Which figures of a document are which indicators: by concept, measure and breakdown, never by a guess.

A statistic is looked up by its concept, so that the cost does not grow with the catalog. Where two indicators
claim one figure, or its subject is doubtful, none gets it and a diagnostic says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.numbers.mention import Mention
from pipeline.statistics import diagnostics
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.cells import Cells, best_matches
from pipeline.statistics.claim_builder import build_claim
from pipeline.statistics.claims import Claim, MatchResult, Refusal
from pipeline.statistics.concept_finder import ConceptFinder
from pipeline.statistics.document_context import DocumentContext
from pipeline.statistics.regions.resolver import RegionResolver
from pipeline.statistics.statistic_reader import StatisticReader
from pipeline.texts.layout import Flow
from pipeline.texts.source import Source

_NOT_LOCATED = "has no known region or period, and an observation needs both"
_DOUBTFUL = "has a subject that is more likely wrong than right"


class Matcher:
    """The catalog's indicators, by their concepts. Build one and keep it: it caches subjects."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._finder = ConceptFinder(catalog)
        self._cells = Cells(catalog.indicators.values(), catalog.concepts.concepts)

    def region_resolver(self, flow: Flow, source: Source) -> RegionResolver:
        """What resolves the regions of a document's figures, and its own."""
        return RegionResolver(self._catalog.areas, flow, source)

    def match(
        self, flow: Flow, mentions: Sequence[Mention], keys: Sequence[str], source: Source,
        regions: RegionResolver | None = None,
    ) -> MatchResult:  # fmt: skip
        """Match a document's mentions. keys: the quantity_id of each.

        regions: its region resolver, where there is one already, so that places are searched for once.
        """
        regions = regions or self.region_resolver(flow, source)
        context = DocumentContext(self._catalog, flow, mentions, source, regions)
        statistics = tuple(StatisticReader(flow, mentions, context, self._finder).statistics())
        rows = tuple(one for one in statistics if not one.headline)
        found = [
            *diagnostics.unknown_region(source, self._catalog.areas),
            *diagnostics.missing_metadata(source, rows, regions),
            *diagnostics.unreadable_tables(flow, source.document_id),
        ]
        elsewhere: dict[tuple[int, str], str] = {}
        claims: list[Claim] = []
        refusals: list[Refusal] = []
        for statistic in statistics:
            index, mention, key = statistic.mention, mentions[statistic.mention], keys[statistic.mention]
            subject = mention.sentence, statistic.subject
            if why := self._cells.outside(statistic):
                elsewhere.setdefault(subject, why)
            cells = self._cells.of(statistic)
            if not cells:
                continue
            if mention.doubtful:
                quote = context.clauses.quote(mention)
                found.append(diagnostics.doubtful_subject(mention, cells, key, source.document_id, quote))
                refusals += [Refusal(cell.id, index, _DOUBTFUL) for cell in cells]
                continue
            matches = self._cells.matches(statistic, context.clauses, elsewhere.get(subject, ""))
            refusals += [Refusal(one.indicator.id, index, one.reason) for one in matches if one.reason]
            best = best_matches(matches)
            if len(best) > 1:
                quote = context.clauses.quote(mention)
                found.append(diagnostics.ambiguous_indicator(mention, best, key, source.document_id, quote))
            elif best:
                claim = build_claim(context, mentions, statistic, best[0], key)
                if isinstance(claim, str):
                    refusals.append(Refusal(best[0].id, index, claim))
                    continue
                found += diagnostics.ambiguous_region(claim)
                if claim.ref_area and claim.time_period:
                    claims.append(claim)
                else:
                    refusals.append(Refusal(best[0].id, index, _NOT_LOCATED))
        return MatchResult(tuple(_without_headlines(claims)), tuple(found), tuple(refusals), rows)


def _without_headlines(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims without those of headlines that the text does not repeat."""
    repeated = {(one.indicator, one.ref_area, one.time_period) for one in claims if not one.headline}
    for claim in claims:
        if not claim.headline or (claim.indicator, claim.ref_area, claim.time_period) in repeated:
            yield claim
