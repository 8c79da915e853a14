"""The concept list: which concept a subject names, and what becomes of the words before the name."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog_files import catalog_files
from pipeline.concepts.concept import KINDS, Concept
from pipeline.concepts.concept_files import load_concepts
from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.concepts.unit_conversions import conversion_factor
from pipeline.errors import WenshuError
from pipeline.project import packaged_path

with (Path(__file__).parent / "concept_phrases.tsv").open(encoding="utf-8", newline="") as _table:
    PHRASES = list(csv.DictReader(_table, delimiter="\t"))
NBS_DATABASES = {"hgnd", "hgyd", "hgjd", "fsnd", "fsyd", "fsjd", "csnd", "csyd"}

HEADER = "code,zh,en,kind,unit,also,bare,parent,collects,general,nbs\n"
TOWN = HEADER + (
    "funds,资金,Funds,money,CNY,,,,flow,yes,\n"
    "relief_funds,救助资金,Relief funds,money,CNY,,,funds,flow,,\n"
    "value_added,增加值,Value added,money,CNY,,,,flow,yes,\n"
    "services_value_added,服务业增加值,Value added of services,money,CNY,,,value_added,flow,,\n"
    "wheat_output,小麦产量,Output of wheat,measure,t,,小麦,,flow,,\n"
    "wheat_area,小麦播种面积,Sown area of wheat,measure,har,,小麦,,flow,,\n"
)


@pytest.fixture(scope="module")
def packaged_list() -> ConceptList:
    root = packaged_path("catalog")
    return load_concepts(
        catalog_files(root, "concepts/*.csv").values(), catalog_files(root, "breakdowns/*.csv").values()
    )


@pytest.fixture
def town(tmp_path: Path) -> ConceptList:
    breakdowns = tmp_path / "b.csv"
    breakdowns.write_text(
        "dimension,value,zh,en,also\nactivity,L72,商务服务业,,\nresidence,rural,农村,,\nnone,,全市,,\n"
    )
    return load_concepts([write(tmp_path, TOWN)], [breakdowns])


def write(folder: Path, text: str) -> Path:
    path = folder / "town.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_longest_name_wins_over_a_general_head(town):
    assert town.find("发放救助资金", "money", "CNY").concept.code == "relief_funds"
    assert town.find("专项资金", "money", "CNY").concept.code == "funds"
    assert town.find("专项资金", "money", "CNY").rest == "专项"


def test_a_modifier_that_reaches_into_a_name_makes_another_concept(town):
    match = town.find("全市商务服务业增加值", "money", "CNY")
    assert (match.concept.code, match.breakdown, match.rest) == ("value_added", (("activity", "L72"),), "")
    assert town.find("现代服务业增加值", "money", "CNY").rest == "现代"
    assert town.find("全市服务业增加值", "money", "CNY").rest == ""


def test_a_bare_product_counts_only_with_its_own_unit(town):
    assert town.find("小麦", "measure", "t").concept.code == "wheat_output"
    assert town.find("小麦", "measure", "{mu}").concept.code == "wheat_area"
    assert [town.find("小麦", *said) for said in (("percent", "%"), ("count", "1"), (None, None))] == [
        None
    ] * 3
    assert town.find("收购小麦", "measure", "t") is None


def test_a_figure_in_another_kind_of_unit_is_not_the_concepts(town):
    assert town.find("救助资金", "count", "1") is None
    assert town.find("救助资金", "percent", "%").concept.code == "relief_funds"


def test_what_follows_a_name_is_its_tail(town):
    match = town.find("服务业增加值（现价）", "money", "CNY")
    assert (match.words, match.tail) == ("服务业增加值", "（现价）")
    assert town.find("服务业增加值增速", "percent", "%").tail == "增速"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("funds,经费,Funds,money,CNY,,,,flow,,", "declared twice"),
        ("other,资金,Funds,money,CNY,,,,flow,,", "资金 is a name of funds already"),
        ("other,小麦长势,Wheat,measure,t,,小麦,,flow,,", "小麦 is a name of wheat_output already"),
        ("other,别的,Other,money,CNY,,,nowhere,flow,,", "its parent nowhere is no concept"),
        ("other,别的,Other,money,CNY,,,other,flow,,", "other is above itself"),
        ("other,别的,Other,coin,CNY,,,,flow,,", "kind: want one of"),
        ("Other,别的,Other,money,CNY,,,,flow,,", "code: want"),
        ("other,,Other,money,CNY,,,,flow,,", "zh is empty"),
        ("other,别的", "want 11 cells, found 2"),
    ],
)
def test_an_error_says_what_is_wrong_with_a_line(tmp_path, line, said):
    with pytest.raises(WenshuError, match=said):
        load_concepts([write(tmp_path, f"{TOWN}{line}\n")])


def level(kind: str) -> str:
    """The kind of a figure that states a concept's level."""
    return "count" if kind == "index" else kind


