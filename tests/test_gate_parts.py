"""The gate in parts says what the gate over the whole says."""

from __future__ import annotations

from pathlib import Path

import pytest
from officer import TODAY, quiet

from pipeline import gate
from pipeline.gate import parts as gate_parts
from pipeline.gate.suites import current, derived, load_expectations
from pipeline.night import stages
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
    verdict, unclaimed = gate_parts.validate(tables, suites, texts, rows=rows)
    assert verdict == whole
    assert {finding.name for finding in whole.findings} >= {"quantities.quoted", "documents.account"}
    assert unclaimed > 0
