"""Figures that are the region's own, and those of a part, of a day or of an event that only look like it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from reading import article

from pipeline.frames.reading import read
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import Claim
from pipeline.statistics.matcher import Matcher
from pipeline.statistics.observations import merge

ISSUED = date(2024, 7, 20)


@pytest.fixture(scope="module")
def matcher(root: Path) -> Matcher:
    return Matcher(load_catalog(root / "catalog"))


def claims(
    matcher: Matcher, text: str, region: str | None = "410100", issued: date = ISSUED, name: str = "d"
) -> tuple[Claim, ...]:
    reading = read(text)
    about = article(document_id=name, issued=issued, region=region)
    return matcher.match(reading.flow, reading.mentions, quantity_ids(name, reading), about).claims


def said(matcher: Matcher, text: str, region: str | None = "410100") -> set[tuple[str, str | None, str]]:
    return {(one.indicator, one.ref_area, str(one.time_period)) for one in claims(matcher, text, region)}


@pytest.mark.parametrize(
    "text",
    [
        "1至6月，全市机械工业完成货物贸易进出口总额76亿元，同比增长6.4%。",
        "6月末，对实体经济发放的贷款余额为2457亿元。",
        "上半年，对东盟国家出口表现良好，同比增长14%。",
        "全市每3度用电量中就有1度来自风和光。",
        "截至7月1日，全市快递业务量已超过5亿件。",
        "该风电项目的上网电价低于燃煤电价，总装机容量150万千瓦。",
        "6月，全市128条“白河快线”集装箱航线累计开行4173艘次，完成集装箱吞吐量49万标箱。",
        "目前累计修复基站963座。",
        "1至5月，市属企业完成投资17亿元。其中，固定资产投资完成10亿元，同比增长20.4%。",
        "目前，全市在运核电机组12台、装机1300万千瓦。",
        "“五一”假期，全国铁路、公路、水路、民航发送旅客总量近1.6亿人次。",
        "全社会用电量中，每3度电就有1度来自风和光。",
        "今年1月份白河铁路进出口货物47.8万吨，进出境旅客2.9万人次。",
        "6月，白河自贸试验区自挂牌以来再上台阶，外贸进出口总额2.6亿元。",
        "白河会议旧址将红色文化与民俗相融合，端午假期接待游客9万人次。",
        "上半年，本届花木博览会签约踊跃，外贸进出口总额2.6亿元。",
        "1至6月，全市服务进出口总额21亿元。其中，出口8亿元，进口13亿元。",
        "《春来》上映6天，票房已超8亿元。",
    ],
)
def test_figures_of_a_part_a_partner_or_an_unknown_time_are_not_the_regions(
    matcher: Matcher, text: str
) -> None:
    assert said(matcher, text) == set()


@pytest.mark.parametrize(
    ("text", "indicator", "period"),
    [
        ("上半年，全市完成货物贸易进出口总额76亿元。", "trade_total", "2024-S1"),
        ("1至6月，全市新设立外商投资企业376家。", "foreign_firms_founded", "2024-S1"),
        ("6月，全市完成集装箱吞吐量49万标箱。", "port_containers", "2024-06"),
        ("市统计局发布数据，上半年全市实现社会消费品零售总额276亿元。", "retail_sales", "2024-S1"),
        ("截至6月底，全市各类经营主体86万户。", "business_entities", "2024-06-30"),
    ],
)
def test_words_that_name_no_part_leave_a_figure_with_its_region(
    matcher: Matcher, text: str, indicator: str, period: str
) -> None:
    assert said(matcher, text) == {(indicator, "410100", period)}


def test_a_concepts_name_may_begin_before_the_subject(matcher: Matcher) -> None:
    assert said(matcher, "今年上半年，全国铁路累计发送旅客21亿人次。", region=None) == {
        ("rail_passengers", "CN", "2024-S1")
    }


def test_a_place_in_the_title_of_a_work_is_no_region(matcher: Matcher) -> None:
    text = "今年上半年，全国电影票房为235亿元。据介绍，《洛阳往事》上映后，6月全国电影票房为21亿元。"
    assert {area for _, area, _ in said(matcher, text, region=None)} == {"CN"}


@pytest.mark.parametrize(
    "before", ["义乌市地处浙江中部。", "浙江的义乌没有港口。义乌在变。商人来到义乌，义乌也走出去。"]
)
def test_a_county_is_found_by_its_stem_where_the_text_is_about_it(matcher: Matcher, before: str) -> None:
    text = f"{before}今年上半年，义乌进出口总额2864亿元。其中，出口2207亿元。"
    assert {area for _, area, _ in said(matcher, text, region=None)} == {"330782"}


def test_a_part_of_the_region_in_its_name_or_in_brackets_is_no_programme_of_the_whole(
    matcher: Matcher,
) -> None:
    assert said(matcher, "全市9个乡镇（街道）改造老旧小区27个。") == set()


def test_what_several_years_add_up_to_is_not_the_last_ones(matcher: Matcher) -> None:
    text = "2024年安和县政府工作报告\n\n    地方一般公共预算收入累计超1.6万亿元。\n"
    reading = read(text)
    about = article(issued=ISSUED, region="410100", title="2024年安和县政府工作报告")
    assert not matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), about).claims


def test_what_violence_brings_about_is_no_disasters_toll(matcher: Matcher) -> None:
    assert said(matcher, "18日，阿克镇遭空袭，造成3人死亡、5人受伤。", region="SY") == set()


TOLL = "本报讯　18日下午，安和县河口镇一处厂房发生火灾。"


@pytest.mark.parametrize("as_of", ["截至目前，火灾已造成3人死亡。", "据县应急局19日通报，火灾造成3人死亡。"])
def test_a_toll_is_keyed_by_the_day_of_its_event(matcher: Matcher, as_of: str) -> None:
    assert said(matcher, TOLL + as_of) == {("disaster_deaths", "410100", "2024-07-18")}


def test_a_later_toll_of_an_event_takes_the_place_of_the_one_before(matcher: Matcher) -> None:
    first = claims(matcher, TOLL + "目前，火灾已造成3人死亡。", name="first")
    later = claims(matcher, TOLL + "截至22日，火灾已造成5人死亡。", issued=date(2024, 7, 22), name="later")
    (one,) = merge([*first, *later]).observations
    assert (one.value, one.time_period) == (Decimal(5), "2024-07-18")
    assert "vintage 2024-07-20: 3" in one.note


def test_a_toll_of_an_event_without_a_day_makes_no_observation(matcher: Matcher) -> None:
    assert said(matcher, "全市迅速救治伤员。地震造成的死亡人数已上升至21人。") == set()
    assert said(matcher, "截至当地时间今天（7月20日）中午，我市地震已导致约17人遇难。") == set()


def test_what_another_country_calls_the_whole_country_is_not_china(matcher: Matcher) -> None:
    text = "17日，阿根廷遭遇暴雨。阿根廷国家气象局对全国10个省份发布警报。暴雨已造成14人死亡。"
    assert {area for _, area, _ in said(matcher, text, region=None)} <= {"AR"}


def test_a_headline_that_names_a_plan_makes_no_plans_of_the_news_below(matcher: Matcher) -> None:
    text = (
        "《人才培养行动计划（2023—2025年）》印发\n市教育局近日印发计划。\n\n"
        "6月进出口总额增长\n6月，全市进出口总额76亿元。\n"
    )
    assert {one.obs_status for one in claims(matcher, text)} == {"A"}
