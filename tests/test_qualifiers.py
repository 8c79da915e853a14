"""Qualifiers and the intervals that they state."""

from __future__ import annotations

import pytest

from pipeline.numbers.extract import extract


@pytest.mark.parametrize(
    ("text", "qualifier", "low", "high"),
    [
        ("487个", "exact", 487, 487),
        ("160余名", "over", 160, 170),
        ("1.4万余名", "over", 14000, 15000),
        ("3年多", "over", 3, 4),
        ("三百多户", "over", 300, 400),
        ("十几个", "over", 10, 20),
        ("逾830宗", "over", 830, None),
        ("超过9万人", "over", 90000, None),
        ("玉米过六成", "over", 60, None),
        ("近9000名", "nearly", 8000, 9000),
        ("将近三成", "nearly", 20, 30),
        ("约400平方米", "about", None, None),
        ("30天左右", "about", None, None),
        ("十来个", "about", None, None),
        ("至少12个月", "at_least", 12, None),
        ("至少有59名", "at_least", 59, None),
        ("突破了3000人", "over", 3000, None),
        ("最高35℃", "exact", 35, 35),
        ("20万人次以上", "at_least", 200000, None),
        ("60岁及以上", "at_least", 60, None),
        ("票价5元起，", "at_least", 5, None),
        ("不足1000万人", "below", None, 10_000_000),
        ("300万以下", "below", None, 3000000),
        ("不超过十名", "at_most", None, 10),
        ("24小时以内", "at_most", None, 24),
    ],
)
def test_a_qualifier_states_an_interval(text: str, qualifier: str, low: int | None, high: int | None) -> None:
    (mention,) = extract(text).mentions
    assert (mention.qualifier, mention.low, mention.high) == (qualifier, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "附近3个村",
        "节约30万元",
        "通过5项决议",
        "近3年完成",
        "以上3人",
        "签约12个项目",
        "赶超3家企业",
        "经过2天",
        "网上100名",
    ],
)
def test_a_longer_word_is_no_qualifier(text: str) -> None:
    assert extract(text).mentions[0].qualifier == "exact"


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3至5个", 3, 5, "个"),
        ("14岁至39岁", 14, 39, "岁"),
        ("80至100人", 80, 100, "人"),
        ("20%~40%", 20, 40, "%"),
        ("3~5万元", 30000, 50000, "元"),
        ("3000~5000", 3000, 5000, None),
        ("两三个", 2, 3, "个"),
        ("数百人", 200, 1000, "人"),
        ("几十名", 20, 100, "名"),
        ("数十万", 200000, 1000000, None),
        ("一到两周", 1, 2, "周"),
        ("70 - 90天", 70, 90, "天"),
    ],
)
def test_a_range_or_a_vague_number_has_bounds_and_no_value(
    text: str, low: int, high: int, unit: str | None
) -> None:
    (mention,) = extract(text).mentions
    assert (mention.value, mention.low, mention.high, mention.unit) == (None, low, high, unit)
