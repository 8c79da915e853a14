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
from pipeline.units import UNITS, match_unit

_GLOSS = re.compile(r"[（(]((?:[^（）()\d]{1,2}[、，/]?){1,5})[）)](?:次|套)?")
_RANGE = re.compile(r" ?(?:[-—–~]{1,2}|至|到) ?(?=[\d一二三四五六七八九十百千两])")
_RANGE_SIGNS = frozenset(" -—–~至到")
_COINS = re.compile(
    r"又?(?:(?P<tenth>\d|[一二三四五六七八九])[角毛](?:(?P<hundredth>\d|[一二三四五六七八九])分)?"
    r"|(?P<cents>\d{1,2}|[一二三四五六七八九])(?:美分|分钱|分(?![之钟别])|日?本?銭|钱))"
)
_CURRENCIES = {"￥": "元", "¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_DOZEN = re.compile(r" ?打(?![击造开响通破法算工架赢好下])")
_LETTER_POWER = re.compile(r" ?([kKM])(?![A-Za-z\d²³/\u4e00-\u9fff]|个百)|([kK])(?=个百分点)")
_POWER_OF = re.compile(r"\^([+-]{0,2})(\d{1,2})(?!\d)")
_TENTH_DIGIT = re.compile(r" ?([一二三四五六七八九])(?![一二三四五六七八九十百千万亿年月日个名])")
_NO_MORE = frozenset("云种次样方项数元重边民党部地少年余")
_NO_NEGATIVE = frozenset("胜抱肩担辜欺平")
_HALF = Decimal("0.5")


class _Draft:
    """A quantity while it is being read; every step moves `stop` over what it took."""

    __slots__ = ("begin", "high", "infix", "kind", "low", "name", "number", "place", "scale", "step", "stop", "text", "unit", "unit_at", "value")

    def __init__(self, text: str, begin: int, number: Number) -> None:
        self.text, self.begin, self.number = text, begin, number
        self.stop, self.value, self.low, self.high, self.place, self.step, self.scale, infix, _ = number
        self.name, self.infix = ("over", True) if infix else ("exact", False)
        self.kind, self.unit = "count", None
        self.unit_at: tuple[int, int] | None = None

    def scaled(self, factor: Decimal) -> None:
        self.value, self.low, self.high = (x if x is None else x * factor for x in (self.value, self.low, self.high))
        self.place, self.step = self.place * factor, self.step * factor

    def token(self, rule: str) -> Token:
        low, high = self.low, self.high
        if self.value is not None:
            low, high = qualifiers.interval(self.name, self.value, self.step, self.infix)
        return Token(
            self.begin, self.stop, self.kind, self.value, low, high, self.unit, self.unit_at, self.name, self.place, self.scale, rule
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


def percentage(text: str, begin: int, number: Number, rule: str) -> Token:
    """百分之五: the number is already a percentage, and no unit follows."""
    draft = _Draft(text, begin, number)
    draft.kind, draft.unit = "percent", "%"
    _qualifier_before(draft, begin)
    _qualifier_after(draft)
    return draft.token(rule)


def fraction(text: str, begin: int, number: Number, rule: str) -> Token:
    """三分之二, 3/5: a pure number."""
    draft = _Draft(text, begin, number)
    draft.kind = "measure"
    _qualifier_before(draft, begin)
    return draft.token(rule)


# ---------------------------------------------------------------- left of the number


def _sign(draft: _Draft) -> int:
    """Apply a sign that stands before the number; where to look for a qualifier."""
    text, begin = draft.text, draft.begin
    at = begin
    before = text[begin - 1 : begin]
    if before in ("-", "−"):
        left = text[begin - 2 : begin - 1] if begin > 1 else ""
        if not left or not (left.isalnum() or left in ")）") or "\u4e00" <= left <= "\u9fff":
            at = begin - 1
    elif before == "负" and text[begin - 2 : begin - 1] not in _NO_NEGATIVE:
        at = begin - 1
    elif text[max(0, begin - 2) : begin] == "零下":
        draft.scaled(Decimal(-1))
        return begin - 2
    if at == begin:
        return begin
    draft.scaled(Decimal(-1))
    draft.step, draft.place = abs(draft.step), abs(draft.place)
    draft.begin = at
    return at


def _qualifier_before(draft: _Draft, at: int) -> None:
    word = qualifiers.before(draft.text, at)
    if not word or draft.infix:
        return
    number, text = draft.number, draft.text
    if word.word == "近" and draft.kind == "duration" and _is_recent(draft):
        return
    if word.word == "过" and not (number.multiplied or draft.kind == "percent"):
        return
    if word.word == "上" and not (number.multiplied and text[draft.begin] in "百千万亿"):
        return
    draft.name = word.name


def _is_recent(draft: _Draft) -> bool:
    """近3年 is the last three years; 近30年 is almost thirty."""
    return draft.value is None or draft.value <= 10 or draft.text[draft.stop : draft.stop + 1] in ("来", "间", "内")


def _is_vague(text: str, begin: int) -> bool:
    """数百, 几十: a power of ten that a word before it multiplies."""
    return (
        text[begin] in "十百千万亿"
        and text[begin - 1 : begin] in ("几", "数")
        and text[begin - 2 : begin - 1] not in tuple("人总户次件指分少多倍系参负正整岁年基个家十百零")
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
        unit = "个" + unit[2:]
        draft.unit, draft.stop = unit, stop
        return None
    draft.unit, draft.unit_at, draft.stop = unit, (at, stop), stop
    return None


def _unitless(draft: _Draft) -> None:
    """A currency sign before the number, a dozen, a power in letters."""
    text, at = draft.text, draft.stop
    sign = _CURRENCIES.get(text[draft.begin - 1 : draft.begin]) if draft.begin else None
    if sign:
        draft.unit, draft.kind = sign, "money"
    elif (m := _DOZEN.match(text, at)) is not None:
        draft.scaled(Decimal(12))
        draft.stop = m.end()
    elif (m := _LETTER_POWER.match(text, at)) is not None:
        draft.scaled(Decimal(1000 if "M" not in m.group() else 1000000))
        draft.stop = m.end()
        if draft.text.startswith("个百分点", draft.stop):
            _unit(draft)
    elif (m := _POWER_OF.match(text, at)) is not None and draft.value:
        exponent = int(m[2]) * (-1) ** m[1].count("-")
        draft.value = draft.value**exponent
        draft.stop = m.end()


def _tenths(draft: _Draft, unit: str, stop: int) -> None:
    """七成 is 70 per cent, 六成半 65; 八折 is 80, 九九折 and 9.9折 are 99."""
    text = draft.text
    if unit == "成" or (draft.value is not None and draft.value <= 10):
        draft.scaled(Decimal(10) if draft.value != _HALF or unit == "成" else Decimal(100))
    draft.kind, draft.unit, draft.unit_at, draft.stop = "percent", "%", (stop - 1, stop), stop
    if unit == "成" and draft.value is not None:
        half = text[stop : stop + 1] == "半"
        digit = _TENTH_DIGIT.match(text, stop)
        if half or digit:
            draft.value += 5 if half else numerals.DIGITS[digit[1]]  # type: ignore[index]
            draft.stop = stop + 1 if half else digit.end()  # type: ignore[union-attr]
            draft.place = draft.step = Decimal(5) if half else ONE


def _additions(draft: _Draft) -> None:
    """What adds to a quantity after its unit: 三年半, 五元三毛, 3年多."""
    text, stop = draft.text, draft.stop
    following = text[stop : stop + 1]
    assert draft.value is not None
    if following == "半" and draft.unit_at and text[stop + 1 : stop + 2] not in tuple("年天个月数径"):
        draft.value += _HALF * draft.scale
        draft.place = draft.step = _HALF
        draft.stop = stop + 1
    elif following == "多" and draft.kind in ("duration", "measure") and text[stop + 1 : stop + 2] not in _NO_MORE:
        draft.name, draft.infix, draft.stop = "over", True, stop + 1
    elif draft.kind == "money":
        coins = _COINS.match(text, stop)
        if coins:
            tenth, hundredth, cents = (_digit(coins[part]) for part in ("tenth", "hundredth", "cents"))
            draft.value += tenth.scaleb(-1) + hundredth.scaleb(-2) + cents.scaleb(-2)
            draft.place = Decimal("0.1") if tenth and not hundredth else Decimal("0.01")
            draft.stop = coins.end()


def _digit(printed: str | None) -> Decimal:
    return Decimal(printed if printed.isdigit() and printed.isascii() else numerals.DIGITS[printed]) if printed else Decimal(0)


def _qualifier_after(draft: _Draft) -> None:
    suffix = qualifiers.after(draft.text, draft.stop)
    if not suffix:
        return
    if suffix.word == "起" and not (draft.kind == "money" and draft.text[suffix.at : suffix.at + 1] in tuple("，。、；）")):
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
    if not upper.unit and not (upper.multiplied and "~" in joint.group()) and not (len(joint.group().strip()) == 1 and joint.group() in "~"):
        return None
    low = draft.value
    if not draft.unit and not draft.number.multiplied and upper.multiplied and low * upper.scale <= upper.value:
        low *= upper.scale
    if low >= upper.value:
        return None
    return upper._replace(begin=draft.begin, value=None, low=low, high=upper.value, qualifier="exact", rule="range")


def _upper_end(text: str, at: int) -> Token | None:
    if text[at] in "0123456789":
        return quantity(text, at, numerals.read_arabic(text, at), "number", open_end=False)
    run = numerals.RUN.match(text, at)
    number = numerals.read_chinese(text, at, run.end()) if run else None
    return quantity(text, at, number, "number words", open_end=False) if number else None
