"""Repair damaged or lost releases: byte for byte as they were published, or not at all.

A file is copied from another release or run that has it too, made again from what is whole beside it,
or fetched from where the releases are published; it counts where its digest is the one published.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.errors import WenshuError, one_line
from pipeline.releases.describe import DESCRIPTIONS, describe_as
from pipeline.releases.files import SUMS, make_sums, read_sums
from pipeline.releases.index import PROVENANCE
from pipeline.releases.labelled_figures import LABELLED_FILES, write_labelled_figures
from pipeline.releases.metadata import ReleaseDraft
from pipeline.releases.remote_publishing import fetch_file
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.releases.workbook import WORKBOOK, write_workbook
from pipeline.releases.writers.csv import read_csv, write_csv
from pipeline.releases.writers.database import write_database
from pipeline.releases.writers.parquet import write_parquet
from pipeline.safe_files import file_digest
from pipeline.tables import Table


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that was not as it was published."""

    version: str
    what: str
    repaired: bool


def repair(
    output: Path, tables: Mapping[str, Table], url: str | None = None, *, set_aside: bool = False
) -> list[Damage]:
    """Repair what can be repaired of every release; all damage that was found, repaired or not.

    tables: every table by name, as `publish.PublishOptions.declarations`.
    url: where the releases are published. set_aside: releases that stay damaged are moved to
    output/set-aside/, and `latest` points to the last one that is whole; the next night goes on from that.
    """
    with open_store(output, recover=False) as store:
        # Where the index is damaged, it is read from all releases: once, and not for each of them.
        store.write_index(store.index(), None)
        found = list(_repair_pointer(store))
        last = store.index()["last_successful"]
        present = store.versions()
        for version in [*present, last] if last and last not in present else present:
            with store.draft() as scratch:
                damages = list(_Repair(store, version, tables, url, scratch).run())
            found += damages
            if set_aside and not all(damage.repaired for damage in damages):
                _set_aside(store, version)
        if all(damage.repaired for damage in found) or set_aside:
            index = store.index()
            if index["last_successful"] not in store.versions():  # `recover` points to the last one left
                store.write_index(index | {"last_successful": None, "latest": {}}, None)
            store.recover()
    return found


def _repair_pointer(store: ReleaseStore) -> Iterator[Damage]:
    """Where `latest` is a folder: the release in it is moved to the releases, unless it is there."""
    pointer = store.pointer
    if pointer.is_symlink() or not pointer.is_dir():
        return
    sums = file_digest(pointer / SUMS)
    same = [entry["version"] for entry in store.index()["versions"] if sums and entry.get("sums") == sums]
    if not same:
        what = "a folder that is no release which was published here; move it elsewhere"
        yield Damage("latest", what, False)
        return
    version = same[0]
    if store.folder(version).is_dir():
        shutil.rmtree(pointer)
    else:
        pointer.rename(store.folder(version))
    store.point_to(version)
    yield Damage(version, "latest: a folder and no link", True)


def _set_aside(store: ReleaseStore, version: str) -> None:
    target = store.output / "set-aside"
    target.mkdir(exist_ok=True)
    for path in (store.folder(version), store.database(version)):
        if path.exists():
            path.rename(target / path.name)


@dataclass(frozen=True, slots=True)
class _Repair:
    """The repair of one version."""

    store: ReleaseStore
    version: str
    tables: Mapping[str, Table]
    url: str | None
    scratch: Path
    """A folder on the same disk for files that are tried."""

    @property
    def folder(self) -> Path:
        return self.store.folder(self.version)

    def run(self) -> Iterator[Damage]:
        """Repair every damaged file of the version."""
        folder, entry = self.folder, self.store.index_entry(self.version)
        sums, digest = entry.get("sums"), file_digest(folder / SUMS)
        if not digest or sums not in (None, digest):
            repaired = sums is not None and self._restore(SUMS, sums)
            yield Damage(self.version, SUMS if folder.is_dir() else "all of it", repaired)
            if not repaired:
                return
        expected = read_sums(folder)
        # The data first, since all else is made from it, then the provenance, which the rest is described by.
        order = sorted(
            expected,
            key=lambda path: (
                not path.startswith("data/") or path in LABELLED_FILES,
                path != PROVENANCE,
                path,
            ),
        )
        for path in order:
            if file_digest(folder / path) != expected[path]:
                yield Damage(self.version, one_line(path), self._restore(path, expected[path]))
        database = self.store.database(self.version)
        if entry.get("database") not in (None, file_digest(database)):
            yield Damage(self.version, database.name, self._rewrite_database(expected))

    def _restore(self, path: str, digest: str) -> bool:
        """Restore a file; whether it is there now, as it was published."""
        for number, source in enumerate(self._sources(path, digest)):
            candidate = self.scratch / str(number)
            # Whatever goes wrong with a source, there may be another; its result is judged by its digest.
            with suppress(WenshuError, OSError, ValueError, KeyError, StopIteration):
                source(candidate)
                if file_digest(candidate) == digest:
                    (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                    candidate.replace(self.folder / path)
                    return True
        return False

    def _sources(self, path: str, digest: str) -> Iterator[Callable[[Path], object]]:
        """Ways to get the file, the nearest first; each is a function that writes it to a path."""
        store, folder = self.store, self.folder
        for other in store.versions():
            with suppress(WenshuError):
                for name, same in read_sums(store.folder(other)).items():
                    if same == digest and store.folder(other) / name != folder / path:
                        yield partial(shutil.copyfile, store.folder(other) / name)
        for run in store.index()["runs"]:
            if run.get("version") == self.version:
                recorded = store.output / "runs" / run["run"] / path.removeprefix("validation/")
                yield partial(shutil.copyfile, recorded)
        data, _, suffix = path.rpartition(".")
        table = self.tables.get(data.removeprefix("data/"))
        if path == SUMS:
            yield lambda to: to.write_text(make_sums(folder), encoding="utf-8")
        elif table and suffix == "csv":
            yield lambda to: write_csv(table, pq.read_table(folder / f"{data}.parquet"), to)
        elif table and suffix == "parquet":
            yield lambda to: write_parquet(table, read_csv(table, folder / f"{data}.csv"), to)
        elif path in LABELLED_FILES:
            yield lambda to: write_labelled_figures(folder, self._draft().release_url, {path: to})
        elif path == WORKBOOK:
            yield lambda to: write_workbook(self._draft(), to)
        elif path in DESCRIPTIONS:
            yield lambda to: to.write_text(describe_as(path, self._draft()), encoding="utf-8")
        if self.url:
            yield partial(fetch_file, self.url, f"releases/{self.version}/{path}")

    def _rewrite_database(self, expected: Mapping[str, str]) -> bool:
        """Write the DuckDB file again, where every Parquet file is whole; whether it was."""
        parquet = (path for path in expected if path.endswith(".parquet"))
        if any(file_digest(self.folder / path) != expected[path] for path in parquet):
            return False
        database = self.store.database(self.version)
        written = self.scratch / database.name
        write_database(written, self._draft().tables, self.folder / "data")
        written.replace(database)
        index = self.store.index()
        for entry in (*index["versions"], index.get("latest", {})):
            if entry.get("version") == self.version:
                entry["database"] = file_digest(database)
        self.store.write_index(index, None)
        return True

    def _draft(self) -> ReleaseDraft:
        """The release as it was described when it was published, if the code and catalog are the same."""
        provenance = self.store.provenance(self.version)
        tables = tuple(table for name, table in self.tables.items() if name in provenance["rows"])
        return ReleaseDraft(self.folder, provenance, tables)
