"""Publish: tables in, an immutable release out, and `latest` switched to it at once.

    release = publish(tables, context, output)

Everything is written into a draft beside the releases; see `store` for how it becomes the
latest. Where the rows are those of the latest release, nothing is published. Withheld and
failed runs are put on record by `runs.record_run`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline import __version__
from pipeline.errors import WenshuError
from pipeline.releases.changes import INPUTS, columns_of, difference, next_schema
from pipeline.releases.describe import describe
from pipeline.releases.digests import SUMS, digests_of, file_digest, sums_of
from pipeline.releases.figures import write_figures
from pipeline.releases.files import Files, put
from pipeline.releases.metadata import Draft, Metadata, Provenance
from pipeline.releases.signing import sign
from pipeline.releases.stable_ids import DROPPED, KEPT, Figure
from pipeline.releases.store import PROVENANCE, ReleaseStore, open_store
from pipeline.releases.verdict import count_figures, count_rows, nested, verdict
from pipeline.releases.verify import sound_latest
from pipeline.releases.workbook import WORKBOOK, write_workbook
from pipeline.releases.writers import write
from pipeline.releases.writers.database import write_database
from pipeline.settings import PUBLICATION, Publication
from pipeline.tables import TABLES, Table

CHANGES = TABLES["changes"]
_NOTES = ("issues", "changes")
"""Tables that make no version of their own: issues grow old, and changes say the rest over again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a release is made with, beside its rows. Nothing but `date` tells the time."""

    date: date
    """The run's date, which names the version."""
    run: str
    """The run's id, for the index; it is in no released file."""
    rules: str
    """Digest of the code that reads and relates (`release.digest`)."""
    catalog: str
    """Digest of catalog/."""
    decisions: str
    """Digest of decisions/."""
    declarations: Mapping[str, Table] = field(default_factory=lambda: TABLES)
    """Every table by name, datasets among them (`tables.with_datasets`)."""
    licence: str = "CC-BY-4.0"
    """SPDX identifier of the data's licence."""
    publisher: str | None = None
    publication: Publication = PUBLICATION
    """What the descriptions say beside, such as where the site is read."""
    signing_key: Path | None = None
    """A minisign secret key without a password, to sign the release with."""
    allow_schema_change: bool = False
    held: Mapping[str, pa.Table] = field(default_factory=dict)
    """The keys of rows that the gate holds back, by table."""
    kept_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By document the ids that figures keep: see `identity.KEPT`."""
    dropped: Mapping[str, Sequence[Figure]] = field(default_factory=dict)
    """By document the figures that decisions dropped."""
    verified: bool = False
    """Whether the latest release was found to be whole already, by whoever publishes."""
    files: Callable[[Draft], Files] | None = None
    """Further files, such as validation/report.html, made once the changes are known."""


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


def publish(tables: Mapping[str, pa.Table], context: Context, output: Path) -> Release:
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
        schema = _schema_version(declared, before, context)
        (folder / "data").mkdir(parents=True)
        rows = {table.name: write(table, tables[table.name], folder / "data") for table in declared}
        content = _content_digest(declared, folder)
        said = {
            "licence": context.licence, "publisher": context.publisher, **context.publication.non_default,
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
        draft = _make_draft(store, folder, rows, provenance, before, context)
        _finish(draft, database, context)
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


def _declared(tables: Mapping[str, pa.Table], context: Context) -> list[Table]:
    """The declarations of the tables given, in the order of a release, `changes` left out."""
    if unknown := sorted(set(tables) - set(context.declarations)):
        raise WenshuError(f"no table is declared by the name {unknown[0]}; declare it, or leave it out")
    return [table for name, table in context.declarations.items() if name in tables and name != CHANGES.name]


def _schema_version(declared: Iterable[Table], before: Provenance | None, context: Context) -> str:
    """The version of the tables' columns; WenshuError where a column would vanish unasked."""
    if before is None:
        return "1.0.0"
    old = before["schema"]
    columns = columns_of([*declared, CHANGES])
    return next_schema(old["version"], old["tables"], columns, breaking=context.allow_schema_change)


def _content_digest(declared: Iterable[Table], folder: Path) -> str:
    """Digest of what the tables say; the office's own running notes left out (`_NOTES`)."""
    paths = {table.name: f"data/{table.name}.csv" for table in declared if table.name not in _NOTES}
    found = digests_of(folder, paths.values())
    sums = (f"{name} {found[path]}\n" for name, path in paths.items())
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def _make_draft(
    store: ReleaseStore,
    folder: Path,
    rows: Mapping[str, int],
    provenance: Provenance,
    before: Provenance | None,
    context: Context,
) -> Draft:
    """Write the changes since the release before, and gather all that the descriptions tell.

    rows: of the tables written. provenance: what is known by then: schema, content digest, attribution.
    """
    declared = [context.declarations[name] for name in rows]
    inputs = {name: getattr(context, name) for name in INPUTS}
    changed = CHANGES.schema().empty_table()
    if before:
        old = Metadata(store.folder(before["version"]), before)
        changed = difference(old, Metadata(folder, {**provenance, "inputs": inputs}), declared, context.held)
    rows = {**rows, CHANGES.name: write(CHANGES, changed, folder / "data")}
    differing, figures = count_rows(changed), count_figures(changed, declared)
    previous = before["version"] if before else None
    made_from = {
        **provenance,
        "version": store.next_version(context.date),
        "date": context.date.isoformat(),
        "previous": previous,
        "previous_sums": file_digest(store.folder(previous) / SUMS) if previous else None,
        "software": {"name": "wenshu", "version": __version__},
        "inputs": inputs,
        KEPT: context.kept_ids,
        DROPPED: context.dropped,
        "rows": rows,
        "verdict": verdict(previous, differing, figures),
        "figures": nested(figures),
        "changes": nested(differing),
    }
    return Draft(folder, made_from, (*declared, CHANGES))


def _finish(draft: Draft, database: Path, context: Context) -> None:
    """Write everything but the tables' own files: workbook, DuckDB file, descriptions, further files, sums.

    Workbook and DuckDB file are written beside the further files, each in a thread of its own.
    """
    with ThreadPoolExecutor(2) as beside:
        written = [
            beside.submit(write_workbook, draft, draft.folder / WORKBOOK),
            beside.submit(write_database, database, draft.tables, draft.folder / "data"),
            beside.submit(write_figures, draft.folder, draft.served),
        ]
        put(draft.folder, context.files(draft) if context.files else {})
        for each in written:
            each.result()
    provenance = json.dumps(draft.provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    put(draft.folder, {PROVENANCE: provenance.encode("utf-8", "backslashreplace"), **describe(draft)})
    put(draft.folder, {SUMS: sums_of(draft.folder).encode()})
    if context.signing_key:
        sign(draft.folder, draft.version, context.signing_key)
