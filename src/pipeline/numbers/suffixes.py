"""What stands after a number and belongs to it: its unit, and what adds to it (半, 三毛, 1米85, 多)."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.decimals import power_of
from pipeline.numbers.stated import Stated
from pipeline.numbers.tokens import ONE
from pipeline.numbers.units import CURRENCY_SIGNS

_GLOSS = re.compile(r"[（(]((?:[^（）()\d]{1,2}[、，/]?){1,5})[）)](?:次|套)?")
_MANY = re.compile(r" ?(?:\d{0,3}[百千万亿]{1,2}|1?0{2,8}(?!\d)|1(?!\d))?(?:个)?", re.ASCII)
"""What a denominator may begin with: 人/10万人, 例/千人, 床/1000人."""
_DOZEN = re.compile(r" ?打(?![击造开响通破法算工架赢好下仗])")
_LETTER_POWER = re.compile(r" ?(?:([kK])(?=个百分点|[^\w²³/]|$)|(M)(?=[^\w²³/]|$))", re.ASCII)
_RESOLUTIONS = frozenset(map(Decimal, (2, 4, 5, 8, 16)))
"""4K and 8K are pictures, 40k is a number."""
_POWER_OF = re.compile(r"\^([+-]{0,2})(\d{1,2})(?!\d)")
_HEADED = re.compile(r"[（(]([百千万亿]{0,2})([^（）()\d]{1,8})[）)] ?$")
"""A bracket before a figure that says its unit: 发行总额（亿元）10.00."""

_TENTH = re.compile(r" ?([一二三四五六七八九])(?![一二三四五六七八九十百千万亿年月日个名])")
_COINS = re.compile(
    r"又?(?:(?P<tenth>\d|[一二三四五六七八九])[角毛](?:(?P<hundredth>\d|[一二三四五六七八九])分)?"
    r"|(?P<cents>\d{1,2}|[一二三四五六七八九])(?:美分|分钱|分(?![之钟别])|钱))"
)
_DECIMALS = re.compile(
    r"(\d{1,3}(?![\d.,:/%~—-])|(?<=块)[一二三四五六七八九](?![二三四五六七八九十百千万个块元角毛])"
    r"|(?<=米)[一二三四五六七八九][零一二三四五六七八九]?(?![一二三四五六七八九十百千万个米]))"
)
# 半 after a unit changes the value, and coins and decimals go on from there: steps, so they are code.
_NOT_HALF = frozenset("年天个月数径导挂程自票价成岛决")
_MORE_POINTS = re.compile("个?(多|半)(百分点|千分点|基点)")
_PIECES = re.compile(r"块(?![钱的一二三四五六七八九两半毛左上以多就买卖每不至到,，。、；（）\-—~\d\s]|$)")
_SHARED = re.compile(r"[近逾超约过达仅到]|其中|[有的，、中]$")
_HALF = Decimal("0.5")
_PART_OF_HUNDRED = frozenset(("成", "折"))


def read_unit(stated: Stated) -> None:
    """Take the unit that stands after the number, with its gloss or denominator."""
    text, at, units = stated.text, stated.stop, stated.grammar.units
    if text[at : at + 1] == " ":
        at += 1
    unit = units.match(text, at)
    if unit is None:
        if text.startswith("成为", at) and _is_share(stated):
            return _tenths(stated, "成", at + 1)
        return _unitless(stated)
    stop = at + len(unit)
    following = text[stop : stop + 1]
    if unit in _PART_OF_HUNDRED:
        return _tenths(stated, unit, stop)
    if unit == "旬":
        return _decades(stated, stop)
    if unit == "个" and following in ("多", "半") and (m := _MORE_POINTS.match(text, at)):
        return _points(stated, m)
    stated.kind = units.kind(unit)
    if unit == "块" and _PIECES.match(text, at):
        stated.kind = "count"
    elif following in ("/", "·", "每"):
        stop = _denominators(stated, stop)
        unit = text[at:stop]
    elif following in ("（", "("):
        gloss = _GLOSS.match(text, stop)
        if gloss and all(item in units.known for item in re.split("[、，/]", gloss[1])):
            stop = gloss.end()
            unit = text[at:stop]
    if unit.startswith("个多"):
        stated.qualifier, stated.infix = "over", True
        stated.unit, stated.stop = "个" + unit[2:], stop
        return None
    stated.unit, stated.unit_at, stated.stop = unit, (at, stop), stop
    if unit == "元人民币":  # the same unit as 元, however it is said
        stated.unit, stated.unit_at = "元", (at, at + 1)
    elif stated.kind == "money" and unit == "元":
        _currency_before(stated)
    return None


def _points(stated: Stated, m: re.Match[str]) -> None:
    """个多百分点, 个半百分点."""
    stated.kind, stated.unit, stated.stop = "percent", f"个{m[2]}", m.end()
    if m[1] == "多":
        stated.qualifier, stated.infix = "over", True
    elif stated.value is not None:
        stated.value += _HALF
        stated.place = stated.step = _HALF


def _denominators(stated: Stated, stop: int) -> int:
    """What stands under a unit: 元/人·月, 人/10万人, 立方米每秒. Where it stops."""
    text, units = stated.text, stated.grammar.units
    for _ in range(3):
        sign = text[stop : stop + 1]
        if sign not in ("/", "·", "每") or (sign == "·" and "/" not in text[stated.stop : stop]):
            break
        many = _MANY.match(text, stop + 1) if sign == "/" else None
        at = many.end() if many else stop + 1
        under = units.match(text, at)
        if under is None and many and many.end() > stop + 2:
            under = ""
        if under is None or (sign == "每" and not _goes_per(stated, units.kind(under))):
            break
        stop = at + len(under)
        stated.kind = "money" if stated.kind == "money" else "measure"
    return stop


def _goes_per(stated: Stated, under: str) -> bool:
    """Whether 每 joins two units: 微克每立方米, but not 3吨每户."""
    return stated.kind == "measure" and under in ("measure", "duration")


def _currency_before(stated: Stated) -> None:
    """港币300万元 is in Hong Kong dollars."""
    if not stated.begin:
        return
    sign = CURRENCY_SIGNS.search(stated.text, max(0, stated.begin - 5), stated.begin)
    if sign and sign["sign"] != "人民币":
        stated.unit, stated.unit_at = sign["sign"], sign.span("sign")


def _unitless(stated: Stated) -> None:
    """A currency before the number, a rate per many, a dozen, a power in letters, a unit in a bracket."""
    text, at, begin = stated.text, stated.stop, stated.begin
    sign = CURRENCY_SIGNS.search(text, max(0, begin - 5), begin) if begin else None
    if sign:
        unit, span = sign["sign"], sign.span("sign")
        stated.unit, stated.unit_at, stated.kind = unit, span, "money"
    elif text[begin - 1 : begin] in (")", "）", " ") and begin:
        _headed(stated)
    following = text[at : at + 2].lstrip()[:1]
    if following == "/" and (m := _MANY.match(text, at + 1)) and m.end() > at + 2:
        unit_stop = m.end() + (text[m.end() : m.end() + 1] == "人")
        stated.unit, stated.unit_at = text[at:unit_stop], (at, unit_stop)
        stated.kind, stated.stop = "measure", unit_stop
    elif following == "打" and (m := _DOZEN.match(text, at)):
        stated.scaled(Decimal(12))
        stated.stop, stated.multiplied = m.end(), True
    elif following in ("k", "K", "M"):
        read_letter_power(stated)
        if text.startswith("个百分点", stated.stop):
            read_unit(stated)
    elif following == "^" and (m := _POWER_OF.match(text, at)) and stated.value:
        stated.value = power_of(stated.value, int(m[2]) * (-1) ** m[1].count("-"))
        stated.stop = m.end()


def _headed(stated: Stated) -> None:
    """A figure whose unit stands in a bracket before it: 发行总额（亿元）10.00."""
    m = _HEADED.search(stated.text, max(0, stated.begin - 14), stated.begin)
    known = stated.grammar.units.known.get(m[2]) if m else None
    if m is None or known is None or known.kind == "count" or stated.value is None:
        return
    power = sum(numerals.POWERS[c] for c in m[1])
    stated.scaled(ONE.scaleb(power))
    stated.scale *= ONE.scaleb(power)
    stated.kind, stated.unit, stated.unit_at = known.kind, m[2], m.span(2)


def read_letter_power(stated: Stated) -> None:
    """Take a k or M after the number."""
    m = _LETTER_POWER.match(stated.text, stated.stop)
    if m and (stated.value not in _RESOLUTIONS or stated.kind == "percent"):
        stated.scaled(ONE.scaleb(3 if m[1] else 6))
        stated.stop, stated.multiplied = m.end(), True


def _tenths(stated: Stated, unit: str, stop: int) -> None:
    """七成 is 70 per cent, 六成半 65; 八折 is 80, 九九折 and 9.9折 are 99."""
    text = stated.text
    top = stated.value if stated.value is not None else stated.high
    if unit == "成" or (top is not None and top <= 10):
        stated.scaled(ONE.scaleb(2 if unit == "折" and stated.value == _HALF else 1))
    stated.kind, stated.unit, stated.unit_at, stated.stop = "percent", "%", (stop - 1, stop), stop
    digit = _TENTH.match(text, stop) if unit == "成" else None
    if digit and stated.value is not None:
        stated.value += numerals.DIGITS[digit[1]]
        stated.stop, stated.place, stated.step = digit.end(), ONE, ONE


def _is_share(stated: Stated) -> bool:
    """Whether 成 before 为 is a tenth: 其中七成为外地游客."""
    text, begin = stated.text, stated.begin
    return (
        text[begin] in "一二三四五六七八九两"
        and stated.stop - begin == 1
        and _SHARED.search(text, max(0, begin - 4), begin) is not None
    )


def _decades(stated: Stated, stop: int) -> None:
    """八旬 is eighty years of age."""
    stated.scaled(Decimal(10))
    stated.kind, stated.unit, stated.unit_at, stated.stop = "measure", "岁", (stop - 1, stop), stop


def read_additions(stated: Stated) -> None:
    """What adds to a quantity after its unit: 三年半, 六成半, 五元三毛, 1米85, 3年多."""
    text, stop, units = stated.text, stated.stop, stated.grammar.units
    following = text[stop : stop + 1]
    assert stated.value is not None
    if (
        following == "半"
        and stated.unit == "个"
        and (spell := units.match(text, stop + 1)) in units.marked("half")
    ):
        stated.value += _HALF
        stated.place = stated.step = _HALF
        stated.kind, stated.unit, stated.stop = "duration", f"个{spell}", stop + 1 + len(spell or "")
        stated.unit_at = None
    elif following == "半" and stated.unit_at and text[stop + 1 : stop + 2] not in _NOT_HALF:
        tenths = stated.kind == "percent"
        stated.value += 5 if tenths else _HALF * stated.scale
        stated.place = stated.step = Decimal(5) if tenths else _HALF
        stated.stop = stop + 1
    elif stated.kind == "money" and (coins := _COINS.match(text, stop)):
        only_tenths = coins["tenth"] and not coins["hundredth"]
        stated.place = stated.step = ONE.scaleb(-1 if only_tenths else -2)
        printed = "".join(_digit(part) for part in coins.groups() if part)
        stated.value += Decimal(printed) * stated.place
        stated.stop = coins.end()
    elif stated.unit in units.marked("decimals") and stated.place == ONE:
        _split_decimals(stated)


def _split_decimals(stated: Stated) -> None:
    m = _DECIMALS.match(stated.text, stated.stop)
    if not m or stated.value is None:
        return
    if stated.grammar.units.match(stated.text, m.end()) is None or not m[1].isascii():
        stated.value += Decimal("0." + "".join(map(_digit, m[1])))
        stated.place = stated.step = ONE.scaleb(-len(m[1]))
        stated.stop = m.end()


def _digit(printed: str) -> str:
    return str(numerals.DIGITS.get(printed, printed))
