"""A stated statistic as an indicator's claim: region, period and the value in the indicator's unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.concepts.conversions import conversion_factor
from pipeline.numbers.decimals import EXACT
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.areas import ELSEWHERE
from pipeline.statistics.catalog_entries import Indicator
from pipeline.statistics.claims import Claim
from pipeline.statistics.document_context import DocumentContext
from pipeline.statistics.owners import owner
from pipeline.statistics.period import span
from pipeline.statistics.statistic import Statistic

_CORRECTION = re.compile(r"更正|订正|勘误|核减|核增|修正为|修订为|更新为|重新核定")
_LENDERS = 8
"""Mentions before a figure, of which one may have the subject that it takes over."""
_SIXTH = Decimal("0.000001")


def build_claim(
    context: DocumentContext,
    mentions: Sequence[Mention],
    statistic: Statistic,
    indicator: Indicator,
    key: str,
) -> Claim | str:
    """The claim, or why its region or period cannot be right. key: the mention's quantity_id."""
    mention = mentions[statistic.mention]
    region, resolved = context.resolve(statistic.mention)
    period = statistic.time_period
    if indicator.states:  # what was done is known on the day on which it is reported
        period = resolved.period and resolved.period.code
    if indicator.event and context.concepts.concepts[indicator.concept].collects == "event":
        event = context.event_day(statistic.mention)
        if event is None:
            return "is of an event whose day is not told"
        period = event.code
    if indicator.periods and (period is None or span(period) not in indicator.periods):
        return f"holds for {period or 'no known period'}, which is none of its periods"
    if region.area == ELSEWHERE:
        return "holds for a place that has no code"
    if not (indicator.event or indicator.states):
        text, with_head = context.clauses.flow.text, _with_head(mentions, statistic.mention)
        if words := owner(text, with_head, indicator, context.areas, context.concepts):
            return f"holds for {words}"
    multiplier = conversion_factor(unit_code(mention.kind, mention.unit), indicator.unit) or Fraction(1)
    place = _multiplied(mention.place, multiplier)
    value, low, high = (
        _multiplied(number, multiplier, place) for number in (statistic.value, statistic.low, statistic.high)
    )
    quote = context.clauses.quote(mention)
    return Claim(
        indicator=indicator.id,
        ref_area=statistic.ref_area,
        time_period=period,
        value=value,
        low=low,
        high=high,
        place=place,
        qualifier=mention.qualifier,
        unit_measure=indicator.unit,
        obs_status=indicator.status or resolved.status,
        key=key,
        document_id=context.metadata.document_id,
        issued=context.metadata.issued,
        quote=quote,
        headline=statistic.headline,
        correction=_CORRECTION.search(quote) is not None,
        superseding=indicator.event or statistic.collection == "since_event",
        printed="" if multiplier == 1 else "".join(mention.text.split()),
        ambiguous_region=region.ambiguous_name,
    )


def _with_head(mentions: Sequence[Mention], index: int) -> Mention:
    """The mention, with the place of its subject also where it takes over that of another one before it."""
    mention = mentions[index]
    for other in reversed(mentions[max(0, index - _LENDERS) : index + 1]):
        if (other.sentence, other.subject) == (mention.sentence, mention.subject) and other.head:
            return mention._replace(head=other.head)
    return mention


def _multiplied(number: Decimal | None, by: Fraction, place: Decimal | None = None) -> Decimal | None:
    """The exact product; where it has no end (亩 to hectares), rounded to the precision that was printed.

    place: one unit of the last place that was printed, converted.
    """
    if number is None or by == 1:
        return number
    product = EXACT.multiply(number, Decimal(by.numerator))
    if by.denominator == 1:
        return product
    quotient = EXACT.divide(product, Decimal(by.denominator))
    if not place or quotient == quotient.to_integral_value(context=EXACT):
        return quotient.quantize(_SIXTH, context=EXACT).normalize(EXACT)
    return quotient.quantize(Decimal(1).scaleb(place.adjusted()), context=EXACT)
