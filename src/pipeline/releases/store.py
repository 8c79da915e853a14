"""Where releases stand: immutable versions, a pointer that is switched last, an index.

    output/releases/VERSION/    put there whole, by one rename
    output/latest               points to one of them, switched by one rename
    output/releases/index.json  replaced by one rename, after the pointer

The order of these writes is the design. Killed before the first, nothing happened;
between the first and the last, `repair` finishes the work at the next start. At every
moment `latest` is a whole release.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeGuard

from pipeline.errors import WenshuError, mendable, one_line

PROVENANCE = "provenance.json"
"""In every release: what it was made from, as digests, and its schema."""

_DRAFT = ".draft-"
_AT_ONCE = 16
"""Files that the disk is asked to keep at once: it keeps many together sooner than one after another."""
_EMPTY: Mapping[str, Any] = {"last_successful": None, "versions": [], "runs": []}


@dataclass(frozen=True, slots=True)
class ReleaseStore:
    """The releases below one output folder. Made by `open_store`, which holds its lock."""

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
        """The version that `latest` points to; None where nothing was released yet."""
        name = _target(self.pointer)
        return name if name and (self.folder(name) / PROVENANCE).is_file() else None

    def index(self) -> dict[str, Any]:
        """The index of versions and runs, empty where there is none or it cannot be read."""
        try:
            index = json.loads((self.releases / "index.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            index = None
        return {**_EMPTY, **index} if _is_index(index) else {**_EMPTY}

    def provenance(self, version: str) -> dict[str, Any]:
        """What the version says it was made from."""
        try:
            return dict(json.loads((self.folder(version) / PROVENANCE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise WenshuError(
                f"{one_line(str(self.folder(version)))} is no whole release ({PROVENANCE} cannot be read); "
                "`wenshu releases list` names those that are"
            ) from error

    def versions(self) -> list[str]:
        """Every version in the store, oldest first."""
        there = [path.name for path in self.releases.glob("*/") if (path / PROVENANCE).is_file()]
        order = {entry["version"]: number for number, entry in enumerate(self.index()["versions"])}
        return sorted(there, key=lambda name: (order.get(name, len(order)), _numbers(name)))

    def next_version(self, day: date) -> str:
        """YYYY.M.D, with .1, .2 … where the day already has one, pruned ones counted."""
        taken = {entry["version"] for entry in self.index()["versions"]} | set(self.versions())
        first = f"{day.year}.{day.month}.{day.day}"
        return next(name for name in _names(first) if name not in taken)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A new folder on the same disk, removed at the end unless it was placed."""
        folder = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.output))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def place(self, draft: Path, database: Path, version: str) -> None:
        """Make the draft a version, its database beside it: from here on it is whole and never altered."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(_sync, [*draft.rglob("*"), draft, database]))
        database.rename(self.database(version))
        draft.rename(self.folder(version))
        _sync(self.releases)

    def point(self, version: str) -> None:
        """Switch `latest` to the version, in one step; `latest.duckdb` follows in another."""
        self._link(self.pointer, self.folder(version))
        self._link(self.output / "latest.duckdb", self.database(version))
        _sync(self.output)

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

    def write_index(self, index: Mapping[str, Any]) -> None:
        """Replace the index, in one step."""
        replace_file(self.releases / "index.json", json.dumps(index, ensure_ascii=False, indent=1) + "\n")

    def enter(self, version: str | None, run: Mapping[str, Any] | None) -> None:
        """Put a version, a run or both into the index; a run of the same id is replaced."""
        index = self.index()
        if version and version not in {entry["version"] for entry in index["versions"]}:
            index["versions"] = [*index["versions"], _entry(self.provenance(version))]
        if version:
            index["last_successful"] = version
        if run:
            index["runs"] = [old for old in index["runs"] if old["run"] != run["run"]] + [dict(run)]
        self.write_index(index)

    def repair(self) -> None:
        """Clear what a killed run left, and finish a switch that it had begun."""
        for left in [
            *self.output.glob(f"{_DRAFT}*"),
            *self.output.glob(".latest-*"),
            *self.releases.glob(".tmp-*"),
        ]:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        for database in self.releases.glob("*.duckdb"):
            if not self.folder(database.stem).is_dir():
                database.unlink()
        index = self.index()
        known = {entry["version"] for entry in index["versions"]}
        there = [self.provenance(version) for version in self.versions()]
        latest = self.latest()
        # A version whose predecessor is still the latest was placed by a run killed before it could switch.
        for said in there:
            if said["version"] not in known and said["previous"] == latest:
                self.point(said["version"])
                latest = said["version"]
        if latest is None and there:
            last = index["last_successful"]
            latest = last if last in {said["version"] for said in there} else there[-1]["version"]
            self.point(latest)
        if latest and _target(self.output / "latest.duckdb") != self.database(latest).name:
            self.point(latest)
        missing = [_entry(said) for said in there if said["version"] not in known]
        if missing or index["last_successful"] != latest:
            self.write_index({**index, "versions": [*index["versions"], *missing], "last_successful": latest})


@contextmanager
def open_store(output: Path, *, writing: bool = True) -> Iterator[ReleaseStore]:
    """The release store below `output`; for writing it is locked and repaired first.

    Raises WenshuError where another run holds it, and where the disk is full or does
    not let itself be written: the latest release is then as it was.
    """
    store = ReleaseStore(output)
    if not writing:
        yield store
        return
    try:
        store.releases.mkdir(parents=True, exist_ok=True)
        with _locked(output):
            store.repair()
            yield store
    except OSError as error:
        raise mendable(error, output) from error


def replace_file(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Hold the output folder; the system lets go of it when the process ends, however it ends."""
    import fcntl

    with (output / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WenshuError(
                f"another run is writing to {one_line(str(output))}; wait for it to end, "
                "or give another --output"
            ) from error
        yield


def _sync(path: Path) -> None:
    """Have the disk keep what was written, before anything points to it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _target(link: Path) -> str:
    """The name of what a link points to, whether that is there or not; empty where there is no link."""
    return link.readlink().name if link.is_symlink() else ""


def _is_index(said: object) -> TypeGuard[dict[str, Any]]:
    """Whether it has the lists that an index has, each entry with its name."""
    if not isinstance(said, dict):
        return False
    lists = ((said.get("versions", []), "version"), (said.get("runs", []), "run"))
    return all(
        isinstance(entries, list) and all(isinstance(entry, dict) and name in entry for entry in entries)
        for entries, name in lists
    )


def _entry(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": said["version"],
        "date": said["date"],
        "previous": said["previous"],
        "schema": said["schema"]["version"],
        "content": said["content"],
        "rows": said["rows"],
    }


def _names(first: str) -> Iterator[str]:
    yield first
    number = 0
    while True:
        number += 1
        yield f"{first}.{number}"


def _numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 2026.9.30 comes before 2026.10.1."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))
