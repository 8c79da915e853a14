"""Lists: what neighbouring numerals lend each other (1、2、3万元; 第三、四条; 1小时23分; 六、七成)."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers.tokens import ONE, Token
from pipeline.numbers.units import Units

_UNITLESS_RULES = frozenset(
    ("number", "bare year", "number of a case, a figure or a table", "number word", "indefinite 一")
)
_LIST = re.compile(r" ?(?:[、,]|和|及|与|或) ?")
_ORDINAL_JOINT = re.compile(r" ?(?:[、,]|和|及|与|或|至|到|[-—–~]{1,2}) ?")
_LINE_START = re.compile(r"(?:^|[\n。；：])[ （(]*$")
_MINUTES = frozenset("分 秒".split())
_HOURS = frozenset("小时 个小时 分 时 分钟".split())
_DISTRIBUTIVE = re.compile(r"(?:分别|均|各|都|依次)[^，。；、\d]{0,6}$")


def join_lists(units: Units, text: str, found: list[Token]) -> None:
    """Amend tokens by their neighbours, in place."""
    for i in range(1, len(found)):
        left, token = found[i - 1], found[i]
        distance = token.begin - left.stop
        if distance > 3:
            continue
        if left.kind == "ordinal" and left.rule in ("第", "第, goes on"):
            found[i] = _ordinal_after(units, text, left, token) or token
        elif distance == 0 and token.unit in _MINUTES and left.kind == "duration" and left.unit in _HOURS:
            found[i] = token._replace(kind="duration", rule="minutes of a time")
        elif left.qualifier != "exact" and token.qualifier == "exact":
            found[i] = _with_same_qualifier(text, left, token) or token
    for i in range(len(found) - 1, 0, -1):
        left, token = found[i - 1], found[i]
        if token.begin - left.stop <= 3 and left.unit is None:
            _share_unit(units, text, found, i)


def _share_unit(units: Units, text: str, found: list[Token], i: int) -> None:
    """Give the figure before a list's last the unit that stands after that."""
    left, token = found[i - 1], found[i]
    shares = token.unit or token.kind == "date" or (token.kind == "ordinal" and token.unit)
    if not shares or token.rule == "bare year" or left.rule not in _UNITLESS_RULES:
        return
    if not _LIST.fullmatch(text, left.stop, token.begin):
        return
    if left.rule in ("number word", "indefinite 一"):
        pair = _adjacent_numbers(units, text, left, token)
        if pair:
            found[i - 1 : i + 1] = [pair]
            return
        if text[token.begin].isascii() or left.rule == "indefinite 一":
            return
    if token.kind != "ordinal" and _is_line_number(text, left, token):
        found[i - 1] = left._replace(kind="ordinal", rule="number of a list")
    elif token.kind == "ordinal":
        found[i - 1] = left._replace(kind="ordinal", unit=token.unit, rule="list, last has the unit")
    else:
        found[i - 1] = left.sharing(token)


def _is_line_number(text: str, left: Token, token: Token) -> bool:
    """1、3所学校 at a line's start: the first is the number of the line."""
    if text[left.stop] != "、" or token.value == (left.value or 0) + 1:
        return False
    return _LINE_START.search(text, max(0, left.begin - 4), left.begin) is not None


def _adjacent_numbers(units: Units, text: str, left: Token, token: Token) -> Token | None:
    """六、七成 is 60 to 70, 三、四年 three to four years."""
    low, high = left.value, token.value
    tenths = token.unit == "%"
    if not tenths and token.unit not in units.marked("neighbours"):
        return None
    if low is None or high is None or text[left.stop] != "、":
        return None
    if token.begin - left.stop != 1 or left.stop - left.begin != 1:
        return None
    step = Decimal(10) if tenths else ONE
    low *= step
    if high - low != step or not token.statistical:
        return None
    return token._replace(begin=left.begin, value=None, low=low, high=high, rule="neighbours in a list")


def _ordinal_after(units: Units, text: str, left: Token, token: Token) -> Token | None:
    """第三、四、五条, 第1-3名, 第十至十二条: all of them are ordinals."""
    unit = token.unit
    if token.kind not in ("count", "other", "measure", "duration", "ordinal", "date") or token.value is None:
        return None
    ranked = unit in units.marked("ranked") and left.unit is None
    if unit is not None and unit != left.unit and not ranked:
        return None
    if left.value is None or token.value <= left.value or token.qualifier != "exact":
        return None
    if not _ORDINAL_JOINT.fullmatch(text, left.stop, token.begin):
        return None
    if token.rule == "word" or (unit is None and left.unit is not None and text[left.stop] in "，,"):
        return None
    return token._replace(kind="ordinal", rule="第, goes on")


def _with_same_qualifier(text: str, left: Token, token: Token) -> Token | None:
    """分别约3万元和5万元: both are about."""
    if left.kind != token.kind or left.unit != token.unit or token.value is None or token.place is None:
        return None
    if left.low is not None and left.high is not None and left.qualifier == "over":
        return None  # 余 within the number belongs to that number
    if not _LIST.fullmatch(text, left.stop, token.begin):
        return None
    if not _DISTRIBUTIVE.search(text, max(0, left.begin - 12), left.begin):
        return None
    return token.qualified(left.qualifier)
