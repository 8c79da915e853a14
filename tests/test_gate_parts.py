"""The gate in parts, and with a memory, says what the gate over the whole says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from officer import SENTENCE, TODAY, decisions_file, quiet

from pipeline import gate
from pipeline.gate import parts as gate_parts
from pipeline.gate.suites import current, derived, load_expectations
from pipeline.gate.view import View
from pipeline.night import night, stages
from pipeline.night.handovers import Judged
from pipeline.night.shards import TABLES as BY_DOCUMENT
from pipeline.night.store import Store
from pipeline.project import load_project

SENTENCES = (
    "改造小区487个，其中89个基本改造完成，204个进入扫尾阶段，195个正在施工。",
    "全市完成投资12.5亿元，同比增长8%。",
    "今天天气很好。",
)


@pytest.mark.parametrize("rows", [1, 3, 7, 1000])
def test_however_small_they_are(tmp_path: Path, rows: int) -> None:
    (tmp_path / "raw").mkdir()
    for number in range(9):
        text = f"{number}月，共{number}人。{SENTENCES[number % 3]}"
        (tmp_path / "raw" / f"{number}.txt").write_text(text, encoding="utf-8")
    project = load_project(cwd=tmp_path)
    made = stages.derive(stages.extract(stages.ingest(project, TODAY, quiet), quiet), quiet)
    tables = dict(made.tables)
    numerals = tables["numerals"]
    tables["numerals"] = numerals.filter([number % 5 != 2 for number in range(numerals.num_rows)])
    ends = [
        end if number % 4 else end + 1 for number, end in enumerate(tables["quantities"]["end"].to_pylist())
    ]
    tables["quantities"] = tables["quantities"].set_column(5, tables["quantities"].schema.field(5), [ends])
    written = load_expectations(project.expectations)
    suites = {
        name: current(derived(table), written.get(name, [])) for name, table in made.declarations.items()
    }
    texts = dict(made.corpus.intake.library.texts.items())
    whole = gate.validate(tables, suites, texts)
    several = made.corpus.intake.library.texts.several
    verdict, unclaimed = gate_parts.validate(tables, suites, several, rows=rows)
    assert verdict == whole
    assert {finding.name for finding in whole.findings} >= {"quantities.quoted", "documents.account"}
    assert unclaimed > 0


@pytest.mark.parametrize("rows", [50, 1000])
def test_however_many_rows_fail(tmp_path: Path, rows: int) -> None:
    """Great Expectations quotes two hundred of them at most."""
    (tmp_path / "raw").mkdir()
    for number in range(3):
        text = "".join(f"第{n}村有{n}人。" for n in range(100))
        (tmp_path / "raw" / f"{number}.txt").write_text(f"{number}{text}", encoding="utf-8")
    made = stages.derive(
        stages.extract(stages.ingest(load_project(cwd=tmp_path), TODAY, quiet), quiet), quiet
    )
    numerals = made.tables["numerals"]
    ids = numerals["document_id"].to_pylist()
    wrong = [str(n) if n % 3 else text for n, text in enumerate(numerals["text"].to_pylist())]
    place = numerals.schema.get_field_index("text")
    tables = {**made.tables, "numerals": numerals.set_column(place, numerals.schema.field(place), [wrong])}
    suites = {name: derived(table) for name, table in made.declarations.items()}
    suites["numerals"] = current(
        suites["numerals"], load_expectations(load_project(cwd=tmp_path).expectations)["numerals"]
    )
    library = made.corpus.intake.library
    whole = gate.validate(tables, suites, dict(library.texts.items()))
    assert len(whole.findings[0].rows) > 200
    assert len({ids[row] for row in whole.findings[0].rows}) == 3
    assert gate_parts.validate(tables, suites, library.texts.several, rows=rows).verdict == whole


def judged(root: Path, store: Store) -> tuple[Judged, set[str]]:
    """A night up to the gate; and what Great Expectations was asked anew, as TABLE.CHECK."""
    asked: set[str] = set()
    look = gate.look

    def spy(view: View, suites: Mapping[str, Any], *more: Any, **named: Any) -> Any:
        asked.update(
            f"{name}.{expectation['meta']['check']}"
            for name, suite in suites.items()
            for expectation in suite
            if view.tables[name].num_rows
        )
        return look(view, suites, *more, **named)

    made = stages.derive(
        stages.extract(stages.ingest(load_project(cwd=root), TODAY, quiet, store), quiet), quiet
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "look", spy)
        return stages.validate(made, [], TODAY, quiet), asked


def told(night: Judged) -> dict[str, Any]:
    """All that a night's gate says."""
    return {
        "findings": night.findings, "issues": night.issues, "held": night.held, "results": night.results,
        "unclaimed": night.unclaimed, "tables": {n: t.to_pylist() for n, t in night.tables.items()},
    }  # fmt: skip


