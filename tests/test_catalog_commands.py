"""`wenshu catalog`: what it checks, tries and suggests, and how it answers wrong use."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from cataloguing import CELL, INDICATOR, cell, small_catalog

from pipeline.cli import main
from pipeline.concepts.concept_files import load_concepts


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    return small_catalog(root, tmp_path)


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
    assert "libraries  图书馆: 1 caught, 1 near" in shown
    assert "12 1  410300  2024-05-06  A  exact" in shown
    assert "全市现有公共图书馆【12座】" in shown
    draft.write_text(INDICATOR + "    states: [新建]\n", encoding="utf-8")
    assert main(["catalog", "try", str(draft), "--config", str(folder.parent)]) == 0
    assert "not caught (states: none of 新建)" in capsys.readouterr().out


def test_suggest_prints_concepts_that_load_once_they_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder.parent / "raw"
    raw.mkdir()
    (raw / "news.txt").write_text(ARTICLE, encoding="utf-8")
    assert main(["catalog", "suggest", "--config", str(folder.parent)]) == 0
    shown = capsys.readouterr().out
    own = folder.parent / "own.csv"
    own.write_text(shown, encoding="utf-8")
    proposed = [concept.zh for concept in load_concepts([own]).concepts.values()]
    assert proposed.count("乡村书屋") == 1
    assert "# 1× 全市现有公共图书馆12座，乡村书屋【30个】" in shown


@pytest.mark.parametrize("action", ["try", "suggest"])
@pytest.mark.parametrize(
    ("limit", "reason"), [("bytes = 1000", "holds 9300 bytes"), ("numerals = 50", "states 300 numerals")]
)
def test_an_article_above_the_limits_is_left_out_as_in_a_run(
    folder: Path, limit: str, reason: str, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder.parent / "raw"
    raw.mkdir()
    (raw / "long.txt").write_text(ARTICLE * 100, encoding="utf-8")
    (raw / "short.txt").write_text("全市现有博物馆12座。\n", encoding="utf-8")
    draft = folder.parent / "draft.yaml"
    draft.write_text(INDICATOR, encoding="utf-8")
    line = ["catalog", action, *([str(draft)] if action == "try" else []), "--config", str(folder.parent)]
    assert main(line) == 0
    assert "乡村书屋" in capsys.readouterr().out
    (folder.parent / "wenshu.toml").write_text(f"[limits]\n{limit}\n", encoding="utf-8")
    assert main(line) == 0
    shown = capsys.readouterr()
    assert f"long.txt: {reason}" in shown.err
    assert "乡村书屋" not in shown.out


def test_suggest_names_the_indicators_that_nothing_was_read_as(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "raw").mkdir()
    (folder.parent / "raw" / "news.txt").write_text("全市现有博物馆12座。\n", encoding="utf-8")
    assert main(["catalog", "suggest", "--config", str(folder.parent)]) == 0
    assert "# no figure was read as: libraries\n" in capsys.readouterr().out


def test_suggest_says_of_a_name_with_another_unit_whose_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(folder, CELL)
    (folder.parent / "raw").mkdir()
    (folder.parent / "raw" / "news.txt").write_text(
        "全市公共图书馆面积大，公共图书馆3.5万平方米。\n", encoding="utf-8"
    )
    assert main(["catalog", "suggest", "--config", str(folder.parent)]) == 0
    assert "# 公共图书馆 m2: a name of public_libraries, with another unit" in capsys.readouterr().out


def test_try_says_of_the_nearest_subjects_why_they_are_not_taken(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = folder.parent / "raw"
    raw.mkdir()
    (raw / "news.txt").write_text("全市直接经济损失1.2亿元。全市建成公共图书馆12座。\n", encoding="utf-8")
    draft = folder.parent / "draft.yaml"
    draft.write_text(
        INDICATOR.replace("kind: count", "kind: money")
        .replace("[个, 座]", "[元]")
        .replace("公共图书馆]", "损失]"),
        encoding="utf-8",
    )
    assert main(["catalog", "try", str(draft), "--config", str(folder.parent)]) == 0
    shown = capsys.readouterr().out
    assert "not caught (breakdown: modifier=直接经济, not the whole)" in shown
    assert "公共图书馆【12座】" not in shown


@pytest.mark.parametrize("line", [["try"], ["check", "x.yaml"]])
def test_wrong_use_is_answered_in_one_line(
    folder: Path, line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", *line, "--config", str(folder.parent)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_documented_indicator_catches_the_documented_sentence(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (root / "docs" / "catalog.md").read_text(encoding="utf-8")
    sentence = re.search(r"articles write `(.+?)`", page)
    yaml = re.search(r"^ *```yaml\n(.*?)^ *```$", page, re.S | re.M)
    assert sentence and yaml
    draft, raw = tmp_path / "new.yaml", tmp_path / "raw"
    draft.write_text(textwrap.dedent(yaml[1]), encoding="utf-8")
    raw.mkdir()
    article = f"2024年3月1日\n\n{sentence[1]}。全市有民办公共图书馆3座。\n"
    (raw / "a.txt").write_text(article, encoding="utf-8")
    (raw / "a.yaml").write_text('region: "410100"\n', encoding="utf-8")
    assert main(["catalog", "try", str(draft), "--config", str(root), "--raw", str(raw)]) == 0
    shown = capsys.readouterr().out
    assert "1 caught" in shown
    assert "breakdown: modifier=民办, not the whole" in shown
    assert "`breakdown: modifier=民办, not the whole`" in page
