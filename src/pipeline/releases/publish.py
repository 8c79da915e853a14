"""Publish: tables in, an immutable release out, and `latest` switched to it at once.

    release = publish(tables, options, output)

Everything is written into a draft beside the releases; see `store` for how it becomes the
latest. Where the rows are those of the latest release, nothing is published. Withheld and
failed runs are put on record by `run_records.record_run`.
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
from pipeline.errors import WenshuError, encode_escaped
from pipeline.releases.changes import INPUTS, difference, next_schema_version, schema_of
from pipeline.releases.describe import describe
from pipeline.releases.files import SUMS, Files, file_digests, make_sums, write_files
from pipeline.releases.index import PROVENANCE
from pipeline.releases.labelled_figures import write_labelled_figures
from pipeline.releases.metadata import Provenance, ReleaseDraft, ReleaseMetadata
from pipeline.releases.signing import sign
from pipeline.releases.stable_ids import DROPPED, KEPT, PreviousFigure
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.releases.verdict import count_figures, count_rows, nested, verdict
from pipeline.releases.verify import verified_latest
from pipeline.releases.workbook import WORKBOOK, write_workbook
from pipeline.releases.writers import write
from pipeline.releases.writers.database import write_database
from pipeline.safe_files import file_digest
from pipeline.settings import PUBLICATION, Publication
from pipeline.tables import TABLES, Table

CHANGES = TABLES["changes"]
_NOT_CONTENT = ("issues", "changes")
"""Tables that make no new version: issues grow old, and changes repeat the other tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """What a release is made with, beside its rows. Nothing but `date` depends on the time."""

    date: date
    """The run's date, which names the version."""
    run: str
    """The run's id, for the index; it is in no released file."""
    rules: str
    """Digest of the code that reads and relates (`files.tree_digest`)."""
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
    """By document the ids that figures keep: see `stable_ids.KEPT`."""
    dropped: Mapping[str, Sequence[PreviousFigure]] = field(default_factory=dict)
    """By document the figures that decisions dropped."""
    verified: bool = False
    """Whether the caller has verified the latest release already."""
    files: Callable[[ReleaseDraft], Files] | None = None
    """Further files, such as validation/report.html, made once the changes are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The result of `publish`."""

    version: str
    """The version that is the latest now."""
    folder: Path
    new: bool
    """False where there was nothing new, and the version is the one from before."""
    rows: Mapping[str, int]
    changes: Mapping[tuple[str, str, str], int]
    """Differences from the release before, by (table, change, cause)."""


def publish(tables: Mapping[str, pa.Table], options: PublishOptions, output: Path) -> Release:
    """Publish the tables as the next version below `output`, unless they say nothing new.

    Raises WenshuError, with `latest` as it was, where a table does not match its
    declaration, where a column would vanish without `allow_schema_change`, where
    another run is publishing, and where the disk is full or cannot be written.
    """
    declared = _declared(tables, options)
    run = {"run": options.run, "date": options.date.isoformat()}
    with open_store(output) as store, store.draft() as scratch:
        folder, database = scratch / "release", scratch / "wenshu.duckdb"
        latest = store.latest() if options.verified else verified_latest(output)
        before = store.provenance(latest) if latest else None
        schema, schema_version = schema_of([*declared, CHANGES]), "1.0.0"
        if before:
            old, breaking = before["schema"], options.allow_schema_change
            schema_version = next_schema_version(old["version"], old["tables"], schema, breaking=breaking)
        (folder / "data").mkdir(parents=True)
        rows = {table.name: write(table, tables[table.name], folder / "data") for table in declared}
        content = _content_digest(declared, folder)
        attribution = {
            "licence": options.licence, "publisher": options.publisher, **options.publication.non_default,
        }  # fmt: skip
        same = before and (before["content"], before["schema"]["version"]) == (content, schema_version)
        if latest and before and same and before.get("attribution", attribution) == attribution:
            store.update_index(run=run | {"outcome": "unchanged", "version": latest})
            return Release(
                version=latest, folder=store.folder(latest), new=False, rows=before["rows"], changes={}
            )
        provenance = {
            "content": content,
            "schema": {"version": schema_version, "tables": schema},
            "attribution": attribution,
        }
        draft = _make_draft(store, folder, rows, provenance, before, options)
        _write_the_rest(draft, database, options)
        # A copy, from which it can be repaired.
        write_files(output, {f"runs/{options.run}/{PROVENANCE}": folder / PROVENANCE})
        store.add(folder, database, draft.version)
        store.point_to(draft.version)
        store.update_index(draft.version, run | {"outcome": "released", "version": draft.version})
        return Release(
            version=draft.version,
            folder=store.folder(draft.version),
            new=True,
            rows=draft.rows,
            changes=draft.changes,
        )


