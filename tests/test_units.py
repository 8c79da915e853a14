"""Units as they stand after numbers, and their standard codes."""

from __future__ import annotations

import pytest

from pipeline.numbers.extract import extract
from pipeline.numbers.units import Units, base_units, unit_code

UNITS = Units(base_units())


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("个老旧小区", "个"),
        ("人次游客", "人次"),
        ("场次宣讲", "场次"),
        ("平方米绿地", "平方米"),
        ("万元", None),
        ("个百分点", "个百分点"),
        ("个月", "个月"),
        ("本市", None),
        ("家庭", None),
        ("国内", None),
        ("两个", None),
        ("MW", "MW"),
        ("MWe", None),
        ("kmx", None),
        ("企业和居民", None),
        ("", None),
    ],
)
def test_the_longest_unit_is_taken_unless_a_word_goes_on(text: str, unit: str | None) -> None:
    assert UNITS.match(text, 0) == unit


@pytest.mark.parametrize(
    ("kind", "unit", "code"),
    [
        ("count", "名", "1"),
        ("count", None, "1"),
        ("measure", "平方千米", "km2"),
        ("measure", "千瓦时", "kW.h"),
        ("measure", "亩", "{mu}"),
        ("measure", "立方米/秒", "m3/s"),
        ("money", "元", "CNY"),
        ("money", "港元", "HKD"),
        ("money", "HK$", "HKD"),
        ("money", "港幣", "HKD"),
        ("money", "￥", "CNY"),
        ("money", "元/平方米", "CNY/m2"),
        ("percent", "%", "%"),
        ("percent", "‰", "[ppth]"),
        ("duration", "个月", "mo"),
        ("measure", "不知名的单位", "{不知名的单位}"),
    ],
)
def test_codes_are_ucum_or_iso_4217(kind: str, unit: str | None, code: str) -> None:
    assert unit_code(kind, unit) == code


def test_every_unit_is_matched_by_itself() -> None:
    assert [word for word in UNITS.by_word if UNITS.match(word, 0) != word] == []


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("全长12千米", "千米", "measure"),
        ("单价8500元/平方米", "元/平方米", "money"),
        ("发电5.2万千瓦时", "千瓦时", "measure"),
        ("查验990.4万架（列、艘、辆）次", "架（列、艘、辆）次", "count"),
        ("发病率为97.1/10万", "/10万", "measure"),
        ("HK$1.2億", "HK$", "money"),
        ("花了两个半小时", "个小时", "duration"),
        ("英国 13 韩国 9", None, "count"),
        ("里塔尼亚 2 毛里塔尼亚 2", None, "count"),
    ],
)
def test_a_mention_has_its_unit_as_written(text: str, unit: str | None, kind: str) -> None:
    mention = extract(text).mentions[0]
    assert (mention.unit, mention.kind) == (unit, kind)