def test_nights_that_remember_say_what_a_night_says_that_asks_everything(tmp_path: Path) -> None:
    """Articles come, change and go, and decisions with them."""
    raw, store = tmp_path / "raw", Store(tmp_path / "store.sqlite")
    raw.mkdir()
    for number in range(6):
        text = f"{number}月，共{number}人。{SENTENCES[number % 3]}"
        (raw / f"{number}.txt").write_text(text, encoding="utf-8")

    def both() -> set[str]:
        remembering, asked = judged(tmp_path, store)
        everything, _ = judged(tmp_path, Store(Path(":memory:")))
        assert told(remembering) == told(everything)
        return asked

    assert {"quantities.quoted", "quantities.columns", "indicators.key"} <= both()
    assert not both()
    (raw / "0.txt").write_text("改造小区487个，其中89个完成，203个扫尾，195个施工。", encoding="utf-8")
    both()
    (raw / "3.txt").unlink()
    both()
    (raw / "7.txt").write_text("全市小学12所。", encoding="utf-8")
    both()
    made = stages.derive(
        stages.extract(stages.ingest(load_project(cwd=tmp_path), TODAY, quiet, store), quiet), quiet
    )
    target = made.tables["quantities"]["quantity_id"][0].as_py()
    text = made.tables["quantities"]["text"][0].as_py()
    entry = {"action": "flag", "target": {"quantity": target}, "expect": {"text": text}, "reason": "来函",
             "officer": "张三", "date": "2026-11-09"}  # fmt: skip
    decisions_file(tmp_path, json.dumps({"decisions": [entry]}, ensure_ascii=False))
    both()
    store.close()


def test_what_has_not_changed_is_not_asked_again(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(SENTENCES[0] + SENTENCES[1], encoding="utf-8")
    store = Store(tmp_path / "store.sqlite")
    first, asked = judged(tmp_path, store)
    assert {"numerals.apart", "indicators.columns"} <= asked
    shards = store.notes("gate")
    assert shards
    again, asked = judged(tmp_path, store)
    assert told(again) == told(first)
    assert not asked
    with store.writing():
        for shard, (_, data) in shards.items():
            store.note(shard, "gate", b"of another code", data)
    assert told(judged(tmp_path, store)[0]) == told(first)
    store.close()


def test_of_a_table_that_is_compared_with_another_release_only_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(SENTENCE.replace("50", "49"), encoding="utf-8")
    store = Store(tmp_path / "store.sqlite")
    judged(tmp_path, store)
    assert night(load_project(cwd=tmp_path)).outcome == "released"
    (tmp_path / "raw" / "b.txt").write_text(SENTENCES[2], encoding="utf-8")
    again, asked = judged(tmp_path, store)
    assert "numerals.apart" in asked
    others = [name for name in asked if name.split(".")[0] not in BY_DOCUMENT]
    assert {name.split(".")[1] for name in others} == {"kept", "leap"}
    assert told(again) == told(judged(tmp_path, Store(Path(":memory:")))[0])
    store.close()
