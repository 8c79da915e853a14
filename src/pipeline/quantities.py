"""Quantities: a number with its qualifier, its unit and its kind.

Called by the grammar once the number itself is read. It looks left for a qualifier
and a sign, and right for a unit, a range's other end, 半, 多 and 以上.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline import numerals, qualifiers
from pipeline.numerals import Number
from pipeline.tokens import ONE, Token
from pipeline.units import CURRENCY_SIGNS, UNITS, match_unit

_INFIXES = {
    "": ("exact", False),
    "余": ("over", True),
    "多": ("over", True),
    "几": ("over", True),
    "来": ("about", True),
}

_GLOSS = re.compile(r"[（(]((?:[^（）()\d]{1,2}[、，/]?){1,5})[）)](?:次|套)?")
_PER_MANY = re.compile(r"/(?:\d{0,3}[万千百]|1?0{2,6}(?!\d))人?")
_DOZEN = re.compile(r" ?打(?![击造开响通破法算工架赢好下仗])")
_LETTER_POWER = re.compile(r" ?(?:([kK])(?=个百分点|[^\w²³/]|$)|(M)(?=[^\w²³/]|$))", re.ASCII)
_RESOLUTIONS = frozenset(map(Decimal, (2, 4, 5, 8, 16)))
"""4K and 8K are pictures, 40k is a number."""
_POWER_OF = re.compile(r"\^([+-]{0,2})(\d{1,2})(?!\d)")

_TENTH = re.compile(r" ?([一二三四五六七八九])(?![一二三四五六七八九十百千万亿年月日个名])")
_COINS = re.compile(
    r"又?(?:(?P<tenth>\d|[一二三四五六七八九])[角毛](?:(?P<hundredth>\d|[一二三四五六七八九])分)?"
    r"|(?P<cents>\d{1,2}|[一二三四五六七八九])(?:美分|分钱|分(?![之钟别])|钱))"
)
_DECIMALS = re.compile(r"(\d{1,2})(?![\d.,:/%~—-])")
_SPLIT_UNITS = frozenset("米 块 秒".split())
"""1米85, 9秒58, 3块5: what follows the unit are its decimals."""
_NO_MORE = frozenset("云种次样方项数元重边民党部地少年余")
_NOT_HALF = frozenset("年天个月数径")

_RANGE = re.compile(r" ?(?:[-—–~]{1,2}|至|到) ?(?=[\d一二三四五六七八九十百千两-])")
_RANGE_SIGNS = frozenset(" -—–~至到")
_NO_NEGATIVE = frozenset("胜抱肩担辜欺平身肩")
_RECENT_AFTER = frozenset("来间内中")
_COUNTED_SO_FAR = frozenset("人总户次件指分少多倍系参负正整岁年基个家十百零")
"""人数, 总数 …: 数 after them is no 数百."""
_HALF = Decimal("0.5")


class _Draft:
    """A quantity while it is being read; every step moves `stop` over what it took."""

    __slots__ = (
        "begin", "high", "infix", "kind", "low", "multiplied", "name", "place", "scale", "step",
        "stop", "text", "unit", "unit_at", "value",
    )  # fmt: skip

    def __init__(self, text: str, begin: int, number: Number) -> None:
        self.text, self.begin = text, begin
        (
            self.stop,
            self.value,
            self.low,
            self.high,
            self.place,
            self.step,
            self.scale,
            infix,
            self.multiplied,
        ) = number
        self.name, self.infix = _INFIXES[infix]
        self.kind = "count"
        self.unit: str | None = None
        self.unit_at: tuple[int, int] | None = None

    def scaled(self, factor: Decimal) -> None:
        self.value, self.low, self.high = (
            x if x is None else x * factor for x in (self.value, self.low, self.high)
        )
        self.place, self.step = self.place * abs(factor), self.step * abs(factor)

    def token(self, rule: str) -> Token:
        low, high = self.low, self.high
        if self.value is not None:
            low, high = qualifiers.interval(self.name, self.value, self.step, self.infix)
        return Token(
            self.begin, self.stop, self.kind, self.value, low, high, self.unit, self.unit_at, self.name, self.place,
            self.scale, rule,
        )  # fmt: skip


def quantity(text: str, begin: int, number: Number, rule: str, *, open_end: bool = True) -> Token:
    """Read what stands around a number into a quantity.

    open_end: whether the number may be the first end of a range.
    """
    draft = _Draft(text, begin, number)
    left = _sign(draft)
    _unit(draft)
    _qualifier_before(draft, left)
    if open_end and text[draft.stop : draft.stop + 1] in _RANGE_SIGNS:
        whole = _range(draft)
        if whole:
            return whole
    if draft.value is not None:
        _additions(draft)
    _qualifier_after(draft)
    if draft.value is not None and _is_vague(text, begin):
        draft.low, draft.high, draft.value, draft.name = draft.value * 2, draft.value * 10, None, "about"
        return draft.token("vague number")
    return draft.token(rule)


def proportion(text: str, begin: int, number: Number, rule: str, *, percent: bool) -> Token:
    """百分之五 is a percentage, 三分之二 and 3/5 are pure numbers; no unit follows them."""
    draft = _Draft(text, begin, number)
    draft.kind, draft.unit = ("percent", "%") if percent else ("measure", None)
    if percent:
        _letter_power(draft)
    _qualifier_before(draft, _sign(draft))
    _qualifier_after(draft)
    return draft.token(rule)


# ---------------------------------------------------------------- left of the number


def _sign(draft: _Draft) -> int:
    """Apply a sign that stands before the number; where to look for a qualifier."""
    text, at = draft.text, draft.begin
    sign = text[at - 1 : at]
    if sign == "-":
        left = text[at - 2 : at - 1] if at > 1 else ""
        if left == "-" or (left.isascii() and left.isalnum()) or left in tuple(')）"”》'):
            return at
    elif sign in ("负", "負"):
        if text[at - 2 : at - 1] in _NO_NEGATIVE:
            return at
    elif sign == "下" and text[at - 2 : at] == "零下":
        draft.scaled(-ONE)
        return at - 2
    else:
        return at
    draft.scaled(-ONE)
    draft.begin = at - 1
    return at - 1


def _qualifier_before(draft: _Draft, at: int) -> None:
    found = qualifiers.before(draft.text, at)
    if not found or draft.infix:
        return
    if found.word == "近" and draft.kind == "duration" and _is_recent(draft):
        return
    if found.word == "过" and not (draft.multiplied or draft.kind == "percent"):
        return
    if found.word == "上" and not (draft.multiplied and draft.text[draft.begin] in "百千万亿"):
        return
    draft.name = found.name


def _is_recent(draft: _Draft) -> bool:
    """近3年 is the last three years; 近30年 is almost thirty."""
    return (
        draft.value is None or draft.value <= 10 or draft.text[draft.stop : draft.stop + 1] in _RECENT_AFTER
    )


def _is_vague(text: str, begin: int) -> bool:
    """数百, 几十: a power of ten that a word before it multiplies."""
    return (
        text[begin] in numerals.POWERS
        and text[begin - 1 : begin] in ("几", "数")
        and (begin < 2 or text[begin - 2] not in _COUNTED_SO_FAR)
    )


# ---------------------------------------------------------------- right of the number


def _unit(draft: _Draft) -> None:
    text, at = draft.text, draft.stop
    if text[at : at + 1] == " ":
        at += 1
    unit = match_unit(text, at)
    if unit is None:
        return _unitless(draft)
    stop = at + len(unit)
    if unit in ("成", "折"):
        return _tenths(draft, unit, stop)
    draft.kind = UNITS[unit].kind
    following = text[stop : stop + 1]
    if following == "/":
        under = match_unit(text, stop + 1)
        if under:
            stop += 1 + len(under)
            unit, draft.kind = text[at:stop], "money" if draft.kind == "money" else "measure"
    elif following in ("（", "("):
        gloss = _GLOSS.match(text, stop)
        if gloss and all(item in UNITS for item in re.split("[、，/]", gloss[1])):
            stop = gloss.end()
            unit = text[at:stop]
    if unit.startswith("个多"):
        draft.name, draft.infix = "over", True
        draft.unit, draft.stop = "个" + unit[2:], stop
        return None
    draft.unit, draft.unit_at, draft.stop = unit, (at, stop), stop
    return None


def _unitless(draft: _Draft) -> None:
    """A currency sign before the number, a rate per many, a dozen, a power in letters."""
    text, at = draft.text, draft.stop
    sign = CURRENCY_SIGNS.search(text, max(0, draft.begin - 4), draft.begin) if draft.begin else None
    if sign:
        draft.unit, draft.kind = sign[1], "money"
    following = text[at : at + 2].lstrip()[:1]
    if following == "/" and (m := _PER_MANY.match(text, at)):
        draft.unit, draft.unit_at, draft.kind, draft.stop = m.group(), m.span(), "measure", m.end()
    elif following == "打" and (m := _DOZEN.match(text, at)):
        draft.scaled(Decimal(12))
        draft.stop, draft.multiplied = m.end(), True
    elif following in ("k", "K", "M"):
        _letter_power(draft)
        if text.startswith("个百分点", draft.stop):
            _unit(draft)
    elif following == "^" and (m := _POWER_OF.match(text, at)) and draft.value:
        draft.value = draft.value ** (int(m[2]) * (-1) ** m[1].count("-"))
        draft.stop = m.end()


def _letter_power(draft: _Draft) -> None:
    m = _LETTER_POWER.match(draft.text, draft.stop)
    if m and (draft.value not in _RESOLUTIONS or draft.kind == "percent"):
        draft.scaled(Decimal(1000 if m[1] else 1000000))
        draft.stop, draft.multiplied = m.end(), True


def _tenths(draft: _Draft, unit: str, stop: int) -> None:
    """七成 is 70 per cent, 六成半 65; 八折 is 80, 九九折 and 9.9折 are 99."""
    text = draft.text
    if unit == "成" or (draft.value is not None and draft.value <= 10):
        draft.scaled(Decimal(100 if unit == "折" and draft.value == _HALF else 10))
    draft.kind, draft.unit, draft.unit_at, draft.stop = "percent", "%", (stop - 1, stop), stop
    digit = _TENTH.match(text, stop) if unit == "成" else None
    if digit and draft.value is not None:
        draft.value += numerals.DIGITS[digit[1]]
        draft.stop, draft.place, draft.step = digit.end(), ONE, ONE


def _additions(draft: _Draft) -> None:
    """What adds to a quantity after its unit: 三年半, 六成半, 五元三毛, 1米85, 3年多."""
    text, stop = draft.text, draft.stop
    following = text[stop : stop + 1]
    assert draft.value is not None
    if following == "半" and draft.unit_at and text[stop + 1 : stop + 2] not in _NOT_HALF:
        tenths = draft.kind == "percent"
        draft.value += 5 if tenths else _HALF * draft.scale
        draft.place = draft.step = Decimal(5) if tenths else _HALF
        draft.stop = stop + 1
    elif following == "多" and draft.kind != "count" and text[stop + 1 : stop + 2] not in _NO_MORE:
        draft.name, draft.infix, draft.stop = "over", True, stop + 1
    elif draft.kind == "money" and (coins := _COINS.match(text, stop)):
        tenth, hundredth, cents = (_digit(coins[part]) for part in ("tenth", "hundredth", "cents"))
        draft.value += tenth.scaleb(-1) + hundredth.scaleb(-2) + cents.scaleb(-2)
        draft.place = Decimal("0.1") if tenth and not hundredth else Decimal("0.01")
        draft.stop = coins.end()
    elif draft.unit in _SPLIT_UNITS and draft.place == ONE and (m := _DECIMALS.match(text, stop)):
        if match_unit(text, m.end()) is None:
            draft.value += Decimal(f"0.{m[1]}")
            draft.place = draft.step = Decimal(1).scaleb(-len(m[1]))
            draft.stop = m.end()


def _digit(printed: str | None) -> Decimal:
    if not printed:
        return Decimal(0)
    return Decimal(numerals.DIGITS.get(printed, printed))


def _qualifier_after(draft: _Draft) -> None:
    suffix = qualifiers.after(draft.text, draft.stop)
    if not suffix:
        return
    if suffix.word == "起" and not (
        draft.kind == "money" and draft.text[suffix.at : suffix.at + 1] in tuple("，。、；）")
    ):
        return
    if suffix.word in ("许", "前后") and draft.kind not in ("measure", "duration"):
        return
    draft.stop = suffix.at
    if not draft.infix:
        draft.name = suffix.name


# ---------------------------------------------------------------- ranges


def _range(draft: _Draft) -> Token | None:
    """3至5个, 14岁至39岁, 3000~5000: one mention with its low and high."""
    text = draft.text
    joint = _RANGE.match(text, draft.stop)
    if not joint or draft.value is None:
        return None
    upper = _upper_end(text, joint.end())
    if upper is None or upper.value is None or (draft.unit and draft.unit != upper.unit):
        return None
    if not upper.unit and not (joint.group() == "~" or ("~" in joint.group() and upper.scale != ONE)):
        return None
    low = draft.value
    if not draft.unit and draft.scale == ONE and low * upper.scale <= upper.value:
        low *= upper.scale
    if low >= upper.value:
        return None
    return upper._replace(
        begin=draft.begin, value=None, low=low, high=upper.value, qualifier="exact", rule="range"
    )


def _upper_end(text: str, at: int) -> Token | None:
    negative = text[at] == "-"
    at += negative
    if text[at : at + 1] in tuple("0123456789"):
        return quantity(text, at, numerals.read_arabic(text, at), "number", open_end=False)
    run = None if negative else numerals.HAN.match(text, at)
    number = numerals.read_chinese(text, at, run.end()) if run else None
    return quantity(text, at, number, "number words", open_end=False) if number else None
