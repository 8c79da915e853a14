"""The store: the latest release is whole at every moment, whoever is killed, fails or comes at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from handmade import quantity, released, small

from pipeline.errors import WenshuError
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.releases.verify import verify

HERE = Path(__file__).parent


def index(output: Path) -> dict[str, Any]:
    return dict(json.loads((output / "releases" / "index.json").read_text(encoding="utf-8")))


def other(value: int) -> dict[str, Any]:
    """Tables that differ from the small ones in a figure."""
    return small(quantity(0, value))


def test_a_reader_never_sees_half_a_release(tmp_path: Path) -> None:
    released(tmp_path, other(0))
    stop, seen, wrong = threading.Event(), set(), []

    def look() -> None:
        while not stop.is_set():
            # What a careful reader does: settle on one release, then read its files.
            folder = (tmp_path / "latest").resolve(strict=True)
            provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
            if problems := verify(folder):
                wrong.append(problems)
            if provenance["version"] != folder.name:
                wrong.append(provenance["version"])
            seen.add(folder.name)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for value in range(1, 5):
            released(tmp_path, other(value))
    finally:
        stop.set()
        reader.join()
    assert not wrong
    assert len(seen) > 1


@pytest.mark.parametrize("step", ["add", "point_to", "update_index"])
def test_a_run_killed_between_two_steps_is_finished_or_undone_by_the_next(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = released(tmp_path, other(1))

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ReleaseStore, step, die)
        with pytest.raises(Killed):
            released(tmp_path, other(2), run="killed")
    assert verify((tmp_path / "latest").resolve()) == []
    assert ReleaseStore(tmp_path).latest() == ("2026.11.22.1" if step == "update_index" else first.version)
    after = released(tmp_path, other(2), run="next")
    assert after.new == (step == "add")
    assert after.version == "2026.11.22.1"
    assert index(tmp_path)["last_successful"] == after.version
    assert [entry["version"] for entry in index(tmp_path)["versions"]] == [first.version, after.version]
    assert (tmp_path / "latest.duckdb").resolve().name == f"{after.version}.duckdb"
    assert not list(tmp_path.glob(".draft-*"))


@pytest.mark.soak
def test_a_run_killed_at_any_moment_leaves_the_latest_whole(tmp_path: Path) -> None:
    released(tmp_path, other(0))
    code = textwrap.dedent("""
        import sys, pathlib
        sys.path.insert(0, sys.argv[1])
        from handmade import released, small, quantity
        print("ready", flush=True)
        for value in range(int(sys.argv[3]), int(sys.argv[3]) + 50):
            released(pathlib.Path(sys.argv[2]), small(quantity(0, value)))
    """)
    for turn in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(HERE), str(tmp_path), str(1 + 100 * turn)],
            stdout=subprocess.PIPE,
        ) as run:
            assert run.stdout
            run.stdout.readline()
            time.sleep(0.05 + 0.11 * turn % 1.3)
            run.send_signal(signal.SIGKILL)
        latest = (tmp_path / "latest").resolve(strict=True)
        assert verify(latest) == []
        with open_store(tmp_path) as store:
            assert index(tmp_path)["last_successful"] == store.latest()
            assert {entry["version"] for entry in store.index()["versions"]} == set(store.versions())
        assert not list(tmp_path.glob(".draft-*"))


def test_a_lost_index_is_made_again_from_the_releases(tmp_path: Path) -> None:
    versions = [released(tmp_path, other(value)).version for value in (1, 2)]
    (tmp_path / "releases" / "index.json").unlink()
    assert not released(tmp_path, other(2)).new
    assert [entry["version"] for entry in index(tmp_path)["versions"]] == versions


def test_a_lost_pointer_is_set_again(tmp_path: Path) -> None:
    version = released(tmp_path, other(1)).version
    (tmp_path / "latest").unlink()
    assert not released(tmp_path, other(1)).new
    assert ReleaseStore(tmp_path).latest() == version


def test_two_runs_at_once_do_not_write_the_same_place(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(WenshuError, match="another run is writing"):
        released(tmp_path)


def test_a_failure_leaves_the_latest_as_it_was(tmp_path: Path) -> None:
    first = released(tmp_path)

    def fail(_: object) -> dict[str, bytes]:
        raise OSError(28, "No space left on device")

    with pytest.raises(WenshuError, match=r"disk of .* is full; free some space"):
        released(tmp_path, other(1), files=fail)
    assert ReleaseStore(tmp_path).latest() == first.version
    assert not list(tmp_path.glob(".draft-*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_an_output_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WenshuError, match="make it writable"):
        released(tmp_path)


def test_an_output_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("")
    with pytest.raises(WenshuError, match="latest/ is as it was"):
        released(tmp_path / "output")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Any:
    """Makes a folder a disk of so many KiB; skips where that is not allowed."""
    mounted: list[Path] = []

    def make(size: int) -> Path:
        place = tmp_path / "disk"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("no right to mount a small disk here")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        # Busy where a file was left open, which is what must not be.
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


@pytest.mark.parametrize("size", [100, 700, 1200, 3000, 5000])
def test_a_full_disk_is_said_and_leaves_nothing_behind(tiny_disk: Any, size: int) -> None:
    output = tiny_disk(size) / "output"
    many = small(*(quantity(number, number) for number in range(4_000)))
    with pytest.raises(WenshuError, match=r"is full; free some space.*latest/ is as it was"):
        released(output, many)
    assert sorted(path.name for path in output.rglob("*")) == [".lock", "releases"]
