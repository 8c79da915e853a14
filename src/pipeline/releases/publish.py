"""Publish: tables in, an immutable release out, and `latest` switched to it at once.

    release = publish(tables, context, output)

`tables` maps table names to their rows: a `pyarrow.Table`, or record batches already in
the table's order (`Table.sorting`), which are streamed. Everything is written into a
draft beside the releases; see `store` for how it becomes the latest. Where the rows are
those of the latest release, nothing is published. Withheld and failed runs are put on
record by `record_run`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError
from pipeline.releases.changes import columns_of
from pipeline.releases.digests import Digests, file_digest
from pipeline.releases.draft import (
    CHANGES,
    Context,
    Draft,
    Files,
    content_digest,
    finish,
    make_draft,
    put,
    schema_version,
    write_tables,
)
from pipeline.releases.store import open_store
from pipeline.releases.writers.rows import Rows
from pipeline.tables import Table

__all__ = ["Context", "Draft", "Files", "Release", "Rows", "digest", "publish", "record_run"]

OUTCOMES = ("running", "released", "unchanged", "withheld", "failed", "killed")
"""What a run can come to; the first is not over."""


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
        latest = store.latest()
        before = store.provenance(latest) if latest else None
        schema = schema_version(declared, before, context)
        digests = Digests(folder)
        rows = write_tables(tables, declared, folder)
        content = content_digest(declared, digests)
        said = {"licence": context.licence, "publisher": context.publisher}
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


def record_run(
    output: Path, run: str, day: date, outcome: str, note: str = "", files: Files | None = None
) -> Path:
    """Put a run on record: its files in runs/RUN/, and what it came to in the index.

    outcome: one of `OUTCOMES`. Returns the run's folder. Raises WenshuError where the
    disk is full or cannot be written.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome!r} is none of {', '.join(OUTCOMES)}")
    with open_store(output) as store:
        put(output, {f"runs/{run}/{name}": content for name, content in (files or {}).items()})
        folder = output / "runs" / run
        folder.mkdir(parents=True, exist_ok=True)
        known: dict[str, Any] = next((entry for entry in store.index()["runs"] if entry["run"] == run), {})
        entry = {"run": run, "date": day.isoformat(), "outcome": outcome, "version": known.get("version")}
        store.enter(None, entry | ({"note": note} if note else {}))
    return folder


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
