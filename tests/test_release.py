"""Releases: whole or not there, immutable, the same bytes from the same inputs, none where nothing is new."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from handmade import DAY, DECLARED, document, quantity, released, small

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.releases.files import tree_digest, write_files
from pipeline.releases.run_records import record_run
from pipeline.releases.store import ReleaseStore, list_releases, prune
from pipeline.releases.verify import verify

HERE = Path(__file__).parent


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def index(output: Path) -> dict[str, Any]:
    return dict(json.loads((output / "releases" / "index.json").read_text(encoding="utf-8")))


def other(value: int) -> dict[str, Any]:
    """Tables that differ from the small ones in a figure."""
    return small(quantity(0, value))


def test_a_release_has_the_files_of_the_contract(tmp_path: Path) -> None:
    release = released(tmp_path, files=lambda draft: {"validation/report.html": draft.version.encode()})
    assert release.new
    assert release.version == "2026.11.22"
    names = set(tree(release.folder))
    assert names >= {f"data/{table}.{kind}" for table in DECLARED for kind in ("csv", "parquet")}
    assert names >= {"wenshu.xlsx", "datapackage.json", "RELEASE.md", "SHA256SUMS", "validation/report.html"}
    assert (tmp_path / "latest").resolve() == release.folder
    assert (tmp_path / "latest.duckdb").is_file()
    assert index(tmp_path)["last_successful"] == release.version
    frame = pd.read_csv(tmp_path / "latest" / "data" / "renovation.csv")
    figures = frame[["planned", "completed", "finishing", "starting", "residual"]]
    assert figures.to_numpy().tolist() == [[487, 89, 203, 195, 0]]


def test_sha256sums_is_what_sha256sum_checks(tmp_path: Path) -> None:
    folder = released(tmp_path).folder
    end = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True)
    assert end.returncode == 0
    listed_files = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed_files == set(tree(folder)) - {"SHA256SUMS"}


def test_nothing_new_publishes_nothing(tmp_path: Path) -> None:
    first = released(tmp_path)
    before = tree(tmp_path / "releases" / first.version)
    again = released(tmp_path, run="r2", date=date(2026, 11, 23), rules="other code, same rows")
    assert not again.new
    assert again.version == first.version
    assert [entry["outcome"] for entry in index(tmp_path)["runs"]] == ["released", "unchanged"]
    assert len(index(tmp_path)["versions"]) == 1
    assert tree(first.folder) == before


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output of three releases of a day and one of a later day."""
    output = tmp_path_factory.mktemp("several") / "output"
    for value, day in ((1, DAY), (2, DAY), (3, DAY), (4, date(2026, 12, 1))):
        released(output, other(value), date=day)
    return output


def test_versions_of_a_day_are_numbered(several: Path) -> None:
    versions = ["2026.11.22", "2026.11.22.1", "2026.11.22.2", "2026.12.1"]
    assert ReleaseStore(several).versions() == versions
    assert [entry["version"] for entry in index(several)["versions"]] == versions
    assert ReleaseStore(several).latest() == "2026.12.1"


def test_a_clock_set_back_still_publishes(tmp_path: Path) -> None:
    released(tmp_path, other(1))
    assert released(tmp_path, other(2), date=date(2026, 11, 20)).version == "2026.11.20"
    assert ReleaseStore(tmp_path).latest() == "2026.11.20"
    assert [one["version"] for one in list_releases(tmp_path) if one["latest"]] == ["2026.11.20"]


