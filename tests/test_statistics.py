"""Stated statistics: what is one, and what each of them says of where, when, how much and of what kind."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from reading import article, fresh, write
from test_reading import night

from pipeline.frames.reading import read
from pipeline.numbers.extract import Reading
from pipeline.relations.ids import quantity_ids
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.matcher import Matcher
from pipeline.statistics.patterns import CUES, TABLE
from pipeline.statistics.statistic import Statistic
from pipeline.statistics.statistic_cues import FIELDS, PLACES, Cue, FigureContext, cues, holds
from pipeline.tsv import read_entries

ISSUED = date(2024, 7, 20)
RULES = [cue for field in FIELDS for cue in cues(field)]


LINES = [*read_entries(TABLE)]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["cue"])
def test_every_pattern_takes_its_example_and_leaves_its_counterexample(line: dict[str, str]) -> None:
    pattern = getattr(CUES, line["cue"])
    assert pattern.search(line["example"])
    assert not pattern.search(line["counterexample"])
    assert line["meaning"]


def test_the_code_asks_for_every_pattern_and_for_no_other(root: Path) -> None:
    sources = (root / "src" / "pipeline" / "statistics").rglob("*.py")
    used = {name for path in sources for name in re.findall(r"CUES\.(\w+)", path.read_text(encoding="utf-8"))}
    within = {name for line in LINES for name in re.findall(r"{([a-z_]+)}", line["pattern"])}
    assert used | within == {line["cue"] for line in LINES}


@pytest.fixture(scope="module")
def matcher(root: Path) -> Matcher:
    return Matcher(load_catalog(root / "catalog"))


def stated(
    matcher: Matcher,
    text: str,
    region: str | None = "410100",
    title: str | None = None,
    issued: date = ISSUED,
) -> dict[str, Statistic]:
    """The statistics of a text by the characters of their figures."""
    reading: Reading = read(text)
    about = article(issued=issued, region=region, title=title)
    found = matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), about)
    return {reading.mentions[one.mention].text: one for one in found.statistics}


@pytest.mark.parametrize("cue", RULES, ids=lambda cue: f"{cue.field}-{cue.value}-{cue.example}")
def test_every_cue_is_found_in_its_example(cue: Cue) -> None:
    assert cue.where in PLACES
    subject = re.search("〔(.*?)〕", cue.example)
    before, figure, after = re.split("[【】]", cue.example.replace("〔", "").replace("〕", ""))
    unit = re.sub(r"^[\d.]+万?亿?|^[一二三四五六七八九十]+", "", figure)
    clause = re.split("[，；。]", before)[-1]
    earlier = before.rpartition("。")[0]
    assert holds(
        cue, FigureContext(subject[1] if subject else "", unit, clause, before, after, before, earlier)
    )


@pytest.mark.parametrize(
    ("text", "figure", "expected"),
    [
        (
            "上半年，全市规模以上工业增加值同比下降1.2%。", "1.2%",
            {"transformation": "G", "base": "yoy", "value": Decimal("-1.2"), "stat_pop": "规模以上",
             "ref_area": "410100", "time_period": "2024-S1", "scenario": "actual"},
        ),
        (
            "截至6月底，全市党员总数达到63.5万名，比上年底净减少1.2万名。", "63.5万名",
            {"transformation": "N", "time_period": "2024-06-30", "collection": "stock"},
        ),
        ("今年以来，全市新建停车泊位1.6万个。", "1.6万个", {"collection": "year_to_date"}),
        (
            "1至5月，全市粮食产量288万吨。", "288万吨",
            {"time_period": "2024-01/2024-05", "collection": "year_to_date"},
        ),
        ("主题教育开展以来，全市累计梳理问题1066个。", "1066个", {"collection": "since_event"}),
        ("“五一”假期，郑州地铁日均客流186万人次。", "186万人次", {"collection": "average_day"}),
        ("力争全年接待游客1.6亿人次。", "1.6亿人次", {"scenario": "plan", "obs_status": "F"}),
        ("预计全年接待游客1.6亿人次。", "1.6亿人次", {"scenario": "forecast"}),
        ("全市对东盟出口56.3亿元。", "56.3亿元", {"counterpart_area": ("东盟",), "ref_area": "410100"}),
        ("农村居民人均可支配收入21563元，实际增长5.2%。", "5.2%", {"prices": "constant"}),
        ("据国家统计局发布的数据，上半年粮食产量1.4亿吨。", "1.4亿吨", {"ref_area": "CN"}),
        (
            "上半年，全市对欧盟、美国分别出口56.2亿元和31.1亿元。", "31.1亿元",
            {"ref_area": "410100", "counterpart_area": ("US",)},
        ),
        ("该公司上半年生产轮胎300万条。", "300万条", {"part": True}),
        ("新密市超化镇发放种粮补贴320万元。", "320万元", {"part": True}),
        ("白云机场进出境航班超8.8万架次，进出境旅客1196万人次。", "1196万人次", {"part": True}),
        ("大型企业恢复较快，采购经理指数为50.7%。", "50.7%", {"part": True}),
        ("旅游项目加快推进，今年，全市计划改造老旧小区747个。", "747个", {"part": False}),
        ("上半年，银行贷款增加。保险公司总资产32.9万亿元。", "32.9万亿元", {"part": False}),
        ("上半年，规模以上工业企业实现利润总额160亿元。", "160亿元", {"part": False}),
        (
            "上半年，长三角进出口7万亿元。其中，河南进出口3882亿元。", "3882亿元",
            {"ref_area": "410000", "part": False},
        ),
        ("“十四五”期间，医保基金累计支出13万亿元。", "13万亿元", {"collection": "since_event"}),
        ("据省大学的统计数据，全市粮食产量达到288万吨。", "288万吨", {"part": False}),
        ("全市各口岸出入境人员3.41万人次。", "3.41万人次", {"part": False}),
        ("一季度，全市累计建成5G基站1.2万个。", "1.2万个", {"time_period": "2024-03-31"}),
        ("全市已春播粮食面积260万亩。", "260万亩", {"collection": "since_event"}),
        ("7月份，全市中小企业发展指数上升1.1点。", "1.1点", {"transformation": "D"}),
        ("上半年，全市汽车产销量分别完成18万辆和19万辆。", "19万辆", {"concept": "sales_of_motor_vehicles"}),
        ("开封今年计划改造老旧小区500个。", "500个", {"ref_area": "410200", "part": False}),
        ("在豫东地区，开封水稻插秧超42万亩。", "42万亩", {"ref_area": "410200"}),
        (
            "上半年，全市交通运输平稳运行。营业性货运量达83万吨。", "83万吨",
            {"time_period": "2024-S1"},
        ),
        (
            "截至6月底，出入境人员突破20万人次，是去年全年总量的1.1倍。其中，外国人达6万人次。", "6万人次",
            {"time_period": "2024-06-30"},
        ),
    ],
)  # fmt: skip
def test_a_statistic_says_what_its_sentence_does(
    matcher: Matcher, text: str, figure: str, expected: dict[str, object]
) -> None:
    one = stated(matcher, text)[figure]
    assert {name: getattr(one, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("两国签署合作文件。", "两国"),
        ("她是三个孩子的母亲。", "三个"),
        ("会议提出5条要求。", "5条"),
        ("他今年63岁，是护林员。", "63岁"),
        ("排水能力由900吨增加到1200吨。", "900吨"),
        ("货物吞吐量排名前10的港口中，我省有2个。", "10"),
        ("一年来，全市新建学校12所。", "一年"),
        ("在郊区万亩高标准农田里，喷灌设备正在作业。", "万亩"),
    ],
)
def test_an_incidental_number_is_no_statistic(matcher: Matcher, text: str, figure: str) -> None:
    assert figure not in stated(matcher, text)


def test_headlines_and_lists_of_links_make_no_statistics_of_their_own(matcher: Matcher) -> None:
    text = (
        "上半年全市进出口增长12%\n\n    上半年，全市外贸进出口2562亿元，同比增长12%。\n\n"
        "相关链接：去年全市外贸进出口5522亿元。\n"
    )
    assert set(stated(matcher, text)) == {"2562亿元", "12%"}
    assert len(stated(matcher, text)) == 2


def test_a_place_of_a_breakdown_is_the_rows_own_region(matcher: Matcher) -> None:
    found = stated(matcher, "全省新增病例9例（郑州4例，开封3例，洛阳2例）。", region="410000")
    assert found["9例"].ref_area == "410000"
    assert {found["4例"].ref_area, found["3例"].ref_area, found["2例"].ref_area} == {
        "410100",
        "410200",
        "410300",
    }


TITLE = "2026年安和县政府工作报告"
REPORT = """2026年安和县政府工作报告

