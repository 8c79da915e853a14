"""What the tests of faults share: a project to run, ways to break its machine, and what must hold after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.night.run_night import run_night
from pipeline.project import load_project
from pipeline.releases.verify import verify

NIGHT = """
import sys
from pathlib import Path
from pipeline.errors import WenshuError
from pipeline.night.run_night import run_night
from pipeline.night.run_record import output_lock
from pipeline.project import load_project
if __name__ == "__main__":
    project = load_project(cwd=Path(sys.argv[1]))
    try:
        with output_lock(project):
            print(run_night(project).outcome)
    except WenshuError as error:
        sys.exit(f"wenshu: {error}")
"""
"""A night in a process of its own, without Prefect."""

COMMAND = [sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main(['run']))"]
"""A whole `wenshu run`, with Prefect's server."""

superuser = pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may mount a disk")


def corpus(raw: Path, first: int = 0, number: int = 400) -> None:
    """So many articles, each of nine figures or more."""
    raw.mkdir(parents=True, exist_ok=True)
    for n in range(first, first + number):
        text = f"{n + 1}号文件：改造小区{487 + n}个，其中89个基本改造完成，完成投资12.5亿元。" * 9
        (raw / f"{n}.txt").write_text(text, encoding="utf-8")


def tables(output: Path) -> dict[str, bytes]:
    """What is released, but for what depends on earlier nights."""
    data = (output / "latest" / "data").glob("*.csv")
    return {path.name: path.read_bytes() for path in data if path.stem not in ("changes", "issues")}


def assert_whole(output: Path) -> None:
    """The latest release is as it was published, every byte."""
    assert verify((output / "latest").resolve()) == []


def assert_right(home: Path, fresh: Path) -> None:
    """What the project releases now is what a project that nothing ever happened to releases."""
    assert_whole(home / "output")
    shutil.copytree(home / "raw", fresh / "raw")
    run_night(load_project(cwd=fresh))
    assert tables(home / "output") == tables(fresh / "output")


def run(
    home: Path, command: list[str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """A run of the project in a process of its own: a night, or the command."""
    return subprocess.run(
        command or [sys.executable, "-c", NIGHT, str(home)], cwd=home, env=environment(home),
        capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


def environment(home: Path) -> dict[str, str]:
    """An environment that knows no Prefect, whose empty database is kept beside the project."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return own | {"XDG_CACHE_HOME": str(home.parent / "cache"), "HOME": str(home.parent)}


def left_behind(home: Path) -> list[str]:
    """Processes that are at work in the project's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if str(home) in str((process / "cwd").readlink()) or os.fsencode(home) in words:
                found.append(f"{process.name}: {b' '.join(words).decode(errors='replace')[:200]}")
        except OSError:
            continue
    return found


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of that size at a folder; what is yielded gives it other options, such as size=64m or ro."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield lambda options: _mount("-o", f"remount,{options}", str(folder))
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that can be read and not written, by nobody."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,ro,bind", str(folder))
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _mount(*words: str) -> None:
    if subprocess.run(["mount", *words], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let disks be mounted")
