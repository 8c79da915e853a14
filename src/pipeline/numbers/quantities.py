"""Quantities: a number with its qualifier, its unit and its kind.

Called once the number itself is read. It looks left for a qualifier and a sign, and right for
a unit, 半, 多 and 以上; `ranges` looks for another end.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.decimals import LARGEST
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.stated import Stated
from pipeline.numbers.suffixes import read_additions, read_letter_power, read_unit
from pipeline.numbers.tokens import ONE, Token, token

_NO_NEGATIVE = frozenset("胜抱肩担辜欺平身减減自背")
"""减负87元, 自负20%: 负 after them is a burden, no sign."""
_DASHES = frozenset("–—")
_NEGATED = frozenset("% ℃ °C 度 摄氏度 个百分点 百分点".split())
"""Units before which a longer dash is a minus sign."""
_RECENT_AFTER = frozenset("来间内中")
_COUNTED_SO_FAR = frozenset("人总户次件指分少多倍系参负正整岁年基个家十百零")
"""人数, 总数 …: 数 after them is no 数百."""
_INCLUSIVE = re.compile(r"[（(]不?含[^（）()\n]{0,8}[)）](?=及?以[上下内])")
_AWAY = re.compile(
    r"(?P<word>约|大约|近|超过?|逾|不足|不到|达到?约)占[^，。；：、！？\d\n]{1,20}$"
    r"|(?P<verb>(?<![不未])(?:突破|超过|超|接近|不足|不到))[^，。；：、！？\d\n]{2,16}的$"
)
_NOT_MORE = frozenset("额下震生热地款数量党威")
_NOT_WITHIN = frozenset("蒙地部外容陆瓦罗阁江乡")
_ENDED = frozenset("，。；、：）)！？,; \n的")


def quantity(
    g: Grammar, text: str, begin: int, number: Number, rule: str, *, end_of_range: bool = False
) -> Token:
    """Read what stands around a number into a quantity.

    end_of_range: whether it is the second end of a range, so that what stands to its left is not its own.
    """
    stated = Stated(g, text, begin, number)
    read_unit(stated)
    if not end_of_range:
        _qualifier_before(stated, _sign(stated))
    if stated.value is not None:
        read_additions(stated)
    _qualifier_after(stated)
    if stated.value is not None and _is_vague(text, begin):
        stated.low, stated.high = stated.value * 2, stated.value * 10
        stated.value, stated.qualifier, rule = None, "about", "vague number"
    if _is_too_large(stated):
        return token(stated.begin, stated.stop, "other", rule="code of digits")
    return stated.token(rule)


def proportion(
    g: Grammar, text: str, begin: int, number: Number, rule: str, *, percent: bool, end_of_range: bool = False
) -> Token:
    """百分之五 is a percentage, 三分之二 and 3/5 are pure numbers; no unit follows them."""
    stated = Stated(g, text, begin, number)
    stated.kind, stated.unit = ("percent", "%") if percent else ("measure", None)
    if percent:
        read_letter_power(stated)
    if not end_of_range:
        _qualifier_before(stated, _sign(stated))
    _qualifier_after(stated)
    return stated.token(rule)


def _is_too_large(stated: Stated) -> bool:
    most = stated.value if stated.value is not None else stated.high
    return most is not None and abs(most) >= LARGEST


# ---------------------------------------------------------------- left of the number


def _sign(stated: Stated) -> int:
    """Apply a sign that stands before the number; where to look for a qualifier."""
    text, at = stated.text, stated.begin
    sign = text[at - 1 : at] if at else ""
    if sign == "-":
        left = text[at - 2 : at - 1] if at > 1 else ""
        if left == "-" or (left.isascii() and left.isalnum()) or left in tuple(')）"”》%℃'):
            return at
    elif sign in _DASHES and sign:
        left = text[at - 2 : at - 1] if at > 1 else ""
        if stated.unit not in _NEGATED or left in _DASHES or left in tuple(")）”》%℃") or left.isdigit():
            return at
    elif sign in ("负", "負"):
        if text[at - 2 : at - 1] in _NO_NEGATIVE:
            return at
    elif sign == "下" and text[at - 2 : at] == "零下":
        stated.scaled(-ONE)
        return at - 2
    elif sign == "±" and stated.value is not None:
        stated.low, stated.high, stated.value = -stated.value, stated.value, None
        stated.begin = at - 1
        return at - 1
    else:
        return at
    stated.scaled(-ONE)
    stated.begin = at - 1
    return at - 1


def _qualifier_before(stated: Stated, at: int) -> None:
    if stated.infix:
        return
    found = stated.grammar.qualifiers.before(stated.text, at)
    if not found:
        if stated.kind == "percent" and stated.text[at - 1 : at] in ("的", "重", "例"):
            _qualifier_away(stated, at)
        return
    if found.word == "近" and stated.kind == "duration" and _is_recent(stated):
        return
    if found.word == "过" and not (stated.multiplied or stated.kind in ("percent", "money")):
        return
    if found.word == "上" and not (stated.multiplied and stated.text[stated.begin] in "百千万亿"):
        return
    stated.qualifier = found.name


def _qualifier_away(stated: Stated, at: int) -> None:
    """约占党员总数的24.5%."""
    m = _AWAY.search(stated.text, max(0, at - 26), at)
    found = stated.grammar.qualifiers.before(stated.text, m.end(m.lastgroup or "word")) if m else None
    if found:
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


# ---------------------------------------------------------------- right of the unit


def _qualifier_after(stated: Stated) -> None:
    text, at = stated.text, stated.stop
    inclusive = _INCLUSIVE.match(text, at) if text[at : at + 1] in ("（", "(") else None
    found = stated.grammar.qualifiers.after(text, inclusive.end() if inclusive else at)
    if not found or not _means_it(stated, found.word, text[found.at : found.at + 1]):
        return
    stated.stop = found.at
    if not stated.infix:
        stated.qualifier = found.name
        stated.infix = found.word == "余"


def _means_it(stated: Stated, word: str, following: str) -> bool:
    """Whether a short word after a unit is a qualifier: 5元起， but not 5元起步."""
    match word:
        case "起":
            return stated.kind == "money" and following in ("，", "。", "、", "；", "）")
        case "内":
            return stated.kind == "duration" and following not in _NOT_WITHIN
        case "许" | "前后":
            return stated.kind in ("measure", "duration")
        case "余":
            return stated.unit is not None and following not in _NOT_MORE
        case "强" | "弱":
            share = stated.kind == "percent" or (stated.kind == "measure" and stated.unit is None)
            return share and (not following or following in _ENDED)
    return True


def tolerance(g: Grammar, text: str, middle: Token) -> Token | None:
    """36.5±0.3℃: a value with its bounds, the unit after the second number."""
    at = middle.stop + 1
    if middle.unit or middle.value is None or not text[at : at + 1].isdigit():
        return None
    if not text[at].isascii():
        return None
    off = quantity(g, text, at, numerals.read_arabic(text, at), "number", end_of_range=True)
    if off.value is None:
        return None
    low, high = middle.value - off.value, middle.value + off.value
    return off._replace(begin=middle.begin, value=middle.value, low=low, high=high, rule="tolerance")


def half(g: Grammar, text: str, begin: int, stop: int) -> Token:
    """一半, 半数: half of what it is about."""
    return proportion(g, text, begin, numerals.simple(stop, Decimal("0.5")), "half", percent=False)
