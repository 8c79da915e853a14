"""A figure's frame as one line, in both languages, as `extract`, the report and the site show it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.api import FIGURE_COLUMNS
from pipeline.frames.cues import rules
from pipeline.frames.reading import read
from pipeline.numbers.mention import MEASURES
from pipeline.tables import FRAME
from pipeline.tables.vocabulary import CODES
from pipeline.web.environment import environment
from pipeline.web.frame_line import frame_line


def zh(zh: str, en: str) -> str:
    return zh


def en(zh: str, en: str) -> str:
    return en


def row(text: str = "1.2%", **said: Any) -> dict[str, Any]:
    return {"text": text, "subject": "第一产业增加值", "confidence": Decimal("0.97"), **said}


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        (row(measure="growth", direction="down", base="yoy"),
         "第一产业增加值 · 增长 · 同比 · −1.2%", "第一产业增加值 · growth · year on year · −1.2%"),
        (row("-1.2%", measure="growth", direction="down"),
         "第一产业增加值 · 增长 · −1.2%", "第一产业增加值 · growth · −1.2%"),
        (row("6.1\n%", measure="growth", direction="up", base="since:2015"),
         "第一产业增加值 · 增长 · 比2015年 · +6.1%", "第一产业增加值 · growth · since 2015 · +6.1%"),
        (row(measure="share", of="总支出", planned=True),
         "第一产业增加值 · 占比 · 占 总支出 · 计划", "第一产业增加值 · share · of 总支出 · planned"),
        (row("89个", measure="level", state="完成", per="每千人口"),
         "第一产业增加值 · 完成 · 每千人口", "第一产业增加值 · 完成 · 每千人口"),
        (row("4例", confidence=Decimal("0.39"), part="上海"),
         "存疑 第一产业增加值 · 上海", "doubtful 第一产业增加值 · 上海"),
        ({"text": "第三批", "subject": None}, "", ""),
    ],
)  # fmt: skip
def test_a_frame_reads_as_one_line(said: dict[str, Any], chinese: str, english: str) -> None:
    assert frame_line(said, zh) == chinese
    assert frame_line(said, en) == english


def test_a_sentence_gives_its_line() -> None:
    (growth,) = [m for m in read("第一产业增加值同比下降1.2%。").mentions if m.statistical]
    assert frame_line(growth._asdict(), zh) == "第一产业增加值 · 增长 · 同比 · −1.2%"


def test_every_measure_direction_and_base_has_a_term_in_both_languages() -> None:
    assert [*CODES["measure"]] == [*MEASURES]
    assert {*CODES["direction"]} == {"up", "down"}
    bases = {rule.value for rule in rules("base") if not rule.value.startswith("since:")}
    assert bases == {*CODES["base"]}


@pytest.mark.parametrize("face", ["pipeline.report", "pipeline.site"])
def test_a_page_marks_what_is_doubtful_and_escapes_what_a_text_says(face: str) -> None:
    made = environment(face, None if face == "pipeline.report" else "en")
    page = made.from_string('{% from "frame.html" import frame %}{{ frame(figure) }}')
    shown = page.render(
        figure=row(confidence=Decimal("0.2"), subject="<b>病例", of="<i>\u202e总数", measure="share")
    )
    assert 'class="doubt"' in shown
    assert "doubtful" in shown
    assert "&lt;b&gt;病例" in shown
    assert "<i>" not in shown
    assert "\u202e" not in shown


def test_the_documents_name_the_columns_of_a_figure_in_their_order(root: Path) -> None:
    extraction = (root / "docs" / "extraction.md").read_text(encoding="utf-8")
    told = extraction[extraction.index("Each row of `jsonl`") : extraction.index("## From characters")]
    named = [name for name in re.findall(r"`([a-z]+)`", told) if name in ("file", *FIGURE_COLUMNS, "rule")]
    assert named == ["file", *FIGURE_COLUMNS, "rule", "subject"]
    frames = (root / "docs" / "frames.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", frames, re.M)) >= {"subject", *FRAME}
