"""The concept list: which concept a subject names, and what becomes of the words before the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalog_files import catalog_files
from pipeline.concepts.concept_list import ConceptList
from pipeline.concepts.files import load_concepts
from pipeline.errors import WenshuError
from pipeline.project import packaged

HEADER = "code,zh,en,kind,unit,also,bare,parent,collects,general,nbs,example\n"
TOWN = HEADER + (
    "funds,资金,Funds,money,CNY,,,,flow,yes,,\n"
    "relief_funds,救助资金,Relief funds,money,CNY,,,funds,flow,,,\n"
    "value_added,增加值,Value added,money,CNY,,,,flow,yes,,\n"
    "services_value_added,服务业增加值,Value added of services,money,CNY,,,value_added,flow,,,\n"
    "wheat_output,小麦产量,Output of wheat,measure,t,,小麦,,flow,,,\n"
    "wheat_area,小麦播种面积,Sown area of wheat,measure,har,,小麦,,flow,,,\n"
)


@pytest.fixture(scope="module")
def packaged_list() -> ConceptList:
    root = packaged("catalog")
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


def test_a_figure_in_another_kind_of_unit_is_not_the_concepts(town):
    assert town.find("救助资金", "count", "1") is None
    assert town.find("救助资金", "percent", "%").concept.code == "relief_funds"


def test_what_follows_a_name_is_told(town):
    match = town.find("服务业增加值（现价）", "money", "CNY")
    assert (match.words, match.tail) == ("服务业增加值", "（现价）")
    assert town.find("服务业增加值增速", "percent", "%").tail == "增速"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("funds,经费,Funds,money,CNY,,,,flow,,,", "declared twice"),
        ("other,资金,Funds,money,CNY,,,,flow,,,", "资金 is a name of funds already"),
        ("other,小麦长势,Wheat,measure,t,,小麦,,flow,,,", "小麦 is a name of wheat_output already"),
        ("other,别的,Other,money,CNY,,,nowhere,flow,,,", "its parent nowhere is no concept"),
        ("other,别的,Other,money,CNY,,,other,flow,,,", "other is above itself"),
        ("other,别的,Other,coin,CNY,,,,flow,,,", "kind: want one of"),
        ("Other,别的,Other,money,CNY,,,,flow,,,", "code: want"),
        ("other,,Other,money,CNY,,,,flow,,,", "zh is empty"),
        ("other,别的", "want 12 cells, found 2"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path, line, said):
    with pytest.raises(WenshuError, match=said):
        load_concepts([write(tmp_path, f"{TOWN}{line}\n")])


def test_an_example_names_its_own_concept(packaged_list):
    wrong = {}
    for concept in packaged_list.concepts.values():
        kind = "count" if concept.kind == "index" else concept.kind
        match = packaged_list.find(concept.example, kind, concept.unit)
        if match is None or match.concept.code != concept.code:
            wrong[concept.code] = match and match.concept.code
    assert wrong == {}