一、2025年工作回顾

    一年来，全县地区生产总值412.6亿元，增长5.6%，一般公共预算收入18.4亿元，增长4.1%。城乡居民人均可支配收入分别增长4.8%、6.2%。常住人口城镇化率达到57.3%。

    五年来，地区生产总值跨越2个百亿元台阶，达到412.6亿元、增长31.2%。一般公共预算支出累计超过260亿元。2025年旅游收入比2020年增长80%。城镇新增就业累计突破3万人。

二、“十五五”时期主要目标

    到2030年，常住人口城镇化率达到63%。森林覆盖率提高到41%。

三、2026年重点工作

    地区生产总值增长5.5%左右，城镇新增就业6200人。
"""


def test_a_report_distinguishes_results_from_plans(matcher: Matcher) -> None:
    found = stated(matcher, REPORT, region="410000", title=TITLE, issued=date(2026, 2, 1))
    assert (found["5.6%"].time_period, found["5.6%"].scenario) == ("2025", "actual")
    assert (found["63%"].time_period, found["63%"].scenario) == ("2030", "plan")
    assert (found["41%"].time_period, found["41%"].scenario) == ("2030", "plan")
    assert (found["6200人"].time_period, found["6200人"].scenario) == ("2026", "plan")
    assert found["31.2%"].time_period == "2021/2025"
    assert found["260亿元"].collection == "since_event"
    assert found["3万人"].time_period == "2021/2025"
    assert "百亿元" not in found


def test_figures_of_town_and_country_are_distinguished_by_their_order(matcher: Matcher) -> None:
    found = stated(matcher, REPORT, region="410000", title=TITLE, issued=date(2026, 2, 1))
    urban, rural = (f"per_capita_disposable_income_of_{kind}_households" for kind in ("urban", "rural"))
    assert (found["4.8%"].concept, found["6.2%"].concept) == (urban, rural)


def test_an_incidental_place_does_not_move_the_figures_after_it(matcher: Matcher) -> None:
    text = "我市积极融入长三角，组织企业赴上海、江苏招商，新签约项目56个，总投资312亿元。"
    found = stated(matcher, text)
    assert {found["56个"].ref_area, found["312亿元"].ref_area} == {"410100"}


def test_a_document_without_region_and_date_has_one_diagnostic(matcher: Matcher) -> None:
    reading = read("一般公共预算收入完成16.5亿元，增长6.2%。\n\n    粮食产量28.8万吨，新建学校12所。\n")
    about = article()
    found = matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), about)
    (finding,) = [one for one in found.diagnostics if one.check == "document_incomplete"]
    assert finding.severity == "info"
    assert "region 410102" in finding.message
    assert "issued 2024-03-28" in finding.message
    assert not found.claims
    assert len(found.statistics) == 4


def test_a_page_without_a_date_that_speaks_of_one_month_is_of_that(matcher: Matcher) -> None:
    text = "2025年11月份，辛集市受理投诉1828件。\n\n    商品类投诉306件。\n\n    服务类投诉53件。\n"
    reading = read(text)
    found = matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), article())
    assert {one.time_period for one in found.statistics} == {"2025-11"}


def test_an_area_of_land_is_converted_to_the_places_that_it_deserves(matcher: Matcher) -> None:
    reading = read("上半年，全市新增绿地面积18.5万亩。")
    about = article(issued=ISSUED, region="410100")
    (claim,) = matcher.match(reading.flow, reading.mentions, quantity_ids("d", reading), about).claims
    assert (claim.value, claim.unit_measure, claim.printed) == (123_300_000, "m2", "18.5万亩")


def test_an_incremental_night_states_what_a_full_one_does(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", fresh()
    write(raw, report=REPORT, news="上半年，全市进出口总额76亿元。其中，出口40亿元，同比增长6%。")
    night(cache, raw)
    write(raw, fire="18日，安和县一处厂房发生火灾。截至目前，火灾已造成3人死亡。")
    write(raw, news="前三季度，全市进出口总额116亿元。其中，出口60亿元，同比增长5%。")
    night(cache, raw)
    (raw / "report.txt").unlink()
    incremental, full = night(cache, raw).tables["statistics"], night(fresh(), raw).tables["statistics"]
    assert full.num_rows == 4
    assert incremental.to_pylist() == full.to_pylist()


def test_a_row_of_numbers_of_any_length_is_read(matcher: Matcher) -> None:
    row = "、".join(f"{number}元" for number in range(2_000, 4_000))
    found = stated(matcher, f"全市人均可支配收入由{row}提高到5000元。")
    assert found["5000元"].value == 5_000
