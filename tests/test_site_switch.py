"""The download site is switched in whole, built of the same bytes anywhere, and served as it is."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
import urllib.error
import urllib.request
from contextlib import closing
from datetime import date
from pathlib import Path

import handmade
import pytest
from serving import serving
from townsite import CATALOG, grown, tables

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.site.build import build
from pipeline.web.local_server import LocalServer

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown(tmp_path_factory.mktemp("output"))


def test_the_site_holds_the_releases_themselves(output: Path) -> None:
    for release in ("2024.2.29", "2024.4.30"):
        inside, outside = output / "site/releases" / release, output / "releases" / release
        sums = (inside / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        for line in sums:
            digest, _, path = line.partition("  ")
            assert hashlib.sha256((inside / path).read_bytes()).hexdigest() == digest
        assert (inside / "wenshu.xlsx").stat().st_ino == (outside / "wenshu.xlsx").stat().st_ino


def test_a_pruned_release_leaves_the_site_with_no_link_to_it(output: Path, tmp_path: Path) -> None:
    shutil.copytree(output, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert "2024.2.29" in (tmp_path / "site/versions.html").read_text(encoding="utf-8")
    assert main(["releases", "prune", "--keep", "1", "--output", str(tmp_path)]) == 0
    assert not (tmp_path / "site/releases/2024.2.29").exists()
    links = re.findall(
        r'href="([^"]*2024\.2\.29[^"]*)"', (tmp_path / "site/versions.html").read_text("utf-8")
    )
    assert [link for link in links if not (tmp_path / "site" / link).exists()] == []


def test_two_places_build_the_same_bytes(output: Path, tmp_path: Path) -> None:
    site = grown(tmp_path) / "site"
    assert site.readlink() == (output / "site").readlink()

    def held(place: Path) -> dict[str, str]:
        return {
            path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in place.rglob("*")
            if path.is_file() and path.suffix != ".duckdb" and path.name != "index.json"
        }  # fmt: skip

    assert held(site.resolve()) == held((output / "site").resolve())


def test_a_site_built_again_of_the_same_releases_keeps_its_pages(tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156))
    first = build(tmp_path, CATALOG).path.resolve()
    again = build(tmp_path, CATALOG).path.resolve()
    assert (again / "index.html").read_bytes() == (first / "index.html").read_bytes()
    assert (again / "documents/d1.html").samefile(first / "documents/d1.html")


@pytest.mark.soak
def test_a_reader_never_sees_half_a_site(tmp_path: Path) -> None:
    handmade.released(tmp_path, tables(156), date=date(2024, 1, 31))
    build(tmp_path, CATALOG)
    stop, seen, wrong = threading.Event(), set[str](), list[str]()

    def read() -> None:
        while not stop.is_set():
            site = (tmp_path / "site").resolve()  # as a server does for a request, or a copy for all of them
            page = (site / "index.html").read_text(encoding="utf-8")
            seen.add(site.name)
            wrong.extend(
                link
                for link in re.findall(r'(?:href|src)="([^"#]+)', page)
                if not link.startswith("https:") and not (site / link).exists()
            )

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for month in (2, 3):
            handmade.released(tmp_path, tables(*range(150, 150 + month)), date=date(2024, month, 28))
            build(tmp_path, CATALOG)
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert len(seen) >= 2
    assert len(list((tmp_path / ".sites").iterdir())) == 2


def test_a_failed_build_leaves_the_site_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handmade.released(tmp_path, tables(156))
    before = build(tmp_path, CATALOG).path.readlink()
    handmade.released(tmp_path, tables(156, 160), date=date(2026, 12, 1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.site.site_draft.SiteDraft.write", full)
    with pytest.raises(WenshuError, match="is full"):
        build(tmp_path, CATALOG)
    assert (tmp_path / "site").readlink() == before
    assert not list(tmp_path.glob(".draft-*"))


def test_without_a_release_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="nothing was released"):
        build(tmp_path, CATALOG)


def test_the_command_builds_the_site_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handmade.released(tmp_path, tables(156))
    assert main(["site", "build", "--config", str(ROOT), "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'site' / 'index.html'}\n"
    assert main(["site", "build", "--config", str(ROOT), "--output", str(tmp_path / "empty")]) == 2
    assert "wenshu run" in capsys.readouterr().err


@pytest.mark.filterwarnings("error")  # such as one of a socket that is left open
def test_a_site_that_is_not_there_and_a_port_that_is_taken_are_said(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--config", str(ROOT), "--output"]
    assert main(["site", "serve", *where, str(tmp_path)]) == 2
    assert "site build" in capsys.readouterr().err
    with closing(LocalServer()) as taken:
        assert main(["site", "serve", "--port", str(taken.port), *where, str(output)]) == 2
    assert "another --port" in capsys.readouterr().err


def test_files_are_served_as_what_they_are_and_nothing_beside_them(output: Path) -> None:
    kinds = {
        "": "text/html; charset=utf-8",
        "series/renovation_planned.csv": "text/csv; charset=utf-8",
        "releases/2024.4.30/data/renovation.parquet": "application/vnd.apache.parquet",
        "releases/2024.4.30/dcat.jsonld": "application/ld+json",
    }
    with serving(output / "site") as port:
        address = f"http://127.0.0.1:{port}"
        for path, kind in kinds.items():
            with urllib.request.urlopen(f"{address}/{path}") as answer:
                assert answer.headers["Content-Type"] == kind
        for outside in ("/../.lock", "/%2e%2e/.lock", "/nothing"):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(address + outside)
