"""Publishing to where there is no rename: a reader there has a whole release at every moment."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import handmade
import pytest
from clouds import clouded

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.project import load_project
from pipeline.releases.remote_publishing import continue_from, fetch_latest, send, send_after_release
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import verify

fsspec = pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")

SLOWLY = ["file", pytest.param("s3", marks=pytest.mark.soak)]
FIRST, SECOND = date(2026, 11, 22), date(2026, 11, 23)
VERSIONS = ("2026.11.22", "2026.11.23")


def rereleased(output: Path) -> str:
    """The small release again a day later, with one figure changed."""
    changed = handmade.small(*(handmade.quantity(n, v) for n, v in enumerate((488, 89, 203, 195))))
    return handmade.released(output, changed, date=SECOND).version


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An output of the first release, and one of both."""
    folder = tmp_path_factory.mktemp("outputs")
    one, two = folder / "one", folder / "two"
    handmade.released(one, date=FIRST)
    shutil.copytree(one, two, symlinks=True)
    rereleased(two)
    return one, two


def whole(fs: Any, root: str) -> str:
    """Read as a user does: the pointer, then every file of the release that it names. Its version."""
    pointer = json.loads(fs.cat_file(f"{root}/latest.json"))
    sums = fs.cat_file(f"{root}/{pointer['path']}SHA256SUMS")
    assert hashlib.sha256(sums).hexdigest() == pointer["sha256"]
    for line in sums.decode().splitlines():
        digest, _, path = line.partition("  ")
        assert hashlib.sha256(fs.cat_file(f"{root}/{pointer['path']}{path}")).hexdigest() == digest, path
    return str(pointer["version"])


@pytest.fixture
def s3() -> Iterator[str]:
    """A bucket on an S3 server on loopback."""
    with clouded():
        yield "s3://bucket/wenshu"


