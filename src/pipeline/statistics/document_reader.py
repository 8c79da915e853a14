"""A figure where it stands: its clause and sentence, what governs it, its region and period."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.numbers.mention import Mention
from pipeline.statistics.areas import ELSEWHERE
from pipeline.statistics.catalog import Catalog, Indicator
from pipeline.statistics.claims import About, Claim
from pipeline.statistics.period_resolver import PeriodResolver
from pipeline.statistics.region_resolver import RegionResolver
from pipeline.texts.layout import Flow

_CORRECTION = re.compile(r"更正|订正|勘误|核减|核增|修正为|修订为|更新为|重新核定")
_LENT_FROM = 200
"""Characters before a clause in which the subject that it takes over is sought."""

_CHANGED_FROM = re.compile(r"(?:从|由)(?:原来的?|此前的?|过去的?|上年的?|去年的?|\d{4}年的?)?$")
"""Before a figure: what it was before it changed, and not what it is."""

_ADJACENT = 8
"""Characters before a figure in which a word makes it negative."""

_QUOTED = 1_000
"""Characters to each side of a figure that are looked at and quoted, at most."""

_ONE = Fraction(1)
_BREAK = re.compile(r"[，；。！？：\n]|[,;:!?](?!\d)")
_CHANGE = re.compile(
    r"(?:累计|同比|环比|同期|比上年|较上年|比去年|较去年|比上月|较上月|分别|均|实际|名义|继续)*"
    r"(?:增长|增加|增|下降|减少|降低|上涨|上升|提高|提升|回落|回升|下跌|扩大|加快)?(?:到|至|了|为|达到|达)?$"
)
"""What a percentage's subject ends with beside what has changed: 全社会用电量同比增长."""

_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》〈〉 ")


def bare_subject(subject: str, kind: str) -> str:
    """A subject as the catalog writes it: no quotation marks and, of a percentage, no change."""
    subject = subject.translate(_QUOTES)
    return _CHANGE.sub("", subject) if kind == "percent" else subject


