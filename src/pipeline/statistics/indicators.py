"""Which figures of a document are which indicators: by concept, measure and breakdown, never a guess.

A statistic is looked up by its concept, so that the cost does not grow with the catalog. Where two indicators
claim one figure, or its subject is doubtful, none gets it and the officer is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.numbers.mention import Mention
from pipeline.numbers.text_tables import unread_tables
from pipeline.statistics.claiming import Claiming
from pipeline.statistics.claims import About, Claim, Finding, Found, Refusal
from pipeline.statistics.cube_cells import Cells, meant
from pipeline.statistics.entries import Catalog, Indicator
from pipeline.statistics.missing_metadata import incomplete
from pipeline.statistics.naming import Naming
from pipeline.statistics.placing import Placing
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.statistics.stated import Stating
from pipeline.texts.layout import Flow


class Matcher:
    """The catalog's indicators, by their concepts. Build one and keep it: it remembers subjects."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._naming = Naming(catalog)
        self._cells = Cells(catalog.indicators.values(), catalog.concepts.concepts)

    def locator(self, flow: Flow, about: About) -> RegionResolver:
        """What tells where a document's figures hold, and which region it is about."""
        return RegionResolver(
            self._catalog.areas, flow, region=about.region, publisher=about.publisher, title=about.title
        )

    def read(
        self, flow: Flow, mentions: Sequence[Mention], keys: Sequence[str], about: About,
        where: RegionResolver | None = None,
    ) -> Found:  # fmt: skip
        """Match a document's mentions. keys: each mention's quantity_id; others are not looked at.

        where: its locator, where one has been made, so that it looks for each place once.
        """
        located = where or self.locator(flow, about)
        placing = Placing(self._catalog, flow, mentions, about, located)
        stated = tuple(Stating(flow, mentions, placing, self._naming).statistics())
        rows = tuple(one for one in stated if not one.headline)
        findings = [*self._misplaced(about), *incomplete(about, rows, located), *_unread(flow, about)]
        claiming = Claiming(mentions, placing)
        apart: dict[tuple[int, str], str] = {}
        claims: list[Claim] = []
        refusals: list[Refusal] = []
        for said in stated:
            mention, key = mentions[said.mention], keys[said.mention]
            same = mention.sentence, said.subject
            if elsewhere := self._cells.elsewhere(said):
                apart.setdefault(same, elsewhere)
            if not self._cells.of(said):
                continue
            if mention.doubtful:
                quote = placing.clauses.quote(mention)
                findings.append(_doubtful(mention, self._cells.of(said), key, about, quote))
                refusals += [Refusal(one.id, said.mention, _DOUBTFUL) for one in self._cells.of(said)]
                continue
            verdicts = self._cells.verdicts(said, placing.clauses, apart.get(same, ""))
            refusals += [Refusal(v.indicator.id, said.mention, v.reason) for v in verdicts if v.reason]
            found = meant(verdicts)
            if len(found) > 1:
                findings.append(_ambiguous(mention, found, key, about, placing.clauses.quote(mention)))
            elif found:
                claim = claiming.claim(said, found[0], key)
                if isinstance(claim, str):
                    refusals.append(Refusal(found[0].id, said.mention, claim))
                    continue
                findings += [_unsettled(claim.unsettled, claim)] if claim.unsettled else []
                if claim.ref_area and claim.time_period:
                    claims.append(claim)
                else:
                    refusals.append(Refusal(found[0].id, said.mention, _NOWHERE))
        return Found(tuple(_repeated(claims)), tuple(findings), tuple(refusals), rows)

    def _misplaced(self, about: About) -> list[Finding]:
        """What the officer should know of the region that is said to be a document's."""
        if not about.region or self._catalog.areas.read(about.region):
            return []
        message = (
            "所记地区查无此名，或不止一处；写全名或六位区划代码 / no region, or more than one, is called so; "
            f"give its full name or its GB/T 2260 code: {about.region}"
        )
        return [Finding("region_unknown", "warning", about.document_id, message)]


def _repeated(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims without those of headlines that the text does not repeat."""
    told = {(one.indicator, one.ref_area, one.time_period) for one in claims if not one.headline}
    for claim in claims:
        if not claim.headline or (claim.indicator, claim.ref_area, claim.time_period) in told:
            yield claim


def _unsettled(name: str, claim: Claim) -> Finding:
    return Finding(
        "area_ambiguous",
        "info",
        claim.document_id,
        f"{name}不止一处，文中也未说明是哪一处，请在来源旁的 .yaml 中写明 region / {name} is the name of "
        "several regions and nothing in the document says which; name the region in the .yaml beside the "
        f"source: {claim.quote}",
        (claim.key,),
    )


def _unread(flow: Flow, about: About) -> Iterator[Finding]:
    """The tables of a document that could not be made out."""
    for begin, stop in unread_tables(flow.text):
        first = flow.text[begin:stop].partition("\n")[0].strip()
        message = f"有表未能识读，其数无单位、无行列 / a table could not be made out: {first}"
        yield Finding("table_unread", "info", about.document_id, message)


_NOWHERE = "has no known region or period, and an observation needs both"
_DOUBTFUL = "has a subject that is more likely wrong than right"


def _doubtful(mention: Mention, those: Iterable[Indicator], key: str, about: About, quote: str) -> Finding:
    ids = ", ".join(sorted(indicator.id for indicator in those))
    return Finding(
        "subject_doubtful",
        "info",
        about.document_id,
        f"{mention.text} {mention.subject} ({ids}): 所数之物多半有误（把握 {mention.confidence}），"
        f"未归入指标 / its subject is doubtful (confidence {mention.confidence}); it is no indicator's "
        f"figure: {quote}",
        (key,),
    )


def _ambiguous(mention: Mention, those: Iterable[Indicator], key: str, about: About, quote: str) -> Finding:
    ids = ", ".join(sorted(indicator.id for indicator in those))
    return Finding(
        "indicator_ambiguous",
        "warning",
        about.document_id,
        f"{mention.text} {mention.subject} ({ids}): 同时像这些指标，请加 states 或 without 使其分得开 / is "
        f"claimed by each of these; add states or without to tell them apart: {quote}",
        (key,),
    )
