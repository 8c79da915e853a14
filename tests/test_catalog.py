"""The catalog that officers edit: what is refused, and with which file, line and field."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from pathlib import Path

import pytest
from cataloguing import CELL, INDICATOR, cell, small_catalog
from jsonschema import Draft202012Validator

from pipeline.concepts.concept_list import ConceptList
from pipeline.errors import WenshuError
from pipeline.statistics.catalog.loading import load_catalog, load_indicators, parts_of_wholes

DATASET = """\
id: culture
title: {zh: 文化, en: Culture}
description: {zh: 文化设施。, en: Places of culture.}
layout: wide
columns:
  - {name: libraries, indicator: libraries}
"""


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    return small_catalog(root, tmp_path)


def test_the_catalog_that_comes_with_it_is_sound_and_broad(root: Path) -> None:
    catalog = load_catalog(root / "catalog")
    assert len(catalog.indicators) >= 40
    assert {"renovation", "party_building", "public_health", "finance", "tourism"} <= set(catalog.datasets)
    assert len({i.title["zh"] for i in catalog.indicators.values()}) == len(catalog.indicators)


def test_every_indicator_belongs_to_a_dataset(root: Path) -> None:
    catalog = load_catalog(root / "catalog")
    members = {member for dataset in catalog.datasets.values() for member in dataset.indicators}
    assert members == set(catalog.indicators)


def test_the_schemas_are_json_schemas(root: Path) -> None:
    for path in (root / "catalog" / "schema").glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_renovation_has_the_columns_and_the_residual_of_the_contract(root: Path) -> None:
    dataset = load_catalog(root / "catalog").datasets["renovation"]
    assert [column.name for column in dataset.columns] == ["planned", "completed", "finishing", "starting"]
    assert dataset.residual == ("planned", ("completed", "finishing", "starting"))


def test_part_of_links_give_sums(root: Path) -> None:
    rules = {whole: set(parts) for whole, parts in parts_of_wholes(load_catalog(root / "catalog")).items()}
    assert rules["renovation_planned"] == {
        "renovation_completed",
        "renovation_finishing",
        "renovation_starting",
    }
    assert rules["covid_confirmed_new"] == {"covid_confirmed_imported", "covid_confirmed_local"}


def test_a_long_dataset_takes_the_indicators_that_name_it(folder: Path) -> None:
    (folder / "indicators" / "culture.yaml").write_text(
        INDICATOR + "    datasets: [culture]\n", encoding="utf-8"
    )
    long = DATASET[: DATASET.index("columns")].replace("wide", "long")
    (folder / "datasets" / "culture.yaml").write_text(long, encoding="utf-8")
    assert load_catalog(folder).datasets["culture"].indicators == ("libraries",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: count", "kind: number", r"culture\.yaml:5: indicators\[0\]\.kind"),
        ("subjects:", "subject:", r"culture\.yaml:8: indicators\[0\]\.subject: .*subjects"),
        ("  - id: libraries", "  - id: Libraries", r"culture\.yaml:2: indicators\[0\]\.id"),
        (
            "    title: {zh: 图书馆, en: Libraries}",
            "    title: {zh: 图书馆}",
            r"culture\.yaml:3: indicators\[0\]\.title",
        ),
        ("    subjects: [公共图书馆]\n", "", r"culture\.yaml:2: indicators\[0\]"),
        (
            "    kind: count",
            "    part_of: archives\n    kind: count",
            r"libraries: no indicator is called archives",
        ),
        (
            "    kind: count",
            "    datasets: [heritage]\n    kind: count",
            r"libraries: heritage is no long dataset",
        ),
        ("indicators:\n", "indicators: [\n", r"culture\.yaml:\d+: is not YAML"),
    ],
)
def test_a_wrong_indicator_is_refused_with_file_line_and_field(
    folder: Path, old: str, new: str, said: str
) -> None:
    (folder / "indicators" / "culture.yaml").write_text(INDICATOR.replace(old, new), encoding="utf-8")
    with pytest.raises(WenshuError, match=said) as refused:
        load_catalog(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "indicator: libraries",
            "indicator: library",
            r"culture\.yaml:6: columns\[0\]\.indicator: .*did you mean libraries",
        ),
        ("layout: wide", "layout: tall", r"culture\.yaml:4: layout"),
        ("layout: wide", "layout: long", r"culture\.yaml:5: columns"),
        (
            "columns:",
            "residual: {whole: libraries, parts: [museums]}\ncolumns:",
            r"residual: museums is none of",
        ),
    ],
)
def test_a_wrong_dataset_is_refused_with_file_line_and_field(
    folder: Path, old: str, new: str, said: str
) -> None:
    (folder / "datasets" / "culture.yaml").write_text(DATASET.replace(old, new), encoding="utf-8")
    with pytest.raises(WenshuError, match=said):
        load_catalog(folder)


def test_an_indicator_is_declared_once(folder: Path) -> None:
    (folder / "indicators" / "again.yaml").write_text(INDICATOR, encoding="utf-8")
    with pytest.raises(WenshuError, match=r"culture\.yaml:2: .*libraries is declared twice"):
        load_catalog(folder)


def test_a_draft_may_stand_anywhere(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(INDICATOR, encoding="utf-8")
    indicators, concepts = load_indicators([tmp_path / "draft.yaml"], ConceptList(()))
    assert (list(indicators), list(concepts.concepts)) == (["libraries"], ["libraries"])


def test_an_indicator_with_a_concepts_name_adds_its_other_names_to_it(folder: Path) -> None:
    named = CELL.replace("concept: public_libraries", "subjects: [图书馆, 城市书房]")
    assert cell(folder, named).concept == "public_libraries"
    assert [c.code for c in load_catalog(folder).concepts.by_name("城市书房")] == ["public_libraries"]


def test_unit_and_title_follow_from_the_concept(folder: Path) -> None:
    level = cell(folder, CELL)
    assert (level.unit, level.title["zh"]) == ("1", "公共图书馆")
    growth = cell(folder, CELL + "    measure: growth\n")
    assert growth.unit == "%"
    assert growth.title == {"zh": "公共图书馆增速", "en": "Public libraries, growth"}
    assert growth.definition["en"] == (
        "Growth of public libraries against the same period of the year before; negative where it fell."
    )
    slice_of = cell(
        folder, CELL + "    title: {zh: 乡村图书馆, en: Rural libraries}\n    breakdown: {residence: rural}\n"
    )
    assert (slice_of.title["en"], slice_of.breakdown) == ("Rural libraries", (("residence", "rural"),))


def test_what_flows_is_stated_for_no_day_unless_it_says_so(folder: Path) -> None:
    assert cell(folder, CELL).periods == ()
    assert "day" not in cell(folder, CELL.replace("public_libraries", "book_loans")).periods
    daily = CELL.replace("public_libraries", "book_loans") + "    periods: [day]\n"
    assert cell(folder, daily).periods == ("day",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("public_libraries", "public_library", r"\[0\]\.concept: no concept .*did you mean public_libraries"),
        ("concept: public_libraries", "subjects: [图书馆, 图书外借量]", r"are names of public_libraries and"),
        ("concept: public_libraries", "subjects: [城市书房]", r"has no kind; give one, or a concept"),
        (
            "concept: public_libraries",
            "measure: growth\n    subjects: [城市书房]",
            r"measure: is of an indicator with",
        ),
        ("concept: public_libraries", "concept: public_libraries\n    measure: rise", r"\[0\]\.measure"),
        ("concept: public_libraries", "concept: public_libraries\n    population: 规上", r"give a title"),
    ],
)
def test_an_impossible_cell_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(WenshuError, match=said):
        cell(folder, CELL.replace(old, new))


def blocks(page: Path) -> list[str]:
    """The YAML that a page of the documentation shows."""
    text = page.read_text(encoding="utf-8")
    return [
        textwrap.dedent(block)
        for block in re.findall(r"^ *```yaml\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    ]


def test_what_the_documentation_shows_is_a_catalog_that_loads(root: Path, folder: Path) -> None:
    indicator, long, wide = blocks(root / "docs" / "catalog.md")
    for part in ("indicators", "concepts", "breakdowns"):
        shutil.copytree(root / "catalog" / part, folder / part, dirs_exist_ok=True)
    shutil.copytree(root / "catalog" / "datasets", folder / "datasets", dirs_exist_ok=True)
    (folder / "indicators" / "culture.yaml").write_text(
        f"{indicator}    datasets: [culture]\n", encoding="utf-8"
    )
    (folder / "datasets" / "culture.yaml").write_text(long, encoding="utf-8")
    (folder / "datasets" / "budget.yaml").write_text(wide, encoding="utf-8")
    catalog = load_catalog(folder)
    assert catalog.datasets["culture"].indicators == ("public_libraries",)
    assert [column.name for column in catalog.datasets["budget"].columns] == ["revenue", "tax", "nontax"]


def test_the_field_table_of_the_documentation_names_every_field(root: Path) -> None:
    schema = json.loads((root / "catalog" / "schema" / "indicator.schema.json").read_text(encoding="utf-8"))
    page = (root / "docs" / "catalog.md").read_text(encoding="utf-8")
    assert [field for field in schema["$defs"]["indicator"]["properties"] if f"`{field}`" not in page] == []
