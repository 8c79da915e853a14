"""A figure as an indicator's: what it asks of clause and sentence, and what it then claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.concepts.units import factor
from pipeline.numbers.decimals import EXACT
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.areas import ELSEWHERE
from pipeline.statistics.catalog import Indicator
from pipeline.statistics.claims import Claim
from pipeline.statistics.owners import owner
from pipeline.statistics.placing import Placing
from pipeline.statistics.spans import span
from pipeline.statistics.statistic import Statistic
from pipeline.texts.layout import Flow

_CORRECTION = re.compile(r"更正|订正|勘误|核减|核增|修正为|修订为|更新为|重新核定")
_LENDERS = 8
"""Mentions before a figure of which one may lend it its subject."""
_LENT_FROM = 200
"""Characters before a clause in which the subject that it takes over is sought."""

_CHANGED_FROM = re.compile(r"(?:从|由)(?:原来的?|此前的?|过去的?|上年的?|去年的?|\d{4}年的?)?$")
"""Before a figure: what it was before it changed, and not what it is."""

_ADJACENT = 8
"""Characters before a figure in which what it changed from is said."""

_ONE = Fraction(1)
_SIXTH = Decimal("0.000001")
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

    def __init__(self, flow: Flow, mentions: Sequence[Mention], placing: Placing) -> None:
        self._flow, self._mentions, self._placing = flow, mentions, placing
        self._about, self._areas, self._clauses = placing.about, placing.areas, placing.clauses
        self._concepts = placing.concepts

    def verdicts(self, index: int, candidates: Iterable[Indicator]) -> list[tuple[Indicator, str]]:
        """Each candidate, and why the mention is not its figure: "" where it is."""
        mention = self._mentions[index]
        if _CHANGED_FROM.search(self._flow.text, max(0, mention.begin - _ADJACENT), mention.begin):
            return [(i, "is what it was before it changed") for i in candidates]
        sentence, clause = self._clauses.scope(mention), self._clauses.clause(mention)
        candidates = tuple(candidates)
        span = self._clauses.own(index, clause)
        nearby, lent = self._flow.text[slice(*span)], self._governing(mention, clause)
        own_noun = mention.head and span[0] <= mention.head[0] < span[1]
        asked = {state for i in candidates if not _out_of_scope(i, sentence) for state in i.states}
        decided = not own_noun or any(state in nearby for state in asked)
        words = nearby if decided else self._flow.text[slice(*clause)]
        return [
            (i, _out_of_scope(i, sentence) or _unlike(i, words, lent) or self._out_of_turn(index, clause, i))
            for i in candidates
        ]

    def claim(self, index: int, indicator: Indicator, key: str, said: Statistic | None) -> Claim | str:
        """The claim, or why its region or period cannot be right.

        said: what the figure states as a statistic; None where it is worth no series.
        """
        mention, text = self._mentions[index], self._flow.text
        if said is None:
            return "is worth no series"
        where, (told, status, *_) = self._placing.at(index)
        period = said.time_period
        if indicator.states or not indicator.concept:  # what was done is known on the day that it is told on
            period = told and told.code
        if self._is_toll(indicator):
            event = self._placing.event(index)
            if event is None:
                return "is of an event whose day is not told"
            period = event.code
        if indicator.periods and (period is None or span(period) not in indicator.periods):
            return f"holds for {period or 'no known period'}, which is none of its periods"
        if where.area == ELSEWHERE or (said.part and not indicator.event):
            return "holds for a place that has no code"
        cell = indicator.concept and not (indicator.event or indicator.states)
        if cell and (whose := owner(text, self._with_head(index), indicator, self._areas, self._concepts)):
            return f"holds for {whose}"
        value, low, high, place = _converted(mention, indicator, said)
        quote = self._clauses.quote(mention)
        return Claim(
            indicator=indicator.id,
            ref_area=said.ref_area,
            time_period=period,
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
            headline=self._clauses.block(mention).kind == "headline",
            correction=_CORRECTION.search(quote) is not None,
            rising=indicator.event or said.collection == "since_event",
            printed="" if _factor(mention, indicator) == _ONE else "".join(mention.text.split()),
            unsettled=where.unsettled,
        )

    def _with_head(self, index: int) -> Mention:
        """The mention, with the place of its subject also where another of its sentence lends it that."""
        mention = self._mentions[index]
        for other in reversed(self._mentions[max(0, index - _LENDERS) : index + 1]):
            if (other.sentence, other.subject) == (mention.sentence, mention.subject) and other.head:
                return mention._replace(head=other.head)
        return mention

    def _is_toll(self, indicator: Indicator) -> bool:
        """Whether it is the toll of an event, which its own day tells from others."""
        concept = self._concepts.concepts.get(indicator.concept or "")
        return indicator.event and concept is not None and concept.collects == "event"

    def _out_of_turn(self, index: int, clause: tuple[int, int], indicator: Indicator) -> str:
        """Why, in a list (出口、进口分别为1、2), the noun in this figure's place is not the indicator's."""
        turn = self._clauses.turn(index, clause)
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


def _converted(mention: Mention, indicator: Indicator, said: Statistic) -> Iterable[Decimal | None]:
    """Value, bounds and place in the indicator's unit; of a cell with the sign of its direction."""
    numbers = mention.value, mention.low, mention.high
    if indicator.concept:
        numbers = said.value, said.low, said.high
    by = _factor(mention, indicator)
    place = _times(mention.place, by)
    return [*(_times(number, by, place) for number in numbers), place]


def _factor(mention: Mention, indicator: Indicator) -> Fraction:
    """What makes the printed number one of the indicator's unit."""
    if indicator.concept:
        return factor(unit_code(mention.kind, mention.unit), indicator.unit) or _ONE
    return indicator.measures.get(mention.unit or "", _ONE)


def _times(number: Decimal | None, factor: Fraction, place: Decimal | None = None) -> Decimal | None:
    """The exact product; where it has no end (亩 to hectares), to the digit that the printed one deserves.

    place: one unit of the last place that was printed, converted.
    """
    if number is None or factor == 1:
        return number
    product = EXACT.multiply(number, Decimal(factor.numerator))
    if factor.denominator == 1:
        return product
    quotient = EXACT.divide(product, Decimal(factor.denominator))
    if not place or quotient == quotient.to_integral_value(context=EXACT):
        return quotient.quantize(_SIXTH, context=EXACT).normalize(EXACT)
    return quotient.quantize(Decimal(1).scaleb(place.adjusted()), context=EXACT)
