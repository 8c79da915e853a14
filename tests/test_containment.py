"""No article stops a night: one that fails goes to quarantine with the reason, and the rest is released."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from pydoc import locate
from typing import Any

import pytest
from nights import night
from reading import SENTENCES
from sampling import sampled

from pipeline.night.run import Run
from pipeline.project import load_project
from pipeline.texts.source import read_file

BAD = "此文令某一步出错：2020年7月8日，郑州市中原区共设置34个集中隔离点，同比增长6%。"
STEPS = (
    "pipeline.frames.reading.extract",
    "pipeline.night.reader.with_derived",
    "pipeline.night.reader.relate",
    "pipeline.statistics.matcher.Matcher.match",
    "pipeline.tables.rows.document_row",
    "pipeline.night.stages.merge",
)
"""What is done to each article, one after another."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project of six articles, on one of which a step will fail."""
    return project_of(tmp_path, *SENTENCES[:5], BAD)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """What is released of a project without that article."""
    without = project_of(tmp_path_factory.mktemp("without"), *SENTENCES[:5])
    go(without)
    return {name: rows(without, name) for name in ("quantities", "numerals", "relations", "observations")}


@pytest.mark.parametrize("step", sampled(STEPS, 2))
@pytest.mark.parametrize(
    ("error", "said"),
    sampled(
        [
            (ValueError("no such thing"), "cannot be read: ValueError in "),
            (RecursionError(), "cannot be read: RecursionError in "),
            (MemoryError(), "takes more memory than that of [limits]"),
        ]
    ),
)
def test_an_article_on_which_a_step_fails_is_quarantined_and_the_rest_released(
    home: Path,
    others: dict[str, list[dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: Exception,
    said: str,
) -> None:
    fails_on_the_bad(monkeypatch, step, error)
    run = go(home)
    assert run.outcome == "released"
    (bad,) = (row for row in rows(home, "documents") if row["status"] != "read")
    assert (bad["path"], bad["status"]) == ("5.txt", "quarantined")
    assert said in bad["reason"]
    assert [i.severity for i in run.issues if i.check == "source_quarantined"] == ["warning"]
    for name, released in others.items():
        assert rows(home, name) == released


@pytest.mark.soak
def test_a_quarantined_article_is_not_tried_each_night_but_when_all_is_read_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        fails_on_the_bad(broken, STEPS[0], ValueError())
        go(home)
    (home / "raw" / "0.txt").write_text("完成投资8亿元。", encoding="utf-8")
    go(home)
    assert {row["status"] for row in rows(home, "documents")} == {"read", "quarantined"}
    night(replace(load_project(cwd=home), full=True))
    assert {row["status"] for row in rows(home, "documents")} == {"read"}


@pytest.mark.parametrize("name", ["page.html", "page.pdf"])
def test_a_file_that_makes_its_reader_fail_is_quarantined(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AttributeError("inside of a library")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    monkeypatch.setattr("pypdfium2.PdfDocument", fail)
    path = home / "raw" / name
    path.write_text("<p>改造小区9个。</p>", encoding="utf-8")
    (source,) = read_file(path, home / "raw")
    assert source.status == "quarantined"
    assert "AttributeError" in (source.reason or "")


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("bytes = 90", "bytes, more than the 90 to be read; split it"),
        (
            "numerals = 3",
            "states 4 numerals, more than the 3 of numerals in [limits]; split it, or raise the limit",
        ),
    ],
)
def test_a_limit_of_the_project_is_what_its_articles_may_take(home: Path, limit: str, said: str) -> None:
    (home / "wenshu.toml").write_text(f"[limits]\n{limit}\n", encoding="utf-8")
    assert go(home).outcome == "released"
    left = {row["path"]: row["reason"] for row in rows(home, "documents") if row["status"] != "read"}
    assert set(left) == {"1.txt", "5.txt"}
    assert any(said in reason for reason in left.values())


def test_a_disk_without_room_is_no_article_s_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_on_the_bad(monkeypatch, STEPS[0], OSError(28, "No space left on device"))
    with pytest.raises(Exception, match="is full"):
        go(home)


def fails_on_the_bad(monkeypatch: pytest.MonkeyPatch, step: str, error: Exception) -> None:
    """Let a step fail where it is about the bad article."""
    real: Callable[..., Any] = locate(step)

    def failing(*given: Any, **more: Any) -> Any:
        if BAD[:8] in str(given):
            raise error
        return real(*given, **more)

    monkeypatch.setattr(step, failing)


def project_of(home: Path, *texts: str) -> Path:
    (home / "raw").mkdir()
    for number, text in enumerate(texts):
        (home / "raw" / f"{number}.txt").write_text(text, encoding="utf-8")
    return home


def go(home: Path) -> Run:
    return night(load_project(cwd=home))


def rows(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "output" / "latest" / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
