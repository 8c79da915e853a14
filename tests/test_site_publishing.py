"""The site at a URL: whole, with its releases, and only what changed is sent."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import handmade
import pytest
from townsite import CATALOG, tables

from pipeline.releases.remote_publishing import MANIFEST, send
from pipeline.site.build import build

fsspec = pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release and its site."""
    place = tmp_path_factory.mktemp("first") / "output"
    handmade.released(place, tables(156, 160), date=date(2024, 1, 31))
    build(place, CATALOG)
    return place


@pytest.fixture
def output(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "output", symlinks=True))


def released(output: Path, *values: int) -> None:
    handmade.released(output, tables(*values), date=date(2024, 2, 29))
    build(output, CATALOG)


def same(output: Path, there: Path) -> None:
    """What is at the URL is what a copy with its links followed would be."""
    at, links = (output / "site").resolve(), [(output / "site/validation").resolve()]
    files = [path for folder in (at, *links) for path in folder.rglob("*") if path.is_file()]
    releases = [path for path in (output / "releases").rglob("*") if path.is_file()]
    wanted = {path.relative_to(at).as_posix(): path for path in files if path.is_relative_to(at)}
    wanted |= {path.relative_to(output).as_posix(): path for path in releases}
    found = {path.relative_to(there).as_posix() for path in there.rglob("*") if path.is_file()}
    assert {name for name in found if not name.startswith(("validation/", "latest/"))} == wanted.keys()
    for name, path in wanted.items():
        assert (there / name).read_bytes() == path.read_bytes(), name


def test_the_site_there_has_its_releases_and_only_new_pages_are_sent(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    url, sent, real = (tmp_path / "there").as_uri(), [], LocalFileSystem.put_file
    send(output, url)
    same(output, tmp_path / "there/site")

    def put_file(self: Any, here: str, there: str, *args: Any, **more: Any) -> Any:
        sent.append(there.partition("/there/site/")[2])
        return real(self, here, there, *args, **more)

    monkeypatch.setattr(LocalFileSystem, "put_file", put_file)
    released(output, 156, 160, 171)
    send(output, url)
    assert "documents/d3.html" in sent
    assert not {"documents/d1.html", "en/documents/d2.html", "releases/2024.1.31/SHA256SUMS"} & {*sent}
    same(output, tmp_path / "there/site")
    sent.clear()
    send(output, url)
    assert [name for name in sent if not name.startswith("validation/")] == [MANIFEST]


def test_a_site_half_sent_is_not_taken_for_the_one_before(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page goes from a to b, is sent, the rest is not; then it is a again."""
    from fsspec.implementations.local import LocalFileSystem

    there, real = tmp_path / "there", LocalFileSystem.put_file
    send(output, there.as_uri())
    released(output, 156, 161)

    def broken(self: Any, here: str, path: str, *args: Any, **more: Any) -> Any:
        if path.endswith("site/index.html"):
            raise KeyboardInterrupt
        return real(self, here, path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "put_file", broken)
        with pytest.raises(KeyboardInterrupt):
            send(output, there.as_uri())
    handmade.released(output, tables(156, 160), date=date(2024, 3, 31))
    build(output, CATALOG)
    send(output, there.as_uri())
    same(output, there / "site")
