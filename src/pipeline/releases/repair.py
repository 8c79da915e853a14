"""Bring back what was damaged or lost of releases: byte for byte as it was published, or not at all.

A file is taken from another release or run that has it too, made again of what is whole beside it,
or brought from where the releases are published; it counts where its digest is the one published.
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
from pipeline.releases.describe import STANDARDS
from pipeline.releases.digests import SUMS, digest_of, file_digest, read_sums, sums_of
from pipeline.releases.figures import FILES, write_figures
from pipeline.releases.index import PROVENANCE, latest_entry, write_index
from pipeline.releases.metadata import Draft
from pipeline.releases.remote_publishing import bring_file
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.releases.workbook import WORKBOOK, write_workbook
from pipeline.releases.writers.csv import read_csv, write_csv
from pipeline.releases.writers.database import write_database
from pipeline.releases.writers.parquet import write_parquet
from pipeline.tables import Table


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that was not as it was published."""

    version: str
    what: str
    mended: bool


def repair(
    output: Path, tables: Mapping[str, Table], url: str | None = None, *, set_aside: bool = False
) -> list[Damage]:
    """Bring back what can be, of every release; what was found to be damaged, mended or not.

    tables: every table by name, as `publish.Context.declarations`. url: where the releases are published.
    set_aside: releases that stay damaged are moved to output/set-aside/, and `latest` points to the
    last one that is whole; the next night goes on from that.
    """
    with open_store(output, recover=False) as store:
        found = list(_mend_pointer(store))
        for version in _published(store):
            damages = list(_mend_version(store, version, tables, url))
            found += damages
            if set_aside and not all(damage.mended for damage in damages):
                _set_aside(store, version)
        if all(damage.mended for damage in found) or set_aside:
            _point_to_last(store)
            store.recover()
    return found


def _published(store: ReleaseStore) -> list[str]:
    """The versions that are there, and the last one released even where it is not."""
    present = store.versions()
    last = store.index()["last_successful"]
    return [*present, last] if last and last not in present else present


def _mend_pointer(store: ReleaseStore) -> Iterator[Damage]:
    """Where `latest` is a folder: the release in it goes where releases are, unless it is there."""
    pointer = store.pointer
    if pointer.is_symlink() or not pointer.is_dir():
        return
    with suppress(WenshuError, OSError):
        version = next(
            entry["version"]
            for entry in store.index()["versions"]
            if entry.get("sums") == file_digest(pointer / SUMS)
        )
        if store.folder(version).is_dir():
            shutil.rmtree(pointer)
        else:
            pointer.rename(store.folder(version))
        store.point(version)
        yield Damage(version, "latest: a folder and no link", True)
        return
    yield Damage("latest", "a folder that is no release which was published here; move it elsewhere", False)


def _mend_version(
    store: ReleaseStore, version: str, tables: Mapping[str, Table], url: str | None
) -> Iterator[Damage]:
    folder, known = store.folder(version), store.index_entry(version)
    with store.draft() as spare:
        mender = _Mender(store, version, tables, url, spare)
        sums = known.get("sums")
        if not (folder / SUMS).is_file() or sums not in (None, file_digest(folder / SUMS)):
            mended = sums is not None and mender.bring(SUMS, sums)
            yield Damage(version, SUMS if folder.is_dir() else "all of it", mended)
            if not mended:
                return
        wanted = read_sums(folder)
        # The data first, since all else is made of it, then what the rest is described by.
        order = sorted(
            wanted,
            key=lambda path: (not path.startswith("data/") or path in FILES, path != PROVENANCE, path),
        )
        for path in order:
            if digest_of(folder / path) != wanted[path]:
                yield Damage(version, one_line(path), mender.bring(path, wanted[path]))
        database = store.database(version)
        if known.get("database") not in (None, digest_of(database)):
            yield Damage(version, database.name, mender.database(wanted))


