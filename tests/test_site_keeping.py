"""A site is the same whether its pages are made anew or kept from the one before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import handmade
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sampling import sampled
from test_damage import Way, cut, delete, empty, flip
from townsite import CATALOG, HOSTILE, tables

from pipeline.releases.remote_publishing import MANIFEST
from pipeline.releases.store import prune
from pipeline.site.build import build, rebuild
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.regions.areas import Areas


def held(site: Path) -> Mapping[str, bytes]:
    """Every file of a site but its manifest, and where its links lead."""
    found = {}
    for path in site.resolve().rglob("*"):
        if path.is_symlink():
            found[path.name] = bytes(path.readlink())
        elif path.is_file() and path.name != MANIFEST:
            found[path.relative_to(site.resolve()).as_posix()] = path.read_bytes()
    return found


def from_nothing(output: Path, catalog: Catalog, place: Path) -> Path:
    """The site of the same releases, where there was none before."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(output, place, symlinks=True, ignore=shutil.ignore_patterns(".sites", "site"))
    return build(place, catalog).path


def made(output: Path, catalog: Catalog = CATALOG) -> set[str]:
    """The pages that a build makes, by the file that each has: kept ones share theirs with the last site."""
    before = {path.stat().st_ino for path in (output / "site").resolve().rglob("*.*")}
    site = build(output, catalog).path.resolve()
    return {
        path.relative_to(site).as_posix()
        for path in site.rglob("*.*")
        if path.is_file() and path.stat().st_ino not in before and path.name != MANIFEST
    }


def elsewhere(catalog: Catalog) -> Catalog:
    """The catalog with another name for 金水区."""
    return replace(catalog, areas=Areas([("410105", "金水新区", "", ""), ("410100", "郑州市", "", "")]))


def retitled(given: dict[str, pa.Table], title: str) -> dict[str, pa.Table]:
    """The release with another title of its only indicator that has figures."""
    rows = given["indicators"].to_pylist()
    changed = [row | {"title_zh": title} for row in rows]
    return given | {"indicators": handmade.rows(handmade.DECLARED["indicators"], *changed)}


STEPS: Mapping[str, Callable[[], dict[str, pa.Table]] | None] = {
    "one": lambda: tables(156),
    "four": lambda: tables(156, 160, 171, 168),
    "one of them changed": lambda: tables(156, 160, 172, 168),
    "two": lambda: tables(156, 160),
    "other titles": lambda: tables(156, 160, title=HOSTILE),
    "another name of the indicator": lambda: retitled(tables(156, 160), "规划小区数"),
    "pruned": None,
    "regions renamed": None,
    "nothing": None,
}
"""What may happen between two sites, and the tables that are released then."""


def play(output: Path, steps: list[str], aside: Path) -> None:
    """Build a site after each step; each is what a build from nothing makes."""
    catalog, day = CATALOG, date(2024, 1, 1)
    handmade.released(output, tables(156, 160), date=day)
    build(output, catalog)
    for number, name in enumerate(steps, 2):
        step = STEPS[name]
        if step:
            handmade.released(output, step(), date=day.replace(day=number))
        elif name == "pruned":
            prune(output, keep=1)
        elif name == "regions renamed":
            catalog = elsewhere(catalog)
        site = build(output, catalog).path
        whole = from_nothing(output, catalog, aside)
        assert held(site) == held(whole), name
        assert site.readlink().name.startswith(whole.readlink().name)


@pytest.mark.soak
def test_a_history_of_releases_leaves_the_site_that_is_made_from_nothing(tmp_path: Path) -> None:
    play(tmp_path / "output", ["four", "regions renamed"], tmp_path / "aside")


@pytest.mark.soak
def test_whatever_happens_between_two_sites(tmp_path: Path) -> None:
    play(tmp_path / "output", list(STEPS), tmp_path / "aside")


