"""Which figures of a document are which indicators: by what is counted, unit and state, never a guess.

A mention is looked up by the end of its subject in an index, so that the cost does not
grow with the catalog; what the catalog asks of its clause and sentence decides among
the few candidates. Where two indicators claim one mention, neither gets it and the
officer is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.areas import Areas, Locator
from pipeline.catalog import Catalog, Indicator
from pipeline.layout import Flow
from pipeline.mention import Mention
from pipeline.when import Calendar

_BREAK = re.compile(r"[，；。！？：\n]|[,;:!?](?!\d)")
_MODIFIER = re.compile(
    r"(?:[全我本该][国省市区县州盟旗](?:的)?|全社会|各地|各级|各类|各|累计|共计|合计|总共|共有|共|新增|其中|广大|目前|先后|已|的|等)+"
)
"""What may stand before a subject that must be matched whole."""

_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》〈〉 ")
_CORRECTION = re.compile(r"更正|订正|勘误|核减|核增|修正为|修订为|更新为|重新核定")
_CHANGE = re.compile(
    r"(?:累计|同比|环比|同期|比上年|较上年|比去年|较去年|比上月|较上月|分别|均|实际|名义|继续)*"
    r"(?:增长|增加|增|下降|减少|降低|上涨|上升|提高|提升|回落|回升|下跌|扩大|加快)?(?:到|至|了|为|达到|达)?$"
)
"""What a percentage's subject ends with beside what has changed: 全社会用电量同比增长."""

_ADJACENT = 8
"""Characters before a figure in which a word makes it negative."""

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a document beside its text."""

    document_id: str
    issued: date | None = None
    region: str | None = None
    """The sidecar's region: a GB/T 2260 code or a name."""
    publisher: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One mention read as an indicator's figure for a region and a period."""

    indicator: str
    ref_area: str | None
    time_period: str | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    place: Decimal | None
    qualifier: str
    unit_measure: str
    obs_status: str
    key: str
    """The mention's quantity_id."""
    document_id: str
    issued: date | None
    quote: str
    headline: bool
    correction: bool


class Finding(NamedTuple):
    """Something for the data officer to look at. severity: critical, warning or info."""

    check: str
    severity: str
    document_id: str
    message: str
    keys: tuple[str, ...] = ()


class Found(NamedTuple):
    """What one document says."""

    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]