def test_two_builds_are_equal_byte_for_byte_whatever_the_place(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import sys, pathlib
        sys.path.insert(0, sys.argv[1])
        from handmade import released, small, quantity
        output = pathlib.Path(sys.argv[2])
        released(output, small(quantity(0, 5)))
        released(output, small(quantity(0, 6), quantity(1, "0.5")))
    """)
    trees = []
    places = (("a", "Asia/Shanghai", "C.UTF-8", "0"), ("b b/文", "America/New_York", "POSIX", "1"))
    for name, zone, locale, seed in places:
        output = tmp_path / name / "output"
        output.mkdir(parents=True)
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-c", code, str(HERE), str(output)], check=True, env=environment, cwd=output
        )
        trees.append({n: b for n, b in tree(output / "releases").items() if not n.endswith(".duckdb")})
    assert trees[0] == trees[1]
    assert len(trees[0]) > 60


def test_a_file_cannot_lead_out_of_the_release(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="is no path inside"):
        released(tmp_path, files=lambda _: {"../x": b""})
    for name in ("/etc/x", "a/../../x", ""):
        with pytest.raises(WenshuError, match="is no path inside"):
            write_files(tmp_path, {name: b""})


def test_a_table_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="no table is declared by the name extra"):
        released(tmp_path, {**small(), "extra": small()["issues"]})


def test_runs_are_recorded_the_withheld_ones_too(tmp_path: Path) -> None:
    first = released(tmp_path)
    folder = record_run(tmp_path, "r2", DAY, "withheld", "89 + 204 + 195 = 487", {"report.json": b"{}"})
    assert folder == tmp_path / "runs" / "r2"
    assert (folder / "report.json").read_bytes() == b"{}"
    recorded = index(tmp_path)
    assert recorded["runs"][-1]["outcome"] == "withheld"
    assert recorded["last_successful"] == first.version
    record_run(tmp_path, first.version and "r1", DAY, "released", files={"report.html": b""})
    assert [entry["version"] for entry in index(tmp_path)["runs"] if entry["run"] == "r1"] == [first.version]


def test_verify_names_what_was_altered(tmp_path: Path) -> None:
    folder = released(tmp_path).folder
    (folder / "data" / "issues.csv").write_bytes(b"x")
    (folder / "data" / "changes.csv").unlink()
    (folder / "new.txt").write_bytes(b"")
    assert verify(folder) == [
        "data/changes.csv: missing",
        "new.txt: not part of it",
        "data/issues.csv: altered",
    ]


def test_prune_keeps_the_last_and_the_latest(several: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(several, tmp_path / "output", symlinks=True))
    versions = ReleaseStore(output).versions()
    assert prune(output, 2) == versions[:2]
    assert ReleaseStore(output).versions() == versions[2:]
    assert [one["present"] for one in list_releases(output)] == [False, False, True, True]
    assert prune(output, 1) == versions[2:3]
    assert released(output, other(9)).version == "2026.11.22.3", "no version comes twice"
    with pytest.raises(WenshuError, match="at least one release stays"):
        prune(output, 0)


def test_commands_list_verify_and_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--output", str(tmp_path)]
    assert main(["releases", "list", *where]) == 0
    assert main(["releases", "verify", *where]) == 2
    versions = [released(tmp_path, other(value)).version for value in (1, 2)]
    capsys.readouterr()
    assert main(["releases", "list", *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == versions
    assert lines[-1].endswith("latest")
    assert main(["releases", "verify", *where]) == 0
    assert main(["diff", *versions, *where]) == 1
    assert "quantities\tq0000\tchanged\tvalue\t1\t2\tsource" in capsys.readouterr().out
    assert main(["diff", versions[1], "latest", *where]) == 0
    assert main(["diff", "2020.1.1", "latest", *where]) == 2
    assert "2020.1.1 is no release" in capsys.readouterr().err
    (tmp_path / "latest" / "RELEASE.md").write_text("x")
    assert main(["releases", "verify", versions[1], *where]) == 1


def test_digest_tells_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    one = tree_digest(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    two = tree_digest(tmp_path)
    (tmp_path / "b.yaml").write_text("y")
    assert len({one, two, tree_digest(tmp_path), tree_digest(tmp_path / "nowhere")}) == 4
    assert tree_digest(tmp_path) == tree_digest(tmp_path)


def test_documents_of_a_release_are_told_apart_by_their_source(tmp_path: Path) -> None:
    released(tmp_path)
    after = released(tmp_path, small(documents=[document(sha256="1" * 64)]))
    assert after.changes == {("documents", "changed", "source"): 1}


def test_the_index_tells_programs_whether_to_fetch_what_and_from_where(tmp_path: Path) -> None:
    first = released(tmp_path)
    more = small(*(quantity(n, v) for n, v in enumerate((487, 89, 203, 195, 7))))
    second = released(tmp_path, more)
    third = released(tmp_path, more | {"observations": small()["observations"].slice(0, 0)})
    index = json.loads((tmp_path / "releases" / "index.json").read_text(encoding="utf-8"))
    assert [entry["verdict"] for entry in index["versions"]] == ["first", "more", "yes"]
    assert index["versions"][1]["figures"] == {"quantities": {"added": 1}}
    assert index["versions"][1]["changes"]["quantities"] == {"added": {"source": 1}}
    latest = index["latest"]
    assert latest["since"] == {first.version: "yes", second.version: "yes", third.version: "no"}
    assert (latest["version"], latest["path"]) == (third.version, f"releases/{third.version}/")
    for path, entry in latest["files"].items():
        content = (third.folder / path).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["bytes"])
    assert {"data/renovation.csv", "data/renovation.parquet", "data/figures.csv"} <= latest["files"].keys()