@pytest.mark.soak
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=6))
def test_any_history_does(tmp_path: Path, steps: list[str]) -> None:
    output = tmp_path / "output"
    shutil.rmtree(output, ignore_errors=True)
    play(output, steps, tmp_path / "aside")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A release of two figures with its site; the same after the next release, whose site is to be built."""
    folder = tmp_path_factory.mktemp("outputs")
    one, two = folder / "one", folder / "two"
    handmade.released(one, tables(156, 160), date=date(2024, 1, 31))
    build(one, CATALOG)
    shutil.copytree(one, two, symlinks=True)
    handmade.released(two, tables(156, 160, 171), date=date(2024, 2, 29))
    return one, two


@pytest.fixture
def output(outputs: tuple[Path, Path], tmp_path: Path) -> Path:
    """A release and its site."""
    return Path(shutil.copytree(outputs[0], tmp_path / "output", symlinks=True))


@pytest.fixture
def newer(outputs: tuple[Path, Path], tmp_path: Path) -> Path:
    """A release with the site of the one before it."""
    return Path(shutil.copytree(outputs[1], tmp_path / "newer", symlinks=True))


@pytest.mark.parametrize("way", sampled([flip, cut, empty]))
def test_pages_that_were_damaged_are_made_again(newer: Path, tmp_path: Path, way: Way) -> None:
    for path in (newer / ".sites").rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name != MANIFEST:
            way(path)
    assert held(build(newer, CATALOG).path) == held(from_nothing(newer, CATALOG, tmp_path / "aside"))


def test_a_night_makes_the_pages_of_what_is_new_and_those_that_tell_of_the_release(newer: Path) -> None:
    names = {name.removeprefix("en/") for name in made(newer)}
    tell = {"index.html", "indicators.html", "regions.html", "versions.html", "search.js", "release.js"}
    tell |= {
        "releases.atom",
        "corrections.atom",
        "corrections.html",
        "method.html",
        "search.html",
        "404.html",
    }
    listed = {name for name in names if name.startswith("datasets/")}
    assert names - listed == tell | {
        "documents/d3.html", "indicators/renovation_planned.html", "series/renovation_planned.csv",
        "regions/410105.html",
        "versions/2024-1-31.html", "versions/2024-2-29.html",
    } | {name for name in names if name.startswith("assets/")}  # fmt: skip
    assert len(listed) == len(list((newer / "site/datasets").iterdir()))


def test_a_kept_page_is_the_last_sites_file_and_names_no_release(newer: Path) -> None:
    before = (newer / "site/documents/d1.html").stat().st_ino
    page = build(newer, CATALOG).path / "documents/d1.html"
    assert page.stat().st_ino == before
    assert "2024.1.31" not in page.read_text(encoding="utf-8")


def test_a_page_that_was_taken_away_is_made_again_and_nothing_of_the_last_site_altered(newer: Path) -> None:
    page = newer / "site/en/documents/d1.html"
    content = page.read_bytes()
    page.unlink()
    other = (newer / "site").resolve() / "documents/d1.html"
    build(newer, CATALOG)
    assert page.read_bytes() == content
    assert other.stat().st_ino != (newer / "site/documents/d1.html").stat().st_ino


@pytest.mark.parametrize("content", [b"", b"no manifest\xff", None])
def test_a_site_whose_manifest_cannot_be_read_is_made_anew(newer: Path, content: bytes | None) -> None:
    manifest = (newer / "site").resolve() / MANIFEST
    manifest.write_bytes(content) if content is not None else manifest.unlink()
    _, counts = rebuild(newer, CATALOG)
    assert counts["made"] == counts["pages"]


def test_the_command_mends_a_page_that_was_meddled_with(output: Path) -> None:
    page = output / "site/documents/d1.html"
    content = page.read_bytes()
    page.write_bytes(b"meddled with")
    build(output, CATALOG, anew=True)
    assert page.read_bytes() == content
    _, counts = rebuild(output, CATALOG)
    assert counts["made"] < counts["pages"]


@pytest.mark.parametrize("way", [empty, delete])
@pytest.mark.parametrize("name", ["documents/d1.html", "en/index.html"])
def test_a_page_that_is_not_as_it_was_is_made_again_though_nothing_is_new(
    output: Path, name: str, way: Way
) -> None:
    content = (output / "site" / name).read_bytes()
    way(output / "site" / name)
    assert (build(output, CATALOG).path / name).read_bytes() == content


def test_releases_are_in_the_site_without_a_file_of_their_own(newer: Path) -> None:
    site = build(newer, CATALOG).path.resolve()
    assert (site / "releases").is_symlink()
    assert not (site / "releases").readlink().is_absolute()
    assert (site / "releases/2024.1.31/SHA256SUMS").is_file()
    prune(newer, keep=1)
    assert not (site / "releases/2024.1.31").exists()
    page = (build(newer, CATALOG).path / "versions.html").read_text(encoding="utf-8")
    assert "2024.1.31" in page
    assert "versions/2024-1-31.html" not in page


def test_a_database_that_has_no_room_fails_the_site_and_not_the_night(
    newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (newer / "site").readlink()

    def full(*_: object) -> None:
        raise duckdb.OutOfMemoryException("database or disk is full\nLINE 1")

    monkeypatch.setattr("pipeline.site.site_draft.SiteDraft.write", full)
    said, counts = rebuild(newer, CATALOG)
    assert "database or disk is full; mend this" in said
    assert "\n" not in said
    assert not counts
    assert (newer / "site").readlink() == before


def test_what_could_not_be_built_is_said_and_counted_as_nothing(tmp_path: Path) -> None:
    said, counts = rebuild(tmp_path, CATALOG)
    assert "nothing was released" in said
    assert not counts
    handmade.released(tmp_path, tables(156))
    said, counts = rebuild(tmp_path, CATALOG)
    assert said == ""
    assert 0 < counts["made"] == counts["pages"]
