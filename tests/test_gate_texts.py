"""However few texts the gate looks at at once, it says what it says of all together."""

from __future__ import annotations

from pathlib import Path

import pytest
from officer import TODAY, quiet
from sampling import sampled

from pipeline.gate.suites import load_suites
from pipeline.gate.validation import validate
from pipeline.night import stages
from pipeline.project import load_project

SENTENCES = (
    "改造小区487个，其中89个基本改造完成，204个进入扫尾阶段，195个正在施工。",
    "全市完成投资12.5亿元，同比增长8%。",
    "今天天气很好。",
)


@pytest.mark.parametrize("size", sampled([60, 1, 100, 10_000]))
def test_texts_however_few_at_once_say_what_all_together_say(tmp_path: Path, size: int) -> None:
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
    suites = load_suites(project.expectations, made.catalog)
    texts = made.extracted.ingested.articles.texts
    whole = validate(tables, suites, texts)
    assert validate(tables, suites, texts, batch_characters=size) == whole
    assert {finding.name for finding in whole.findings} >= {"quantities.quoted", "documents.account"}
    assert whole.uncovered > 0


@pytest.mark.soak
@pytest.mark.parametrize("size", [50, 1000])
def test_they_say_so_however_many_rows_fail(tmp_path: Path, size: int) -> None:
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
    suites = load_suites(load_project(cwd=tmp_path).expectations, made.catalog)
    texts = made.extracted.ingested.articles.texts
    whole = validate(tables, suites, texts)
    assert len(whole.findings[0].rows) > 200
    assert len({ids[row] for row in whole.findings[0].rows}) == 3
    assert validate(tables, suites, texts, batch_characters=size) == whole
