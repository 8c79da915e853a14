"""What a run leaves for those who watch over it: its entry in `wenshu runs`, and its metrics."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nights import night

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.night.cache.database import FOLDER, Cache
from pipeline.night.run_record import output_lock
from pipeline.project import load_project

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_runs_are_listed_with_what_they_came_to_and_the_last_ones_metrics_are_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def metrics() -> str:
        return (project / "output" / "wenshu.prom").read_text(encoding="utf-8")

    assert main(["runs"]) == 0
    assert "nothing has run yet" in capsys.readouterr().err
    run = night(load_project(), now=NOW)
    line = re.compile(r'# (TYPE|HELP) wenshu_\w+ .+|wenshu_\w+(\{(\w+="[^"\n]*",?)+\})? [-+.e\d]+|# EOF')
    assert all(line.fullmatch(each) for each in metrics().splitlines())
    assert 'wenshu_run_outcome{outcome="released"} 1' in metrics()
    assert f'wenshu_released_rows{{table="quantities"}} {run.rows["quantities"]}' in metrics()
    night(load_project(), now=NOW)
    assert main(["runs"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["run", "outcome", "version"]
    assert (first.split()[1], second.split()[1]) == ("released", "unchanged")
    assert main(["runs", "--format", "jsonl", "--limit", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "unchanged"
    (project / "raw" / "page.txt").unlink()
    with pytest.raises(WenshuError, match="holds no text"):
        night(load_project(), now=NOW)
    assert 'wenshu_run_outcome{outcome="failed"} 1' in metrics()


def cut(project: Path, moment: str, hour: int) -> str:
    """The name of a run that is killed at a moment: nothing of it runs from then on."""

    def die(name: str, stage):
        if name == moment:
            os._exit(9)
        result = stage()
        if f"after {name}" == moment:
            os._exit(9)
        return result

    if (child := os.fork()) == 0:
        with suppress(BaseException):
            night(load_project(cwd=project), perform=die, now=NOW.replace(hour=hour))
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    return NOW.replace(hour=hour).strftime("%Y%m%dT%H%M%SZ")


def outcomes(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert main(["runs", "--format", "jsonl"]) == 0
    return {run["run"]: run for run in map(json.loads, capsys.readouterr().out.splitlines())}


def test_a_killed_run_is_listed_as_killed_with_the_moment_it_started(
    project: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = cut(project, "derive", 19), cut(project, "extract", 20)
    assert {name: run["outcome"] for name, run in outcomes(capsys).items()} == dict.fromkeys(
        (first, second), "killed"
    )
    run = night(load_project(), now=NOW.replace(hour=21))
    assert (run.outcome, run.killed) == ("released", (second,))
    assert f"the run {second}: killed" in caplog.text
    known = outcomes(capsys)
    assert [known[name]["outcome"] for name in (first, second, run.run)] == ["killed", "killed", "released"]
    assert known[first]["started"] == "2026-11-22T19:00:00+00:00"
    assert "goes on from what it had read" in str(known[first]["note"])
    assert "wenshu_runs_killed 1" in (project / "output" / "wenshu.prom").read_text(encoding="utf-8")
    night(load_project(), now=NOW.replace(hour=22))
    assert "wenshu_runs_killed 0" in (project / "output" / "wenshu.prom").read_text(encoding="utf-8")


@pytest.mark.soak
def test_a_run_killed_behind_its_release_has_released(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = cut(project, "after publish", 19)
    run = night(load_project(), now=NOW.replace(hour=20))
    assert (run.outcome, run.killed) == ("unchanged", (name,))
    known = outcomes(capsys)[name]
    assert (known["outcome"], known["version"]) == ("released", run.version)
    assert "before its record was written" in str(known["note"])


@pytest.mark.soak
def test_a_run_at_work_is_listed_as_running(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen = []

    def look(name: str, stage):
        if name == "derive":
            seen.extend(run["outcome"] for run in outcomes(capsys).values())
        return stage()

    with output_lock(load_project()):
        night(load_project(), perform=look, now=NOW)
    assert seen == ["running"]


def test_a_run_stopped_by_hand_keeps_what_it_read_and_says_so(project: Path) -> None:
    def stop(name: str, stage):
        if name == "derive":
            raise KeyboardInterrupt
        return stage()

    with pytest.raises(KeyboardInterrupt):
        night(load_project(), perform=stop, now=NOW)
    kept = Cache(project / "output" / FOLDER)
    assert kept.shards.keys()
    kept.close()
    run = night(load_project(), now=NOW)
    assert (run.outcome, {s.name: s.counts for s in run.stages}["extract"]["anew"]) == ("released", 0)


@pytest.mark.soak
def test_everything_anew_is_the_same_release(project: Path) -> None:
    first = night(load_project(), now=NOW)
    again = night(replace(load_project(), full=True), now=NOW)
    assert (again.outcome, again.version) == ("unchanged", first.version)
    assert {s.name: s.counts for s in again.stages}["extract"]["anew"] == 1


@pytest.mark.soak
def test_a_cache_cut_short_between_nights_is_made_again(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    night(load_project(), now=NOW)
    cache = project / "output" / FOLDER / "cache.sqlite"
    cache.write_bytes(cache.read_bytes()[:5000])
    (project / "raw" / "more.txt").write_text("改造小区487个。", encoding="utf-8")
    assert night(load_project(), now=NOW.replace(day=23)).outcome == "released"
    assert "is damaged" in caplog.text


@pytest.mark.soak
def test_runs_of_one_moment_have_names_of_their_own(project: Path) -> None:
    names = [night(load_project(), now=NOW).run for _ in range(3)]
    assert names == ["20261122T180000Z", "20261122T180000Z.1", "20261122T180000Z.2"]


def test_a_second_run_at_once_says_so(project: Path) -> None:
    with output_lock(load_project()):
        child = os.fork()
        if child == 0:
            try:
                with output_lock(load_project()):
                    os._exit(0)
            except WenshuError as error:
                os._exit(2 if "another run" in str(error) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    with output_lock(load_project()):
        pass
