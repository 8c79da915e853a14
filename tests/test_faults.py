"""Nights that are killed, whose clock is wrong, whose sources change: the next one is right."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep

import pytest
from breaking import COMMAND, NIGHT, assert_right, assert_whole, corpus, environment, left_behind, run
from reading import write

from pipeline.night.cache.database import FOLDER
from pipeline.night.run_night import run_night
from pipeline.project import load_project
from pipeline.releases.store import ReleaseStore

MOMENTS = int(os.environ.get("WENSHU_MOMENTS", "20"))
"""How many runs are killed."""


def killed(home: Path, command: list[str], within: float, chance: random.Random) -> None:
    """Runs that are killed at random moments, each with new articles to read; nothing else goes wrong."""
    for moment in range(MOMENTS):
        corpus(home / "raw", 1000 + moment * 3, 3)
        process = subprocess.Popen(
            command, cwd=home, env=environment(home), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        sleep(chance.uniform(0, within))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert_whole(home / "output")
        until = time.monotonic() + 20
        while (left := left_behind(home)) and time.monotonic() < until:
            sleep(0.2)
        assert not left, f"after moment {moment}"


def listed(home: Path) -> list[str]:
    return [entry["outcome"] for entry in ReleaseStore(home / "output").index()["runs"]]


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["night", "wenshu run"])
def test_runs_killed_at_any_moment_leave_the_latest_release_whole(kind: str, tmp_path: Path) -> None:
    home, script = tmp_path / "home", tmp_path / "run.py"
    home.mkdir()
    script.write_text(NIGHT, encoding="utf-8")
    corpus(home / "raw")
    command = [sys.executable, str(script), str(home)] if kind == "night" else COMMAND
    assert run(home, command).returncode == 0
    corpus(home / "raw", 500, 3)
    began = time.monotonic()
    assert run(home, command).returncode == 0
    killed(home, command, 0.9 * (time.monotonic() - began), random.Random(8))
    end = run(home, command)
    assert (end.returncode, "Traceback" in end.stderr) == (0, False), end.stderr
    assert left_behind(home) == []
    outcomes = listed(home)
    assert set(outcomes) <= {"released", "unchanged", "killed"}
    assert outcomes[-1] in ("released", "unchanged")
    assert_right(home, tmp_path / "fresh")
    # Nothing of a killed night is left over: no draft, no half of a file.
    strays = [
        path.name for path in (home / "output").iterdir() if path.name.startswith((".draft", ".latest"))
    ]
    assert strays == []
    assert list((home / "output" / FOLDER).glob("night*")) == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    corpus(tmp_path / "home" / "raw", number=4)
    return tmp_path / "home"


NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.mark.soak
def test_clocks_set_back_leave_the_order_of_releases_and_the_days_of_issues(home: Path) -> None:
    project = load_project(cwd=home)
    (home / "raw" / "odd.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    first = run_night(project, now=NOW)
    corpus(home / "raw", 10, 1)
    back = run_night(project, now=datetime(2000, 1, 1, tzinfo=UTC))
    corpus(home / "raw", 20, 1)
    again = run_night(project, now=datetime(2000, 1, 1, tzinfo=UTC))
    corpus(home / "raw", 30, 1)
    last = run_night(project, now=NOW.replace(day=23))
    versions = [first.version, back.version, again.version, last.version]
    assert versions == ["2026.11.23", "2000.1.1", "2000.1.1.1", "2026.11.24"]
    store = ReleaseStore(home / "output")
    assert [entry["version"] for entry in store.index()["versions"]] == versions == store.versions()
    assert store.latest() == last.version
    assert_whole(home / "output")
    for each in (back, again, last):
        (issue,) = (issue for issue in each.issues if issue.check == "source_quarantined")
        assert (issue.state, issue.since) == ("persisting", date(2026, 11, 23))
    assert "the clock says 2000-01-01, which is before the last release, 2026.11.23" in back.note
    assert "clock" not in last.note


@pytest.mark.soak
def test_clocks_set_back_within_a_day_make_no_name_twice(home: Path) -> None:
    project = load_project(cwd=home)
    names = set()
    for number, hour in enumerate((18, 3, 18, 3)):
        corpus(home / "raw", 100 + number, 1)
        done = run_night(project, now=NOW.replace(hour=hour))
        names.add((done.run, done.version))
        assert_whole(home / "output")
    assert len({run for run, _ in names}) == len({version for _, version in names}) == 4


@pytest.mark.soak
def test_sources_that_change_while_they_are_read_are_right_the_night_after(
    home: Path, tmp_path: Path
) -> None:
    project, stop = load_project(cwd=home), threading.Event()
    chance = random.Random(4)
    write(home / "raw", steady="改造小区487个。")  # an empty raw/ is another matter

    def scribble() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            path = home / "raw" / f"{chance.randrange(6)}.txt"
            kind = chance.randrange(3)
            if kind == 0:
                path.unlink(missing_ok=True)
            elif kind == 1:
                text = f"改造小区{number}个。" * chance.randrange(1, 20)
                path.write_text(text + "其余没有数字。" * 3000, encoding="utf-8")
            else:
                path.rename(home / "raw" / f"{chance.randrange(6)}.txt") if path.exists() else None
            sleep(0.002)

    writer = threading.Thread(target=scribble)
    writer.start()
    try:
        for day in (22, 23):
            assert run_night(project, now=NOW.replace(day=day)).outcome in (
                "released",
                "withheld",
                "unchanged",
            )
            assert_whole(home / "output")
    finally:
        stop.set()
        writer.join()
    corpus(home / "raw", 10, 4)  # not the first four again: they keep the ids of where they were moved to
    assert run_night(project, now=NOW.replace(day=24)).outcome in ("released", "unchanged")
    assert_right(home, tmp_path / "fresh")
