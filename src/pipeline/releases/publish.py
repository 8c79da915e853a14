"""Publish: tables in, an immutable release out, and `latest` switched to it at once.

    release = publish(tables, context, output)

`tables` maps table names to their rows: a `pyarrow.Table`, or record batches already in
the table's order (`Table.sorting`), which are streamed. Everything is written into a
draft beside the releases; see `store` for how it becomes the latest. Where the rows are
those of the latest release, nothing is published. Withheld and failed runs are put on
record by `runs.record_run`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import WenshuError
from pipeline.releases.changes import columns_of
from pipeline.releases.digests import Digests, file_digest
from pipeline.releases.draft import (
    CHANGES,
    Context,
    Draft,
    content_digest,
    finish,
    make_draft,
    schema_version,
    write_tables,
)
from pipeline.releases.files import Files, put
from pipeline.releases.store import PROVENANCE, open_store
from pipeline.releases.verify import sound_latest
from pipeline.releases.writers.rows import Rows
from pipeline.tables import Table

__all__ = ["Context", "Draft", "Files", "Release", "Rows", "digest", "publish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What came of `publish`."""

    version: str
    """The version that is the latest now."""
    folder: Path
    new: bool
    """False where there was nothing new, and the version is the one from before."""
    rows: Mapping[str, int]
    changes: Mapping[tuple[str, str, str], int]
    """Differences from the release before, by (table, change, cause)."""


def publish(tables: Mapping[str, Rows], context: Context, output: Path) -> Release:
    """Publish the tables as the next version below `output`, unless they say nothing new.

    Raises WenshuError, with `latest` as it was, where a table does not match its
    declaration, where a column would vanish without `allow_schema_change`, where
    another run is publishing, and where the disk is full or cannot be written.
    """
    declared = _declared(tables, context)
    run = {"run": context.run, "date": context.date.isoformat()}
    with open_store(output) as store, store.draft() as place:
        folder, database = place / "release", place / "wenshu.duckdb"
        latest = store.latest() if context.verified else sound_latest(output)
        before = store.provenance(latest) if latest else None
        schema = schema_version(declared, before, context)
        digests = Digests(folder)
        rows = write_tables(tables, declared, folder)
        content = content_digest(declared, digests)
        said = {
            "licence": context.licence, "publisher": context.publisher, **context.publication.said,
        }  # fmt: skip
        same = before and (before["content"], before["schema"]["version"]) == (content, schema)
        if latest and before and same and before.get("attribution", said) == said:
            store.enter(None, run | {"outcome": "unchanged", "version": latest})
            return Release(
                version=latest, folder=store.folder(latest), new=False, rows=before["rows"], changes={}
            )
        columns = columns_of([*declared, CHANGES])
        provenance = {
            "content": content,
            "schema": {"version": schema, "tables": columns},
            "attribution": said,
        }
        draft = make_draft(store, digests, rows, provenance, before, context)
        finish(draft, database, context)
        # By which it can be brought back into the release.
        put(output, {f"runs/{context.run}/{PROVENANCE}": folder / PROVENANCE})
        store.place(folder, database, draft.version)
        store.point(draft.version)
        store.enter(draft.version, run | {"outcome": "released", "version": draft.version})
        return Release(
            version=draft.version,
            folder=store.folder(draft.version),
            new=True,
            rows=draft.rows,
            changes=draft.changes,
        )


def digest(*places: Path) -> str:
    """SHA-256 over files, and over folders' files with their paths; what is not there counts as empty."""
    whole = hashlib.sha256()
    for place in places:
        inside = sorted(
            path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
        for path in [place] if place.is_file() else inside:
            name = path.name if path == place else path.relative_to(place).as_posix()
            whole.update(f"{name}\0{file_digest(path)}\n".encode())
    return whole.hexdigest()


def _declared(tables: Mapping[str, Rows], context: Context) -> list[Table]:
    """The declarations of the tables given, in the order of a release, `changes` left out."""
    if unknown := sorted(set(tables) - set(context.declarations)):
        raise WenshuError(f"no table is declared by the name {unknown[0]}; declare it, or leave it out")
    return [table for name, table in context.declarations.items() if name in tables and name != CHANGES.name]
