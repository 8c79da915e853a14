"""Every key that the catalog's schemas name and its document explains changes what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.concepts.concept_files import COLUMNS
from pipeline.gate.suites import declared
from pipeline.project import packaged_path
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.trial import readings_of, try_indicators
from pipeline.tables import rows, with_datasets
from pipeline.texts.source import Source

TEXT = "2020年，全市建成共享菜园12处，其中市级共享菜园2处。"
LIBRARIES: dict[str, Any] = {
    "id": "libraries",
    "title": {"zh": "图书馆", "en": "Libraries"},
    "definition": {"zh": "公共图书馆数。", "en": "Public libraries."},
    "kind": "count",
    "unit": "1",
    "subjects": ["共享菜园"],
}
OTHER = LIBRARIES | {"id": "others", "subjects": ["档案馆"]}
CHANGED: Mapping[str, tuple[Any, str]] = {
    "id": ("public_libraries", TEXT),
    "title": ({"zh": "公共图书馆", "en": "Public libraries"}, TEXT),
    "definition": ({"zh": "建成的。", "en": "Built ones."}, TEXT),
    "kind": ("money", TEXT),
    "unit": ("{library}", TEXT),
    "measures": (["个"], TEXT),
    "subjects": (["少年宫"], TEXT),
    "states": (["拆除"], TEXT),
    "scope": (["全省"], TEXT),
    "periods": (["day"], TEXT),
    "status": ("F", TEXT),
    "event": (True, "2020年，洛阳市老城区西关村，共享菜园30处。"),
    "part_of": ("others", TEXT),
    "share_of": ({"part": "others", "whole": "others"}, TEXT),
    "datasets": (["culture"], TEXT),
}
"""Of every key another value, and a text on which that makes a difference."""
CELL: dict[str, Any] = {"id": "libraries", "concept": "public_libraries"}
NAMED = CELL | {"title": LIBRARIES["title"]}
STOCK = "2020年末，全市共有公共图书馆12座。"
GROWTH = "2020年，全市公共图书馆同比增长5%。"
CHANGED_CELL: Mapping[str, tuple[dict[str, Any], Any, str]] = {
    "concept": (CELL, "museums", STOCK),
    "measure": (CELL, "growth", STOCK),
    "base": (CELL | {"measure": "growth"}, "mom", GROWTH),
    "breakdown": (NAMED, {"residence": "rural"}, STOCK),
    "population": (NAMED, "规模以上", STOCK),
}
"""Of every key of a cell of a concept: the cell, another value and a text."""
CONCEPTS = (
    ",".join(COLUMNS) + "\npublic_libraries,公共图书馆,Public libraries,count,1,,,,stock,,\n"
    "museums,博物馆,Museums,count,1,,,,stock,,\n"
)


def written(folder: Path, indicator: Mapping[str, Any], dataset: Mapping[str, Any]) -> Catalog:
    """A catalog of an indicator, another one and a dataset."""
    for kind, name, said in (
        ("indicators", "own", {"indicators": [indicator, OTHER]}),
        ("datasets", dataset["id"], dataset),
    ):
        (folder / kind).mkdir(parents=True)
        (folder / kind / f"{name}.yaml").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    (folder / "concepts").mkdir()
    (folder / "concepts" / "culture.csv").write_text(CONCEPTS, encoding="utf-8")
    (folder / "areas.csv").write_bytes((packaged_path("catalog") / "areas.csv").read_bytes())
    return load_catalog(folder)


CULTURE: dict[str, Any] = {
    "id": "culture",
    "title": {"zh": "文化", "en": "Culture"},
    "description": {"zh": "文化。", "en": "Culture."},
    "layout": "wide",
    "columns": [{"name": "whole", "indicator": "libraries"}, {"name": "part", "indicator": "others"}],
}
LONG = {name: CULTURE[name] for name in ("id", "title", "description")} | {"layout": "long"}


def outcome(catalog: Catalog, text: str) -> str:
    """All that a night makes of a catalog and a text."""
    source = Source(document_id="d1", path="a.txt", sha256="0", text=text, region="洛阳市")
    drafts = [i for i in catalog.indicators.values() if i.id != "others"]
    claims = [
        c.claim
        for caught in try_indicators(catalog, drafts, readings_of([source])).caught.values()
        for c in caught
    ]
    members = {d.id: d.indicators for d in catalog.datasets.values()}
    listed = [*rows.indicator_rows(catalog.indicators.values(), members)]
    licences = [d.licence for d in catalog.datasets.values()]
    return repr((claims, listed, with_datasets(catalog.datasets.values()), declared(catalog), licences))


def keys(schema: str, *way: str) -> set[str]:
    """The keys that a schema has at a place."""
    found = json.loads(
        (packaged_path("catalog") / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8")
    )
    for part in way:
        found = found[part]
    return set(found["properties"])


def test_every_key_of_an_indicator_is_tried_and_explained(root: Path) -> None:
    asked = keys("indicator", "$defs", "indicator")
    assert asked == CHANGED.keys() | CHANGED_CELL.keys()
    text = (root / "docs" / "catalog.md").read_text(encoding="utf-8")
    table = re.search(r"^\| field \| says \|\n(.*?)\n\n", text, re.S | re.M)
    assert table
    cells = (line.split("|")[1] for line in table[1].splitlines())
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == asked


@pytest.mark.parametrize("key", CHANGED)
def test_each_key_of_an_indicator_changes_what_comes_out(tmp_path: Path, key: str) -> None:
    value, text = CHANGED[key]
    changed = LIBRARIES | {key: value}
    columns = [*CULTURE["columns"]]
    if key == "id":
        columns[0] = columns[0] | {"indicator": value}
    before = written(tmp_path / "before", LIBRARIES, LONG if key == "datasets" else CULTURE)
    dataset = LONG if key == "datasets" else CULTURE | {"columns": columns}
    assert outcome(before, text) != outcome(written(tmp_path / "after", changed, dataset), text)


@pytest.mark.parametrize("key", CHANGED_CELL)
def test_each_key_of_a_cell_changes_what_comes_out(tmp_path: Path, key: str) -> None:
    cell, value, text = CHANGED_CELL[key]
    before = written(tmp_path / "before", cell, CULTURE)
    assert outcome(before, text) != outcome(written(tmp_path / "after", cell | {key: value}, CULTURE), text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "art"),
        ("title", {"zh": "艺术", "en": "Art"}),
        ("description", {"zh": "艺术。", "en": "Art."}),
        ("licence", "CC-BY-4.0"),
        ("columns", CULTURE["columns"][:1]),
        ("residual", {"whole": "whole", "parts": ["part"]}),
    ],
)
def test_each_key_of_a_dataset_changes_what_comes_out(tmp_path: Path, key: str, value: Any) -> None:
    before = written(tmp_path / "before", LIBRARIES, CULTURE)
    after = written(tmp_path / "after", LIBRARIES, CULTURE | {key: value})
    assert outcome(before, TEXT) != outcome(after, TEXT)
