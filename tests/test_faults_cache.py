"""What earlier nights left, damaged by a killed run or a bad disk: the next one makes it again."""

from __future__ import annotations

import json
import random
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from breaking import assert_right, assert_whole, corpus, run, tables

from pipeline.night.cache.database import FOLDER
from pipeline.night.run_night import run_night
from pipeline.project import load_project


@pytest.fixture
def home(tmp_path: Path) -> Path:
    corpus(tmp_path / "home" / "raw", number=4)
    return tmp_path / "home"


NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


DAMAGE = ("cut", "altered", "emptied", "the log beside it cut", "the log beside it altered", "no file at all")


@pytest.mark.soak
@pytest.mark.parametrize("damage", DAMAGE)
def test_caches_that_are_damaged_are_made_again(home: Path, damage: str, tmp_path: Path) -> None:
    project, chance = load_project(cwd=home), random.Random(damage)
    run_night(project, now=NOW)
    corpus(home / "raw", 10, 6)
    _cut_run(home)
    cache = home / "output" / FOLDER / "cache.sqlite"
    log = cache.with_name("cache.sqlite-wal")
    path = log if "log" in damage else cache
    data = path.read_bytes()
    if "cut" in damage:
        path.write_bytes(data[: chance.randrange(len(data))])
    elif "altered" in damage:
        places = {chance.randrange(len(data)) for _ in range(40)}
        path.write_bytes(bytes(b ^ 255 if n in places else b for n, b in enumerate(data)))
    elif damage == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()
    done = run(home)
    assert (done.returncode, done.stdout.strip()) == (0, "released"), done.stderr
    assert "Traceback" not in done.stderr
    assert_right(home, tmp_path / "fresh")
    assert run(home).stdout.strip() == "unchanged"


def _cut_run(home: Path) -> None:
    """A run killed after its reading, which leaves a write-ahead log beside the cache."""
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.night.run_night import run_night\n"
        "from pipeline.project import load_project\n"
        "def die(name, stage):\n"
        "    result = stage()\n"
        "    return os._exit(9) if name == 'extract' else result\n"
        "run_night(load_project(cwd=Path(sys.argv[1])), perform=die)\n"
    )
    assert run(home, [sys.executable, "-c", script, str(home)]).returncode == 9
    assert (home / "output" / FOLDER / "cache.sqlite-wal").stat().st_size > 0


@pytest.mark.soak
def test_tables_left_half_written_by_a_killed_run_are_not_used(home: Path, tmp_path: Path) -> None:
    project = load_project(cwd=home)
    run_night(project, now=NOW)
    left = home / "output" / FOLDER / "shards" / "0-0-00ff00ff.arrow"
    left.write_bytes(b"\xff" * 99)
    corpus(home / "raw", 10, 1)
    assert run_night(project, now=NOW.replace(day=23)).outcome == "released"
    assert not left.exists()
    assert_right(home, tmp_path / "fresh")


@pytest.mark.soak
@pytest.mark.parametrize("content", [b'{"versions": 7}', b"", b"{", b"null", b"\xff\xfe"])
def test_an_index_that_is_damaged_is_made_of_the_releases_that_are_there(home: Path, content: bytes) -> None:
    project = load_project(cwd=home)
    run_night(project, now=NOW)
    corpus(home / "raw", 10, 1)
    run_night(project, now=NOW.replace(day=23))
    before = tables(home / "output")
    (home / "output" / "releases" / "index.json").write_bytes(content)
    assert run_night(project, now=NOW.replace(day=24)).outcome == "unchanged"
    index = json.loads((home / "output" / "releases" / "index.json").read_text(encoding="utf-8"))
    assert [entry["version"] for entry in index["versions"]] == ["2026.11.23", "2026.11.24"]
    assert tables(home / "output") == before
    assert_whole(home / "output")


@pytest.mark.soak
@pytest.mark.parametrize(
    "content",
    [b'{"outcome": "running"', b"", b"{}", b"[1]", bytes(range(128, 192))],
    ids=["cut short", "empty", "nothing", "a list", "no text"],
)
def test_a_runs_record_that_is_damaged_costs_a_night_that_finds_nothing_new(
    home: Path, content: bytes
) -> None:
    project = load_project(cwd=home)
    first = run_night(project, now=NOW)
    (first.folder / "run.json").write_bytes(content)
    again = run_night(project, now=NOW.replace(day=23))
    assert (again.outcome, again.version) == ("unchanged", first.version)
    shutil.rmtree(home / "output" / "runs")
    assert run_night(project, now=NOW.replace(day=24)).outcome == "unchanged"
