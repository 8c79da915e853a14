"""Proportions in words: 百分之五, 千分之二至千分之四, 三分之二, 三分二."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals, quantities
from pipeline.numbers.decimals import quotient
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.ranges import joint_at
from pipeline.numbers.tokens import Token, make_token

_PARTS = re.compile(r" ?分 ?之 ?(?P<sign>[负負-])?")
_SHORT_FRACTION = re.compile(r"([三四五])分([一二三四])(?=[的是为人以受，。、）])")
"""三分二 is how Hong Kong says 三分之二."""
_POWER_ONLY = re.compile(r"[百佰千仟万亿]+")


def proportion_in_words(g: Grammar, text: str, at: int, stop: int) -> Token | None:
    """百分之五, 三分之二: the lower number has been found, the upper one follows."""
    if text[stop : stop + 1] not in ("分", " "):
        return None
    short = _SHORT_FRACTION.match(text, at)
    if short:
        value = quotient(Decimal(numerals.DIGITS[short[2]]), numerals.DIGITS[short[1]])
        return quantities.proportion(
            g, text, at, numerals.simple(short.end(), value), "fraction in words", percent=False
        )
    lower = numerals.parse_chinese(text[at:stop])
    return read_parts(g, text, at, stop, lower[0] if lower else None)


def read_parts(g: Grammar, text: str, at: int, stop: int, lower: Decimal | None) -> Token | None:
    """The proportion whose lower number is text[at:stop], in words or figures, or None."""
    m = _PARTS.match(text, stop)
    upper = numerals.number_at(text, m.end()) if m else None
    if m is None or upper is None or upper.value is None:
        return None
    word = text[at:stop]
    if _POWER_ONLY.fullmatch(word):
        first = _percent(g, text, at, word, upper, m["sign"])
        whole = _percent_range(g, text, first, word) or first
        return g.rules.revise(text, whole)
    if not lower:
        return None
    value = -upper.value if m["sign"] else upper.value
    number = numerals.simple(upper.stop, quotient(value, lower))
    if text.startswith("决赛", upper.stop):
        return make_token(at, upper.stop, "name", rule="sporting event")
    stated = quantities.proportion(g, text, at, number, "fraction in words", percent=False)
    return g.rules.revise(text, stated)


def _percent(
    g: Grammar, text: str, at: int, word: str, upper: Number, sign: str | None, *, end_of_range: bool = False
) -> Token:
    """百分之五, 千分之三: the number over a hundred."""
    assert upper.value is not None
    shift = 2 - sum(numerals.POWERS[c] for c in word)
    value = (-upper.value if sign else upper.value).scaleb(shift)
    place, step = upper.place.scaleb(shift), upper.step.scaleb(shift)
    number = upper._replace(value=value, low=value, high=value, place=place, step=step)
    return quantities.proportion(
        g, text, at, number, "percent in words", percent=True, end_of_range=end_of_range
    )


def _percent_range(g: Grammar, text: str, low: Token, word: str) -> Token | None:
    """百分之二十至三十, 千分之三至千分之五."""
    at = joint_at(text, low.stop)
    if at is None or low.value is None:
        return None
    again = f"{word}分之"
    upper = numerals.number_at(text, at + len(again) if text.startswith(again, at) else at)
    if upper is None or upper.value is None or (upper.stop > at and g.units.match(text, upper.stop)):
        return None
    high = _percent(g, text, low.begin, word, upper, None, end_of_range=True)
    if high.value is None or high.value <= low.value:
        return None
    return high._replace(value=None, low=low.value, high=high.value, qualifier="exact", rule="range")