def test_every_name_of_the_packaged_list_names_its_own_concept(packaged_list):
    wrong = {}
    for concept in packaged_list.concepts.values():
        for name in (concept.zh, *concept.also, *concept.bare):
            match = packaged_list.find(name, level(concept.kind), concept.unit)
            if match is None or match.concept is not concept or match.rest:
                wrong[name] = concept.code
    assert wrong == {}


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: f"{row['subject']} {row['unit']}")
def test_a_phrase_names_its_concept_and_says_what_its_modifiers_are(packaged_list, row):
    match = packaged_list.find(row["subject"], row["kind"], row["unit"])
    said = ("", "", "", "", "", "")
    if match:
        breakdown = " ".join(f"{dimension}={value}" for dimension, value in match.breakdown)
        said = (
            match.concept.code,
            breakdown,
            match.population or "",
            match.state or "",
            match.rest,
            match.tail,
        )
    assert said == tuple(
        row[name] for name in ("concept", "breakdown", "population", "state", "rest", "tail")
    )


def test_a_code_of_the_statistics_bureau_is_one_concepts(packaged_list):
    codes = [concept.nbs for concept in packaged_list.concepts.values() if concept.nbs]
    assert len(codes) == len(set(codes)) > 0
    assert {code.split(":")[0] for code in codes} <= NBS_DATABASES


@given(st.text(max_size=60), st.sampled_from((None, *KINDS)), st.sampled_from((None, "1", "CNY", "t", "%")))
def test_no_subject_is_too_odd_and_nothing_of_it_is_lost(packaged_list, subject, kind, unit):
    match = packaged_list.find(subject, kind, unit)
    if match:
        whole = normalize_name(subject)
        assert whole.endswith(match.words + match.tail)
        assert match.rest in whole


def test_a_look_up_costs_no_more_with_ten_times_the_concepts():
    def cost(size: int) -> float:
        listed = ConceptList(
            Concept(code=f"c{n}", zh=f"第{n:05d}类设施数", en="Facilities", kind="count", unit="1")
            for n in range(size)
        )
        subjects = [f"{n}镇新建第{n % 500:05d}类设施数" for n in range(3_000)]
        began = process_time()
        for subject in subjects:
            listed.find(subject, "count", "1")
        return process_time() - began

    assert min(cost(5_000) for _ in range(3)) < 2 * min(cost(500) for _ in range(3))


@pytest.mark.parametrize(
    ("unit", "wanted", "by"),
    [
        ("{mu}", "har", Fraction(1, 15)), ("{jin}", "t", Fraction(1, 2000)), ("kg", "t", Fraction(1, 1000)),
        ("har", "m2", 10_000), ("GW", "kW", 1_000_000), ("deg", "kW.h", 1), ("CNY", "CNY", 1),
        ("USD", "CNY", None), ("t", "har", None), ("1", "{TEU}", None), ("a", "h", None),
    ],
)  # fmt: skip
def test_units_that_measure_the_same_have_a_factor(unit, wanted, by):
    assert conversion_factor(unit, wanted) == by
