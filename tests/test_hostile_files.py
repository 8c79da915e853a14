"""Whatever lies in raw/ and decisions/: every entry has an end of its own, and the night goes on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from reading import SENTENCES

from pipeline.errors import WenshuError
from pipeline.night.run_night import run_night
from pipeline.project import load_project
from pipeline.texts.source import find_sources, read_file

LONG_NAMES = ("长" * 85, "b" * 251 + ".txt", "c" * 255)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw/ of two texts."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in (("a.txt", SENTENCES[0]), ("b.txt", SENTENCES[1])):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def statuses(raw: Path) -> dict[str, str]:
    return {source.path: source.status for path in find_sources(raw) for source in read_file(path, raw)}


def test_names_as_long_as_a_disk_holds_are_read(raw: Path) -> None:
    for name in LONG_NAMES:
        (raw / name).write_text("共12个", encoding="utf-8")
    assert set(statuses(raw).values()) == {"read"}
    assert run_night(load_project(cwd=raw.parent)).outcome == "released"


def test_folders_of_any_depth_are_walked(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(raw)
    for _ in range(1200):
        os.mkdir("d")  # noqa: PTH102 - the whole path is longer than some calls take
        os.chdir("d")
    Path("deep.txt").write_text("共4个", encoding="utf-8")
    os.chdir(raw)
    try:
        assert statuses(raw)[f"{'d/' * 1200}deep.txt"] == "read"
    finally:  # what clears the temporary folder away cannot go so deep
        subprocess.run(["rm", "-r", "d"], check=True)


@pytest.mark.parametrize("folders", [39, 60])
def test_a_path_that_the_system_cannot_follow_costs_itself_alone(
    raw: Path, monkeypatch: pytest.MonkeyPatch, folders: int
) -> None:
    monkeypatch.chdir(raw)
    for _ in range(folders):
        os.mkdir("d" * 100)  # noqa: PTH102
        os.chdir("d" * 100)
    Path("x" * 200 + ".txt").write_text("共4个", encoding="utf-8")
    os.chdir(raw)
    try:
        run = run_night(load_project(cwd=raw.parent))
        assert run.outcome == "released"
        assert [issue.check for issue in run.issues].count("source_quarantined") == 1
    finally:
        subprocess.run(["rm", "-r", "d" * 100], check=True)


def test_pipes_and_devices_are_not_opened(raw: Path) -> None:
    os.mkfifo(raw / "pipe.txt")
    os.mkfifo(raw / "a.yaml")
    (raw / "zero.txt").symlink_to("/dev/zero")
    (raw / "b.yaml").symlink_to("/dev/zero")
    found = statuses(raw)
    assert {name for name, status in found.items() if status == "quarantined"} == {"pipe.txt", "zero.txt"}
    assert run_night(load_project(cwd=raw.parent)).outcome == "released"


PLACES = (
    "decisions/2026-11.yaml", "catalog/catalog.yaml", "catalog/lexicon.yaml", "catalog/lexicon.own.yaml",
    "catalog/areas.csv", "catalog/indicators/own.yaml", "catalog/concepts/own.csv",
    "expectations/quantities.json",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", ["pipe", "device", "folder", "itself"])
def test_a_file_of_the_project_that_is_none_is_said(raw: Path, place: str, what: str) -> None:
    path = raw.parent / place
    path.parent.mkdir(parents=True)
    if place.startswith("catalog") and path.name != "catalog.yaml":
        (raw.parent / "catalog" / "catalog.yaml").write_text("extends: wenshu\n", encoding="utf-8")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if what == "device" else path.name)
    said = "cannot be read: " if what == "itself" else "is no plain file; put one there, or delete it"
    with pytest.raises(WenshuError, match=f"{path.name}: {said}"):
        run_night(load_project(cwd=raw.parent))
