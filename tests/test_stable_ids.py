"""Articles that are renamed and sentences that are edited: what they state stays what it was."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from handmade import document, small
from handmade import released as released_by_hand

from pipeline.cli import main
from pipeline.decisions.writing import write_decision
from pipeline.night.run import Run
from pipeline.night.run_night import run_night
from pipeline.numbers.extract import extract
from pipeline.project import Project, load_project
from pipeline.relations.ids import quantity_ids
from pipeline.releases.stable_ids import (
    CurrentArticle,
    LastRelease,
    PreviousFigure,
    PreviousFigures,
    kept_figure_ids,
)  # fmt: skip
from pipeline.texts.source import document_id

FIRST = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
PLAN = "2020年7月8日，郑州市中原区计划改造老旧小区487个，共设置3个集中隔离点。"
EDITED = PLAN.replace("共设置", "一共设立")
REST = "全区旅馆入住旅客9207人，其中电话回访350人。\n"
REWORDED = REST.replace("全区旅馆入住", "全区各旅馆共入住")


def tables(run: Run, name: str) -> pd.DataFrame:
    return pd.read_csv(run.output / "releases" / str(run.version) / "data" / f"{name}.csv", dtype="string")


def figures(run: Run) -> dict[str, str]:
    rows = tables(run, "quantities")
    return dict(zip(rows["text"], rows["quantity_id"], strict=True))


def released(project: Project, day: int) -> Run:
    run = run_night(project, now=FIRST + timedelta(days=day))
    assert run.outcome == "released"
    return run


def decide(project: Project, action: str, target: str, text: str, **fields: Any) -> None:
    entry = {
        "action": action, "target": {"quantity": target}, "expect": {"text": text}, **fields,
        "reason": "来函更正", "officer": "李四", "date": "2026-11-10",
    }  # fmt: skip
    write_decision(project.decisions, entry)


Nights = tuple[Project, list[Run]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A release, one after two decisions and a new name, one after an edit of both sentences."""
    home = tmp_path_factory.mktemp("nights")
    project = load_project(home)
    (home / "raw" / "new").mkdir(parents=True)
    plan, moved = home / "raw" / "plan.txt", home / "raw" / "new" / "programme.txt"
    plan.write_text(f"{PLAN}\n{REST}", encoding="utf-8")
    runs = [released(project, 0)]
    decide(project, "correct", figures(runs[0])["3个"], "3个", value=Decimal(4))
    decide(project, "drop", figures(runs[0])["350人"], "350人")
    plan.rename(moved)
    plan.write_text("郑州市中原区新增就业岗位120个。\n", encoding="utf-8")
    runs.append(released(project, 1))
    moved.write_text(f"{EDITED}\n{REWORDED}", encoding="utf-8")
    runs.append(released(project, 2))
    return project, runs


def test_a_renamed_article_keeps_its_id_and_those_of_its_figures(nights: Nights) -> None:
    _, (first, second, *_) = nights
    documents = tables(second, "documents").set_index("path")["document_id"]
    assert documents["new/programme.txt"] == tables(first, "documents")["document_id"].item()
    assert documents["plan.txt"] != documents["new/programme.txt"]
    left = figures(first).items() - {("350人", figures(first)["350人"])}
    assert figures(second).items() > left


def test_a_new_name_is_told_as_such_and_nothing_came_or_went_for_it(nights: Nights) -> None:
    changes = tables(nights[1][1], "changes")
    renamed = changes[changes["change"] == "renamed"]
    assert renamed[["table", "old", "new", "cause"]].to_numpy().tolist() == [
        ["documents", "plan.txt", "new/programme.txt", "source"]
    ]
    gone = changes[changes["change"] == "removed"]["key"]
    assert set(gone) == {figures(nights[1][0])["350人"]}  # as was decided


@pytest.mark.parametrize("number", [1, 2], ids=["renamed", "edited"])
def test_a_decision_holds_for_a_figure_by_another_name_and_in_other_words(
    nights: Nights, number: int
) -> None:
    run = nights[1][number]
    (row,) = tables(run, "quantities").query("text == '3个'").to_dict("records")
    assert (Decimal(row["value"]), row["obs_status"]) == (4, "I")
    assert "350人" not in figures(run)
    assert len(tables(run, "decisions")) == 2
    assert not [issue for issue in run.issues if issue.check.startswith("decision_")]


def test_figures_of_an_edited_sentence_keep_their_ids(nights: Nights) -> None:
    _, (_, before, edited) = nights
    assert figures(edited) == figures(before)
    changes = tables(edited, "changes").query("table != 'numerals'")  # whose key is their place
    assert not changes["change"].isin(["added", "removed"]).any()
    assert EDITED in changes.query("table == 'quantities' and column == 'quote'")["new"].tolist()


