"""A release in the making: its tables, its changes, its descriptions, in a folder nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline import __version__
from pipeline.releases.changes import INPUTS, Edition, columns_of, difference, next_schema
from pipeline.releases.describe import describe
from pipeline.releases.describe.facts import served
from pipeline.releases.digests import SUMS, Digests, file_digest, sums_of
from pipeline.releases.figures import write_figures
from pipeline.releases.files import Files, put
from pipeline.releases.identity import KEPT
from pipeline.releases.signing import sign
from pipeline.releases.store import PROVENANCE, ReleaseStore
from pipeline.releases.verdict import Differences, nested, verdict
from pipeline.releases.workbook import WORKBOOK, write_workbook
from pipeline.releases.writers import write
from pipeline.releases.writers.database import write_database
from pipeline.releases.writers.rows import Rows
from pipeline.settings import PUBLICATION, Publication
from pipeline.tables import TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa

Provenance: TypeAlias = Mapping[str, Any]
"""What a release was made from (its provenance.json)."""

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
    verified: bool = False
    """Whether the latest release was found to be whole already, by whoever publishes."""
    files: Callable[[Draft], Files] | None = None
    """Further files, such as validation/report.html, made once the changes are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A release about to be published, as its descriptions and its report see it."""

    version: str
    previous: str | None
    date: date
    folder: Path
    """Holds data/*.csv and data/*.parquet."""
    tables: tuple[Table, ...]
    rows: Mapping[str, int]
    schema: str
    """Semantic version of the tables' columns."""
    changes: Mapping[tuple[str, str, str], int]
    """Differences from the release before, by (table, change, cause)."""
    figures: Mapping[tuple[str, str], int]
    """Figures that readers would see differ, by (table, change): see `verdict.Differences`."""
    provenance: Provenance
    licence: str
    publisher: str | None
    publication: Publication
    digests: Digests
    """Of its files."""


def schema_version(declared: Iterable[Table], before: Provenance | None, context: Context) -> str:
    """The version of the tables' columns; WenshuError where a column would vanish unasked."""
    if before is None:
        return "1.0.0"
    old = before["schema"]
    columns = columns_of([*declared, CHANGES])
    return next_schema(old["version"], old["tables"], columns, breaking=context.allow_schema_change)


def write_tables(tables: Mapping[str, Rows], declared: Iterable[Table], folder: Path) -> dict[str, int]:
    """Write the tables as CSV and Parquet into data/; how many rows each has."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    return {table.name: write(table, tables[table.name], folder / "data") for table in declared}


def content_digest(declared: Iterable[Table], digests: Digests) -> str:
    """Digest of what the tables say; the office's own running notes left out (`_NOTES`)."""
    paths = {table.name: f"data/{table.name}.csv" for table in declared if table.name not in _NOTES}
    found = digests.of(paths.values())
    sums = (f"{name} {found[path]}\n" for name, path in paths.items())
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def make_draft(
    store: ReleaseStore,
    digests: Digests,
    rows: Mapping[str, int],
    provenance: Provenance,
    before: Provenance | None,
    context: Context,
) -> Draft:
    """Write the changes since the release before, and gather all that the descriptions tell.

    rows: of the tables written. provenance: the schema (its version and tables) and the content digest.
    """
    folder = digests.folder
    declared = [context.declarations[name] for name in rows]
    inputs = {name: getattr(context, name) for name in INPUTS}
    found = Differences(declared)
    changed: Iterable[pa.RecordBatch] = ()
    with ExitStack() as stack:
        if before:
            old = Edition(store.folder(before["version"]), before["schema"]["tables"], before["inputs"])
            new = Edition(folder, columns_of(declared), inputs, context.held)
            changed = found.counted(stack.enter_context(difference(old, new, declared)))
        rows = {**rows, **write_tables({CHANGES.name: changed}, [CHANGES], folder)}
    version = store.next_version(context.date)
    previous = before["version"] if before else None
    return Draft(
        version=version,
        previous=previous,
        date=context.date,
        folder=folder,
        tables=(*declared, CHANGES),
        rows=rows,
        schema=provenance["schema"]["version"],
        changes=dict(found.rows),
        figures=dict(found.figures),
        provenance={
            **provenance,
            "version": version,
            "date": context.date.isoformat(),
            "previous": previous,
            "previous_sums": file_digest(store.folder(previous) / SUMS) if previous else None,
            "software": {"name": "wenshu", "version": __version__},
            "inputs": inputs,
            KEPT: context.kept_ids,
            "rows": rows,
            "verdict": verdict(previous, found.rows, found.figures),
            "figures": nested(found.figures),
            "changes": nested(found.rows),
        },
        licence=context.licence,
        publisher=context.publisher,
        publication=context.publication,
        digests=digests,
    )


def finish(draft: Draft, database: Path, context: Context) -> None:
    """Write everything but the tables' own files: workbook, DuckDB file, descriptions, further files, sums.

    Workbook and DuckDB file are written beside the further files, each in a thread of its own.
    """
    with ThreadPoolExecutor(2) as beside:
        written = [
            beside.submit(write_workbook, draft, draft.folder / WORKBOOK),
            beside.submit(write_database, database, draft.tables, draft.folder / "data"),
            beside.submit(write_figures, draft.folder, served(draft)),
        ]
        put(draft.folder, context.files(draft) if context.files else {})
        for each in written:
            each.result()
    provenance = json.dumps(draft.provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    put(draft.folder, {PROVENANCE: provenance.encode(), **describe(draft)})
    paths = (path.relative_to(draft.folder).as_posix() for path in draft.folder.rglob("*") if path.is_file())
    put(draft.folder, {SUMS: sums_of(draft.digests, paths).encode()})
    if context.signing_key:
        sign(draft.folder, draft.version, context.signing_key)
