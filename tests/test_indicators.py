"""Figures read as indicators: by noun, unit and state; one observation a figure; no silent pick."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from marking import marked
from reading import article

from pipeline.frames.reading import read as read_frames
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import MatchResult
from pipeline.statistics.matcher import Matcher
from pipeline.statistics.observations import dataset_rows, merge
from pipeline.texts.layout import Flow, reflow

ISSUED = date(2020, 7, 8)


@pytest.fixture(scope="module")
def catalog(root: Path) -> Catalog:
    return load_catalog(root / "catalog")


def read(
    catalog: Catalog, text: str, document: str = "d", issued: date = ISSUED, region: str = "410102"
) -> MatchResult:
    plain, mentions = marked(text)
    keys = [f"{document}:{index}" for index in range(len(mentions))]
    source = article(document_id=document, issued=issued, region=region)
    return Matcher(catalog).match(reflow(plain), mentions, keys, source)


def claimed(found: MatchResult) -> dict[str, Decimal | None]:
    return {claim.indicator: claim.value for claim in found.claims}


RENOVATION = (
    "全区纳入改造规划的【487个|个|老旧小区】老旧小区，【89个|个|老旧小区】基本改造完成，"
    "【203个|个|老旧小区】进入收尾阶段，【195个|个|老旧小区】近期全部开工，年底前大头落地。"
)


def test_a_figure_without_its_own_noun_takes_it_from_the_total(catalog: Catalog) -> None:
    assert claimed(read(catalog, RENOVATION)) == {
        "renovation_planned": 487,
        "renovation_completed": 89,
        "renovation_finishing": 203,
        "renovation_starting": 195,
    }


def test_the_programme_is_a_row_with_its_residual(catalog: Catalog) -> None:
    observations = merge(read(catalog, RENOVATION).claims).observations
    (row,) = dataset_rows(catalog.datasets["renovation"], observations)
    assert row == {
        "ref_area": "410102", "time_period": "2020-07-08", "planned": 487, "completed": 89, "finishing": 203,
        "starting": 195, "residual": 0, "document_id": "d", "qualifiers": [], "bounds": [],
        "statuses": ["starting=F"],
        "quantity_ids": ["planned=d:0", "completed=d:1", "finishing=d:2", "starting=d:3"],
    }  # fmt: skip


def test_the_residual_shows_what_does_not_add_up_and_is_empty_where_a_part_is_not_stated(
    catalog: Catalog,
) -> None:
    dataset = catalog.datasets["renovation"]
    wrong = merge(read(catalog, RENOVATION.replace("203", "204")).claims).observations
    assert dataset_rows(dataset, wrong)[0]["residual"] == -1
    partly = merge(read(catalog, RENOVATION[: RENOVATION.index("【195")] + "。").claims).observations
    assert dataset_rows(dataset, partly)[0]["residual"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the verb before a list governs every member of it
        (
            "疫情防控中，先后发动【1.4万余名|名|党员】党员、【1.9万余名|名|志愿者】志愿者参与值守。",
            {"party_members_mobilised": 14000, "volunteers_mobilised": 19000},
        ),
        # each figure of a clause has its own verb
        (
            "全市新开工改造老旧小区【30个|个|老旧小区】、完工老旧小区【20个|个|老旧小区】。",
            {"renovation_starting": 30, "renovation_completed": 20},
        ),
        # the same noun and verb, told apart by the sentence
        ("累计发动【3760名|名|党员】党员，示范带动群众。", {"party_members_leading": 3760}),
        # a noun with a place before it is whole, one with another noun is not
        ("全市现有【2.5万名|名|郑州市党员】党员。", {"party_members": 25000}),
        ("全市现有【300名|名|离休干部党员】离休干部党员。", {}),
        # another kind or unit is another figure
        ("全市现有党员【25%|%|党员|percent】。", {}),
        ("走访慰问党员【606户|户|党员】。", {}),
        # units are converted, signs follow the verb
        ("新增绿化面积【15亩|亩|绿化面积|measure】。", {"green_area_added": 10000}),
        (
            "上半年，社会消费品零售总额同比下降【3.2%|%|社会消费品零售总额|percent】。",
            {"retail_sales_growth": Decimal("-3.2")},
        ),
        # what it was before it changed is no figure of today
        ("停车泊位由【900个|个|停车泊位】新增至【1200个|个|停车泊位】。", {"parking_spaces_added": 1200}),
        # a list of nouns goes with its list of figures
        (
            "今年上半年，外贸出口、进口分别为【20亿元|元|出口|money】、【10亿元|元|进口|money】。",
            {"exports": 2_000_000_000, "imports": 1_000_000_000},
        ),
        (
            "今年上半年，外贸出口、进口分别为【20亿元|元|进口|money】、【10亿元|元|进口|money】。",
            {"imports": 1_000_000_000},
        ),
        # the trade with one partner is not the trade
        ("今年上半年，我省对东盟进出口【20亿元|元|进出口|money】。", {}),
        # a day has no gross domestic product
        ("地区生产总值【900亿元|元|地区生产总值|money】。", {}),
        ("上半年，地区生产总值【900亿元|元|地区生产总值|money】。", {"gdp": 90_000_000_000}),
    ],
)
def test_a_figure_is_claimed_where_noun_unit_state_and_scope_agree(
    catalog: Catalog, text: str, expected: dict[str, Decimal]
) -> None:
    assert claimed(read(catalog, text)) == expected


def test_every_refusal_says_what_was_lacking(catalog: Catalog) -> None:
    refusals = read(catalog, "购置帐篷，【89个|个|老旧小区】老旧小区装上路灯。").refusals
    assert {refusal.indicator for refusal in refusals} >= {"renovation_planned", "renovation_completed"}
    assert all(refusal.reason.startswith("states: none of ") for refusal in refusals)


def test_a_figure_that_two_indicators_claim_goes_to_neither_and_to_the_officer(catalog: Catalog) -> None:
    twin = replace(catalog.indicators["isolation_points"], id="isolation_places")
    doubled = replace(catalog, indicators=MappingProxyType({**catalog.indicators, twin.id: twin}))
    found = read(doubled, "设置【3个|个|集中隔离点】集中隔离点。")
    assert not found.claims
    (finding,) = found.diagnostics
    assert (finding.check, finding.keys) == ("indicator_ambiguous", ("d:0",))
    assert "isolation_places, isolation_points" in finding.message
    assert "同时像这些指标" in finding.message.split(" / ")[0]
    assert "claimed by each" in finding.message.split(" / ")[1]
    assert "isolation_places, isolation_points" in finding.message
    assert "设置3个集中隔离点" in finding.message


def test_an_ambiguous_region_stays_open_and_is_reported(catalog: Catalog) -> None:
    plain, mentions = marked("朝阳区设置【3个|个|集中隔离点】集中隔离点。")
    found = Matcher(catalog).match(reflow(plain), mentions, ["k"], article(issued=ISSUED))
    assert not found.claims
    (finding,) = [one for one in found.diagnostics if one.check == "area_ambiguous"]
    assert "不止一处" in finding.message.split(" / ")[0]
    assert "several regions" in finding.message.split(" / ")[1]


def test_the_plan_of_a_verb_holds_for_the_next_clause_with_that_verb(catalog: Catalog) -> None:
    text = "计划新增停车泊位【1.6万个|个|停车泊位】，新增绿化面积【70万平方米|平方米|绿化面积|measure】。"
    assert [claim.obs_status for claim in read(catalog, text).claims] == ["F", "F"]


def test_the_result_does_not_depend_on_the_order_of_documents(catalog: Catalog) -> None:
    claims = [*read(catalog, RENOVATION, "a").claims, *read(catalog, RENOVATION, "b").claims]
    assert merge(claims) == merge(claims[::-1])


# ------------------------------------------------------------------ the page, and scale

PAGE = {
    "renovation_planned": (487, 2), "renovation_completed": (89, 1), "renovation_finishing": (203, 1),
    "renovation_starting": (195, 1), "party_members_mobilised": (14000, 2), "party_tent_branches": (23, 2),
    "volunteers_mobilised": (19000, 1), "militia_mobilised": (300, 1), "patrols_mobilised": (520, 1),
    "isolation_points": (3, 1), "unmanaged_courtyards": (418, 1), "units_provincial": (12, 1),
    "units_municipal": (14, 1), "units_district": (55, 1), "staff_sent_by_upper_units": (585, 1),
    "staff_sent_by_district_units": (1215, 1), "party_members": (25000, 1), "party_organisations": (1100, 1),
    "party_members_leading": (3760, 1), "party_members_visited": (606, 1), "parking_spaces_added": (16000, 1),
    "green_area_added": (700000, 1), "projects_engineering": (34, 1), "projects_management": (406, 1),
    "roads_excellent": (28, 1), "party_dues": (360000, 1), "defects_found": (986, 1),
}  # fmt: skip
"""Figures of the page, each with how many mentions state it: the headline repeats two."""


def test_every_figure_of_the_page_is_one_observation(catalog: Catalog, page: Path, root: Path) -> None:
    reading = read_frames(page.read_text(encoding="utf-8"), load_grammar(root / "catalog"))
    keys = [str(index) for index in range(len(reading.mentions))]
    found = Matcher(catalog).match(
        reading.flow, reading.mentions, keys, article(document_id="page", issued=ISSUED)
    )
    merged = merge(found.claims)
    values = {o.indicator: (o.value, len(o.sources)) for o in merged.observations}
    assert len(values) == len(merged.observations)
    assert {name: values.get(name) for name in PAGE} == PAGE
    assert {o.ref_area for o in merged.observations} == {"410102"}
    assert {o.time_period for o in merged.observations} == {"2020-07-08"}
    assert not found.diagnostics
    assert not merged.diagnostics


def widened(catalog: Catalog, to: int) -> Catalog:
    """The catalog with so many indicators, each added one of a concept whose name stands in no text."""
    like = catalog.indicators["volunteers_mobilised"]
    concept = catalog.concepts.concepts[like.concept]
    more = [f"more_{n}" for n in range(to - len(catalog.indicators))]
    concepts = (replace(concept, code=name, zh=f"甲乙丙{name}", also=(), bare=()) for name in more)
    indicators = {name: replace(like, id=name, concept=name) for name in more}
    return replace(
        catalog, concepts=catalog.concepts.with_concepts(*concepts),
        indicators=MappingProxyType({**catalog.indicators, **indicators}),
    )  # fmt: skip


def quickest(matcher: Matcher, flow: Flow, mentions: list[Mention], keys: list[str]) -> float:
    """Seconds of the quickest of four readings: what else the machine does slows some of them."""
    seconds = []
    for _ in range(4):
        start = time.process_time()
        matcher.match(flow, mentions, keys, article(issued=ISSUED, region="410102"))
        seconds.append(time.process_time() - start)
    return min(seconds)


@pytest.mark.soak
def test_matching_costs_no_more_with_five_hundred_indicators(catalog: Catalog) -> None:
    plain, mentions = marked("截至7月1日，" + RENOVATION * 300)
    flow, keys = reflow(plain), [str(n) for n in range(len(mentions))]
    took = []
    for size in (len(catalog.indicators), 500):
        matcher = Matcher(widened(catalog, size))
        took.append(quickest(matcher, flow, mentions, keys))
    assert took[1] < 2 * took[0]


@pytest.mark.soak
def test_one_sentence_of_a_megabyte_is_read_in_proportion_to_its_length(catalog: Catalog) -> None:
    took = []
    for times in (100, 1000):
        plain, mentions = marked(("又设置【3个|个|集中隔离点】集中隔离点" + "在路旁" * 30) * times)
        flow, keys = reflow(plain), [str(n) for n in range(len(mentions))]
        found = Matcher(catalog).match(flow, mentions, keys, article(issued=ISSUED, region="410102"))
        assert len(found.claims) == times
        took.append(quickest(Matcher(catalog), flow, mentions, keys))
    assert took[1] < 30 * took[0]


@pytest.mark.parametrize(("confidence", "taken"), [("0.39", False), ("0.40", True)])
def test_a_doubtful_subject_makes_a_diagnostic_and_no_observation(
    catalog: Catalog, confidence: str, taken: bool
) -> None:
    plain, mentions = marked("2020年7月，中原区【487个|个|老旧小区】纳入改造。")
    unsure = [one._replace(confidence=Decimal(confidence)) for one in mentions]
    found = Matcher(catalog).match(reflow(plain), unsure, ["d:0"], article(issued=ISSUED))
    told = [finding for finding in found.diagnostics if finding.check == "subject_doubtful"]
    assert [claim.key for claim in found.claims] == ["d:0"] * taken
    assert [(one.severity, one.keys) for one in told] == [("info", ("d:0",))] * (not taken)
    assert all("487个 老旧小区" in one.message for one in told)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("分布如下\n东州 12 临川 7 西山 3\n南湖 4 汀溪 5 北岙 6\n禾山 8 郁河 9 合计 54\n", True),
        ("指标 绝对数（亿元） 增长（%）\n生产总值 86.3 6.1\n财政收入 12.4 3.2\n税收收入 9.1 2.8\n", False),
        ("东州12例，临川7例。\n南湖4例，汀溪5例。\n禾山8例，郁河9例。\n", False),
    ],
)
def test_an_unreadable_table_is_reported(catalog: Catalog, text: str, unread: bool) -> None:
    flow = reflow(text)
    found = Matcher(catalog).match(flow, [], [], article(issued=ISSUED))
    told = [(one.check, one.severity) for one in found.diagnostics]
    assert told == [("table_unread", "info")] * unread
