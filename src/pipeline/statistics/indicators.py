"""Which figures of a document are which indicators: by concept or by words of their own, never a guess.

A statistic is looked up by its concept, and a mention by the end of its subject in an index, so that the
cost does not grow with the catalog; measure, breakdown and what the catalog asks of clause and sentence
decide among the few candidates. Where two indicators claim one mention, or its subject is doubtful, none
gets it and the officer is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.numbers.cells import unread_tables
from pipeline.numbers.mention import STATISTICAL, Mention
from pipeline.statistics.areas import Areas
from pipeline.statistics.catalog import Catalog, Indicator
from pipeline.statistics.claims import About, Claim, Finding, Found, Refusal
from pipeline.statistics.cube import Cube
from pipeline.statistics.document_reader import DocumentReader, bare_subject
from pipeline.statistics.lacking import incomplete
from pipeline.statistics.naming import Naming
from pipeline.statistics.placing import Placing
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.statistics.stated import Stating
from pipeline.texts.layout import Flow

__all__ = ["About", "Claim", "Finding", "Found", "Matcher", "Refusal"]

_MODIFIER = re.compile(
    r"(?:[全我本该][国省市区县州盟旗](?:的)?|全社会|各地|各级|各类|各|累计|共计|合计|总共|共有|共|新增|其中|广大|目前|先后|已|紧急|成功|安全|集中|全部|直接|现有|实有|拥有|建有|的|等)+"
)
"""What may stand before a subject that must be matched whole."""

_REMEMBERED = 50_000


class Matcher:
    """The catalog's indicators, indexed by what they count. Build one and keep it: it remembers subjects."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._naming = Naming(catalog)
        self._cube = Cube(catalog.indicators.values(), catalog.concepts.concepts)
        self._index: dict[str, list[tuple[Indicator, bool]]] = {}
        for indicator in (i for i in catalog.indicators.values() if not i.concept):
            for words, whole in ((indicator.subjects, True), (indicator.subject_ends, False)):
                for word in words:
                    self._index.setdefault(word, []).append((indicator, whole))
        self._sizes = sorted({len(word) for word in self._index}, reverse=True)
        self._known: dict[tuple[str, str, str | None], tuple[Indicator, ...]] = {}

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
        page = DocumentReader(flow, mentions, placing)
        stating = Stating(flow, mentions, placing, self._naming)
        stated = tuple(stating.statistics())
        said = {one.mention: one for one in stated}
        apart: dict[tuple[int, str], str] = {}
        claims: list[Claim] = []
        findings = [*self._misplaced(about), *incomplete(about, stated, located.area), *_unread(flow, about)]
        refusals: list[Refusal] = []
        for index, mention in enumerate(mentions):
            if mention.subject is None or mention.kind not in STATISTICAL:
                continue
            statistic = said.get(index)
            same = mention.sentence, mention.subject
            if statistic and (elsewhere := self._cube.elsewhere(statistic)):
                apart.setdefault(same, elsewhere)
            candidates = (*self.candidates(mention), *(self._cube.of(statistic) if statistic else ()))
            if not candidates:
                continue
            quote = placing.clauses.quote(mention)
            if mention.doubtful:
                findings.append(_doubtful(mention, candidates, keys[index], about, quote))
                refusals += [Refusal(i.id, index, _DOUBTFUL) for i in candidates]
                continue
            verdicts = [
                (
                    i,
                    (self._cube.unlike(i, statistic, mention, apart.get(same, "")) if statistic else "")
                    or why,
                )
                for i, why in page.verdicts(index, candidates)
            ]
            refusals += [Refusal(indicator.id, index, why) for indicator, why in verdicts if why]
            meant = [indicator for indicator, why in verdicts if not why]
            if len(meant) > 1:
                findings.append(_ambiguous(mention, meant, keys[index], about, quote))
            elif meant:
                claim = page.claim(index, meant[0], keys[index], statistic or stating.claimable(index))
                if isinstance(claim, str):
                    refusals.append(Refusal(meant[0].id, index, claim))
                    continue
                findings += [_unsettled(claim.unsettled, claim)] if claim.unsettled else []
                if claim.ref_area and claim.time_period:
                    claims.append(claim)
                else:
                    refusals.append(Refusal(meant[0].id, index, _NOWHERE))
        return Found(tuple(claims), tuple(findings), tuple(refusals), stated)

    def _misplaced(self, about: About) -> list[Finding]:
        """What the officer should know of the region that is said to be a document's."""
        if not about.region or self._catalog.areas.read(about.region):
            return []
        message = (
            "所记地区查无此名，或不止一处；写全名或六位区划代码 / no region, or more than one, is called so; "
            f"give its full name or its GB/T 2260 code: {about.region}"
        )
        return [Finding("region_unknown", "warning", about.document_id, message)]

    def candidates(self, mention: Mention) -> tuple[Indicator, ...]:
        """The indicators whose subject, kind and unit are the mention's."""
        asked = (mention.subject or "", mention.kind, mention.unit)
        known = self._known.get(asked)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[asked] = tuple(self._look_up(*asked))
        return known

    def _look_up(self, subject: str, kind: str, unit: str | None) -> Iterator[Indicator]:
        subject = bare_subject(subject, kind)
        seen: set[str] = set()
        for size in self._sizes:
            if size > len(subject):
                continue
            for indicator, whole in self._index.get(subject[-size:], ()):
                if indicator.id in seen or indicator.kind != kind:
                    continue
                if indicator.measures and unit not in indicator.measures:
                    continue
                if whole and not _only_modifies(subject[:-size], indicator.states, self._catalog.areas):
                    continue
                seen.add(indicator.id)
                yield indicator


def _only_modifies(words: str, states: Sequence[str], areas: Areas) -> bool:
    """Whether nothing but places, words like 全市 and 累计, and the asked states stand before the subject."""
    at = 0
    while at < len(words):
        place = next(areas.find(words, at), None)
        if match := _MODIFIER.match(words, at):
            at = match.end()
        elif place and place.begin == at:
            at = place.stop
        elif state := next((state for state in states if words.startswith(state, at)), None):
            at += len(state)
        else:
            return False
    return True


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


def _doubtful(mention: Mention, meant: Sequence[Indicator], key: str, about: About, quote: str) -> Finding:
    ids = ", ".join(sorted(indicator.id for indicator in meant))
    return Finding(
        "subject_doubtful",
        "info",
        about.document_id,
        f"{mention.text} {mention.subject} ({ids}): 所数之物多半有误（把握 {mention.confidence}），"
        f"未归入指标 / its subject is doubtful (confidence {mention.confidence}); it is no indicator's "
        f"figure: {quote}",
        (key,),
    )


def _ambiguous(mention: Mention, meant: Sequence[Indicator], key: str, about: About, quote: str) -> Finding:
    ids = ", ".join(sorted(indicator.id for indicator in meant))
    return Finding(
        "indicator_ambiguous",
        "warning",
        about.document_id,
        f"{mention.text} {mention.subject} ({ids}): 同时像这些指标，请加 states 或 without 使其分得开 / is "
        f"claimed by each of these; add states or without to tell them apart: {quote}",
        (key,),
    )