class Matcher:
    """The catalog's indicators, indexed by what they count. Build one and keep it: it remembers subjects."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._index: dict[str, list[tuple[Indicator, bool]]] = {}
        for indicator in catalog.indicators.values():
            for words, whole in ((indicator.subjects, True), (indicator.subject_ends, False)):
                for word in words:
                    self._index.setdefault(word, []).append((indicator, whole))
        self._sizes = sorted({len(word) for word in self._index}, reverse=True)
        self._known: dict[tuple[str, str, str | None], tuple[Indicator, ...]] = {}

    def read(self, flow: Flow, mentions: Sequence[Mention], keys: Sequence[str], about: About) -> Found:
        """Match a document's mentions. keys: each mention's quantity_id; others are not looked at."""
        page: _Page | None = None
        claims, findings = [], []
        for index, mention in enumerate(mentions):
            if mention.subject is None or not mention.statistical:
                continue
            candidates = self.candidates(mention)
            if not candidates:
                continue
            page = page or _Page(self._catalog, flow, mentions, about)
            meant = page.meant(index, candidates)
            if len(meant) == 1:
                claim, unsettled = page.claim(mention, meant[0], keys[index])
                claims.append(claim)
                if unsettled:
                    findings.append(_unsettled(unsettled, claim))
            elif meant:
                findings.append(_ambiguous(mention, meant, keys[index], about, page.quote(mention)))
        return Found(tuple(claims), tuple(findings))

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
        subject = subject.translate(_QUOTES)
        if kind == "percent":
            subject = _CHANGE.sub("", subject)
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


class _Page:
    """One document while its figures are read."""

    def __init__(self, catalog: Catalog, flow: Flow, mentions: Sequence[Mention], about: About) -> None:
        self._flow, self._mentions, self._about = flow, mentions, about
        self._where = Locator(
            catalog.areas, flow, region=about.region, publisher=about.publisher, title=about.title
        )
        telling = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._when = Calendar(
            flow, about.issued, title=about.title, telling=telling, holidays=catalog.lexicon.holidays
        )
        self._blocks = [block.begin for block in flow.blocks]
        self._figures = [index for index, mention in enumerate(mentions) if mention.statistical]
        self._clauses: tuple[int, list[int]] = (-1, [])

    def meant(self, index: int, candidates: Iterable[Indicator]) -> list[Indicator]:
        """The candidates whose conditions hold for a mention, where it stands."""
        mention = self._mentions[index]
        sentence = self.quote(mention)
        candidates = [i for i in candidates if not i.scope or any(word in sentence for word in i.scope)]
        asked = {state for i in candidates for state in i.states}
        clause = self._clause(mention)
        nearby = self._nearby(index, clause)
        if any(state in nearby for state in asked):
            words = nearby
        else:
            words = self._flow.text[slice(*clause)] + self._governing(mention, clause)
        return [
            i
            for i in candidates
            if (not i.states or any(state in words for state in i.states))
            and not any(word in words for word in i.without)
        ]

    def claim(self, mention: Mention, indicator: Indicator, key: str) -> tuple[Claim, str | None]:
        """The claim, and the name of the region that could not be settled."""
        begin, stop = self._clause(mention)
        area, unsettled = self._where.at(self._flow.sentences[mention.sentence], mention.begin)
        period, status = self._when.at(mention.sentence, mention.begin, self._flow.text[begin:stop])
        factor = indicator.measures.get(mention.unit or "", Decimal(1))
        said_before = self._flow.text[max(begin, mention.begin - _ADJACENT) : mention.begin]
        negative = any(word in said_before for word in indicator.negative)
        value, low, high = (_times(n, -factor if negative else factor) for n in (mention.value, mention.low, mention.high))
        if negative:
            low, high = high, low
        quote = self.quote(mention)
        block = self._flow.blocks[bisect_right(self._blocks, mention.begin) - 1]
        return Claim(
            indicator=indicator.id,
            ref_area=area,
            time_period=period.code if period else None,
            value=value,
            low=low,
            high=high,
            place=_times(mention.place, factor),
            qualifier=mention.qualifier,
            unit_measure=indicator.unit,
            obs_status=indicator.status or status,
            key=key,
            document_id=self._about.document_id,
            issued=self._about.issued,
            quote=quote,
            headline=block.kind == "headline",
            correction=_CORRECTION.search(quote) is not None,
        ), unsettled

    def quote(self, mention: Mention) -> str:
        """The mention's sentence, as it reads."""
        return self._flow.text[slice(*self._flow.sentences[mention.sentence])].strip()

    def _clause(self, mention: Mention) -> tuple[int, int]:
        """From one comma to the next."""
        if self._clauses[0] != mention.sentence:
            begin, stop = self._flow.sentences[mention.sentence]
            breaks = [match.start() for match in _BREAK.finditer(self._flow.text, begin, stop)]
            self._clauses = (mention.sentence, [begin, *breaks, stop])
        edges = self._clauses[1]
        after = min(bisect_right(edges, mention.begin), len(edges) - 1)
        return edges[after - 1], edges[after]

    def _nearby(self, index: int, clause: tuple[int, int]) -> str:
        """The part of the clause that is this figure's own: up to its neighbours and to the next 、."""
        mention, text = self._mentions[index], self._flow.text
        place = bisect_left(self._figures, index)
        begin, stop = clause
        if place:
            begin = max(begin, self._mentions[self._figures[place - 1]].stop)
        if place + 1 < len(self._figures):
            stop = min(stop, self._mentions[self._figures[place + 1]].begin)
        begin = max(begin, text.rfind("、", begin, mention.begin) + 1)
        pause = text.find("、", mention.stop, stop)
        return text[begin : stop if pause < 0 else pause]

    def _governing(self, mention: Mention, clause: tuple[int, int]) -> str:
        """The clause of the subject that a mention took from before (487个老旧小区 for 89个), or nothing."""
        if mention.head is None or clause[0] <= mention.head[0] < clause[1]:
            return ""
        text = self._flow.text
        begin = max(text.rfind(mark, 0, mention.head[0]) for mark in "，。；\n") + 1
        return text[begin : mention.head[1]]


def _times(number: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if number is None else number * factor


def _unsettled(name: str, claim: Claim) -> Finding:
    return Finding(
        "area_ambiguous",
        "warning",
        claim.document_id,
        f"{name} is the name of several regions and nothing in the document says which; name the region "
        f"in the article's sidecar: {claim.quote}",
        (claim.key,),
    )


def _ambiguous(mention: Mention, meant: Sequence[Indicator], key: str, about: About, quote: str) -> Finding:
    ids = ", ".join(sorted(indicator.id for indicator in meant))
    return Finding(
        "indicator_ambiguous",
        "warning",
        about.document_id,
        f"{mention.text} {mention.subject} is claimed by {ids}; add states or without to tell them "
        f"apart: {quote}",
        (key,),
    )
