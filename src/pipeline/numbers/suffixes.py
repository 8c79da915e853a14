"""What stands after a number and belongs to it: its unit, and what adds to it (半, 三毛, 1米85, 多)."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.numbers import numerals
from pipeline.numbers.builder import QuantityBuilder
from pipeline.numbers.decimals import power_of
from pipeline.numbers.tokens import ONE
from pipeline.numbers.units import CURRENCY_SIGNS

_GLOSS = re.compile(r"[（(]((?:[^（）()\d]{1,2}[、，/]?){1,5})[）)](?:次|套)?")
_MULTIPLE = re.compile(r" ?(?:\d{0,3}[百千万亿]{1,2}|1?0{2,8}(?!\d)|1(?!\d))?(?:个)?", re.ASCII)
"""What a denominator may begin with: 人/10万人, 例/千人, 床/1000人."""
_DOZEN = re.compile(r" ?打(?![击造开响通破法算工架赢好下仗])")
_LETTER_POWER = re.compile(r" ?(?:([kK])(?=个百分点|[^\w²³/]|$)|(M)(?=[^\w²³/]|$))", re.ASCII)
_RESOLUTIONS = frozenset(map(Decimal, (2, 4, 5, 8, 16)))
"""4K and 8K are pictures, 40k is a number."""
_POWER_OF = re.compile(r"\^([+-]{0,2})(\d{1,2})(?!\d)")
_UNIT_BEFORE = re.compile(r"[（(]([百千万亿]{0,2})([^（）()\d]{1,8})[）)] ?$")
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
_SHARE_CONTEXT = re.compile(r"[近逾超约过达仅到]|其中|[有的，、中]$")
_HALF = Decimal("0.5")
_PART_OF_HUNDRED = frozenset(("成", "折"))


def read_unit(builder: QuantityBuilder) -> None:
    """Take the unit that stands after the number, with its gloss or denominator."""
    text, at, units = builder.text, builder.stop, builder.grammar.units
    if text[at : at + 1] == " ":
        at += 1
    unit = units.match(text, at)
    if unit is None:
        if text.startswith("成为", at) and _is_share(builder):
            return _tenths(builder, "成", at + 1)
        return _unitless(builder)
    stop = at + len(unit)
    following = text[stop : stop + 1]
    if unit in _PART_OF_HUNDRED:
        return _tenths(builder, unit, stop)
    if unit == "旬":
        return _decades(builder, stop)
    if unit == "个" and following in ("多", "半") and (m := _MORE_POINTS.match(text, at)):
        return _percentage_points(builder, m)
    builder.kind = units.kind(unit)
    if unit == "块" and _PIECES.match(text, at):
        builder.kind = "count"
    elif following in ("/", "·", "每"):
        stop = _denominators(builder, stop)
        unit = text[at:stop]
    elif following in ("（", "("):
        gloss = _GLOSS.match(text, stop)
        if gloss and all(item in units.by_word for item in re.split("[、，/]", gloss[1])):
            stop = gloss.end()
            unit = text[at:stop]
    if unit.startswith("个多"):
        builder.qualifier, builder.infix = "over", True
        builder.unit, builder.stop = "个" + unit[2:], stop
        return None
    builder.unit, builder.unit_at, builder.stop = unit, (at, stop), stop
    if unit == "元人民币":  # the same unit as 元
        builder.unit, builder.unit_at = "元", (at, at + 1)
    elif builder.kind == "money" and unit == "元":
        _currency_before(builder)
    return None


def _percentage_points(builder: QuantityBuilder, m: re.Match[str]) -> None:
    """个多百分点, 个半百分点."""
    builder.kind, builder.unit, builder.stop = "percent", f"个{m[2]}", m.end()
    if m[1] == "多":
        builder.qualifier, builder.infix = "over", True
    else:
        builder.add(_HALF, _HALF)


def _denominators(builder: QuantityBuilder, stop: int) -> int:
    """What stands below a unit: 元/人·月, 人/10万人, 立方米每秒. Where it stops."""
    text, units = builder.text, builder.grammar.units
    for _ in range(3):
        sign = text[stop : stop + 1]
        if sign not in ("/", "·", "每") or (sign == "·" and "/" not in text[builder.stop : stop]):
            break
        multiple = _MULTIPLE.match(text, stop + 1) if sign == "/" else None
        at = multiple.end() if multiple else stop + 1
        denominator = units.match(text, at)
        if denominator is None and multiple and multiple.end() > stop + 2:
            denominator = ""
        if denominator is None or (sign == "每" and not _is_denominator(builder, units.kind(denominator))):
            break
        stop = at + len(denominator)
        builder.kind = "money" if builder.kind == "money" else "measure"
    return stop


def _is_denominator(builder: QuantityBuilder, denominator: str) -> bool:
    """Whether 每 joins two units: 微克每立方米, but not 3吨每户."""
    return builder.kind == "measure" and denominator in ("measure", "duration")


def _currency_before(builder: QuantityBuilder) -> None:
    """港币300万元 is in Hong Kong dollars."""
    if not builder.begin:
        return
    sign = CURRENCY_SIGNS.search(builder.text, max(0, builder.begin - 5), builder.begin)
    if sign and sign["sign"] != "人民币":
        builder.unit, builder.unit_at = sign["sign"], sign.span("sign")


def _unitless(builder: QuantityBuilder) -> None:
    """A currency before the number, a rate per multiple, a dozen, a power in letters, a unit in a bracket."""
    text, at, begin = builder.text, builder.stop, builder.begin
    sign = CURRENCY_SIGNS.search(text, max(0, begin - 5), begin) if begin else None
    if sign:
        unit, span = sign["sign"], sign.span("sign")
        builder.unit, builder.unit_at, builder.kind = unit, span, "money"
    elif text[begin - 1 : begin] in (")", "）", " ") and begin:
        _unit_before(builder)
    following = text[at : at + 2].lstrip()[:1]
    if following == "/" and (m := _MULTIPLE.match(text, at + 1)) and m.end() > at + 2:
        unit_stop = m.end() + (text[m.end() : m.end() + 1] == "人")
        builder.unit, builder.unit_at = text[at:unit_stop], (at, unit_stop)
        builder.kind, builder.stop = "measure", unit_stop
    elif following == "打" and (m := _DOZEN.match(text, at)):
        builder.multiply(Decimal(12))
        builder.stop, builder.multiplied = m.end(), True
    elif following in ("k", "K", "M"):
        read_letter_power(builder)
        if text.startswith("个百分点", builder.stop):
            read_unit(builder)
    elif following == "^" and (m := _POWER_OF.match(text, at)) and builder.value:
        builder.value = power_of(builder.value, int(m[2]) * (-1) ** m[1].count("-"))
        builder.stop = m.end()


def _unit_before(builder: QuantityBuilder) -> None:
    """A figure whose unit stands in a bracket before it: 发行总额（亿元）10.00."""
    m = _UNIT_BEFORE.search(builder.text, max(0, builder.begin - 14), builder.begin)
    bracket_unit = builder.grammar.units.by_word.get(m[2]) if m else None
    if m is None or bracket_unit is None or bracket_unit.kind == "count" or builder.value is None:
        return
    power = sum(numerals.POWERS[c] for c in m[1])
    builder.multiply(ONE.scaleb(power))
    builder.scale *= ONE.scaleb(power)
    builder.kind, builder.unit, builder.unit_at = bracket_unit.kind, m[2], m.span(2)


def read_letter_power(builder: QuantityBuilder) -> None:
    """Take a k or M after the number."""
    m = _LETTER_POWER.match(builder.text, builder.stop)
    if m and (builder.value not in _RESOLUTIONS or builder.kind == "percent"):
        builder.multiply(ONE.scaleb(3 if m[1] else 6))
        builder.stop, builder.multiplied = m.end(), True


def _tenths(builder: QuantityBuilder, unit: str, stop: int) -> None:
    """七成 is 70 per cent, 六成半 65; 八折 is 80, 九九折 and 9.9折 are 99."""
    text = builder.text
    top = builder.value if builder.value is not None else builder.high
    if unit == "成" or (top is not None and top <= 10):
        builder.multiply(ONE.scaleb(2 if unit == "折" and builder.value == _HALF else 1))
    builder.kind, builder.unit, builder.unit_at, builder.stop = "percent", "%", (stop - 1, stop), stop
    digit = _TENTH.match(text, stop) if unit == "成" else None
    if digit and builder.value is not None:
        builder.add(Decimal(numerals.DIGITS[digit[1]]), ONE)
        builder.stop = digit.end()


def _is_share(builder: QuantityBuilder) -> bool:
    """Whether 成 before 为 is a tenth: 其中七成为外地游客."""
    text, begin = builder.text, builder.begin
    return (
        text[begin] in "一二三四五六七八九两"
        and builder.stop - begin == 1
        and _SHARE_CONTEXT.search(text, max(0, begin - 4), begin) is not None
    )


def _decades(builder: QuantityBuilder, stop: int) -> None:
    """八旬 is eighty years of age."""
    builder.multiply(Decimal(10))
    builder.kind, builder.unit, builder.unit_at, builder.stop = "measure", "岁", (stop - 1, stop), stop


def read_additions(builder: QuantityBuilder) -> None:
    """What adds to a quantity after its unit: 三年半, 六成半, 五元三毛, 1米85, 3年多."""
    text, stop, units = builder.text, builder.stop, builder.grammar.units
    following = text[stop : stop + 1]
    if (
        following == "半"
        and builder.unit == "个"
        and (spell := units.match(text, stop + 1)) in units.marked("half")
    ):
        builder.add(_HALF, _HALF)
        builder.kind, builder.unit, builder.stop = "duration", f"个{spell}", stop + 1 + len(spell or "")
        builder.unit_at = None
    elif following == "半" and builder.unit_at and text[stop + 1 : stop + 2] not in _NOT_HALF:
        tenths = builder.kind == "percent"
        builder.add(Decimal(5) if tenths else _HALF * builder.scale, Decimal(5) if tenths else _HALF)
        builder.stop = stop + 1
    elif builder.kind == "money" and (coins := _COINS.match(text, stop)):
        only_tenths = coins["tenth"] and not coins["hundredth"]
        place = ONE.scaleb(-1 if only_tenths else -2)
        builder.add(Decimal("".join(_digit(part) for part in coins.groups() if part)) * place, place)
        builder.stop = coins.end()
    elif builder.unit in units.marked("decimals") and builder.place == ONE:
        _split_decimals(builder)


def _split_decimals(builder: QuantityBuilder) -> None:
    m = _DECIMALS.match(builder.text, builder.stop)
    if not m:
        return
    if builder.grammar.units.match(builder.text, m.end()) is None or not m[1].isascii():
        builder.add(Decimal("0." + "".join(map(_digit, m[1]))), ONE.scaleb(-len(m[1])))
        builder.stop = m.end()


def _digit(printed: str) -> str:
    return str(numerals.DIGITS.get(printed, printed))