def _declared(tables: Mapping[str, pa.Table], options: PublishOptions) -> list[Table]:
    """The declarations of the tables given, in the order of a release, `changes` left out."""
    if unknown := sorted(set(tables) - set(options.declarations)):
        raise WenshuError(f"no table is declared by the name {unknown[0]}; declare it, or leave it out")
    return [table for name, table in options.declarations.items() if name in tables and name != CHANGES.name]


def _content_digest(declared: Iterable[Table], folder: Path) -> str:
    """Digest of the content of the tables, but for `_NOT_CONTENT`."""
    paths = {table.name: f"data/{table.name}.csv" for table in declared if table.name not in _NOT_CONTENT}
    digests = file_digests(folder, paths.values())
    lines = (f"{name} {digests[path]}\n" for name, path in paths.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _make_draft(
    store: ReleaseStore,
    folder: Path,
    rows: Mapping[str, int],
    provenance: Provenance,
    before: Provenance | None,
    options: PublishOptions,
) -> ReleaseDraft:
    """Write the changes since the release before, and complete the provenance.

    rows: of the tables written. provenance: what is known by then: schema, content digest, attribution.
    """
    declared = [options.declarations[name] for name in rows]
    inputs = {name: getattr(options, name) for name in INPUTS}
    changed = CHANGES.schema().empty_table()
    if before:
        old = ReleaseMetadata(store.folder(before["version"]), before)
        new = ReleaseMetadata(folder, {**provenance, "inputs": inputs})
        changed = difference(old, new, declared, options.held)
    rows = {**rows, CHANGES.name: write(CHANGES, changed, folder / "data")}
    changed_rows, changed_figures = count_rows(changed), count_figures(changed, declared)
    previous = before["version"] if before else None
    complete = {
        **provenance,
        "version": store.next_version(options.date),
        "date": options.date.isoformat(),
        "previous": previous,
        "previous_sums": file_digest(store.folder(previous) / SUMS) if previous else None,
        "software": {"name": "wenshu", "version": __version__},
        "inputs": inputs,
        KEPT: options.kept_ids,
        DROPPED: options.dropped,
        "rows": rows,
        "verdict": verdict(previous, changed_rows, changed_figures),
        "figures": nested(changed_figures),
        "changes": nested(changed_rows),
    }
    return ReleaseDraft(folder, complete, (*declared, CHANGES))


def _write_the_rest(draft: ReleaseDraft, database: Path, options: PublishOptions) -> None:
    """Write everything but the tables' own files: workbook, DuckDB file, descriptions, further files, sums.

    Workbook, DuckDB file and labelled figures are written in threads while the further files are made.
    """
    with ThreadPoolExecutor(2) as pool:
        writing = [
            pool.submit(write_workbook, draft, draft.folder / WORKBOOK),
            pool.submit(write_database, database, draft.tables, draft.folder / "data"),
            pool.submit(write_labelled_figures, draft.folder, draft.release_url),
        ]
        write_files(draft.folder, options.files(draft) if options.files else {})
        for each in writing:
            each.result()
    provenance = json.dumps(draft.provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_files(draft.folder, {PROVENANCE: encode_escaped(provenance), **describe(draft)})
    sums = make_sums(draft.folder, {file.path: file.sha256 for file in draft.files})
    write_files(draft.folder, {SUMS: sums.encode()})
    if options.signing_key:
        sign(draft.folder, draft.version, options.signing_key)
