"""Files below output/ that were flipped, cut, emptied or deleted: brought back byte for byte, or told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handmade import DAY, DECLARED, context, quantity, released, small
from sampling import sampled

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.releases.publish import publish
from pipeline.releases.remote_publishing import send
from pipeline.releases.repair import repair
from pipeline.releases.run_records import latest_issues, record_run
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import verify_version
from pipeline.safe_files import file_digest

FIRST, LAST = "2026.11.22", "2026.11.22.1"
REPORT = "validation/report.html"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


WAYS = [flip, delete, cut, empty]
TRIED = sampled(WAYS, 2)
"""Where each costs releases: other bytes, and none; the rest is soaked."""
Way = Callable[[Path], None]


def tables(value: int) -> dict[str, Any]:
    """Tables that differ from those of another value in a figure, and each with a row or more."""
    return small(quantity(0, value), quantity(1, "0.5", text="=1+1"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output of two releases, each of a run that is on record."""
    output = tmp_path_factory.mktemp("published") / "output"
    for number, value in enumerate((1, 2)):
        run = f"r{number}"
        released(output, tables(value), run=run, files=lambda draft: {REPORT: draft.version.encode()})
        record_run(output, run, DAY, "released", files={"issues.json": b"[]", "run.json": record(run)})
    return output


def record(run: str) -> bytes:
    version = {"r0": FIRST, "r1": LAST}[run]
    fields = {
        "run": run,
        "date": DAY.isoformat(),
        "outcome": "released",
        "version": version,
        "rows": {"a": 1},
    }
    return json.dumps(fields).encode()


@pytest.fixture
def output(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "output", symlinks=True))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, the databases apart, whose bytes are in no promise."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".duckdb", ".lock"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def next_release(output: Path) -> dict[str, bytes]:
    """What a night with something new releases."""
    after = publish(tables(3), context(run="r2"), output)
    assert after.new
    return tree(after.folder)