def test_a_machine_that_knows_the_last_release_alone_has_the_same_ids(nights: Nights) -> None:
    project, _ = nights
    shutil.rmtree(project.output / ".cache")
    assert run_night(replace(project, full=True), now=FIRST + timedelta(days=3)).outcome == "unchanged"


def test_a_release_that_is_set_aside_is_gone_on_without(
    nights: Nights, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, (first, second, third) = nights
    home = Path(shutil.copytree(project.root, tmp_path / "home", symlinks=True))
    for kind in ("csv", "parquet"):
        (home / "output/releases" / str(third.version) / f"data/quantities.{kind}").write_bytes(b"")
    where = ["--config", str(home), "--output", str(home / "output")]
    assert main(["releases", "repair", "--set-aside", *where]) == 1
    assert not (home / "output/.cache").exists()
    latest = json.loads((home / "output/releases/index.json").read_text(encoding="utf-8"))["latest"]
    assert latest["version"] == second.version
    assert latest["since"] == {first.version: "yes", second.version: "no", third.version: "yes"}
    page = home / "output/site/index.html"
    assert str(third.version) not in re.findall(r"releases/([\d.]+)/", page.read_text(encoding="utf-8"))
    again = released(load_project(home), 3)
    assert figures(again) == figures(third)
    assert len(tables(again, "decisions")) == 2
    index = json.loads((home / "output/releases/index.json").read_text(encoding="utf-8"))["latest"]
    assert index["since"][str(third.version)] == "yes"


@pytest.mark.parametrize(
    ("before", "tonight", "known"),
    [
        ("a1", "a1", "a=a"),
        ("a1", "a2", "a=a"),
        ("a1", "b1", "b=a"),
        ("a1", "b2", "b=b"),
        ("a1", "a1 b1", "a=a b=b"),
        ("a1", "a2 b1", "a=? b=a"),
        ("a1 b2", "a2 b1", "a=a b=b"),
        ("a1 b1", "c1 d1", "c=a d=b"),
        ("a1 b1", "b1 c1", "b=b c=a"),
    ],
    ids=[
        "as it was", "edited", "renamed", "renamed and edited", "copied", "renamed, another in its place",
        "exchanged", "two of the same bytes", "one of two of the same bytes",
    ],
)  # fmt: skip
def test_an_article_is_known_again_by_its_path_then_by_its_bytes(
    tmp_path: Path, before: str, tonight: str, known: str
) -> None:
    """Articles are a letter, their path, and a digit, their bytes."""
    there = [document(document_id(path), path=path, sha256=digest * 64) for path, digest in before.split()]
    released_by_hand(tmp_path, small(documents=sorted(there, key=lambda row: row["document_id"])))
    here = {document_id(p): CurrentArticle(document_id(p), p.encode(), 0, d * 64) for p, d in tonight.split()}
    names = LastRelease(tmp_path).kept_document_ids(here, here.get)
    paths = {document_id(path): path for path in "abcd"}
    kept_paths = {one.path.decode(): paths.get(names.get(name, name), "?") for name, one in here.items()}
    assert " ".join(f"{path}={kept_paths[path]}" for path in sorted(kept_paths)) == known
    assert len({names.get(name, name) for name in here}) == len(here)


def kept(before: str, after: str) -> dict[str, str]:
    """The texts of figures after an edit, by those of the figures whose ids they keep."""
    was, now = extract(before), extract(after)
    ids, own = quantity_ids("d1", was), quantity_ids("d1", now)
    known = [PreviousFigure(name, m.text, before) for name, m in zip(ids, was.mentions, strict=True) if name]
    texts = dict(zip(ids, (m.text for m in was.mentions), strict=True))
    found = kept_figure_ids(own, now, PreviousFigures({}, tuple(known)))
    current_texts = dict(zip(own, (m.text for m in now.mentions), strict=True))
    return {current_texts[name]: texts[other] for name, other in found.items()}


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        ("全市新建公园3个，改造道路25条。", "全市新建公园3个，改造道路26条。", {"3个"}),
        ("全市新建公园3个，改造道路25条。", "全市新建公园3个，改造道路25条。", set()),
        ("全市新建公园3个，改造道路25条。", "全市共新建公园3个，整修道路25条。", {"3个", "25条"}),
        ("全市新建公园3个，改造道路25条。", "当年关闭矿山企业3个。", set()),
    ],
    ids=["another number", "no edit", "other words", "another sentence"],
)  # fmt: skip
def test_a_figure_keeps_its_id_where_it_and_most_of_its_sentence_are_the_same(
    before: str, after: str, texts: set[str]
) -> None:
    assert kept(before, after) == {text: text for text in texts}
