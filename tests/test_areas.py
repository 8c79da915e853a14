"""Regions: codes, parents, and which one a figure is about."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import article
from regions import located

from pipeline.errors import WenshuError
from pipeline.statistics.regions.areas import ELSEWHERE, Areas, load_areas
from pipeline.statistics.regions.resolver import RegionResolver
from pipeline.texts.layout import reflow


@pytest.mark.parametrize(
    ("code", "parents"),
    [
        ("410102", ("410100", "410000", "CN")),
        ("410100", ("410000", "CN")),
        ("110105", ("110000", "CN")),
        ("419001", ("410000", "CN")),
        ("410000", ("CN",)),
        ("CN", ()),
        ("FR", ()),
    ],
)
def test_a_region_knows_what_it_is_part_of(areas: Areas, code: str, parents: tuple[str, ...]) -> None:
    assert areas.parents(code) == parents


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("410102", "410102"),
        ("中原区", "410102"),
        ("中原", "410102"),
        ("郑州市中原区", "410102"),
        ("河南省郑州市中原区", "410102"),
        ("北京市朝阳区", "110105"),
        ("长春市朝阳区", "220104"),
        ("内蒙古", "150000"),
        ("恩施州", "422800"),
        ("浙江义乌", "330782"),
        ("甘肃积石山", "622927"),
        ("积石山县", "622927"),
        ("北京市崇文区", "110103"),
        ("吉林省舒兰县", "220222"),
        ("中国", "CN"),
        ("法国", "FR"),
        ("朝阳区", None),
        ("某某区", None),
    ],
)
def test_a_sidecar_may_name_its_region_by_code_or_name(areas: Areas, words: str, code: str | None) -> None:
    assert areas.read(words) == code


def test_a_former_name_keeps_its_code_and_comes_after_todays(areas: Areas) -> None:
    assert areas.read("闸北区") == "310108"
    assert areas.read("定日县") == "540223"


@pytest.mark.parametrize(
    "words",
    [
        "沿海地带",
        "黄海南部海域",
        "中南海",
        "在西南海域",
        "北京时间8时",
        "老城区的蝶变",
        "国内生产总值",
        "长治久安",
        "大理石",
    ],
)
def test_a_word_that_holds_a_name_is_no_region(areas: Areas, words: str) -> None:
    assert not list(areas.find(words))


def test_a_common_word_is_a_region_right_after_its_city(areas: Areas) -> None:
    (place,) = areas.find("洛阳市老城区")
    assert place.codes == ("410302",)


@given(st.text(alphabet="北京上海市朝阳区郑州中原全国我省、，。的长安春", max_size=60))
def test_places_are_in_order_and_disjoint(areas: Areas, text: str) -> None:
    places = list(areas.find(text))
    assert all(a.stop <= b.begin for a, b in pairwise(places))
    assert all(0 <= place.begin < place.stop <= len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "figure", "code"),
    [
        ("郑州市中原区改造道路28条。", "28条", "410102"),
        ("全国铁路发送旅客300万人次。", "300万人次", "CN"),
        ("河南省接待游客100万人次，湖北省接待游客90万人次。", "90万人次", "420000"),
        ("我国对美国出口300亿元。", "300亿元", "CN"),
        ("河南工业增速居全国前列，增长8%。", "8%", "410000"),
        ("长三角地区进出口5万亿元。", "5万亿元", ELSEWHERE),
        ("意大利和法国共有患者300人。", "300人", ELSEWHERE),
        ("据日本媒体报道，也门有9人死亡。", "9人", "YE"),
        ("全国新增病例103例（上海4例，福建1例），本土病例88例（吉林46例）。", "88例", "CN"),
        ("全国新增病例103例（上海4例，福建1例），本土病例88例（吉林46例）。", "1例", "350000"),
        ("参加者共有300人。", "300人", None),
        ("内蒙古巴彦淖尔的93万亩农田开工。", "93万亩", "150800"),
        ("农业大省河南，今年小麦长势一类田占94%。", "94%", "410000"),
        ("中欧班列（西安）开行4041列。", "4041列", "610100"),
        ("深圳香港方向出入境人员达2亿人次。", "2亿人次", "440300"),
        ("以色列当天对黎巴嫩南部发动袭击，造成18人死亡。", "18人", "LB"),
        ("以色列军队轰炸加沙地带一处房屋，造成5人死亡。", "5人", ELSEWHERE),
        ("法国一架客机在加拿大着陆时发生事故，导致18人受伤。", "18人", "CA"),
        ("据法国新华通讯社报道，爆炸造成6人死亡。", "6人", None),
        ("记者从商务部获悉，市场平稳运行。乡村销售增长快。零售额增长2.8%。", "2.8%", "CN"),
        ("河南共获得世界冠军12个。", "12个", "410000"),
        ("我国对共建“一带一路”国家进出口6万亿元。", "6万亿元", "CN"),
        ("我国世界自然遗产增至15项。", "15项", "CN"),
        ("西班牙西北部毗邻葡萄牙的小城起火，12个村庄被疏散。", "12个", "ES"),
        ("全国平均降水量620毫米。", "620毫米", "CN"),
        ("俄国防部称，行动结束。双方会谈。会后交换了150名人员。", "150名", None),
    ],
)
def test_the_nearest_region_named_before_a_figure_is_its_own(
    areas: Areas, text: str, figure: str, code: str | None
) -> None:
    assert located(areas, text, figure) == (code, None)


@pytest.mark.parametrize(
    ("region", "word", "code"),
    [
        ("410102", "全区", "410102"),
        ("410102", "全市", "410100"),
        ("410102", "我省", "410000"),
        ("450000", "全区", "450000"),
        ("410102", "全镇", ELSEWHERE),
        ("410000", "全县", None),
    ],
)
def test_a_relative_word_is_read_against_the_documents_region(
    areas: Areas, region: str, word: str, code: str | None
) -> None:
    assert located(areas, f"{word}有党员900名。", "900名", region=region) == (code, None)


def test_a_share_of_the_country_is_the_regions_own(areas: Areas) -> None:
    assert located(areas, "我市风机产能接近全国八分之一。", "八分之一", region="320900") == ("320900", None)


def test_a_sentence_on_parts_holds_where_the_whole_does(areas: Areas) -> None:
    text = "据郑州海关统计，长三角地区进出口5万亿元。其中，出口3万亿元。河南省进出口9亿元。其中，出口6亿元。"
    assert located(areas, text, "3万亿元") == (ELSEWHERE, None)
    assert located(areas, text, "6亿元") == ("410000", None)


def test_the_sentences_after_go_on_with_a_part_of_the_country(areas: Areas) -> None:
    text = "我国西部地区外贸规模达4.4万亿元。5年来进出口总值19.5万亿元。出口12万亿元。"
    assert located(areas, text, "4.4万亿元") == (ELSEWHERE, None)
    flow = reflow(text)
    where = RegionResolver(areas, flow, article())
    found = [where.resolve(span, flow.text.rindex("万亿元", *span)).area for span in flow.sentences]
    assert found == [ELSEWHERE] * 3


def test_an_ambiguous_name_is_resolved_by_the_document_or_left_open(areas: Areas) -> None:
    told = "长春市召开会议。朝阳区改造小区30个。"
    assert located(areas, told, "30个") == ("220104", None)
    assert located(areas, "朝阳区改造小区30个。", "30个") == (None, "朝阳区")
    assert located(areas, "朝阳区改造小区30个。", "30个", region="北京市") == ("110105", None)


def test_the_page_is_about_zhongyuan_with_and_without_its_sidecar(areas: Areas, page: Path) -> None:
    flow = reflow(page.read_text(encoding="utf-8"))
    assert RegionResolver(areas, flow, article()).area == "410102"
    assert RegionResolver(areas, flow, article(region="中原")).area == "410102"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("南宁良庆区蟠龙社区有居民300人。", True),
        ("宜宾市筠连县沐爱镇有居民300人。", True),
        ("郑州市城镇有居民300人。", False),
        ("郑州市乡镇有居民300人。", False),
        ("中原区有居民300人。", False),
    ],
)
def test_a_village_is_a_part_of_its_county(areas: Areas, text: str, part: bool) -> None:
    flow = reflow(text)
    resolver = RegionResolver(areas, flow, article())
    assert resolver.resolve(flow.sentences[0], flow.text.index("300人")).part is part


def test_a_list_of_regions_goes_with_its_list_of_figures(areas: Areas) -> None:
    flow = reflow("河南、湖北产量分别为300万吨、200万吨。")
    locator = RegionResolver(areas, flow, article())
    assert [
        locator.resolve((0, len(flow.text)), flow.text.index(f), (i, 2)).area
        for i, f in enumerate(("300", "200"))
    ] == [
        "410000",
        "420000",
    ]


def test_finding_regions_takes_time_in_proportion_to_the_text(areas: Areas) -> None:
    text = "北京市朝阳区与上海市浦东新区，" * 2_000
    took = []
    for times in (1, 10):
        start = time.process_time()
        assert len(list(areas.find(text * times))) == 4_000 * times
        took.append(time.process_time() - start)
    assert took[1] < 30 * took[0] + 0.05


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("code,name\n", ":1"),
        ("code,name,also,until\n41010,郑州市,,\n", ":2"),
        ("code,name,also,until\n410100,,,\n", ":2"),
        ("code,name,also,until\n# 各市\n\n410100,郑州市,,,\n", ":4"),
        ('code,name,also,until\n410100,"郑州\n市",,\n41010,中原区,,\n', ":4"),
    ],
)
def test_a_malformed_gazetteer_is_refused_with_its_line(tmp_path: Path, content: str, line: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WenshuError, match=rf"areas\.csv{line}"):
        load_areas(path)


def test_a_missing_gazetteer_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match=r"areas\.csv"):
        load_areas(tmp_path / "areas.csv")


def test_codes_of_the_past_say_when_they_held_and_what_took_their_place(areas: Areas) -> None:
    past = {area.name: area for area in areas.listed()}
    assert (past["崇文区"].until, past["崇文区"].successor) == ("2009-12", "110101")
    assert (past["昆山县"].since, past["昆山县"].successor) == ("1983-12", "320583")
    assert all(area.successor in areas for area in areas.listed() if area.successor)
