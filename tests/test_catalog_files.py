"""A catalog over the packaged one: what it replaces, what it adds, and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalog_files import catalog_digest, catalog_files, extends_packaged
from pipeline.errors import WenshuError
from pipeline.numbers.lexicon import load_grammar
from pipeline.project import packaged_path
from pipeline.statistics.catalog.loading import load_catalog

INDICATOR = """
indicators:
  - id: lanterns
    title: {zh: 花灯, en: Lanterns}
    definition: {zh: 展出的花灯, en: Lanterns on show}
    kind: count
    unit: "1"
    measures: [盏]
    subjects: [花灯]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "catalog"
    write(folder, "catalog.yaml", "extends: wenshu\n")
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_overlay_is_the_packaged_catalog(own):
    assert catalog_files(own) == catalog_files(packaged_path("catalog"))
    assert load_catalog(own).indicators.keys() == load_catalog(packaged_path("catalog")).indicators.keys()
    assert catalog_digest(own) == catalog_digest(packaged_path("catalog"))


def test_a_file_of_its_own_is_added_and_the_rest_stays(own):
    write(own, "indicators/town.yaml", INDICATOR)
    mine, packed = load_catalog(own), load_catalog(packaged_path("catalog"))
    assert mine.indicators.keys() - packed.indicators.keys() == {"lanterns"}
    assert packed.indicators.keys() < mine.indicators.keys()


def test_a_file_of_the_same_path_replaces_the_packaged_one(own):
    path = write(
        own, "indicators/tourism.yaml", (packaged_path("catalog") / "indicators/tourism.yaml").read_text()
    )
    assert catalog_files(own)["indicators/tourism.yaml"] == path
    assert len(catalog_files(own)) == len(catalog_files(packaged_path("catalog")))


def test_words_and_regions_add_up_and_the_own_ones_count(own):
    write(
        own,
        "lexicon.own.yaml",
        "names: [三潭印月]\nothers: [六稳六保]\nholidays: {国庆: {2099: 2099-10-01/2099-10-09}}\n",
    )
    write(own, "areas.own.csv", "code,name,also,until\n410199,某某新区,某新区,\n410102,中原城区,,\n")
    words, areas = load_grammar(own).words, load_catalog(own).areas
    found = [words.around(name, 0, 1) for name in ("三潭印月", "六稳六保", "六厂前街")]
    assert [each and each.word.kind for each in found] == ["name", "other", "name"]
    assert (areas.read("某新区"), areas.read("郑州市"), areas.name("410102")) == (
        "410199",
        "410100",
        "中原城区",
    )
    assert load_catalog(own).holidays["国庆"].keys() > {2099}


def test_a_catalog_without_the_line_is_the_whole_of_it(tmp_path):
    write(tmp_path, "indicators/town.yaml", INDICATOR)
    assert not extends_packaged(tmp_path)
    assert list(catalog_files(tmp_path)) == ["indicators/town.yaml"]


@pytest.mark.parametrize("said", ["extends: other\n", "extend: wenshu\n", "wenshu\n", ""])
def test_another_line_says_what_to_write(tmp_path, said):
    write(tmp_path, "catalog.yaml", said)
    with pytest.raises(WenshuError, match="extends: wenshu; write that, or delete it"):
        catalog_files(tmp_path)
