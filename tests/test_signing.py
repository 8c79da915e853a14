"""Sums of a release that were made again, signatures of them, and what it was made with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from handmade import released
from test_damage import FIRST, LAST, output, published, tables, tree

from pipeline.cli import main
from pipeline.errors import WenshuError
from pipeline.releases.files import SIGNATURE
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import verify_version

__all__ = ["output", "published"]


def test_sums_that_were_made_again_are_seen(output: Path) -> None:
    folder = output / "releases" / FIRST
    (folder / "RELEASE.md").write_text("better", encoding="utf-8")
    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, check=True).stdout
    (folder / "SHA256SUMS").write_bytes(sums)
    assert verify_version(ReleaseStore(output), FIRST) == [
        "SHA256SUMS: not the one that was published",
        f"SHA256SUMS: not the one that {LAST} was compared with",
    ]
    for name in ("releases/index.json", "runs/index.json"):  # the index may be made again too
        (output / name).unlink()
    assert verify_version(ReleaseStore(output), FIRST) == [
        f"SHA256SUMS: not the one that {LAST} was compared with"
    ]


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A secret key without a password, and its public one."""
    if shutil.which("minisign") is None:
        pytest.skip("no minisign here: apt-get install minisign")
    pair = tmp_path / "release.key", tmp_path / "release.pub"
    command = ["minisign", "-G", "-W", "-s", str(pair[0]), "-p", str(pair[1])]
    subprocess.run(command, check=True, capture_output=True)
    return pair


def test_a_signed_release_is_checked_by_its_key(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    (tmp_path / "wenshu.toml").write_text('[release]\npublic_key = "release.pub"\n', encoding="utf-8")
    there = ["--config", str(tmp_path)]
    output = tmp_path / "output"
    made = released(output, tables(1), signing_key=keys[0])
    again = released(tmp_path / "again", tables(1), signing_key=keys[0])
    assert tree(made.folder) == tree(again.folder)
    assert (made.folder / SIGNATURE).is_file()
    assert main(["releases", "verify", *there]) == 0
    other = released(tmp_path / "other", tables(2), signing_key=keys[0])
    shutil.copyfile(other.folder / SIGNATURE, made.folder / SIGNATURE)
    assert main(["releases", "verify", *there]) == 1
    (made.folder / SIGNATURE).unlink()
    assert main(["releases", "verify", *there]) == 1


def test_a_key_that_cannot_sign_leaves_latest_as_it_was(tmp_path: Path) -> None:
    first = released(tmp_path / "output", tables(1))
    with pytest.raises(WenshuError, match=r"nokey, the key to sign releases with, is not there"):
        released(tmp_path / "output", tables(2), signing_key=tmp_path / "nokey")
    assert ReleaseStore(tmp_path / "output").latest() == first.version


def test_the_bill_of_materials_has_every_package_of_the_lock(output: Path, root: Path) -> None:
    sbom = json.loads((output / "releases" / FIRST / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    pins = re.findall(r"^([^ =]+)==([^ ]+)", (root / "requirements.lock").read_text(), re.MULTILINE)
    assert [(one["name"], one["version"]) for one in sbom["components"]] == pins
    assert len({one["bom-ref"] for one in sbom["components"]}) == len(pins) > 50
    assert "pkg:pypi/duckdb@" in " ".join(one["purl"] for one in sbom["components"])
    assert sbom["metadata"]["component"]["name"] == "wenshu"
