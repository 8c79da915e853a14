"""The store of releases: immutable versions, a pointer that is switched last, an index.

    output/releases/VERSION/    put there whole, by one rename
    output/latest               points to one of them, switched by one rename
    output/releases/index.json  replaced by one rename, after the pointer

The order of these writes is the design. Killed before the first, nothing happened;
between the first and the last, `recover` finishes the work at the next start. At every
moment `latest` is a whole release.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line, write_error
from pipeline.releases.index import (
    PROVENANCE,
    latest_entry,
    read_index,
    version_entry,
    version_numbers,
    write_index,
)  # fmt: skip
from pipeline.safe_files import exclusive_lock, sync

DRY = ".dry"
"""Below an output folder: the output folder of the last dry run."""
REPAIR_HINT = "`wenshu releases repair` brings back what it can and says what to do"
"""What to do about a release that is not as it was published."""

_LOCK = ".lock"
_BUSY = "another run is writing to {where}; wait for it to end, or give another --output"
_DRAFT = ".draft-"
_SYNC_THREADS = 16
"""Files flushed at once: a disk flushes many together sooner than one after another."""
_VERSION = re.compile(r"\d+(\.\d+){2,3}")
"""The form of a release's version."""


@dataclass(frozen=True, slots=True)
class ReleaseStore:
    """The releases below one output folder. To write to it, `open_store` holds its lock."""

    output: Path

    @property
    def releases(self) -> Path:
        return self.output / "releases"

    @property
    def pointer(self) -> Path:
        return self.output / "latest"

    def folder(self, version: str) -> Path:
        return self.releases / version

    def database(self, version: str) -> Path:
        return self.releases / f"{version}.duckdb"

    def latest(self) -> str | None:
        """The version that `latest` points to; None where there is none, or it is gone."""
        name = _link_target(self.pointer)
        return name if name and self.folder(name).is_dir() else None

    def latest_folder(self) -> Path | None:
        """The folder of the latest version; None where there is none."""
        latest = self.latest()
        return self.folder(latest) if latest else None

    def index(self) -> dict[str, Any]:
        """The index of versions and runs; see `index.read_index`."""
        return read_index(self.output)

    def index_entry(self, version: str) -> dict[str, Any]:
        """The index entry of a version; empty where it is not in the index."""
        entries: list[dict[str, Any]] = self.index()["versions"]
        return next((entry for entry in entries if entry["version"] == version), {})

    def provenance(self, version: str) -> dict[str, Any]:
        """What the version was made from."""
        try:
            return dict(json.loads((self.folder(version) / PROVENANCE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise WenshuError(
                f"{one_line(str(self.folder(version)))} is no whole release ({PROVENANCE} cannot be read); "
                f"{REPAIR_HINT}"
            ) from error

    def versions(self) -> list[str]:
        """Every version in the store, oldest first."""
        present = [path.name for path in self.releases.glob("*/") if _VERSION.fullmatch(path.name)]
        order = {entry["version"]: number for number, entry in enumerate(self.index()["versions"])}
        return sorted(present, key=lambda name: (order.get(name, len(order)), version_numbers(name)))

    def next_version(self, day: date) -> str:
        """YYYY.M.D, with .1, .2 … where the day already has one, pruned ones counted."""
        taken = {entry["version"] for entry in self.index()["versions"]} | set(self.versions())
        first = f"{day.year}.{day.month}.{day.day}"
        names = chain([first], (f"{first}.{number}" for number in count(1)))
        return next(name for name in names if name not in taken)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A new folder on the same disk, removed at the end unless it was moved."""
        folder = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.output))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, draft: Path, database: Path, version: str) -> None:
        """Make the draft a version, its database beside it: from here on it is whole and never altered."""
        with ThreadPoolExecutor(_SYNC_THREADS) as pool:
            list(pool.map(sync, [*draft.rglob("*"), draft, database]))
        database.rename(self.database(version))
        draft.rename(self.folder(version))
        sync(self.releases)

    def point_to(self, version: str) -> None:
        """Switch `latest` to the version, in one step; `latest.duckdb` follows in another."""
        self._link(self.pointer, self.folder(version))
        self._link(self.output / "latest.duckdb", self.database(version))
        sync(self.output)

    def _link(self, pointer: Path, target: Path) -> None:
        link = self.output / f".latest-{os.getpid()}"
        link.unlink(missing_ok=True)
        try:
            link.symlink_to(target.relative_to(self.output))
        except (OSError, NotImplementedError) as error:
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
                raise
            raise WenshuError(
                f"{one_line(str(self.output))} cannot hold a symbolic link, by which latest/ is switched; "
                "choose a folder on another disk with --output"
            ) from error
        link.replace(pointer)

    def update_index(self, version: str | None = None, run: Mapping[str, Any] | None = None) -> None:
        """Enter a version as the latest, a run or both into the index; a run of the same id is replaced."""
        index = self.index()
        if version:
            others = [entry for entry in index["versions"] if entry["version"] != version]
            index["versions"] = [*others, version_entry(self.output, self.provenance(version))]
        if run:
            index["runs"] = [old for old in index["runs"] if old["run"] != run["run"]] + [dict(run)]
        self.write_index(index, version)

    def write_index(self, index: dict[str, Any], latest: str | None) -> None:
        """Write the index. latest: the version that it names as the latest, if that is another one now."""
        if latest:
            described = latest_entry(self.folder(latest), index["versions"])
            index |= {"last_successful": latest, "latest": described}
        write_index(self.output, index)

    def recover(self) -> None:
        """Clear what a killed run left, and finish a switch that it had begun.

        Raises WenshuError where `latest` is a folder, and where the latest release is gone.
        """
        for leftover in [
            *self.output.glob(f"{_DRAFT}*"),
            *self.output.glob(".latest-*"),
            *self.releases.glob(".tmp-*"),
        ]:
            is_folder = leftover.is_dir() and not leftover.is_symlink()
            shutil.rmtree(leftover) if is_folder else leftover.unlink()
        for database in self.releases.glob("*.duckdb"):
            if not self.folder(database.stem).is_dir():
                database.unlink()
        if self.pointer.exists() and not self.pointer.is_symlink():
            raise WenshuError(
                f"{one_line(str(self.pointer))} is a folder and no link, as it is after a restore; `wenshu "
                "releases repair` makes it a link again"
            )
        index, present = self.index(), self.versions()
        indexed = {entry["version"] for entry in index["versions"]}
        added = [version_entry(self.output, self.provenance(v)) for v in present if v not in indexed]
        latest, last = self.latest(), index["last_successful"]
        # A version whose predecessor is still the latest was added by a run killed before it could switch.
        for entry in added:
            if entry["previous"] == latest:
                latest = entry["version"]
        if latest is None and last and last not in present:
            raise WenshuError(
                f"the latest release, {last}, is gone from {one_line(str(self.releases))}; {REPAIR_HINT}"
            )
        latest = latest or last or (present[-1] if present else None)
        pointers = [_link_target(self.output / name) for name in ("latest", "latest.duckdb")]
        if latest and pointers != [latest, self.database(latest).name]:
            self.point_to(latest)
        if latest and (added or last != latest or "latest" not in index):  # as it is once rebuilt
            index["versions"] = [*index["versions"], *added]
            self.write_index(index, latest)


@contextmanager
def open_store(output: Path, *, recover: bool = True) -> Iterator[ReleaseStore]:
    """The release store below `output`, to be written: locked, and what a killed run left is cleared.

    Raises WenshuError where another run holds it, and where the disk is full or does
    not let itself be written: the latest release is then as it was.
    """
    store = ReleaseStore(output)
    try:
        store.releases.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(output / _LOCK, _BUSY.format(where=one_line(str(output)))):
            if recover:
                store.recover()
            yield store
    except OSError as error:
        raise write_error(error, output) from error


def list_releases(output: Path) -> list[dict[str, Any]]:
    """The index entry of every release, oldest first, with the sum of its rows.

    latest: whether it is the latest; present: False where it was pruned, and only its entry is left.
    """
    store = ReleaseStore(output)
    latest, present = store.latest(), set(store.versions())
    return [
        entry | {
            "rows": sum(entry["rows"].values()),
            "latest": entry["version"] == latest,
            "present": entry["version"] in present,
        }
        for entry in store.index()["versions"]
    ]  # fmt: skip


def prune(output: Path, keep: int) -> list[str]:
    """Delete all but the last `keep` releases and the latest; returns the versions deleted.

    The index keeps their entries, so that a version that was cited can still be looked up.
    """
    if keep < 1:
        raise WenshuError(f"--keep {keep}: at least one release stays; give 1 or more")
    with open_store(output) as store:
        latest = store.latest()
        old = [version for version in store.versions()[:-keep] if version != latest]
        for version in old:
            # Renamed in one step, then deleted: a half-deleted release is never seen.
            deleting = output / f"{_DRAFT}{version}"
            store.folder(version).rename(deleting)
            shutil.rmtree(deleting)
            store.database(version).unlink(missing_ok=True)
        return old


def _link_target(link: Path) -> str:
    """The name of a link's target, whether that exists or not; empty where there is no link."""
    return link.readlink().name if link.is_symlink() else ""
