"""raw/ behind a URL: what changed is brought, what is gone leaves, names are not believed."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clouds import clouded
from nights import night
from reading import quiet
from sampling import sampled

from pipeline import remote
from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.project import load_project
from pipeline.texts.mirror import MirrorResult, mirror
from pipeline.texts.source import read_sources

fsspec = pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TREE = {
    "a.txt": "改造小区487个。",
    "2026/七月/b.txt": "植树3万余棵。",
    "2026/七月/b.yaml": "title: 标题\n",
    "c.jsonl": '{"id": 1, "text": "完成投资12.5亿元。"}\n',
    ".hidden/x.txt": "不看。",
}


@pytest.fixture(params=["file", "memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "s3":
        with clouded():
            yield "s3://bucket/raw"
    elif request.param == "file":
        (tmp_path / "there").mkdir()
        yield (tmp_path / "there").as_uri()
    else:
        yield f"memory://{tmp_path.name}"
        fsspec.filesystem("memory").store.clear()


def put(url: str, **changes: str | None) -> None:
    """Write files there by their paths, or delete those that are None."""
    fs, root = fsspec.core.url_to_fs(url)
    for name, text in changes.items():
        path = f"{root}/{name}"
        if text is None:
            fs.rm(path)
        else:
            fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            fs.pipe_file(path, text.encode())


def held(raw: Path) -> dict[str, str]:
    return {p.relative_to(raw).as_posix(): p.read_text("utf-8") for p in raw.rglob("*") if p.is_file()}


def seen(tree: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in tree.items() if not name.startswith(".")}


def test_a_mirror_follows_what_is_there_and_brings_what_changed(url: str, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    put(url, **TREE)
    assert mirror(url, raw, quiet) == MirrorResult(files=4, fetched=4, deleted=0, refused=())
    assert held(raw) == seen(TREE)
    assert mirror(url, raw, quiet).fetched == 0
    changes = {"a.txt": "改造小区488个。", "c.jsonl": None, "d/e.txt": "新增。"}
    put(url, **changes)
    assert mirror(url, raw, quiet) == MirrorResult(files=4, fetched=2, deleted=1, refused=())
    left = {name: text for name, text in (seen(TREE) | changes).items() if text is not None}
    assert held(raw) == left
    assert not (tmp_path / "raw.bringing").exists()


def test_ids_are_those_of_the_same_tree_in_a_folder(url: str, tmp_path: Path) -> None:
    put(url, **TREE)
    mirror(url, tmp_path / "raw", quiet)
    local = tmp_path / "local"
    for name, text in TREE.items():
        (local / name).parent.mkdir(parents=True, exist_ok=True)
        (local / name).write_text(text, encoding="utf-8")
    assert read_sources(tmp_path / "raw") == read_sources(local)


def test_what_was_altered_or_lost_here_is_brought_again(url: str, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    put(url, **TREE)
    mirror(url, raw, quiet)
    (raw / "a.txt").write_text("改", encoding="utf-8")
    (raw / "c.jsonl").unlink()
    (raw / "stray.txt").write_text("不在那里", encoding="utf-8")
    assert mirror(url, raw, quiet) == MirrorResult(files=4, fetched=2, deleted=1, refused=())
    assert held(raw) == seen(TREE)


def test_what_another_program_touched_or_cut_here_is_brought_again(tmp_path: Path) -> None:
    url, raw = f"memory://{tmp_path.name}", tmp_path / "raw"
    put(url, **TREE)
    mirror(url, raw, quiet)
    os.utime(raw / "a.txt")
    status = (raw / "c.jsonl").stat()
    (raw / "c.jsonl").write_bytes(b"")
    os.utime(raw / "c.jsonl", ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert mirror(url, raw, quiet).fetched == 2
    assert mirror(url, raw, quiet).fetched == 0
    assert held(raw) == seen(TREE)


NAMES = {
    "../escape.txt": "..",
    "d/../../escape.txt": "d/..",
    "/absolute.txt": "",
    f"{'长' * 90}.txt": f"{'长' * 90}.txt",
    "e\0.txt": "e\0.txt",
}


def test_names_that_lead_out_or_cannot_be_held_are_left_out(tmp_path: Path) -> None:
    from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

    url, raw = f"memory://{tmp_path.name}", tmp_path / "home" / "raw"
    put(url, **TREE)
    for name in NAMES:
        path = f"/{tmp_path.name}/{name}"
        MemoryFileSystem.store[path] = MemoryFile(MemoryFileSystem, path, b"escaped")
    done = mirror(url, raw, quiet)
    assert sorted(done.refused) == sorted(set(NAMES.values()))
    assert held(raw) == seen(TREE)
    assert not list(tmp_path.rglob("escape*"))
    MemoryFileSystem.store.clear()


@pytest.mark.soak
def test_keys_that_no_disk_holds_are_left_out(tmp_path: Path) -> None:
    import boto3

    with clouded() as gate:
        store = boto3.client("s3", endpoint_url=gate.url)
        for key in ("raw/", "raw/a.txt", "raw/a.txt/b.txt", "raw/d/", "raw/d/e.txt", "raw/../x", "raw//y"):
            store.put_object(Bucket="bucket", Key=key, Body=b"" if key.endswith("/") else b"12")
        done = mirror("s3://bucket/raw", tmp_path / "raw", quiet)
    assert done.refused == ("", "..", "a.txt/b.txt")
    assert held(tmp_path / "raw").keys() == {"a.txt", "d/e.txt"}


def test_links_there_are_not_followed(tmp_path: Path) -> None:
    there, secret = tmp_path / "there", tmp_path / "secret.txt"
    put(there.as_uri(), **TREE)
    secret.write_text("机密8888", encoding="utf-8")
    (there / "leak.txt").symlink_to(secret)
    (there / "home").symlink_to(tmp_path)
    done = mirror(there.as_uri(), tmp_path / "raw", quiet)
    assert (done.refused, held(tmp_path / "raw")) == (("home", "leak.txt"), seen(TREE))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nowhere://bucket", "Protocol not known"),
        ("memory://nothing-here", "there is no such bucket or folder"),
        (Path("/proc/none/there").as_uri(), "there is no such bucket or folder"),
    ],
)
def test_a_place_that_cannot_be_read_is_said_and_nothing_here_leaves(
    url: str, says: str, tmp_path: Path
) -> None:
    sound, raw = f"memory://{tmp_path.name}", tmp_path / "raw"
    put(sound, **TREE)
    mirror(sound, raw, quiet)
    with pytest.raises(WenshuError, match=says) as caught:
        mirror(url, raw, quiet)
    assert "\n" not in str(caught.value)
    assert held(raw) == seen(TREE)


def test_an_empty_place_empties_nothing_here(tmp_path: Path) -> None:
    there, raw = tmp_path / "there", tmp_path / "raw"
    put(there.as_uri(), **TREE)
    mirror(there.as_uri(), raw, quiet)
    for path in list(there.rglob("*.*")):
        if path.is_file():
            path.unlink()
    with pytest.raises(WenshuError, match="holds no file"):
        mirror(there.as_uri(), raw, quiet)
    assert held(raw) == seen(TREE)


def test_without_fsspec_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(WenshuError, match=r"install wenshu\[s3\]"):
        mirror("s3://bucket/raw", tmp_path / "raw", quiet)


def faulty(monkeypatch: pytest.MonkeyPatch, fault: OSError, times: int) -> list[int]:
    """Have the memory file system fail the first times that a file is asked for."""
    from fsspec.implementations.memory import MemoryFileSystem

    real, asked = MemoryFileSystem.get_file, [0]

    def get_file(self: Any, there: str, here: str, **more: Any) -> Any:
        asked[0] += 1
        if asked[0] <= times:
            raise fault
        return real(self, there, here, **more)

    monkeypatch.setattr(MemoryFileSystem, "get_file", get_file)
    monkeypatch.setattr(remote, "_WAITS", (0.01, 0.01))
    return asked


def test_what_may_pass_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"memory://{tmp_path.name}"
    put(url, **TREE)
    faulty(monkeypatch, OSError(errno.EBUSY, "Please reduce your request rate"), 2)
    assert mirror(url, tmp_path / "raw", quiet).fetched == 4


def test_a_full_disk_here_is_no_fault_of_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"memory://{tmp_path.name}"
    put(url, **TREE)
    faulty(monkeypatch, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 99)
    with pytest.raises(WenshuError, match=r"the disk of .* is full.*latest/ is as it was"):
        mirror(url, tmp_path / "raw", quiet)
    monkeypatch.undo()
    assert mirror(url, tmp_path / "raw", quiet).files == 4


def test_what_cannot_be_written_here_is_named(tmp_path: Path) -> None:
    url = f"memory://{tmp_path.name}"
    put(url, **TREE)
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(WenshuError, match=re.escape(str(tmp_path / "home"))):
        mirror(url, tmp_path / "home" / "raw", quiet)


def test_a_file_that_goes_while_it_is_brought_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"memory://{tmp_path.name}"
    put(url, **TREE)
    faulty(monkeypatch, FileNotFoundError(errno.ENOENT, "gone"), 1)
    mirror(url, tmp_path / "raw", quiet)
    assert len(held(tmp_path / "raw")) == 3


@pytest.mark.parametrize("url", sampled(["s3", "file", "memory"]), indirect=True)
def test_nights_over_a_url_release_what_the_same_folder_does(url: str, tmp_path: Path) -> None:
    put(url, **TREE)
    (tmp_path / "wenshu.toml").write_text(f'[paths]\nraw = "{url}"\n', encoding="utf-8")
    project = load_project(cwd=tmp_path)
    run = night(project, now=NOW)
    assert (run.outcome, run.rows["documents"]) == ("released", 3)
    assert night(project, now=NOW).outcome == "unchanged"
    put(url, **{"a.txt": None})
    again = night(project, now=NOW.replace(day=23))
    assert (again.outcome, again.rows["documents"]) == ("released", 2)
    put(url, **{"a.txt": TREE["a.txt"]})
    other = load_project(raw=url, output=tmp_path / "other", cwd=tmp_path)
    assert night(other, now=NOW).outcome == "released"
    tables = [(o / "releases" / "2026.11.23" / "data" / "quantities.csv").read_bytes()
              for o in (project.output, other.output)]  # fmt: skip
    assert tables[0] == tables[1]


def test_nights_say_which_files_were_left_out(tmp_path: Path) -> None:
    there = tmp_path / "there"
    put(there.as_uri(), **TREE)
    (there / "leak.txt").symlink_to(tmp_path / "secret.txt")
    run = night(load_project(raw=there.as_uri(), cwd=tmp_path), now=NOW)
    (said,) = (issue for issue in run.issues if issue.check == "source_left_out")
    assert (said.severity, said.document_id) == ("warning", None)
    assert said.message.startswith("未取来") and "no plain file" in said.message
    assert said.message.endswith("leak.txt")


def test_nights_that_cannot_reach_it_leave_the_latest_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there"
    put(there.as_uri(), **TREE)
    project = load_project(raw=there.as_uri(), cwd=tmp_path)
    night(project, now=NOW)
    there.rename(tmp_path / "away")
    with pytest.raises(WenshuError, match="latest/ is as it was"):
        night(project, now=NOW.replace(day=23))
    assert (project.output / "latest").readlink().name == "2026.11.23"
    (tmp_path / "away").rename(there)
    assert night(project, now=NOW.replace(day=24)).outcome == "unchanged"
    assert main(["catalog", "suggest", "--raw", there.as_uri(), "--output", str(project.output)]) == 0
    assert capsys.readouterr().out.startswith("code,zh,en,kind,unit")
