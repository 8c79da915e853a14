"""Comparisons: what a change of two levels comes to, in their own unit, in percent or times, or a year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.relations.arithmetic import (
    HUNDRED,
    Equation,
    difference_of,
    percent_increase,
    percent_verdict,
    ratio,
)
from pipeline.relations.changes.levels import LevelPair, is_times, years_between
from pipeline.relations.figure_index import ONE, PERCENT, Figure, Index
from pipeline.relations.relation_cues import CUES
from pipeline.relations.time_spans import spans

_LONGEST = 60
"""Years that an average growth may be over."""
_EXACT = frozenset(("level elsewhere", "named levels"))
"""Rules for which a change must come out to the last digit."""
_BY_AMOUNT = frozenset(("grown by", "grown from"))
"""Rules whose earlier level is told by how much more or less there is now."""
_NEAR = 20
"""A change of 去年A，今年B is accused within a twentieth of it."""
_NARROW = 10
"""Rounding may leave a growth open to a tenth of it, at most, where little ties it to its levels."""


def change_equation(index: Index, change: Figure, pair: LevelPair, sign: int) -> Equation | None:
    """What a change of two levels comes to, with its verdict; None where the two are none for it.

    sign: 1 where it is said to be a rise, -1 a fall, 0 where neither.
    """
    by_amount = pair.rule in _BY_AMOUNT
    if is_times(change):
        return _times(index, change, pair)
    if change.family != PERCENT:
        return _difference(change, pair, sign)
    if not by_amount and CUES.averaged.search(index.text_before(change)):
        return _yearly(index, change, pair, sign or 1)
    return _grown(change, sign, pair, by_amount) if sign else None


def _difference(change: Figure, pair: LevelPair, sign: int) -> Equation | None:
    up = sign > 0 if sign and pair.sure else pair.now.value >= pair.before.value
    upper, lower = (pair.now, pair.before) if up else (pair.before, pair.now)
    off = abs(upper.value - lower.value - change.value)
    sure = pair.sure and (pair.rule != "the period before" or off * _NEAR <= change.value)
    if pair.rule in _EXACT and off and not pair.sure:
        return None
    return difference_of(upper, lower, change, pair.rule, sure)


def _times(index: Index, times: Figure, pair: LevelPair) -> Equation | None:
    """今年8400件，是去年3500件的2.4倍; grown 10.8 times is a ratio of 11.8."""
    label, now, before = index.label(times), pair.now, pair.before
    grown = index.is_change(times) or CUES.grown.search(label) is not None
    if before.value <= 0 or not (
        grown or CUES.times_of.search(label) or CUES.times_of.search(index.label(before))
    ):
        return None
    factor = times.value + ONE if grown else times.value
    computed = ratio(now.value, before.value)
    off = abs(computed - factor)
    fits = not off if times.value < 10 * times.place else off <= times.slack
    near = factor <= 2 * computed and computed <= 2 * factor and times.value >= 10 * times.place
    if not fits and (grown or not near or abs(off - ONE) <= times.slack or off <= times.slack):
        return None  # what is one more or one less may be meant the other way
    values, rule = (now.value, before.value), "grown by times" if grown else "times"
    verdict = "holds" if fits else "fails"
    return Equation("ratio", values, (now, before), times, computed, verdict, rule, False, factor)


def _grown(percent: Figure, sign: int, pair: LevelPair, by_amount: bool) -> Equation | None:
    """The growth of two levels, or of one and by how much more there is now than before.

    None where rounding leaves it open, unless the two are surely meant.
    """
    now, other = pair.now, pair.before
    before = now.value - sign * other.value if by_amount else other.value
    slack = now.slack + other.slack if by_amount else other.slack
    if before <= 0:
        return None
    most, least = before + slack, before - slack if before > slack else before
    if by_amount:
        more, less = (sign * HUNDRED * (other.value + off) for off in (other.slack, -other.slack))
        low, high = sorted((ratio(less, most), ratio(more, least)))
    else:
        low, high = (
            percent_increase(now.value - now.slack, most),
            percent_increase(now.value + now.slack, least),
        )
    signed, computed = percent._replace(value=percent.value * sign), percent_increase(now.value, before)
    verdict = percent_verdict(signed, computed, low, high)
    if verdict == "rounding" and not pair.sure and (high - low) * _NARROW > percent.value:
        return None
    values = now.value, before
    return Equation(
        "growth", values, (now, other), percent, computed, verdict, pair.rule, False, signed.value
    )


def _yearly(index: Index, percent: Figure, pair: LevelPair, sign: int) -> Equation | None:
    """The growth a year that leads from one figure to the other; None where it does not hold."""
    now, before = pair.now, pair.before
    if not CUES.yearly.search(index.label(percent)) or now.value <= 0 or before.value <= 0:
        return None
    signed = percent._replace(value=percent.value * sign)
    for years in _years(index, percent, pair):
        computed = (ratio(now.value, before.value) ** (ONE / Decimal(years)) - ONE) * HUNDRED
        if percent_verdict(signed, computed, computed, computed) == "holds":
            return Equation(
                "growth", (now.value, before.value), (now, before), percent, computed, "holds",
                "growth a year", False, signed.value, years,
            )  # fmt: skip
    return None


def _years(index: Index, percent: Figure, pair: LevelPair) -> Iterator[int]:
    """The years that a growth may run over: from 2015 to 2020, 五年来, 十年增加."""
    counts = [years_between(index, pair.before, pair.now)]
    counts += [int(span.value) for span in spans(index, percent, CUES.years)]
    yield from (years for years in counts if 1 < years <= _LONGEST)
