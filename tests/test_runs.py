"""What a run leaves for those who watch over it: its entry in `wenshu runs`, and its metrics."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.night import night
from pipeline.night.store import FOLDER, Store
from pipeline.project import load_project

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw" / "page.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_runs_are_listed_with_what_they_came_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert "nothing has run yet" in capsys.readouterr().err
    night(load_project(), now=NOW)
    night(load_project(), now=NOW)
    assert main(["runs"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["run", "outcome", "version"]
    assert (first.split()[1], second.split()[1]) == ("released", "unchanged")
    assert main(["runs", "--format", "jsonl", "--limit", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "unchanged"


def test_the_metrics_are_of_the_last_run(project: Path) -> None:
    run = night(load_project(), now=NOW)
    said = (project / "output" / "wenshu.prom").read_text(encoding="utf-8")
    line = re.compile(r'# (TYPE|HELP) wenshu_\w+ .+|wenshu_\w+\{(\w+="[^"\n]*",?)+\} [-+.e\d]+|# EOF')
    assert all(line.fullmatch(each) for each in said.splitlines())
    assert 'wenshu_run_outcome{outcome="released"} 1' in said
    assert f'wenshu_released_rows{{table="quantities"}} {run.rows["quantities"]}' in said
    (project / "raw" / "page.txt").unlink()
    with pytest.raises(WenshuError, match="holds no text"):
        night(load_project(), now=NOW)
    assert 'wenshu_run_outcome{outcome="failed"} 1' in (project / "output" / "wenshu.prom").read_text()


def test_a_run_stopped_by_hand_keeps_what_it_read_and_says_so(project: Path) -> None:
    def stop(name: str, stage):
        if name == "derive":
            raise KeyboardInterrupt
        return stage()

    with pytest.raises(KeyboardInterrupt):
        night(load_project(), perform=stop, now=NOW)
    kept = Store(project / "output" / FOLDER / "store.sqlite")
    assert kept.kept()
    kept.close()
    run = night(load_project(), now=NOW)
    assert (run.outcome, {s.name: s.counts for s in run.stages}["extract"]["anew"]) == ("released", 0)


def test_everything_anew_is_the_same_release(project: Path) -> None:
    first = night(load_project(), now=NOW)
    again = night(replace(load_project(), full=True), now=NOW)
    assert (again.outcome, again.version) == ("unchanged", first.version)
    assert {s.name: s.counts for s in again.stages}["extract"]["anew"] == 1


def test_a_store_cut_short_between_nights_is_made_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night(load_project(), now=NOW)
    store = project / "output" / FOLDER / "store.sqlite"
    store.write_bytes(store.read_bytes()[:5000])
    (project / "raw" / "more.txt").write_text("改造小区487个。", encoding="utf-8")
    assert night(load_project(), now=NOW.replace(day=23)).outcome == "released"
    assert "is damaged" in capsys.readouterr().err
