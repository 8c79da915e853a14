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
from fractions import Fraction
from typing import NamedTuple

from pipeline.areas import ELSEWHERE, Areas, Locator
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

_LENT_FROM = 200
"""Characters before a clause in which the subject that it takes over is sought."""

_CHANGED_FROM = re.compile(r"(?:从|由)(?:原来的?|此前的?|过去的?|上年的?|去年的?|\d{4}年的?)?$")
"""Before a figure: what it was before it changed, and not what it is."""

_ADJACENT = 8
"""Characters before a figure in which a word makes it negative."""

_ONE = Fraction(1)
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
                claim, unsettled = page.claim(index, meant[0], keys[index])
                if claim:
                    claims.append(claim)
                    findings += [_unsettled(unsettled, claim)] if unsettled else []
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
        subject = plain(subject, kind)
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


def plain(subject: str, kind: str) -> str:
    """A subject as the catalog writes it: without quotation marks and, for a percentage, without its change."""
    subject = subject.translate(_QUOTES)
    return _CHANGE.sub("", subject) if kind == "percent" else subject


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
        self._flow, self._mentions, self._about, self._areas = flow, mentions, about, catalog.areas
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
        if _CHANGED_FROM.search(self._flow.text, max(0, mention.begin - _ADJACENT), mention.begin):
            return []
        candidates = [i for i in candidates if _within(i, sentence)]
        asked = {state for i in candidates for state in i.states}
        clause = self._clause(mention)
        span = self._nearby(index, clause)
        nearby, lent = self._flow.text[slice(*span)], self._governing(mention, clause)
        own_noun = mention.head and span[0] <= mention.head[0] < span[1]
        decided = not own_noun or any(state in nearby for state in asked)
        words = nearby if decided else self._flow.text[slice(*clause)]
        return [
            i
            for i in candidates
            if (not i.states or any(state in words for state in i.states))
            and not any(word in words or word in lent for word in i.without)
            and self._its_turn(index, clause, i)
        ]

    def claim(self, index: int, indicator: Indicator, key: str) -> tuple[Claim | None, str | None]:
        """The claim, None where region or period cannot be the indicator's; and a region's name left unsettled."""
        mention, text = self._mentions[index], self._flow.text
        begin, stop = clause = self._clause(mention)
        period, status = self._when.at(mention.sentence, mention.begin, text[self._planned(clause) : stop])
        if indicator.periods and (period is None or period.span not in indicator.periods):
            return None, None
        area, unsettled = self._where.at(
            self._flow.sentences[mention.sentence], mention.begin, self._turn(index, clause)
        )
        if area == ELSEWHERE:
            return None, None
        factor = indicator.measures.get(mention.unit or "", _ONE)
        value, low, high, place = (
            _times(number, factor) for number in (mention.value, mention.low, mention.high, mention.place)
        )
        if any(
            word in text[max(begin, mention.begin - _ADJACENT) : mention.begin] for word in indicator.negative
        ):
            value, low, high = _times(value, -_ONE), _times(high, -_ONE), _times(low, -_ONE)
        quote = self.quote(mention)
        block = self._flow.blocks[bisect_right(self._blocks, mention.begin) - 1]
        claim = Claim(
            indicator=indicator.id,
            ref_area=area,
            time_period=period.code if period else None,
            value=value,
            low=low,
            high=high,
            place=place,
            qualifier=mention.qualifier,
            unit_measure=indicator.unit,
            obs_status=indicator.status or status,
            key=key,
            document_id=self._about.document_id,
            issued=self._about.issued,
            quote=quote,
            headline=block.kind == "headline",
            correction=_CORRECTION.search(quote) is not None,
        )
        return claim, unsettled

    def _planned(self, clause: tuple[int, int]) -> int:
        """Where the clause begins, with the one before it where that is a plan with the same verb.

        计划新增停车泊位1.6万个，新增绿化面积70万平方米: both are planned.
        """
        edges = self._clauses[1]
        at = edges.index(clause[0])
        verb = self._flow.text[clause[0] : clause[1]].lstrip("，；、 ")[:2]
        before = self._flow.text[edges[at - 1] : clause[0]] if at else ""
        return edges[at - 1] if verb and f"计划{verb}" in before else clause[0]

    def _its_turn(self, index: int, clause: tuple[int, int], indicator: Indicator) -> bool:
        """Whether, in a list (出口、进口分别为1、2), the noun in this figure's place is the indicator's."""
        turn = self._turn(index, clause)
        if not turn:
            return True
        before = self._flow.text[clause[0] : self._flow.text.find("分别", clause[0])]
        nouns = re.split("[、和与及]", before)[-turn[1] :]
        ours = [
            any(word in noun for word in (*indicator.subjects, *indicator.subject_ends)) for noun in nouns
        ]
        if len(nouns) < turn[1] or ours[turn[0]] or ours.count(True) != 1:
            return True
        return ours[-1] and all(self._areas.ends(noun) for noun in nouns[:-1])

    def _turn(self, index: int, clause: tuple[int, int]) -> tuple[int, int] | None:
        """Which of how many figures this is in a list of them (A、B分别为1、2), or None outside one."""
        each = self._flow.text.find("分别", clause[0], self._mentions[index].begin)
        if each < 0:
            return None
        listed = [i for i in self._figures if each < self._mentions[i].begin < clause[1]]
        return listed.index(index), len(listed)

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

    def _nearby(self, index: int, clause: tuple[int, int]) -> tuple[int, int]:
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
        return begin, stop if pause < 0 else pause

    def _governing(self, mention: Mention, clause: tuple[int, int]) -> str:
        """The clause of the subject that a figure took from before (487个老旧小区 for 89个), or nothing."""
        if mention.head and clause[0] <= mention.head[0] < clause[1]:
            return ""
        text, subject = self._flow.text, plain(mention.subject or "", mention.kind)
        begin = max(0, clause[0] - _LENT_FROM)
        at = text.rfind(subject, begin, clause[0]) if subject else -1
        if at < 0:
            return ""
        opening = max(text.rfind(mark, begin, at) for mark in "，。；\n") + 1
        return text[max(begin, opening) : at + len(subject)]


def _within(indicator: Indicator, sentence: str) -> bool:
    """Whether a sentence is of the indicator's scope."""
    if any(word in sentence for word in indicator.without_scope):
        return False
    return not indicator.scope or any(word in sentence for word in indicator.scope)


def _times(number: Decimal | None, factor: Fraction) -> Decimal | None:
    """The exact product; six decimals where it has no end (亩 to hectares)."""
    if number is None or factor == 1:
        return number
    product = number * factor.numerator
    return product if factor.denominator == 1 else round(product / factor.denominator, 6).normalize()


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
