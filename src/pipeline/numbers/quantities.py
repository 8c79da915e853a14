"""Quantities: a number with its qualifier, its unit and its kind.

Called by the grammar once the number itself is read. It looks left for a qualifier
and a sign, and right for a unit, a range's other end, 半, 多 and 以上.
"""

from __future__ import annotations

import re

from pipeline.numbers import numerals, qualifiers
from pipeline.numbers.numerals import Number
from pipeline.numbers.stated import Stated
from pipeline.numbers.suffixes import read_additions, read_letter_power, read_unit
from pipeline.numbers.tokens import ONE, Token

_RANGE = re.compile(r" ?(?:[-—–~]{1,2}|至|到) ?(?=[\d一二三四五六七八九十百千两-])")
_RANGE_SIGNS = frozenset(" -—–~至到")
_NO_NEGATIVE = frozenset("胜抱肩担辜欺平身肩")
_RECENT_AFTER = frozenset("来间内中")
_COUNTED_SO_FAR = frozenset("人总户次件指分少多倍系参负正整岁年基个家十百零")
"""人数, 总数 …: 数 after them is no 数百."""


def quantity(text: str, begin: int, number: Number, rule: str, *, open_end: bool = True) -> Token:
    """Read what stands around a number into a quantity.

    open_end: whether the number may be the first end of a range.
    """
    stated = Stated(text, begin, number)
    left = _sign(stated)
    read_unit(stated)
    _qualifier_before(stated, left)
    if open_end and text[stated.stop : stated.stop + 1] in _RANGE_SIGNS:
        whole = _range(stated)
        if whole:
            return whole
    if stated.value is not None:
        read_additions(stated)
    _qualifier_after(stated)
    if stated.value is not None and _is_vague(text, begin):
        stated.low, stated.high, stated.value, stated.qualifier = (
            stated.value * 2,
            stated.value * 10,
            None,
            "about",
        )
        return stated.token("vague number")
    return stated.token(rule)


def proportion(text: str, begin: int, number: Number, rule: str, *, percent: bool) -> Token:
    """百分之五 is a percentage, 三分之二 and 3/5 are pure numbers; no unit follows them."""
    stated = Stated(text, begin, number)
    stated.kind, stated.unit = ("percent", "%") if percent else ("measure", None)
    if percent:
        read_letter_power(stated)
    _qualifier_before(stated, _sign(stated))
    _qualifier_after(stated)
    return stated.token(rule)


# ---------------------------------------------------------------- left of the number


def _sign(stated: Stated) -> int:
    """Apply a sign that stands before the number; where to look for a qualifier."""
    text, at = stated.text, stated.begin
    sign = text[at - 1 : at]
    if sign == "-":
        left = text[at - 2 : at - 1] if at > 1 else ""
        if left == "-" or (left.isascii() and left.isalnum()) or left in tuple(')）"”》'):
            return at
    elif sign in ("负", "負"):
        if text[at - 2 : at - 1] in _NO_NEGATIVE:
            return at
    elif sign == "下" and text[at - 2 : at] == "零下":
        stated.scaled(-ONE)
        return at - 2
    else:
        return at
    stated.scaled(-ONE)
    stated.begin = at - 1
    return at - 1


def _qualifier_before(stated: Stated, at: int) -> None:
    found = qualifiers.before(stated.text, at)
    if not found or stated.infix:
        return
    if found.word == "近" and stated.kind == "duration" and _is_recent(stated):
        return
    if found.word == "过" and not (stated.multiplied or stated.kind == "percent"):
        return
    if found.word == "上" and not (stated.multiplied and stated.text[stated.begin] in "百千万亿"):
        return
    stated.qualifier = found.name


def _is_recent(stated: Stated) -> bool:
    """近3年 is the last three years; 近30年 is almost thirty."""
    return (
        stated.value is None
        or stated.value <= 10
        or stated.text[stated.stop : stated.stop + 1] in _RECENT_AFTER
    )


def _is_vague(text: str, begin: int) -> bool:
    """数百, 几十: a power of ten that a word before it multiplies."""
    return (
        text[begin] in numerals.POWERS
        and text[begin - 1 : begin] in ("几", "数")
        and (begin < 2 or text[begin - 2] not in _COUNTED_SO_FAR)
    )


def _qualifier_after(stated: Stated) -> None:
    suffix = qualifiers.after(stated.text, stated.stop)
    if not suffix:
        return
    if suffix.word == "起" and not (
        stated.kind == "money" and stated.text[suffix.at : suffix.at + 1] in tuple("，。、；）")
    ):
        return
    if suffix.word in ("许", "前后") and stated.kind not in ("measure", "duration"):
        return
    stated.stop = suffix.at
    if not stated.infix:
        stated.qualifier = suffix.name


# ---------------------------------------------------------------- ranges


def _range(stated: Stated) -> Token | None:
    """3至5个, 14岁至39岁, 3000~5000: one mention with its low and high."""
    text = stated.text
    joint = _RANGE.match(text, stated.stop)
    if not joint or stated.value is None:
        return None
    upper = _upper_end(text, joint.end())
    if upper is None or upper.value is None or (stated.unit and stated.unit != upper.unit):
        return None
    if not upper.unit and not (joint.group() == "~" or ("~" in joint.group() and upper.scale != ONE)):
        return None
    low = stated.value
    if not stated.unit and stated.scale == ONE and low * upper.scale <= upper.value:
        low *= upper.scale
    if low >= upper.value:
        return None
    return upper._replace(
        begin=stated.begin, value=None, low=low, high=upper.value, qualifier="exact", rule="range"
    )


def _upper_end(text: str, at: int) -> Token | None:
    negative = text[at] == "-"
    at += negative
    if text[at : at + 1] in tuple("0123456789"):
        return quantity(text, at, numerals.read_arabic(text, at), "number", open_end=False)
    run = None if negative else numerals.HAN.match(text, at)
    number = numerals.read_chinese(text, at, run.end()) if run else None
    return quantity(text, at, number, "number words", open_end=False) if number else None