@pytest.fixture(params=["file", "memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "s3":
        yield request.getfixturevalue("s3")
    elif request.param == "file":
        yield (tmp_path / "elsewhere").as_uri()
    else:
        yield f"memory://{tmp_path.name}"
        fsspec.filesystem("memory").store.clear()


def test_what_is_published_is_read_as_it_was_released(
    url: str, outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    (one, two), (first, second) = outputs, VERSIONS
    assert send(tmp_path / "output", url) is None
    fs, root = fsspec.core.url_to_fs(url)
    assert send(one, url) == first == whole(fs, root)
    assert send(two, url) == second == whole(fs, root)
    index = json.loads(fs.cat_file(f"{root}/releases/index.json"))
    assert [entry["version"] for entry in index["versions"]] == [first, second]
    ours = (two / "releases" / f"{second}.duckdb").read_bytes()
    assert fs.cat_file(f"{root}/releases/{second}.duckdb") == ours


@pytest.mark.parametrize("url", SLOWLY, indirect=True)
def test_a_new_machine_goes_on_from_what_is_published(
    url: str, outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    (one, two), (first, second), new = outputs, VERSIONS, tmp_path / "new"
    assert fetch_latest(url, new) is None
    send(one, url)
    assert fetch_latest(url, new) == first
    assert verify(new / "releases" / first) == []
    assert (new / "latest").resolve() == (new / "releases" / first).resolve()
    assert fetch_latest(url, new) is None
    assert ReleaseStore(new).index()["last_successful"] == first
    assert not handmade.released(new, date=SECOND).new
    assert rereleased(new) == second
    sums = [(place / "latest" / "SHA256SUMS").read_bytes() for place in (two, new)]
    assert sums[0] == sums[1]


def test_a_reader_has_a_whole_release_while_another_is_published(
    url: str, outputs: tuple[Path, Path]
) -> None:
    (one, two), (first, second) = outputs, VERSIONS
    send(one, url)
    stop, seen, wrong = threading.Event(), [], []

    def read() -> None:
        fs, root = fsspec.core.url_to_fs(url, skip_instance_cache=True)
        while not stop.is_set():
            try:
                seen.append(whole(fs, root))
            except Exception as error:
                wrong.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        send(two, url)
    finally:
        stop.set()
        reader.join()
    fs, root = fsspec.core.url_to_fs(url)
    assert wrong == []
    assert set(seen) <= {first, second}
    assert whole(fs, root) == second


def test_the_command_publishes_to_the_projects_url_and_a_night_goes_on_from_it(
    outputs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, version = (tmp_path / "there").as_uri(), VERSIONS[0]
    (tmp_path / "wenshu.toml").write_text(f'[publish]\nurl = "{there}"\n')
    (tmp_path / "bare").mkdir()
    project = load_project(tmp_path)
    shutil.copytree(outputs[0], project.output, symlinks=True)
    assert main(["publish", "--config", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{version}  {there}\n"
    assert main(["publish", "--config", str(tmp_path / "bare")]) == 2
    assert "wenshu.toml" in capsys.readouterr().err
    elsewhere = replace(project, output=tmp_path / "new")
    continue_from(elsewhere.publish_to, elsewhere.output)
    assert ReleaseStore(elsewhere.output).latest() == version
    rereleased(elsewhere.output)
    assert send_after_release(elsewhere.publish_to, elsewhere.output) == ""
    assert whole(*fsspec.core.url_to_fs(there)) == VERSIONS[1]
    assert "wenshu publish" in send_after_release("nowhere://x", elsewhere.output)


class CutError(Exception):
    """The process would be gone."""


@pytest.mark.parametrize("after", range(8))
def test_a_publication_cut_short_leaves_the_old_release_and_is_finished_by_the_next(
    after: int, outputs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    from pipeline.releases import remote_publishing

    (one, two), (first, second), url = outputs, VERSIONS, f"memory://cut{after}"
    fs, root = fsspec.core.url_to_fs(url)
    send(one, url)
    output = Path(shutil.copytree(two, tmp_path / "output", symlinks=True))
    (output / "site").mkdir()
    (output / "site" / "index.html").write_text("site")
    left = [after]

    def cut(real: Any) -> Any:
        def step(*args: Any, **more: Any) -> Any:
            if left[0] == 0:
                raise CutError
            left[0] -= 1
            return real(*args, **more)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(remote_publishing, "write", cut(remote_publishing.write))
        patch.setattr(MemoryFileSystem, "put_file", cut(MemoryFileSystem.put_file))
        with pytest.raises(CutError):
            send(output, url)
    assert whole(fs, root) == first
    assert send(output, url) == second == whole(fs, root)
    fs.store.clear()


@pytest.mark.parametrize("url", SLOWLY, indirect=True)
def test_the_site_goes_along_and_what_left_it_leaves(url: str, tmp_path: Path) -> None:
    from pipeline.site.build import build
    from pipeline.statistics.catalog.loading import load_catalog

    output = tmp_path / "output"
    handmade.released(output, date=FIRST)
    build(output, load_catalog(Path(__file__).parents[1] / "catalog"))
    send(output, url)
    fs, root = fsspec.core.url_to_fs(url)
    assert fs.cat_file(f"{root}/site/index.html") == (output / "site/index.html").read_bytes()
    with fs.open(f"{root}/site/old.html", "wb") as file:
        file.write(b"old")
    rereleased(output)
    build(output, load_catalog(Path(__file__).parents[1] / "catalog"))
    send(output, url)
    fs.invalidate_cache()
    assert not fs.exists(f"{root}/site/old.html")
    assert fs.cat_file(f"{root}/site/index.html") == (output / "site/index.html").read_bytes()


@pytest.mark.soak
def test_a_version_of_another_origin_is_not_overwritten(tmp_path: Path) -> None:
    ours, theirs, url = tmp_path / "ours", tmp_path / "theirs", (tmp_path / "there").as_uri()
    handmade.released(theirs, date=FIRST)
    send(theirs, url)
    changed = handmade.small(*(handmade.quantity(n, v) for n, v in enumerate((1, 2, 3, 4))))
    handmade.released(ours, changed, date=FIRST)
    with pytest.raises(WenshuError, match="another release of the same version"):
        send(ours, url)


def test_what_was_altered_there_is_not_brought(outputs: tuple[Path, Path], tmp_path: Path) -> None:
    there = tmp_path / "there"
    send(outputs[0], there.as_uri())
    (there / "releases" / VERSIONS[0] / "data" / "observations.csv").write_text("altered")
    with pytest.raises(WenshuError, match="not as it was published"):
        fetch_latest(there.as_uri(), tmp_path / "new")
    assert ReleaseStore(tmp_path / "new").latest() is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is damaged; publish there again"),
        ("[]", "is damaged; publish there again"),
        ('{"version": 2026}', "names no version; publish there again"),
        ('{"version": "../2026"}', "names no version; publish there again"),
    ],
)
def test_a_pointer_that_names_no_version_is_told_where_it_is_needed(
    content: str, says: str, outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "latest.json").write_text(content, encoding="utf-8")
    with pytest.raises(WenshuError, match=rf"latest.json {says}"):
        fetch_latest(tmp_path.as_uri(), tmp_path / "new")
    assert fetch_latest(tmp_path.as_uri(), outputs[0]) is None  # which has a release


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("bucket/folder", "is no URL"),
        ("nowhere://bucket", "nowhere"),
        (Path("/proc/none/there").as_uri(), "as it was"),
    ],
)
def test_a_place_that_cannot_be_is_said_in_one_line(url: str, says: str, outputs: tuple[Path, Path]) -> None:
    with pytest.raises(WenshuError, match=says) as caught:
        send(outputs[0], url)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_said_in_one_line(
    outputs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("s3fs")
    for name, value in {"ENDPOINT_URL": "http://127.0.0.1:9", "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x",
                        "DEFAULT_REGION": "us-east-1", "MAX_ATTEMPTS": "1"}.items():  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)
    with pytest.raises(WenshuError, match="as it was"):
        send(outputs[0], "s3://bucket/elsewhere")


def test_the_latest_files_have_addresses_that_stay_and_are_compared_by_url(
    outputs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, (one, output), (first, second) = (tmp_path / "elsewhere").as_uri(), outputs, VERSIONS
    send(one, there)
    send(output, there)
    latest = tmp_path / "elsewhere" / "latest"
    for name in ("data/quantities.csv", "data/quantities.parquet", "data/figures.csv", "wenshu.xlsx"):
        assert (latest / name).read_bytes() == (output / "releases" / second / name).read_bytes()
    pointer = json.loads((tmp_path / "elsewhere" / "latest.json").read_text(encoding="utf-8"))
    assert (pointer["verdict"], pointer["since"][first]) == ("yes", "yes")
    for new in (there, f"{there}/latest", f"{there}/releases/{second}/"):
        assert main(["diff", f"{there}/releases/{first}", new, "--output", str(output)]) == 1
        assert "quantities\tq0000\tchanged\tvalue\t487\t488" in capsys.readouterr().out
    assert main(["diff", there, f"{there}/latest", "--output", str(output)]) == 0
    assert main(["diff", f"{there}/data", there, "--output", str(output)]) == 2
    assert "is no release" in capsys.readouterr().err
