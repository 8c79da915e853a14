"""What stands after a number and belongs to it: its unit, and what adds to it (半, 三毛, 1米85, 多)."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.stated import Stated
from pipeline.numbers.tokens import ONE
from pipeline.numbers.units import CURRENCY_SIGNS, UNITS, match_unit

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
_DECIMALS = re.compile(
    r"(\d{1,3}(?![\d.,:/%~—-])|(?<=块)[一二三四五六七八九](?![二三四五六七八九十百千万个块元角毛])"
    r"|(?<=米)[一二三四五六七八九][零一二三四五六七八九]?(?![一二三四五六七八九十百千万个米]))"
)
_SPELLS = frozenset("小时 月 钟头 世纪 星期 多小时".split())
_SPLIT_UNITS = frozenset("米 块 秒".split())
"""1米85, 9秒58, 3块5: what follows the unit are its decimals."""
_NO_MORE = frozenset("云种次样方项数元重边民党部地少年余")
_NOT_HALF = frozenset("年天个月数径")
_HALF = Decimal("0.5")


def read_unit(stated: Stated) -> None:
    """Take the unit that stands after the number, with its gloss or denominator."""
    text, at = stated.text, stated.stop
    if text[at : at + 1] == " ":
        at += 1
    unit = match_unit(text, at)
    if unit is None:
        return _unitless(stated)
    stop = at + len(unit)
    if unit in ("成", "折"):
        return _tenths(stated, unit, stop)
    stated.kind = UNITS[unit].kind
    following = text[stop : stop + 1]
    if following == "/":
        under = match_unit(text, stop + 1)
        if under:
            stop += 1 + len(under)
            unit, stated.kind = text[at:stop], "money" if stated.kind == "money" else "measure"
    elif following in ("（", "("):
        gloss = _GLOSS.match(text, stop)
        if gloss and all(item in UNITS for item in re.split("[、，/]", gloss[1])):
            stop = gloss.end()
            unit = text[at:stop]
    if unit.startswith("个多"):
        stated.qualifier, stated.infix = "over", True
        stated.unit, stated.stop = "个" + unit[2:], stop
        return None
    stated.unit, stated.unit_at, stated.stop = unit, (at, stop), stop
    return None


def _unitless(stated: Stated) -> None:
    """A currency sign before the number, a rate per many, a dozen, a power in letters."""
    text, at = stated.text, stated.stop
    sign = CURRENCY_SIGNS.search(text, max(0, stated.begin - 4), stated.begin) if stated.begin else None
    if sign:
        stated.unit, stated.unit_at, stated.kind = sign[1], sign.span(1), "money"
    following = text[at : at + 2].lstrip()[:1]
    if following == "/" and (m := _PER_MANY.match(text, at)):
        stated.unit, stated.unit_at, stated.kind, stated.stop = m.group(), m.span(), "measure", m.end()
    elif following == "打" and (m := _DOZEN.match(text, at)):
        stated.scaled(Decimal(12))
        stated.stop, stated.multiplied = m.end(), True
    elif following in ("k", "K", "M"):
        read_letter_power(stated)
        if text.startswith("个百分点", stated.stop):
            read_unit(stated)
    elif following == "^" and (m := _POWER_OF.match(text, at)) and stated.value:
        stated.value = stated.value ** (int(m[2]) * (-1) ** m[1].count("-"))
        stated.stop = m.end()


def read_letter_power(stated: Stated) -> None:
    """Take a k or M after the number."""
    m = _LETTER_POWER.match(stated.text, stated.stop)
    if m and (stated.value not in _RESOLUTIONS or stated.kind == "percent"):
        stated.scaled(ONE.scaleb(3 if m[1] else 6))
        stated.stop, stated.multiplied = m.end(), True


def _tenths(stated: Stated, unit: str, stop: int) -> None:
    """七成 is 70 per cent, 六成半 65; 八折 is 80, 九九折 and 9.9折 are 99."""
    text = stated.text
    if unit == "成" or (stated.value is not None and stated.value <= 10):
        stated.scaled(ONE.scaleb(2 if unit == "折" and stated.value == _HALF else 1))
    stated.kind, stated.unit, stated.unit_at, stated.stop = "percent", "%", (stop - 1, stop), stop
    digit = _TENTH.match(text, stop) if unit == "成" else None
    if digit and stated.value is not None:
        stated.value += numerals.DIGITS[digit[1]]
        stated.stop, stated.place, stated.step = digit.end(), ONE, ONE


def read_additions(stated: Stated) -> None:
    """What adds to a quantity after its unit: 三年半, 六成半, 五元三毛, 1米85, 3年多."""
    text, stop = stated.text, stated.stop
    following = text[stop : stop + 1]
    assert stated.value is not None
    if following == "半" and stated.unit == "个" and (spell := match_unit(text, stop + 1)) in _SPELLS:
        stated.value += _HALF
        stated.place = stated.step = _HALF
        stated.kind, stated.unit, stated.stop = "duration", f"个{spell}", stop + 1 + len(spell or "")
        stated.unit_at = None
    elif following == "半" and stated.unit_at and text[stop + 1 : stop + 2] not in _NOT_HALF:
        tenths = stated.kind == "percent"
        stated.value += 5 if tenths else _HALF * stated.scale
        stated.place = stated.step = Decimal(5) if tenths else _HALF
        stated.stop = stop + 1
    elif following == "多" and stated.kind != "count" and text[stop + 1 : stop + 2] not in _NO_MORE:
        stated.qualifier, stated.infix, stated.stop = "over", True, stop + 1
    elif stated.kind == "money" and (coins := _COINS.match(text, stop)):
        only_tenths = coins["tenth"] and not coins["hundredth"]
        stated.place = stated.step = ONE.scaleb(-1 if only_tenths else -2)
        printed = "".join(_digit(part) for part in coins.groups() if part)
        stated.value += Decimal(printed) * stated.place
        stated.stop = coins.end()
    elif stated.unit in _SPLIT_UNITS and stated.place == ONE:
        _split_decimals(stated)


def _split_decimals(stated: Stated) -> None:
    m = _DECIMALS.match(stated.text, stated.stop)
    if m and stated.value is not None and (match_unit(stated.text, m.end()) is None or not m[1].isascii()):
        stated.value += Decimal("0." + "".join(map(_digit, m[1])))
        stated.place = stated.step = ONE.scaleb(-len(m[1]))
        stated.stop = m.end()


def _digit(printed: str) -> str:
    return str(numerals.DIGITS.get(printed, printed))
