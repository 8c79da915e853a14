"""Nights that are killed or run out of room: what was released stays, the next night is right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from pipeline.night import night
from pipeline.project import load_project
from pipeline.releases import verify

MOMENTS = int(os.environ.get("WENSHU_MOMENTS", "20"))
"""How many runs are killed."""

RUN = """
import sys
from pathlib import Path
from pipeline.night import night, one_at_a_time
from pipeline.project import load_project
if __name__ == "__main__":
    project = load_project(cwd=Path(sys.argv[1]))
    with one_at_a_time(project):
        print(night(project).outcome)
"""


def corpus(raw: Path, first: int = 0, number: int = 400) -> None:
    raw.mkdir(exist_ok=True)
    for n in range(first, first + number):
        text = f"{n + 1}号文件：改造小区{487 + n}个，其中89个基本改造完成，完成投资12.5亿元。" * 9
        (raw / f"{n}.txt").write_text(text, encoding="utf-8")


def tables(output: Path) -> dict[str, bytes]:
    data = (output / "latest" / "data").glob("*.csv")
    return {path.name: path.read_bytes() for path in data if path.stem not in ("changes", "issues")}


@pytest.mark.soak
def test_runs_killed_at_any_moment_leave_the_latest_release_whole(tmp_path: Path) -> None:
    home, script = tmp_path / "home", tmp_path / "run.py"
    home.mkdir()
    script.write_text(RUN, encoding="utf-8")
    corpus(home / "raw")
    chance = random.Random(8)
    released = False
    for moment in range(MOMENTS):
        corpus(home / "raw", 1000 + moment, 3)
        run = subprocess.Popen([sys.executable, str(script), str(home)], start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        sleep(chance.uniform(0.3, 14))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        latest = home / "output" / "latest"
        released = released or latest.exists()
        assert not released or verify(latest.resolve()) == []
    end = subprocess.run([sys.executable, str(script), str(home)], capture_output=True, text=True, check=True)
    assert end.stdout.strip() in ("released", "unchanged")
    assert verify((home / "output" / "latest").resolve()) == []
    fresh = tmp_path / "fresh"
    shutil.copytree(home / "raw", fresh / "raw")
    night(load_project(cwd=fresh))
    assert tables(home / "output") == tables(fresh / "output")


@pytest.mark.soak
@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may mount a small disk")
def test_a_full_disk_is_said_and_the_latest_release_stays(tmp_path: Path) -> None:
    home, small = tmp_path / "home", tmp_path / "home" / "output"
    small.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        corpus(home / "raw", number=20)
        first = night(load_project(cwd=home))
        before = tables(small)
        corpus(home / "raw", 100, 3000)
        run = subprocess.run(
            [sys.executable, "-c", RUN, str(home)], capture_output=True, text=True, check=False
        )
        assert run.returncode != 0
        assert "is full" in run.stderr
        assert "latest/ is as it was" in run.stderr
        assert (tables(small), first.outcome) == (before, "released")
        assert verify((small / "latest").resolve()) == []
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=False)
