"""What --explain says of a figure's subject: the winner, the runner-up and the margin between them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.frames.reading import read, subject_choices

TEXTS = [
    "全区共有老旧小区487个，其中89个基本改造完成。",
    "第一产业增加值同比下降1.2%，非食品价格上涨0.8%。",
    "城镇和农村居民人均可支配收入分别为3.1万元和1.6万元。",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_winner_is_the_subject_and_nothing_is_above_it(text: str) -> None:
    reading = read(text)
    figures = [m for m in reading.mentions if m.statistical]
    chosen = subject_choices(text, reading)
    assert {m.start for m in figures} == {*chosen}
    for figure in figures:
        choice = chosen[figure.start]
        assert choice.subject == figure.subject
        assert choice.runner_up != choice.subject
        assert choice.margin >= 0


def test_a_narrow_choice_has_little_confidence() -> None:
    found = [
        (subject_choices(text, reading)[m.start].margin, m.confidence or 0)
        for text in TEXTS
        for reading in [read(text)]
        for m in reading.mentions
        if m.statistical
    ]
    assert all(confidence < 0.75 for margin, confidence in found if margin < 1)
    assert found


def test_a_text_without_figures_and_a_subject_by_rule_have_no_choice() -> None:
    for text in ("没有数字。", "三次产业结构比为6:42:52。"):
        assert subject_choices(text, read(text)) == {}


def test_explain_names_winner_runner_up_and_margin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(TEXTS[0], encoding="utf-8")
    assert main(["extract", "--explain", "--format", "csv", str(article)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"; subject: 老旧小区, before \S+ by \d+(\.\d+)?", out)
