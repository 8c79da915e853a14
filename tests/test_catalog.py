"""The catalog that officers edit: what is refused, and with which file, line and field."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.statistics.catalog import load_catalog, load_indicators, sum_rules

INDICATOR = """\
indicators:
  - id: libraries
    title: {zh: 图书馆, en: Libraries}
    definition: {zh: 公共图书馆数。, en: Public libraries.}
    kind: count
    unit: "1"
    measures: [个, 座]
    subjects: [公共图书馆]
"""

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
    """A catalog with a gazetteer and nothing else."""
    catalog = tmp_path / "catalog"
    (catalog / "indicators").mkdir(parents=True)
    (catalog / "datasets").mkdir()
    shutil.copy(root / "catalog" / "areas.csv", catalog)
    (catalog / "indicators" / "culture.yaml").write_text(INDICATOR, encoding="utf-8")
    return catalog


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
    rules = {rule.whole: set(rule.parts) for rule in sum_rules(load_catalog(root / "catalog"))}
    assert rules["renovation_planned"] == {
        "renovation_completed",
        "renovation_finishing",
        "renovation_starting",
    }
    assert rules["covid_confirmed_new"] == {"covid_confirmed_imported", "covid_confirmed_local"}


def test_factors_are_exact(folder: Path) -> None:
    text = INDICATOR.replace("measures: [个, 座]", "measures: {公顷: 1, 亩: 1/15, 平方米: 0.0001}")
    (folder / "indicators" / "culture.yaml").write_text(text, encoding="utf-8")
    indicator = load_catalog(folder).indicators["libraries"]
    assert indicator.measures == {"公顷": 1, "亩": Fraction(1, 15), "平方米": Fraction(1, 10_000)}


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
            "measures: [个, 座]",
            "measures: {座: many}",
            r"culture\.yaml:7: .*measures: each unit needs a number",
        ),
        (
            "measures: [个, 座]",
            "measures: {座: 1/0}",
            r"culture\.yaml:7: .*measures: each unit needs a number",
        ),
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
    assert list(load_indicators([tmp_path / "draft.yaml"])) == ["libraries"]


def test_check_says_what_is_wrong_and_answers_with_its_exit_code(
    root: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "raw").mkdir()
    assert main(["catalog", "check", "--config", str(folder.parent)]) == 0
    assert "1 indicators" in capsys.readouterr().out
    (folder / "indicators" / "culture.yaml").write_text(
        INDICATOR.replace("kind: count", "kind: x"), encoding="utf-8"
    )
    assert main(["catalog", "check", "--config", str(folder.parent)]) == 1
    assert "culture.yaml:5" in capsys.readouterr().out


ARTICLE = "全市现有公共图书馆12座，乡村书屋30个。\n\n全市共有公共图书馆15处。\n"


def test_try_shows_what_a_draft_catches_and_what_it_comes_near_to(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder.parent / "raw"
    raw.mkdir()
    (raw / "news.txt").write_text(ARTICLE, encoding="utf-8")
    (raw / "news.yaml").write_text("issued: 2024-05-06\nregion: 洛阳市\n", encoding="utf-8")
    draft = folder.parent / "draft.yaml"
    draft.write_text(INDICATOR + "    states: [现有]\n", encoding="utf-8")
    assert main(["catalog", "try", str(draft), "--config", str(folder.parent)]) == 0
    shown = capsys.readouterr().out
    assert "libraries  图书馆: 1 caught, 0 near" in shown
    assert "12 1  410300  2024-05-06  A  exact" in shown
    assert "全市现有公共图书馆【12座】" in shown
    draft.write_text(INDICATOR + "    states: [新建]\n", encoding="utf-8")
    assert main(["catalog", "try", str(draft), "--config", str(folder.parent)]) == 0
    assert "not caught (states: none of 新建)" in capsys.readouterr().out


def test_suggest_prints_a_file_that_loads_once_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder.parent / "raw"
    raw.mkdir()
    (raw / "news.txt").write_text(ARTICLE, encoding="utf-8")
    assert main(["catalog", "suggest", "--config", str(folder.parent)]) == 0
    drafts = folder.parent / "drafts.yaml"
    drafts.write_text(capsys.readouterr().out, encoding="utf-8")
    found = load_indicators([drafts])
    assert [indicator.subjects for indicator in found.values()].count(("乡村书屋",)) == 1
    assert all(
        "公共图书馆" not in indicator.subjects or "处" in indicator.measures for indicator in found.values()
    )


@pytest.mark.parametrize("line", [["try"], ["check", "x.yaml"]])
def test_wrong_use_is_answered_in_one_line(
    folder: Path, line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", *line, "--config", str(folder.parent)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def blocks(page: Path) -> list[str]:
    """The YAML that a page of the documentation shows."""
    text = page.read_text(encoding="utf-8")
    return [
        textwrap.dedent(block)
        for block in re.findall(r"^ *```yaml\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    ]


def test_what_the_documentation_shows_is_a_catalog_that_loads(root: Path, folder: Path) -> None:
    indicator, long, wide = blocks(root / "docs" / "catalog.md")
    shutil.copytree(root / "catalog" / "indicators", folder / "indicators", dirs_exist_ok=True)
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
