"""Quantities: a number with its qualifier, its unit and its kind.

Called once the number itself is read. It looks left for a qualifier and a sign, and right for
a unit, 半, 多 and 以上; `ranges` looks for another end.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.builder import QuantityBuilder
from pipeline.numbers.decimals import LARGEST
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.suffixes import read_additions, read_letter_power, read_unit
from pipeline.numbers.tokens import ONE, Token, make_token

_DASHES = frozenset("–—")
_RECENT_AFTER = frozenset("来间内中")
_INCLUSIVE = re.compile(r"[（(]不?含[^（）()\n]{0,8}[)）](?=及?以[上下内])")


def quantity(
    g: Grammar, text: str, begin: int, number: Number, rule: str, *, end_of_range: bool = False
) -> Token:
    """Read what stands around a number into a quantity.

    end_of_range: whether it is the second end of a range: what stands to its left belongs to the first.
    """
    builder = QuantityBuilder(g, text, begin, number)
    read_unit(builder)
    several = not end_of_range and _qualifier_before(builder, _sign(builder))
    if builder.value is not None:
        read_additions(builder)
    _qualifier_after(builder)
    if several and builder.value is not None:
        builder.low, builder.high = builder.value * 2, builder.value * 10
        builder.value, builder.qualifier, rule = None, "about", "vague number"
    if _is_too_large(builder):
        return make_token(builder.begin, builder.stop, "other", rule="code of digits")
    return builder.build(rule)


def proportion(
    g: Grammar, text: str, begin: int, number: Number, rule: str, *, percent: bool, end_of_range: bool = False
) -> Token:
    """百分之五 is a percentage, 三分之二 and 3/5 are pure numbers; no unit follows them."""
    builder = QuantityBuilder(g, text, begin, number)
    builder.kind, builder.unit = ("percent", "%") if percent else ("measure", None)
    if percent:
        read_letter_power(builder)
    if not end_of_range:
        _qualifier_before(builder, _sign(builder))
    _qualifier_after(builder)
    return builder.build(rule)


def _is_too_large(builder: QuantityBuilder) -> bool:
    most = builder.value if builder.value is not None else builder.high
    return most is not None and abs(most) >= LARGEST


# ---------------------------------------------------------------- left of the number


def _sign(builder: QuantityBuilder) -> int:
    """Apply a sign that stands before the number; where to look for a qualifier."""
    text, at = builder.text, builder.begin
    sign = text[at - 1 : at] if at else ""
    if sign == "-":
        left = text[at - 2 : at - 1] if at > 1 else ""
        if left == "-" or (left.isascii() and left.isalnum()) or left in tuple(')）"”》%℃'):
            return at
    elif sign in _DASHES and sign:
        left = text[at - 2 : at - 1] if at > 1 else ""
        if (
            builder.unit not in builder.grammar.units.marked("minus")
            or left in _DASHES
            or left in tuple(")）”》%℃")
            or left.isdigit()
        ):
            return at
    elif sign in ("负", "負"):
        if not builder.grammar.qualifiers.before(text, at):
            return at  # 减负87元
    elif sign == "下" and text[at - 2 : at] == "零下":
        builder.multiply(-ONE)
        return at - 2
    elif sign == "±" and builder.value is not None:
        builder.low, builder.high, builder.value = -builder.value, builder.value, None
        builder.begin = at - 1
        return at - 1
    else:
        return at
    builder.multiply(-ONE)
    builder.begin = at - 1
    return at - 1


def _qualifier_before(builder: QuantityBuilder, at: int) -> bool:
    """Take the qualifier that stands before the number; whether it makes it some hundreds: 数百, 几十."""
    qualifiers = builder.grammar.qualifiers
    found = qualifiers.before(builder.text, at)
    if not found and builder.kind == "percent" and builder.text[at - 1 : at] in ("的", "重", "例"):
        found = qualifiers.apart(builder.text, at)
    if not found or not found.fits(_properties(builder)):
        return False
    if found.means == "several":
        return True
    recent = found.word == "近" and builder.kind == "duration" and _is_recent(builder)
    if not builder.infix and not recent:
        builder.qualifier = found.means
    return False


def _properties(builder: QuantityBuilder) -> list[str]:
    """What a qualifier of the table may ask of its number."""
    properties = [builder.kind if builder.unit or builder.kind != "measure" else "share"]
    if builder.unit:
        properties.append("unit")
    if builder.multiplied:
        properties.append("multiplied")
    if builder.text[builder.begin] in numerals.POWERS:
        properties.append("power")
    return properties


def _is_recent(builder: QuantityBuilder) -> bool:
    """近3年 is the last three years; 近30年 is almost thirty."""
    return (
        builder.value is None
        or builder.value <= 10
        or builder.text[builder.stop : builder.stop + 1] in _RECENT_AFTER
    )


# ---------------------------------------------------------------- right of the unit


def _qualifier_after(builder: QuantityBuilder) -> None:
    text, at = builder.text, builder.stop
    inclusive = _INCLUSIVE.match(text, at) if text[at : at + 1] in ("（", "(") else None
    at = inclusive.end() if inclusive else at
    found = builder.grammar.qualifiers.after(text, at)
    if not found or not found.fits(_properties(builder)):
        return
    builder.stop = at + len(found.word)
    if found.means == "more":
        builder.add_more()
    elif not builder.infix:
        builder.qualifier = found.means


def tolerance(g: Grammar, text: str, middle: Token) -> Token | None:
    """36.5±0.3℃: a value with its bounds, the unit after the second number."""
    at = middle.stop + 1
    if middle.unit or middle.value is None or not text[at : at + 1].isdigit():
        return None
    if not text[at].isascii():
        return None
    deviation = quantity(g, text, at, numerals.read_arabic(text, at), "number", end_of_range=True)
    if deviation.value is None:
        return None
    low, high = middle.value - deviation.value, middle.value + deviation.value
    return deviation._replace(begin=middle.begin, value=middle.value, low=low, high=high, rule="tolerance")


def half(g: Grammar, text: str, begin: int, stop: int) -> Token:
    """一半, 半数: half of what it is about."""
    return proportion(g, text, begin, numerals.simple(stop, Decimal("0.5")), "half", percent=False)
