"""A stated statistic as an indicator's claim: region, period and the value in the indicator's unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.concepts.units import factor
from pipeline.numbers.decimals import EXACT
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.areas import ELSEWHERE
from pipeline.statistics.claims import Claim
from pipeline.statistics.entries import Indicator
from pipeline.statistics.owners import owner
from pipeline.statistics.placing import Placing
from pipeline.statistics.spans import span
from pipeline.statistics.statistic import Statistic

_CORRECTION = re.compile(r"更正|订正|勘误|核减|核增|修正为|修订为|更新为|重新核定")
_LENDERS = 8
"""Mentions before a figure of which one may lend it its subject."""
_ONE = Fraction(1)
_SIXTH = Decimal("0.000001")


class Claiming:
    """Makes claims of a document's statistics."""

    def __init__(self, mentions: Sequence[Mention], placing: Placing) -> None:
        self._mentions, self._placing = mentions, placing

    def claim(self, said: Statistic, indicator: Indicator, key: str) -> Claim | str:
        """The claim, or why its region or period cannot be right. key: the mention's quantity_id."""
        placing, mention = self._placing, self._mentions[said.mention]
        where, (told, status, *_) = placing.at(said.mention)
        period = said.time_period
        if indicator.states:  # what was done is known on the day that it is told on
            period = told and told.code
        if self._is_toll(indicator):
            event = placing.event(said.mention)
            if event is None:
                return "is of an event whose day is not told"
            period = event.code
        if indicator.periods and (period is None or span(period) not in indicator.periods):
            return f"holds for {period or 'no known period'}, which is none of its periods"
        if where.area == ELSEWHERE:
            return "holds for a place that has no code"
        if not (indicator.event or indicator.states) and (whose := self._owner(said, indicator)):
            return f"holds for {whose}"
        by = _factor(mention, indicator)
        value, low, high, place = _converted(said, mention, by)
        quote = placing.clauses.quote(mention)
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
            document_id=placing.about.document_id,
            issued=placing.about.issued,
            quote=quote,
            headline=said.headline,
            correction=_CORRECTION.search(quote) is not None,
            rising=indicator.event or said.collection == "since_event",
            printed="" if by == _ONE else "".join(mention.text.split()),
            unsettled=where.unsettled,
        )

    def _owner(self, said: Statistic, indicator: Indicator) -> str:
        placing = self._placing
        text, mention = placing.clauses.flow.text, self._with_head(said.mention)
        return owner(text, mention, indicator, placing.areas, placing.concepts)

    def _with_head(self, index: int) -> Mention:
        """The mention, with the place of its subject also where another of its sentence lends it that."""
        mention = self._mentions[index]
        for other in reversed(self._mentions[max(0, index - _LENDERS) : index + 1]):
            if (other.sentence, other.subject) == (mention.sentence, mention.subject) and other.head:
                return mention._replace(head=other.head)
        return mention

    def _is_toll(self, indicator: Indicator) -> bool:
        """Whether it is the toll of an event, which its own day tells from others."""
        return indicator.event and self._placing.concepts.concepts[indicator.concept].collects == "event"


def _converted(said: Statistic, mention: Mention, by: Fraction) -> list[Decimal | None]:
    """Value, bounds and place in the indicator's unit, with the sign of the figure's direction."""
    place = _times(mention.place, by)
    return [*(_times(number, by, place) for number in (said.value, said.low, said.high)), place]


def _factor(mention: Mention, indicator: Indicator) -> Fraction:
    """What makes the printed number one of the indicator's unit."""
    return factor(unit_code(mention.kind, mention.unit), indicator.unit) or _ONE


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