@pytest.fixture(scope="module")
def undamaged(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same output, of which nothing was damaged, after that release."""
    output = tmp_path_factory.mktemp("undamaged") / "output"
    shutil.copytree(published, output, symlinks=True)
    next_release(output)
    return output


def latest(output: Path) -> dict[str, bytes]:
    return tree((output / "latest").resolve())


def files_of(published: Path, version: str) -> list[str]:
    return sorted(tree(published / "releases" / version))


@pytest.mark.parametrize("way", TRIED)
def test_any_file_of_the_latest_release_is_told_and_brought_back(
    published: Path, output: Path, way: Way
) -> None:
    whole, folder = tree(published / "releases"), output / "releases" / LAST
    for name in files_of(published, LAST):
        way(folder / name)
        damaged = verify_version(ReleaseStore(output), LAST)
        assert any(name in line for line in damaged), (name, damaged)
        mended = [damage.repaired for damage in repair(output, DECLARED)]
        assert mended == [name != REPORT], name
        if name == REPORT:  # of which there is no other
            shutil.copyfile(published / "releases" / LAST / name, folder / name)
        assert tree(output / "releases") == whole, name


@pytest.mark.parametrize(
    ("way", "name"),
    sampled(
        [
            (flip, "SHA256SUMS"),
            (delete, "provenance.json"),
            (cut, "data/observations.parquet"),
            (delete, "SHA256SUMS"),
            (flip, "provenance.json"),
            (empty, "data/documents.csv"),
        ],
        always=3,
    ),
)
def test_a_damaged_latest_release_is_no_base_and_the_line_says_what_to_do(
    output: Path, undamaged: Path, way: Way, name: str
) -> None:
    way(output / "releases" / LAST / name)
    with pytest.raises(WenshuError) as raised:
        next_release(output)
    assert str(raised.value).startswith(f"the latest release, {LAST}, is not as it was published ({name}: ")
    assert "`wenshu releases repair`" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert repair(output, DECLARED)
    assert next_release(output) == latest(undamaged)


@pytest.mark.parametrize("name", [REPORT, ".DS_Store", f"../{LAST}.duckdb"])
def test_what_nothing_is_made_with_stops_no_release(output: Path, undamaged: Path, name: str) -> None:
    (output / "releases" / LAST / name).write_bytes(b"x")
    assert next_release(output) == latest(undamaged)


@pytest.mark.parametrize("way", [*TRIED, None])
def test_a_damaged_database_is_written_again(output: Path, way: Way | None) -> None:
    database = output / "releases" / f"{LAST}.duckdb"
    way(database) if way else database.write_bytes(b"other")
    assert verify_version(ReleaseStore(output), LAST) == [f"{LAST}.duckdb: missing or altered"]
    assert [damage.repaired for damage in repair(output, DECLARED)] == [True]
    assert verify_version(ReleaseStore(output), LAST) == []
    assert not repair(output, DECLARED)


@pytest.mark.parametrize("way", TRIED)
@pytest.mark.parametrize("name", ["releases/index.json", "runs/index.json"])
def test_a_damaged_index_changes_nothing(output: Path, undamaged: Path, way: Way, name: str) -> None:
    way(output / name)
    assert next_release(output) == latest(undamaged)
    assert (output / name).read_bytes() == (undamaged / name).read_bytes()


@pytest.mark.parametrize("at", range(0, 3_000, 211))
def test_a_bit_anywhere_in_the_index_changes_nothing(published: Path, output: Path, at: int) -> None:
    index = output / "releases" / "index.json"
    content = bytearray(index.read_bytes())
    content[at % len(content)] ^= 1
    index.write_bytes(content)
    assert ReleaseStore(output).index() == ReleaseStore(published).index()


def test_an_index_lost_with_its_copy_is_made_again_of_releases_and_runs(
    published: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(output / "releases" / FIRST)  # pruned
    for name in ("releases/index.json", "runs/index.json"):
        (output / name).write_bytes(b"{")
    index = ReleaseStore(output).index()
    before = ReleaseStore(published).index()
    assert index["last_successful"] == LAST
    assert [entry["version"] for entry in index["versions"]] == [FIRST, LAST]
    assert [(run["run"], run["outcome"]) for run in index["runs"]] == [("r0", "released"), ("r1", "released")]
    assert index["versions"][1].items() <= before["versions"][1].items()
    released(output, tables(3))
    assert ReleaseStore(output).latest() == "2026.11.22.2"


def test_a_repair_writes_a_lost_index_again_even_where_damage_stays(output: Path) -> None:
    for name in ("releases/index.json", "runs/index.json"):
        (output / name).write_bytes(b"{")
    flip(output / "releases" / LAST / REPORT)
    (damage,) = repair(output, DECLARED)
    assert (damage.what, damage.repaired) == (REPORT, False)
    texts = [(output / name).read_bytes() for name in ("releases/index.json", "runs/index.json")]
    assert texts[0] == texts[1]
    assert [entry["version"] for entry in json.loads(texts[0])["versions"]] == [FIRST, LAST]


def test_a_database_that_is_written_again_is_what_the_index_has_of_it_everywhere(output: Path) -> None:
    store = ReleaseStore(output)
    index = store.index()
    for entry in (index["versions"][-1], index["latest"]):
        entry["database"] = "0" * 64  # other bytes than a second writing gives
    store.write_index(index, None)
    assert [(damage.what, damage.repaired) for damage in repair(output, DECLARED)] == [
        (f"{LAST}.duckdb", True)
    ]
    index, digest = store.index(), file_digest(store.database(LAST))
    assert index["versions"][-1]["database"] == index["latest"]["database"] == digest
    assert verify_version(store, LAST) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["runs/r1/issues.json", "runs/issues.json"])
def test_the_last_runs_issues_are_known_though_one_of_their_files_is_damaged(
    output: Path, way: Way, name: str
) -> None:
    record_run(output, "r1", DAY, "released", files={"issues.json": b'[{"a": 1}, {"b": 2}]'})
    way(output / name)
    assert latest_issues(output) == '[{"a": 1}, {"b": 2}]'


def test_issues_that_are_lost_are_told(output: Path, caplog: pytest.LogCaptureFixture) -> None:
    record_run(output, "r1", DAY, "released", files={"issues.json": b'[{"a": 1}]'})
    delete(output / "runs/r1/issues.json")
    flip(output / "runs/issues.json")
    assert latest_issues(output) == "[]"  # of the run before
    assert "the issues of the run r1 are damaged" in caplog.text


@pytest.mark.parametrize("way", [delete, empty])
def test_a_latest_that_is_a_folder_is_told_and_made_a_link_again(
    published: Path, output: Path, way: Way
) -> None:
    whole = tree(published / "releases")
    latest = output / "latest"
    latest.unlink()
    shutil.copytree(output / "releases" / LAST, latest)
    with pytest.raises(WenshuError, match=r"latest is a folder and no link.*`wenshu releases repair`"):
        next_release(output)
    if way is empty:  # the release itself did not come back from the backup
        shutil.rmtree(output / "releases" / LAST)
    assert [damage.repaired for damage in repair(output, DECLARED)] == [True]
    assert latest.readlink() == Path("releases") / LAST
    assert tree(output / "releases") == whole


def test_a_latest_release_that_is_gone_is_told_and_brought_from_its_url(
    published: Path, output: Path
) -> None:
    url = f"memory://{output.name}-{id(output)}"
    send(output, url)
    shutil.rmtree(output / "releases" / LAST)
    with pytest.raises(WenshuError, match=rf"the latest release, {LAST}, is gone.*`wenshu releases repair`"):
        next_release(output)
    assert all(damage.repaired for damage in repair(output, DECLARED, url))
    assert tree(output / "releases") == tree(published / "releases")
    assert ReleaseStore(output).latest() == LAST


def test_what_cannot_be_brought_back_is_set_aside_and_the_last_whole_one_is_gone_on_from(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("data/quantities.csv", "data/quantities.parquet"):
        flip(output / "releases" / LAST / name)
    where = ["--output", str(output)]
    assert main(["releases", "repair", *where]) == 1
    printed = capsys.readouterr()
    assert f"{LAST}: data/quantities.csv: cannot be brought back" in printed.out
    assert "--set-aside" in printed.err
    assert ReleaseStore(output).latest() == LAST
    assert main(["releases", "repair", "--set-aside", *where]) == 1
    assert ReleaseStore(output).latest() == FIRST
    assert (output / "set-aside" / LAST / "RELEASE.md").is_file()
    after = released(output, tables(3), run="r2")
    assert after.version == "2026.11.22.2"
    assert json.loads((after.folder / "provenance.json").read_text())["previous"] == FIRST
