"""Nights after something below output/ was damaged: what is released is what it would have been."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import choice

import pytest
from breaking import corpus
from sampling import sampled
from test_damage import cut, delete, empty, flip, tree

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.night.run import Run
from pipeline.night.run_night import run_night
from pipeline.project import load_project, packaged_path

WAYS = [flip, cut, empty, delete]
Way = Callable[[Path], None]
NOW = [datetime(2026, 11, day, 18, tzinfo=UTC) for day in (20, 21, 22)]

UNREAD = b"\x00\x01\x02" * 50
"""A source that cannot be read, of which an officer is told, and since when."""


def at_night(home: Path, number: int) -> Run:
    return run_night(load_project(cwd=home), now=NOW[number])


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after two nights, each with an article of its own."""
    home = tmp_path_factory.mktemp("nights") / "home"
    for number in range(2):
        corpus(home / "raw", number, 1)
        (home / "raw" / "unread.txt").write_bytes(UNREAD)
        assert at_night(home, number).outcome == "released"
    corpus(home / "raw", 2, 1)
    return home


@pytest.fixture(scope="module")
def third(two_nights: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the third night releases where nothing is damaged, its issues and what changed among it."""
    home = Path(shutil.copytree(two_nights, tmp_path_factory.mktemp("third") / "home", symlinks=True))
    made = released(home)
    assert b",persisting," in made["data/issues.csv"]  # what a lost list of issues would change
    return made


def released(home: Path) -> dict[str, bytes]:
    assert at_night(home, 2).outcome == "released"
    return tree((home / "output" / "latest").resolve())


@pytest.fixture
def home(two_nights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_nights, tmp_path / "home", symlinks=True))


def last_run(home: Path) -> Path:
    return max(path for path in (home / "output" / "runs").iterdir() if path.is_dir())


@pytest.mark.parametrize(
    ("name", "way"),
    sampled(
        [
            ("RUN/issues.json", delete),
            ("releases/index.json", flip),
            ("latest", delete),
            ("releases/index.json", delete),
            ("runs/index.json", cut),
            ("RUN/run.json", cut),
            ("RUN/run.json", delete),
            ("RUN/issues.json", flip),
            ("runs/issues.json", empty),
            ("wenshu.prom", empty),
            ("latest.duckdb", delete),
            ("site", delete),
        ],
    ),
)
def test_what_the_operator_need_do_nothing_about_changes_no_byte(
    home: Path, third: dict[str, bytes], name: str, way: Way
) -> None:
    output = home / "output"
    way(last_run(home) / name.removeprefix("RUN/") if name.startswith("RUN/") else output / name)
    assert released(home) == third


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_file_of_what_nights_remember_changes_no_byte(
    home: Path, third: dict[str, bytes], way: Way
) -> None:
    kept = [
        path for path in (home / "output" / ".cache").rglob("*") if path.is_file() and path.stat().st_size
    ]
    assert kept
    for path in kept:
        way(path)
    assert released(home) == third


@pytest.mark.soak
def test_a_run_that_was_killed_changes_no_byte(home: Path, third: dict[str, bytes]) -> None:
    from pipeline.night.run_record import begin_run

    begin_run(home / "output", "20261122T170000Z", NOW[2].date(), NOW[2])
    assert released(home) == third


def test_a_damaged_latest_release_stops_the_night_in_one_line(home: Path, third: dict[str, bytes]) -> None:
    flip(home / "output/latest/data/quantities.parquet")
    with pytest.raises(WenshuError, match=r"^the latest release, .*quantities.parquet: altered.*repair`"):
        at_night(home, 2)
    assert main(["releases", "repair", "--config", str(home)]) == 0
    assert released(home) == third


REMEMBERED = (".cache/**/*",)
FIRST_COPIES = ("releases/index.json", "runs/RUN/**/*")
SECOND_COPIES = ("runs/index.json", "runs/issues.json")
NO_BASE = (".sites/**/*", "releases/OLD/**/*", "releases/*.duckdb", "runs/OLDRUN/**/*", "*.prom")
"""Files below output/ that the next night needs no whole one of, as long as not both copies are damaged."""


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "patterns",
    [REMEMBERED, FIRST_COPIES, SECOND_COPIES, NO_BASE],
    ids=["remembered", "first", "second", "no base"],
)
def test_all_files_but_those_of_the_latest_release_may_be_damaged_at_once(
    home: Path, third: dict[str, bytes], way: Way, patterns: tuple[str, ...]
) -> None:
    output = home / "output"
    old, _ = sorted(path.name for path in (output / "releases").iterdir() if path.is_dir())
    names = {"OLDRUN": min(path.name for path in (output / "runs").iterdir() if path.is_dir()),
             "OLD": old, "RUN": last_run(home).name}  # fmt: skip
    for name, there in names.items():
        patterns = tuple(pattern.replace(name, there) for pattern in patterns)
    damaged = [
        path for pattern in patterns for path in output.glob(pattern)
        if path.is_file() and not path.is_symlink() and path.stat().st_size
    ]  # fmt: skip
    assert damaged
    for path in damaged:
        way(path)
    assert unlike(home, third) == ""


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_any_file_of_the_latest_release_that_is_damaged_changes_no_byte_or_is_told(
    two_nights: Path, third: dict[str, bytes], way: Way, tmp_path: Path
) -> None:
    wrong = {}
    latest = (two_nights / "output" / "latest").resolve()
    for number, name in enumerate(one_of_each(latest)):
        home = Path(shutil.copytree(two_nights, tmp_path / str(number), symlinks=True))
        way(home / "output" / "releases" / latest.name / name)
        if came := unlike(home, third):
            wrong[name] = came
        shutil.rmtree(home)
    assert wrong == {}


def one_of_each(folder: Path) -> list[str]:
    """Of the files of one folder with one ending any one, and each that is alone of its kind."""
    kinds: dict[tuple[Path, str], list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            kinds.setdefault((path.parent, path.suffix), []).append(path)
    return [choice(paths).relative_to(folder).as_posix() for paths in kinds.values()]


def unlike(home: Path, third: dict[str, bytes]) -> str:
    """What is wrong with the next night, or with the one after the repair that its line names; or nothing."""
    try:
        return "" if released(home) == third else "another release"
    except WenshuError as error:
        said = str(error)
    except Exception as error:
        return repr(error)
    if "\n" in said or "wenshu releases repair" not in said:
        return said
    if main(["releases", "repair", "--config", str(home)]):
        return f"not repaired: {said}"
    return "" if released(home) == third else "another release after the repair"


def test_a_first_night_whose_url_is_away_releases_and_notes_it(two_nights: Path, tmp_path: Path) -> None:
    home = tmp_path / "first"
    shutil.copytree(two_nights / "raw", home / "raw")
    (tmp_path / "file").write_text("")
    (home / "wenshu.toml").write_text(f'[publish]\nurl = "file://{tmp_path}/file/there"\n', encoding="utf-8")
    run = at_night(home, 0)
    assert run.outcome == "released"
    assert "not published at its URL" in run.note


def test_a_broken_catalog_names_the_users_file(home: Path) -> None:
    shutil.copytree(packaged_path("catalog"), home / "catalog")
    broken = next((home / "catalog" / "indicators").glob("*.yaml"))
    broken.write_text("- [", encoding="utf-8")
    with pytest.raises(WenshuError) as raised:
        at_night(home, 2)
    assert str(broken) in str(raised.value)
