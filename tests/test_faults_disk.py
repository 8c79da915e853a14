"""Disks that are full or cannot be written: it is said, the latest release stays, the next night is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from breaking import (
    COMMAND,
    assert_right,
    assert_whole,
    corpus,
    left_behind,
    read_only,
    run,
    small_disk,
    superuser,
    tables,
)

from pipeline.night.cache.database import FOLDER
from pipeline.night.run_night import run_night
from pipeline.project import load_project

SAYS = re.compile(r"wenshu: .*is full.*free some space.*latest/ is as it was", re.DOTALL)

ROOMS = (0.1, 0.3, 0.7, 1.5, 3.0, 5.0, 8.0)
"""Mebibytes that are left for a night of 400 new articles, which needs some ten: each stops elsewhere."""


def room(disk: Path, mebibytes: float) -> str:
    """The option that leaves a disk so much room."""
    used = sum(path.lstat().st_blocks * 512 for path in disk.rglob("*"))
    return f"size={int(used + mebibytes * 1024 * 1024)}"


@superuser
@pytest.mark.soak
@pytest.mark.parametrize("left", ROOMS)
def test_a_disk_that_fills_is_said_and_the_latest_release_stays(left: float, tmp_path: Path) -> None:
    home = tmp_path / "home"
    output = home / "output"
    with small_disk(output, "200m") as remount:
        corpus(home / "raw", number=20)
        assert run_night(load_project(cwd=home)).outcome == "released"
        before = tables(output)
        corpus(home / "raw", 100, 400)
        remount(room(output, left))
        done = run(home)
        assert "Traceback" not in done.stderr
        if done.returncode:
            assert SAYS.search(done.stderr), done.stderr
            assert tables(output) == before
        assert_whole(output)
        remount("size=200m")
        again = run(home)
        assert again.returncode == 0, again.stderr
        assert again.stdout.strip() in ("released", "unchanged")
        assert_right(home, tmp_path / "fresh")


@superuser
@pytest.mark.soak
@pytest.mark.parametrize("left", [0.05, 2.0])
def test_a_whole_run_on_a_full_disk_says_so_and_leaves_no_server(left: float, tmp_path: Path) -> None:
    home = tmp_path / "home"
    output = home / "output"
    with small_disk(output, "200m") as remount:
        corpus(home / "raw", number=20)
        assert run(home, COMMAND).returncode == 0
        before = tables(output)
        corpus(home / "raw", 100, 400)
        remount(room(output, left))
        done = run(home, COMMAND)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert SAYS.search(done.stderr), done.stderr
        assert left_behind(home) == []
        assert tables(output) == before
        assert_whole(output)
        remount("size=200m")
        again = run(home, COMMAND)
        # What had no room for its own record is found to have come to no end.
        said = [line for line in again.stderr.splitlines() if "had no room; the next run goes on" not in line]
        assert (again.returncode, said) == (0, [])
        assert_right(home, tmp_path / "fresh")


@superuser
@pytest.mark.soak
@pytest.mark.parametrize("folder", ["", FOLDER, "releases", "runs"])
def test_an_output_that_cannot_be_written_is_said(folder: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    output = home / "output"
    corpus(home / "raw", number=6)
    run_night(load_project(cwd=home))
    before = tables(output)
    corpus(home / "raw", 100, 6)
    with read_only(output / folder):
        done = run(home)
        assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
        (said,) = done.stderr.splitlines()
        assert re.fullmatch(r"wenshu: .*make it writable.*latest/ is as it was", said), said
        assert str(output / folder).rstrip("/") in said
        assert tables(output) == before
        assert_whole(output)
    assert run(home).stdout.strip() == "released"
    assert_right(home, tmp_path / "fresh")
