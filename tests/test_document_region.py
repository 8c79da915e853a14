"""The region that a document is about, by title, items and what it says of itself."""

from __future__ import annotations

import pytest
from regions import located

from pipeline.statistics.regions.areas import Areas


@pytest.mark.parametrize(
    "text",
    [
        "全县常住人口37.3万人，比第六次全国人口普查减少2.7万人。家庭户12.6万户。",
        "全国上下推进改革。我市家庭户12.6万户。",
    ],
)
def test_what_a_region_says_of_itself_without_its_name_is_not_the_countrys(areas: Areas, text: str) -> None:
    assert located(areas, text, "12.6万户") == (None, None)


def test_a_national_census_in_a_title_leaves_the_page_to_its_county(areas: Areas) -> None:
    title = "临澧县第七次全国人口普查公报"
    assert located(areas, "全县家庭户12.6万户。", "12.6万户", title=title) == ("430724", None)


def test_a_title_that_names_the_province_beside_the_county_is_about_the_county(areas: Areas) -> None:
    title = "金乡县 经济概况（山东年鉴）"
    assert located(areas, "财政总收入3.22亿元。", "3.22亿元", title=title) == ("370828", None)


def test_a_report_is_about_the_region_of_its_title_however_often_it_names_the_country(areas: Areas) -> None:
    text = "增速高于全国。全国首个试点落地。总量居全国第九位。粮食总产量增长3%。"
    assert located(areas, text, "3%", title="2026年洛阳市政府工作报告") == ("410300", None)


def test_a_citys_customs_office_speaks_of_its_province(areas: Areas) -> None:
    where = {"title": "河南前4个月外贸进出口增长", "publisher": "郑州海关"}
    assert located(areas, "外贸进出口168亿元。", "168亿元", **where) == ("410000", None)


def test_a_text_that_names_only_the_country_is_about_it(areas: Areas) -> None:
    opening = "这项工作意义重大，各方面都在行动。" * 8
    text = f"{opening}全国银行网点更密。全国贷款更多。人民币贷款增加5万亿元。"
    assert located(areas, text, "5万亿元") == ("CN", None)


def test_a_newspaper_credited_in_a_title_does_not_say_where(areas: Areas) -> None:
    title = "2014年中国共产党党内统计公报（湖北教育新闻网）"
    assert located(areas, "党员总数为8779.3万名。", "8779.3万名", title=title)[0] != "420000"


DIGEST = """国内要闻

洛阳新增绿地36处

    洛阳市今年新增绿地36处。其中，口袋公园20处。

贷款余额增长

    中国人民银行今天公布，贷款余额达247万亿元。

兰州水厂投产

    兰州市一座水厂投产。日供水12万吨。

南昌开通航线

    南昌市开通航线，全年运送旅客30万人次。
"""


@pytest.mark.parametrize(
    ("figure", "code"),
    [("20处", "410300"), ("247万亿元", "CN"), ("12万吨", "620100"), ("30万人次", "360100")],
)
def test_each_item_of_a_digest_is_about_its_own_region(areas: Areas, figure: str, code: str) -> None:
    assert located(areas, DIGEST, figure) == (code, None)


def test_sections_of_a_page_are_about_the_region_that_the_page_is(areas: Areas) -> None:
    parts = {"概况": "许昌市位于中部。", "教育": "小学900所。", "卫生": "医院80家。", "交通": "公路9千公里。"}
    page = "\n\n".join(f"{head}\n\n    {text}" for head, text in parts.items())
    assert located(areas, page, "80家") == ("411000", None)