def _point_to_last(store: ReleaseStore) -> None:
    index, present = store.index(), store.versions()
    if index["last_successful"] in present:
        return
    last = present[-1] if present else None
    index |= {"last_successful": last, "latest": {}}
    if last:
        store.point(last)
        index["latest"] = latest_entry(store.folder(last), index["versions"])
    write_index(store.output, index)


def _set_aside(store: ReleaseStore, version: str) -> None:
    place = store.output / "set-aside"
    place.mkdir(exist_ok=True)
    for path in (store.folder(version), store.database(version)):
        if path.exists():
            path.rename(place / path.name)


class _Mender:
    """Brings back the files of a version."""

    def __init__(
        self, store: ReleaseStore, version: str, tables: Mapping[str, Table], url: str | None, spare: Path
    ) -> None:
        """spare: a folder on the same disk for what is tried."""
        self._store, self._version, self._tables = store, version, tables
        self._url, self._spare = url, spare
        self._folder = store.folder(version)

    def bring(self, path: str, digest: str) -> bool:
        """Bring back a file; whether it is there now, as it was published."""
        for number, candidate in enumerate(self._candidates(path, digest)):
            tried = self._spare / str(number)
            # Whatever goes wrong with a source, there may be another; what it gave is judged by its digest.
            with suppress(WenshuError, OSError, ValueError, KeyError, StopIteration):
                candidate(tried)
                if digest_of(tried) == digest:
                    (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
                    tried.replace(self._folder / path)
                    return True
        return False

    def database(self, wanted: Mapping[str, str]) -> bool:
        """Write the DuckDB file again, where every Parquet file is whole."""
        parquet = {path: digest for path, digest in wanted.items() if path.endswith(".parquet")}
        if any(digest_of(self._folder / path) != digest for path, digest in parquet.items()):
            return False
        database = self._store.database(self._version)
        rows = self._store.provenance(self._version)["rows"]
        tables = [table for name, table in self._tables.items() if name in rows]
        write_database(self._spare / database.name, tables, self._folder / "data")
        (self._spare / database.name).replace(database)
        index = self._store.index()
        for entry in index["versions"]:
            if entry["version"] == self._version:
                entry["database"] = file_digest(database)
        write_index(self._store.output, index)
        return True

    def _candidates(self, path: str, digest: str) -> Iterator[Callable[[Path], object]]:
        """Ways to come by the file, the nearest first; each puts it where it is told."""
        store, folder = self._store, self._folder
        for other in store.versions():
            with suppress(WenshuError):
                for name, same in read_sums(store.folder(other)).items():
                    if same == digest and store.folder(other) / name != folder / path:
                        yield partial(shutil.copyfile, store.folder(other) / name)
        for run in store.index()["runs"]:
            if run.get("version") == self._version:
                recorded = store.output / "runs" / run["run"] / path.removeprefix("validation/")
                yield partial(shutil.copyfile, recorded)
        data, _, suffix = path.rpartition(".")
        table = self._tables.get(data.removeprefix("data/"))
        if path == SUMS:
            yield lambda to: to.write_text(sums_of(folder), encoding="utf-8")
        elif table and suffix == "csv":
            yield lambda to: write_csv(table, pq.read_table(folder / f"{data}.parquet"), to)
        elif table and suffix == "parquet":
            yield lambda to: write_parquet(table, read_csv(table, folder / f"{data}.csv"), to)
        elif path in FILES:
            yield lambda to: write_figures(folder, self._draft().served, {path: to})
        elif path == WORKBOOK:
            yield lambda to: write_workbook(self._draft(), to)
        elif path in STANDARDS:
            yield lambda to: to.write_text(STANDARDS[path](self._draft()), encoding="utf-8")
        if self._url:
            yield partial(bring_file, self._url, f"releases/{self._version}/{path}")

    def _draft(self) -> Draft:
        """The release as it was described when it was published, if the code and catalog are the same."""
        provenance = self._store.provenance(self._version)
        tables = tuple(table for name, table in self._tables.items() if name in provenance["rows"])
        return Draft(self._folder, provenance, tables)
