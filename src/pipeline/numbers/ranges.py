"""Ranges: 3至5个, 14岁至39岁, 5%-8%, 七至八成, 百分之二十至三十: one mention with its low and high."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.quantities import quantity, tolerance
from pipeline.numbers.tokens import ONE, Token

_JOINT = re.compile(r" ?(?:[-—–~]{1,2}|至|到) ?(?=[\d一二三四五六七八九十百千两-]|零下|负)", re.ASCII)
_SIGNS = frozenset(" -—–~至到")
_NEGATIVE = re.compile(r"-|负|零下")
_TENTHS = frozenset("成折")


def range_from(g: Grammar, text: str, low: Token) -> Token | None:
    """The range that a quantity is the first end of, or None."""
    if low.value is None:
        return None
    at = joint_at(text, low.stop)
    high = _second_end(g, text, at) if at else None
    if high is None or high.value is None or (low.unit and low.unit != high.unit):
        return None
    joint = text[low.stop : at]
    if not high.unit and not (joint == "~" or ("~" in joint and high.scale != ONE)):
        return None
    return _joined(text, low, high)


def joint_at(text: str, at: int) -> int | None:
    """Where the second end of a range begins, whose first ends at `at`; None where no joint stands."""
    joint = _JOINT.match(text, at) if text[at : at + 1] in _SIGNS else None
    return joint.end() if joint and joint.end() < len(text) else None


def _joined(text: str, low: Token, high: Token) -> Token | None:
    first, last = low.value, high.value
    assert first is not None and last is not None
    if not low.unit and low.scale == ONE and first * high.scale <= last:
        first *= high.scale
    if not low.unit and high.unit_at and text[high.unit_at[0]] in _TENTHS and first < 10:
        first *= 10
    if first >= last:
        if not _counts_down(low, high, first):
            return None
        first, last = last, first
    about = "about" in (low.qualifier, high.qualifier)
    return high._replace(
        begin=low.begin, value=None, low=first, high=last,
        qualifier="about" if about else "exact", rule="range",
    )  # fmt: skip


def _counts_down(low: Token, high: Token, first: Decimal) -> bool:
    """距今5300-4300年: years before now run down."""
    assert high.value is not None
    return high.kind == "duration" and high.value >= 100 and low.unit is None and first != high.value


def _second_end(g: Grammar, text: str, at: int) -> Token | None:
    negative = _NEGATIVE.match(text, at)
    at = negative.end() if negative else at
    number = numerals.number_at(text, at)
    if number is None:
        return None
    token = quantity(g, text, at, number, "number", end_of_range=True)
    if negative and token.value is not None:
        token = token._replace(value=-token.value)
    return token


def measured(g: Grammar, text: str, begin: int, number: Number, rule: str) -> Token:
    """The quantity, range or tolerance that begins with a number."""
    token = quantity(g, text, begin, number, rule)
    following = text[token.stop : token.stop + 1]
    if following in _SIGNS and following:
        return range_from(g, text, token) or token
    if following == "±":
        return tolerance(g, text, token) or token
    return token
