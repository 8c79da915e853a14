"""Every key that a lexicon, a sidecar and a decision may have changes what a night makes of a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from officer import decisions_file, derived

from pipeline.decisions.loading import ACTIONS
from pipeline.decisions.mark_rows import decision_rows
from pipeline.night.stage_results import DeriveResult
from pipeline.project import packaged_path
from pipeline.tables.model import cell_text
from pipeline.texts.fields import FIELDS

LEXICON: Mapping[str, tuple[Any, str]] = {
    "names": (["东坡十八弯"], "群众在东坡十八弯植树200棵。"),
    "others": (["三步曲"], "唱好三步曲，群众得实惠。"),
    "nouns": (["新型合作社"], "全县培育新型合作社12家。"),
    "units": ({"虾笼": {"kind": "count", "code": "1"}}, "合作社卖出鲜虾35虾笼。"),
    "holidays": (
        {"中秋": {"2019": "2019-09-13/2019-09-15"}},
        "2019年中秋假期，全市接待游客12.5万人次。",
    ),
}
"""Of every key of a lexicon a value, and a text on which that makes a difference."""

NEWS = "2020年7月8日 星期三\n\n全市接待游客12.5万人次，实现旅游收入3.2亿元。\n"
SIDECAR: Mapping[str, Any] = {
    "title": "旅游回暖",
    "publisher": "某报",
    "issued": "2020-07-09",
    "region": "410102",
    "page": "M04",
    "url": "https://example.org/a",
    "licence": "CC-BY-4.0",
    "example": True,
}
DECISION: Mapping[str, Any] = {
    "action": "correct",
    "target": {"quantity": "?"},
    "expect": {"text": "89个"},
    "value": 90,
    "reason": "来函更正",
    "officer": "张三",
    "date": "2026-11-09",
}
OTHERWISE: Mapping[str, Any] = {
    "action": "drop",
    "target": {"quantity": "q0"},
    "expect": {"text": "88个"},
    "value": 91,
    "frame": {"subject": "住宅楼"},
    "reason": "报社来函",
    "officer": "李四",
    "date": "2026-11-08",
    "expires": "2026-11-09",
}
"""Of every key of a decision another value."""
TARGETS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "document": ("documents", ("document_id",), "path"),
    "quantity": ("quantities", ("quantity_id",), "text"),
    "relation": ("relations", ("relation_id",), "expression"),
    "observation": (
        "observations", ("indicator", "ref_area", "time_period", "document_id"), "obs_value",
    ),
}  # fmt: skip
"""Of every kind of target its table, its id, and a column that `expect` names."""


def said(made: DeriveResult) -> tuple[object, ...]:
    """The tables of a night, and the decisions that it releases and reports."""
    tables = {name: table.to_pylist() for name, table in made.tables.items()}
    return tables, [*decision_rows(made.decisions)], [stale.check for stale in made.decisions.stale]


def with_lexicon(root: Path, lexicon: Mapping[str, Any], text: str) -> tuple[object, ...]:
    """What a night says whose catalog is the packaged one with these words."""
    folder = root / "catalog"
    folder.mkdir(parents=True)
    (folder / "catalog.yaml").write_text("extends: wenshu\n", encoding="utf-8")
    (folder / "lexicon.own.yaml").write_text(json.dumps(lexicon, ensure_ascii=False), encoding="utf-8")
    return said(derived(root, {"page.txt": text, "page.yaml": 'region: "410100"\nissued: 2020-07-08\n'}))


def decided(root: Path, decision: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[object, ...]:
    """What a night says with this decision."""
    written = {name: value for name, value in decision.items() if value is not None}
    decisions_file(root, json.dumps({"decisions": [written]}, ensure_ascii=False))
    return said(derived(root, texts))


@pytest.fixture
def texts(page: Path) -> Mapping[str, str]:
    return {"page.txt": page.read_text(encoding="utf-8")}


def keys(schema: str, *way: str) -> set[str]:
    """The keys that a schema has at a place."""
    found = json.loads(
        (packaged_path("catalog") / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8")
    )
    for part in way:
        found = found[part]
    return set(found["properties"])


def test_every_key_is_tried_and_explained(root: Path) -> None:
    words, sidecars = (
        (root / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("extraction", "operations")
    )
    assert keys("lexicon") == LEXICON.keys()
    assert keys("source") == SIDECAR.keys() == set(FIELDS)
    assert keys("decision", "$defs", "decision") == OTHERWISE.keys()
    assert keys("decision", "$defs", "decision", "properties", "target") == set().union(*ACTIONS.values())
    assert [name for name in LEXICON if f"    {name}:" not in words] == []
    assert [name for name in SIDECAR if name not in sidecars] == []
    example = (root / "decisions" / "example.yaml").read_text(encoding="utf-8")
    assert [name for name in OTHERWISE if f"{name}: " not in example] == []


@pytest.mark.parametrize("key", LEXICON)
def test_each_key_of_a_lexicon_changes_what_comes_out(tmp_path: Path, key: str) -> None:
    value, text = LEXICON[key]
    assert with_lexicon(tmp_path / "before", {}, text) != with_lexicon(tmp_path / "after", {key: value}, text)


@pytest.mark.parametrize(("key", "value"), [("kind", "measure"), ("code", "kg")])
def test_each_key_of_a_unit_changes_what_comes_out(tmp_path: Path, key: str, value: str) -> None:
    ((word, unit),) = LEXICON["units"][0].items()
    before, after = (
        with_lexicon(tmp_path / name, {"units": {word: one}}, LEXICON["units"][1])
        for name, one in (("before", unit), ("after", unit | {key: value}))
    )
    assert before != after


@pytest.mark.parametrize("key", SIDECAR)
def test_each_key_of_a_sidecar_changes_what_comes_out(tmp_path: Path, key: str) -> None:
    texts = {"more/a.txt": NEWS, "b.txt": "新增床位120张。\n"}
    sidecar = json.dumps({key: SIDECAR[key]}, ensure_ascii=False)
    before, after = (
        derived(tmp_path / "before", texts),
        derived(tmp_path / "after", texts | {"more/a.yaml": sidecar}),
    )
    assert said(before) != said(after)
    assert not [row["reason"] for row in after.tables["documents"].to_pylist() if row["reason"]]


@pytest.mark.parametrize("key", OTHERWISE)
def test_each_key_of_a_decision_changes_what_comes_out(
    tmp_path: Path, texts: Mapping[str, str], key: str
) -> None:
    rows = derived(tmp_path / "plain", texts).tables["quantities"].to_pylist()
    (target,) = (row["quantity_id"] for row in rows if row["text"] == "89个")
    decision = {**DECISION, "target": {"quantity": target}}
    other = decision | {key: OTHERWISE[key]} | ({"value": None} if key == "action" else {})
    before, after = (
        decided(tmp_path / name, one, texts) for name, one in (("before", decision), ("after", other))
    )
    assert before != after


@pytest.mark.parametrize(
    ("action", "kind"),
    [(action, kind) for action, kinds in ACTIONS.items() for kind in kinds if kind != "expectation"],
)
def test_each_action_changes_the_rows_of_each_kind_of_target(
    tmp_path: Path, texts: Mapping[str, str], action: str, kind: str
) -> None:
    before = derived(tmp_path / "before", texts)
    table, ids, seen = TARGETS[kind]
    row = before.tables[table].to_pylist()[0]
    decision = {
        **DECISION, "action": action, "target": {kind: " ".join(row[name] or "-" for name in ids)},
        "expect": {seen: cell_text(row[seen])}, "value": 7 if action == "correct" else None,
    }  # fmt: skip
    tables, in_force, stale = decided(tmp_path / "after", decision, texts)
    assert (len(list(in_force)), stale) == (1, [])
    assert tables != said(before)[0]
