"""A stated statistic as an indicator's claim: region, period and the value in the indicator's unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.concepts.unit_conversions import conversion_factor
from pipeline.numbers.decimals import EXACT
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import unit_code
from pipeline.statistics.catalog.entries import Indicator
from pipeline.statistics.claims import Claim
from pipeline.statistics.concept_finder import without_adverbs
from pipeline.statistics.document_context import DocumentContext
from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.period import span
from pipeline.statistics.periods.time_expressions import find_times
from pipeline.statistics.regions.areas import ELSEWHERE
from pipeline.statistics.statistic import Statistic

_LENDERS = 8
"""Mentions before a figure, of which one may have the subject that it takes over."""
_SIXTH = Decimal("0.000001")
_REACH = 60
"""Characters before a subject that may say whose its figure is."""
_BREAK = re.compile(r"[，；。！？：、\n]|[,;:!?](?!\d)")
_MIN_LENGTH = 2
"""Characters of words that say whose a figure is, at least."""


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
    if indicator.states:  # what was done holds for the time of the report
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
    of_region = not (indicator.event or indicator.states)
    if of_region and (words := _owner(context, _with_head(mentions, statistic.mention), indicator)):
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
        document_id=context.source.document_id,
        issued=context.source.issued,
        quote=quote,
        headline=statistic.headline,
        correction=CUES.correction.search(quote) is not None,
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


def _owner(context: DocumentContext, mention: Mention, indicator: Indicator) -> str:
    """Whose a figure is, by what stands before its subject: 机械工业 of 我国机械工业完成进出口总额.

    Regions, times and words without meaning are removed from the clause before the subject. If words
    are left, the figure is of the part of the region that they name; "" if none are.
    """
    if not mention.head:
        return ""
    stop = min(mention.head[0], mention.begin)
    text, concepts = context.clauses.flow.text, context.concepts
    words = text[max(0, stop - _REACH) : stop]
    clause = CUES.gloss.sub(" ", words)
    words = _BREAK.split(clause)[-1]
    if counted := CUES.counted_before.search(clause, 0, len(clause) - len(words)):
        return counted[0].strip("、")
    words = _before_name(words, mention.subject or "", concepts.concepts[indicator.concept].names)
    words = _without(words, [match.span() for match in find_times(words)])
    words = _without(words, [(place.begin, place.stop) for place in context.areas.find(words)])
    words = CUES.relative_region.sub(" ", words)
    for word in sorted(indicator.scope, key=len, reverse=True):
        words = words.replace(word, " ")
    for chunk in words.split():
        modifiers = concepts.parse_modifiers(chunk)
        left = CUES.says_nothing.sub("", modifiers.rest)
        if modifiers.breakdown or len(left) >= _MIN_LENGTH:
            return chunk
    return ""


def _without(words: str, spans: Iterable[tuple[int, int]]) -> str:
    """The words with a space in the place of each span."""
    for begin, stop in reversed(list(spans)):
        words = f"{words[:begin]} {words[stop:]}"
    return words


def _before_name(words: str, subject: str, names: Iterable[str]) -> str:
    """The words without those with which a name of the concept begins: 铁路发送 of 铁路发送旅客."""
    whole = without_adverbs(words) + subject
    longest = max((name for name in names if whole.endswith(name)), key=len, default="")
    return whole[: -len(longest)] if len(longest) > len(subject) else words


def _multiplied(number: Decimal | None, by: Fraction, place: Decimal | None = None) -> Decimal | None:
    """The exact product; where it does not end (亩 to hectares), rounded to the printed precision.

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