class DocumentReader:
    """One document while its figures are read."""

    def __init__(
        self, catalog: Catalog, flow: Flow, mentions: Sequence[Mention], about: About, where: RegionResolver
    ) -> None:
        self._flow, self._mentions, self._about, self._areas = flow, mentions, about, catalog.areas
        self._where = where
        telling = {m.sentence for m in mentions if m.statistical and m.kind != "duration"}
        self._when = PeriodResolver(
            flow, about.issued, title=about.title, telling=telling, holidays=catalog.lexicon.holidays
        )
        self._blocks = [block.begin for block in flow.blocks]
        self._figures = [index for index, mention in enumerate(mentions) if mention.statistical]
        self._clauses: tuple[int, list[int]] = (-1, [])

    def verdicts(self, index: int, candidates: Iterable[Indicator]) -> list[tuple[Indicator, str]]:
        """Each candidate, and why the mention is not its figure: "" where it is."""
        mention = self._mentions[index]
        if _CHANGED_FROM.search(self._flow.text, max(0, mention.begin - _ADJACENT), mention.begin):
            return [(i, "is what it was before it changed") for i in candidates]
        sentence, clause = self._scope(mention), self._clause(mention)
        candidates = tuple(candidates)
        span = self._nearby(index, clause)
        nearby, lent = self._flow.text[slice(*span)], self._governing(mention, clause)
        own_noun = mention.head and span[0] <= mention.head[0] < span[1]
        asked = {state for i in candidates if not _out_of_scope(i, sentence) for state in i.states}
        decided = not own_noun or any(state in nearby for state in asked)
        words = nearby if decided else self._flow.text[slice(*clause)]
        return [
            (i, _out_of_scope(i, sentence) or _unlike(i, words, lent) or self._out_of_turn(index, clause, i))
            for i in candidates
        ]

    def claim(self, index: int, indicator: Indicator, key: str) -> Claim | str:
        """The claim, or why its region or period cannot be right."""
        mention, text = self._mentions[index], self._flow.text
        begin, stop = clause = self._clause(mention)
        period, status = self._when.at(mention.sentence, mention.begin, text[self._planned(clause) : stop])
        if indicator.periods and (period is None or period.span not in indicator.periods):
            return f"holds for {period.code if period else 'no known period'}, which is none of its periods"
        where = self._where.at(
            self._flow.sentences[mention.sentence], mention.begin, self._turn(index, clause)
        )
        if where.area == ELSEWHERE or (where.part and not indicator.event):
            return "holds for a place that has no code"
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
        return Claim(
            indicator=indicator.id,
            ref_area=where.area,
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
            unsettled=where.unsettled,
        )

    def _planned(self, clause: tuple[int, int]) -> int:
        """Where the clause begins, with the one before it where that is a plan with the same verb.

        计划新增停车泊位1.6万个，新增绿化面积70万平方米: both are planned.
        """
        edges = self._clauses[1]
        at = bisect_right(edges, clause[0]) - 1
        verb = self._flow.text[clause[0] : clause[1]].lstrip("，；、 ")[:2]
        before = self._flow.text[edges[at - 1] : clause[0]] if at else ""
        return edges[at - 1] if verb and f"计划{verb}" in before else clause[0]

    def _out_of_turn(self, index: int, clause: tuple[int, int], indicator: Indicator) -> str:
        """Why, in a list (出口、进口分别为1、2), the noun in this figure's place is not the indicator's."""
        turn = self._turn(index, clause)
        if not turn:
            return ""
        before = self._flow.text[clause[0] : self._flow.text.find("分别", clause[0])]
        nouns = re.split("[、和与及]", before)[-turn[1] :]
        ours = [
            any(word in noun for word in (*indicator.subjects, *indicator.subject_ends)) for noun in nouns
        ]
        if len(nouns) < turn[1] or ours[turn[0]] or ours.count(True) != 1:
            return ""
        if ours[-1] and all(map(self._areas.ends, nouns[:-1])):
            return ""
        return f"is the figure of {nouns[turn[0]]}"

    def _turn(self, index: int, clause: tuple[int, int]) -> tuple[int, int] | None:
        """Which of how many figures this is in a list of them (A、B分别为1、2), or None outside one."""
        each = self._flow.text.find("分别", clause[0], self._mentions[index].begin)
        if each < 0:
            return None
        first, after = (
            bisect_left(self._figures, place, key=lambda i: self._mentions[i].begin)
            for place in (each, clause[1])
        )
        return bisect_left(self._figures, index) - first, after - first

    def quote(self, mention: Mention) -> str:
        """The mention's sentence, as it reads; of one that does not end, what is around the mention."""
        begin, stop = self._flow.sentences[mention.sentence]
        begin, stop = max(begin, mention.begin - _QUOTED), min(stop, mention.stop + _QUOTED)
        return self._flow.text[begin:stop].strip()

    def _scope(self, mention: Mention) -> str:
        """The sentence, with the one before it where it says what of that (其中，出口…)."""
        sentence = self.quote(mention)
        if mention.sentence and sentence.startswith("其中"):
            begin, stop = self._flow.sentences[mention.sentence - 1]
            sentence = self._flow.text[max(begin, stop - _QUOTED) : stop] + sentence
        return sentence

    def _clause(self, mention: Mention) -> tuple[int, int]:
        """From one comma to the next."""
        if self._clauses[0] != mention.sentence:
            begin, stop = self._flow.sentences[mention.sentence]
            breaks = [match.start() for match in _BREAK.finditer(self._flow.text, begin, stop)]
            self._clauses = (mention.sentence, [begin, *breaks, stop])
        edges = self._clauses[1]
        after = min(bisect_right(edges, mention.begin), len(edges) - 1)
        begin, stop = edges[after - 1], edges[after]
        return max(begin, mention.begin - _QUOTED), min(stop, mention.stop + _QUOTED)

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
        text, subject = self._flow.text, bare_subject(mention.subject or "", mention.kind)
        begin = max(0, clause[0] - _LENT_FROM)
        at = text.rfind(subject, begin, clause[0]) if subject else -1
        if at < 0:
            return ""
        opening = max(text.rfind(mark, begin, at) for mark in "，。；\n") + 1
        return text[max(begin, opening) : at + len(subject)]


def _out_of_scope(indicator: Indicator, sentence: str) -> str:
    """Why a sentence is not of the indicator's scope."""
    if unwanted := next((word for word in indicator.without_scope if word in sentence), None):
        return f"without_scope: {unwanted}"
    scope = indicator.scope
    return (
        "" if not scope or any(word in sentence for word in scope) else f"scope: none of {'、'.join(scope)}"
    )


def _unlike(indicator: Indicator, words: str, lent: str) -> str:
    """Why what a clause says, and the one that lent it its subject, is not the indicator's."""
    if indicator.states and not any(state in words for state in indicator.states):
        return f"states: none of {'、'.join(indicator.states)}"
    unwanted = next((word for word in indicator.without if word in words or word in lent), None)
    return f"without: {unwanted}" if unwanted else ""


def _times(number: Decimal | None, factor: Fraction) -> Decimal | None:
    """The exact product; six decimals where it has no end (亩 to hectares)."""
    if number is None or factor == 1:
        return number
    product = number * factor.numerator
    return product if factor.denominator == 1 else round(product / factor.denominator, 6).normalize()
