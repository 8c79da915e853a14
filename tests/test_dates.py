"""Dates, times and periods as they stand in a text."""

from __future__ import annotations

import pytest

from pipeline.numbers.dates import date_stop
from pipeline.numbers.extract import extract


@pytest.mark.parametrize(
    "date",
    [
        "2020年7月8日",
        "2008年8月30日16时30分",
        "2008-09-03 16:08:29",
        "1月19日0—24时",
        "1至10月",
        "1—2月份",
        "8日至13日",
        "9时10分—40分",
        "8日下午4点半",
        "八点三十分",
        "20世纪90年代",
        "2011-2015年",
        "2013年末",
        "二〇二〇年七月八日",
        "99年11月",
        "三季度",
        "12月上旬",
        "0时至24时",
        "15:30",
    ],
)
def test_a_date_is_one_mention(date: str) -> None:
    assert date_stop(f"{date}，", 0) == len(date)
    (mention,) = extract(f"截至{date}，全区安全。").mentions
    assert (mention.text, mention.kind) == (date, "date")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("有期徒刑15年", "duration"),
        ("10年来", "date"),
        ("7日内办结", "duration"),
        ("前7个月进出口", "date"),
        ("提前7个月完工", "duration"),
        ("前三季度", "date"),
        ("提出3点建议", "count"),
        ("大盘涨30点", "count"),
        ("5日元", "money"),
        ("22 日本 19", "count"),
        ("2024国家大剧院", "date"),
        ("星期三", "date"),
        ("正月初六", "date"),
        ("3号机组", "ordinal"),
        ("26号上午", "date"),
        ("2020/21赛季", "date"),
        ("图2:2011", "ordinal"),
    ],
)
def test_what_looks_like_a_date_may_be_none(text: str, kind: str) -> None:
    assert extract(text).mentions[0].kind == kind
