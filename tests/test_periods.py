"""What time expressions mean, and which of them governs a figure."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import article

from pipeline.statistics.periods.period import SPANS, Period, day, days, months
from pipeline.statistics.periods.resolver import PeriodResolver
from pipeline.statistics.periods.time_rules import resolve
from pipeline.texts.layout import reflow

ISSUED = date(2020, 7, 8)
HOLIDAYS = {
    "国庆": {2019: (date(2019, 10, 1), date(2019, 10, 7))},
    "春运": {2020: (date(2020, 1, 10), date(2020, 2, 18))},
    "春节": {2020: (date(2020, 1, 24), date(2020, 2, 2))},
}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2020年7月8日", "2020-07-08"),
        ("2015年中秋节当天", "2015-09-27"),
        ("1999年春节，", "1999-02-16"),
        ("2024年清明当日", "2024-04-04"),
        ("国庆节当天", "2019-10-01"),
        ("7月8日", "2020-07-08"),
        ("12月8日", "2019-12-08"),
        ("7日", "2020-07-07"),
        ("30日", "2020-06-30"),
        ("1月19日0—24时", "2020-01-19"),
        ("2020年6月3日8时", "2020-06-03T08:00"),
        ("2008-09-03 16:08:29", "2008-09-03T16:08"),
        ("2020/7/1", "2020-07-01"),
        ("今天", "2020-07-08"),
        ("第七次全国人口普查", "2020-11-01"),
        ("2010年第六次全国人口普查", "2010-11-01"),
        ("五普", "2000-11-01"),
        ("第三次国土调查", "2019-12-31"),
        ("第四次全国经济普查", "2018-12-31"),
        ("昨日", "2020-07-07"),
        ("星期三", "2020-07-08"),
        ("星期日", "2020-07-05"),
        ("截至目前", "2020-07-08"),
        ("上月", "2020-06"),
        ("6月份", "2020-06"),
        ("去年12月", "2019-12"),
        ("5月中旬", "2020-05-11/2020-05-20"),
        ("6月末", "2020-06-30"),
        ("1—2月", "2020-01/2020-02"),
        ("今年1至6月", "2020-S1"),
        ("1-3月份", "2020-Q1"),
        ("前三季度", "2020-01/2020-09"),
        ("2019年前三季度", "2019-01/2019-09"),
        ("去年三季度", "2019-Q3"),
        ("第二季度", "2020-Q2"),
        ("去年三季度末", "2019-09-30"),
        ("前5个月", "2020-01/2020-05"),
        ("前两个月", "2020-01/2020-02"),
        ("上半年", "2020-S1"),
        ("2019年下半年", "2019-S2"),
        ("今年", "2020"),
        ("二〇一九年", "2019"),
        ("2013年末", "2013-12-31"),
        ("年底前", "2020-12-31"),
        ("2016—2020年", "2016/2020"),
        ("十四五时期", "2021/2025"),
        ("“十三五”期间", "2016/2020"),
        ("今年以来", "2020-01-01/2020-07-08"),
        ("6月28日至7月3日", "2020-06-28/2020-07-03"),
        ("5月1日至5日", "2020-05-01/2020-05-05"),
        ("去年国庆黄金周", "2019-10-01/2019-10-07"),
        ("春节假期", "2020-01-24/2020-02-02"),
        ("春节假期前三天", "2020-01-24/2020-01-26"),
        ("春节假期第二天", "2020-01-25"),
        ("春节假期最后一天", "2020-02-02"),
    ],
)
def test_a_time_expression_is_read_against_the_issue_date(words: str, code: str) -> None:
    period = resolve(words, ISSUED, holidays=HOLIDAYS)
    assert period is not None
    assert period.code == code
    assert period.first <= period.last


@pytest.mark.parametrize(
    ("words", "context", "code"),
    [
        ("去年同期", months(2020, 1, 2020, 6), "2019-S1"),
        ("上年同期", months(2013, 1, 2013, 12), "2012"),
        ("同日", day(date(2020, 6, 30)), "2020-06-30"),
        ("8日", day(date(2019, 3, 5)), "2019-03-08"),
        ("年末", months(2012, 1, 2012, 12), "2012-12-31"),
        ("8日至10日", day(date(2020, 6, 3)), "2020-06-08/2020-06-10"),
    ],
)
def test_a_relative_expression_depends_on_the_period_before(words: str, context: Period, code: str) -> None:
    period = resolve(words, ISSUED, context)
    assert period is not None
    assert period.code == code


@pytest.mark.parametrize("words", ["2月30日", "宣讲", "", "一线", "35日", "国庆黄金周", "去年同期"])
def test_an_unknown_time_is_none(words: str) -> None:
    assert resolve(words, ISSUED) is None


@pytest.mark.parametrize("words", ["今年", "7月8日", "上月", "星期三", "今年以来"])
def test_without_an_issue_date_nothing_relative_is_guessed(words: str) -> None:
    assert resolve(words, None) is None


def test_the_whole_year_in_spring_is_the_year_before() -> None:
    spring, autumn = resolve("全年", date(2013, 3, 20)), resolve("全年", date(2013, 11, 20))
    assert spring and autumn
    assert (spring.code, autumn.code) == ("2012", "2013")


@given(st.text(alphabet="0123456789年月日前上半末底第三季度至—今去同期国庆假 .:-", max_size=24))
def test_no_text_breaks_the_reader(text: str) -> None:
    period = resolve(text, ISSUED, holidays=HOLIDAYS)
    assert period is None or period.first <= period.last


@given(st.dates(date(1949, 1, 1), date(2100, 1, 1)), st.integers(0, 900))
def test_an_interval_keeps_its_days_whatever_its_code(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    period = days(first, last)
    assert (period.first, period.last) == (first, last)
    assert period.span in SPANS


def governed(
    text: str, figure: str, issued: date | None = ISSUED, title: str | None = None
) -> tuple[str | None, str]:
    """Code and status of the period that governs a figure of the text, all of whose sentences tell."""
    flow = reflow(text)
    begin = flow.text.index(figure)
    sentence = next(i for i, (_, stop) in enumerate(flow.sentences) if begin < stop)
    source = article(issued=issued, title=title)
    resolver = PeriodResolver(flow, source, range(len(flow.sentences)), HOLIDAYS)
    left = max(flow.text.rfind(mark, 0, begin) for mark in "，。\n") + 1
    found = resolver.resolve(sentence, begin, flow.text[left : begin + len(figure)])
    return found.period.code if found.period else None, found.status


@pytest.mark.parametrize(
    ("text", "figure", "expected"),
    [
        ("截至6月30日，全区改造老旧小区487个。", "487个", ("2020-06-30", "A")),
        ("上半年，全市接待游客300万人次，比去年同期增长5%。", "300万人次", ("2020-S1", "A")),
        ("客流量比2019年同期增长8.1%。", "8.1%", ("2020-07-08", "A")),
        ("出口额从2012年的1000亿元增加到2555亿元。", "1000亿元", ("2012", "A")),
        ("出口额从2012年的1000亿元增加到2555亿元。", "2555亿元", ("2020-07-08", "A")),
        ("总量从2012年的113亿元增长到2019年的272亿元。", "272亿元", ("2019", "A")),
        ("今年计划新增停车泊位1.6万个。", "1.6万个", ("2020", "F")),
        ("今年发展主要预期目标是：增长5%左右，新增就业1万人以上。", "1万人", ("2020", "F")),
        ("预计全年接待游客1亿人次。", "1亿人次", ("2020", "F")),
        ("到2025年，建成道路30条。", "30条", ("2025", "F")),
        ("初步统计，6月接待游客40万人次。", "40万人次", ("2020-06", "E")),
        ("今年，全市改造道路面积将近60万平方米。", "60万平方米", ("2020", "A")),
        ("市统计局今天（7月8日）发布的数据显示，上半年收入增长3%。", "3%", ("2020-S1", "A")),
        ("市卫健委7月8日召开发布会，介绍新增病例2例。", "2例", ("2020-07-08", "A")),
        ("今年以来，累计发动党员3760名。", "3760名", ("2020-01-01/2020-07-08", "A")),
        ("春运40天，全市发送旅客90万人次。", "90万人次", ("2020-01-10/2020-02-18", "A")),
        ("自6月1日汛期开始至7月2日，共转移群众800人。", "800人", ("2020-06-01/2020-07-02", "A")),
        ("截至7月5日，今年全国总票房已达5亿元。", "5亿元", ("2020-01-01/2020-07-05", "A")),
        ("2020年第6周（2月3日至2月9日），成交住宅500套。", "500套", ("2020-02-03/2020-02-09", "A")),
    ],
)
def test_the_nearest_time_before_a_figure_governs_it(
    text: str, figure: str, expected: tuple[str, str]
) -> None:
    assert governed(text, figure) == expected


def test_a_period_carries_on_to_the_next_sentence_of_its_paragraph_only() -> None:
    text = "7月1日0—24时，全市新增病例18例。现有病例143例。\n\n另有志愿者900名。"
    assert governed(text, "143例") == ("2020-07-01", "A")
    assert governed(text, "900名") == ("2020-07-08", "A")


def test_the_title_gives_the_period_where_the_text_names_none() -> None:
    title = "2019年国民经济和社会发展统计公报"
    assert governed("粮食产量90万吨。", "90万吨", title=title) == ("2019", "A")
    assert governed("年末总人口57万人。", "57万人", title=title) == ("2019-12-31", "A")


def test_a_census_counts_on_its_own_day_and_not_on_that_of_its_bulletin() -> None:
    text = "全县常住人口为37.3万人，与2010年第六次全国人口普查的40万人相比，减少2.7万人。"
    title = "某县第七次全国人口普查公报"
    assert governed(text, "37.3万人", title=title)[0] == "2020-11-01"
    assert governed(text, "40万人", title=title)[0] == "2010-11-01"


def test_a_report_of_this_year_is_on_the_year_before() -> None:
    assert governed("地区生产总值增长5%。", "5%", title="2020年某市政府工作报告") == ("2019", "A")


@pytest.mark.parametrize("text", ["一季度、二季度分别为30条、40条。", "端午假期，建成30条。"])
def test_an_unknown_period_is_none_and_not_the_issue_date(text: str) -> None:
    assert governed(text, "30条") == (None, "A")


def test_a_stretch_without_a_beginning_is_no_period() -> None:
    assert governed("建区成立以来，累计建成道路30条。", "30条") == (None, "A")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("两年来，累计建成道路30条。", "2018-07-09/2020-07-08"),
        ("过去三个月，建成道路30条。", "2020-04-09/2020-07-08"),
        ("近10天来，建成道路30条。", "2020-06-29/2020-07-08"),
        ("“十三五”以来，建成道路30条。", "2016-01-01/2020-07-08"),
        ("今天到15日，建成道路30条。", "2020-07-08/2020-07-15"),
        ("大年初三，接待游客30条。", "2020-01-27"),
        ("从除夕到正月初六，接待游客30条。", "2020-01-24/2020-01-30"),
        ("自2013年11月开行首趟列车以来，建成道路30条。", "2013-11-01/2020-07-08"),
        ("二季度增长快，三年来建成道路30条。", "2017-07-09/2020-07-08"),
    ],
)
def test_a_stretch_up_to_now_ends_on_the_issue_date(text: str, period: str) -> None:
    assert governed(text, "30条")[0] == period


def test_a_ratio_to_another_year_is_of_the_time_of_its_sentence() -> None:
    text = "上半年，旅客运输量2.8亿人次，恢复到2019年同期的88.2%。"
    assert governed(text, "88.2%") == ("2020-S1", "A")


def test_a_growth_is_of_the_quarter_right_before_it_and_not_compared_with_it() -> None:
    assert governed("上半年增长5%。其中，一季度增长4%。", "4%")[0] == "2020-Q1"


def test_what_is_counted_from_an_unknown_day_up_to_another_is_as_of_that() -> None:
    assert governed("春运开始至3月2日，发送旅客30万人次。", "30万人次")[0] == "2020-03-02"


def test_the_day_on_which_a_poll_was_published_is_not_its_period() -> None:
    assert governed("5月进行了民调，该机构10日公布结果显示，仅有11%的人认同。", "11%")[0] == "2020-05"


def test_a_text_without_any_date_has_no_period() -> None:
    assert governed("全区有党员900名。", "900名", issued=None) == (None, "A")
    of_two = "2006年，全县产粮20万吨。今年1-9月，全县新增党员900名。"
    assert governed(of_two, "900名", issued=None) == (None, "A")
