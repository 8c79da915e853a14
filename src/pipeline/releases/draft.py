"""A release in the making: its tables, its changes, its descriptions, in a folder nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from pipeline import __version__
from pipeline.errors import WenshuError
from pipeline.releases.books import make_database, write_workbook
from pipeline.releases.changes import INPUTS, Edition, columns_of, difference, next_schema, tally
from pipeline.releases.describe import describe
from pipeline.releases.digests import Digests
from pipeline.releases.ledger import Ledger, Notes
from pipeline.releases.store import PROVENANCE, ReleaseStore
from pipeline.releases.writers import write
from pipeline.releases.writers.csv import CsvWriter
from pipeline.releases.writers.parquet import ParquetWriter
from pipeline.releases.writers.pieces import THREADS
from pipeline.tables import TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa

Rows: TypeAlias = Union["pa.Table", Iterable["pa.RecordBatch"]]
"""A table's rows: all of them, or batches that are in the table's order already and stream."""

Files: TypeAlias = Mapping[str, bytes | Path]
"""Files by their path in the folder they go to: what is in them, or where that is."""

Said: TypeAlias = Mapping[str, Any]
"""A release's provenance."""

SUMS = "SHA256SUMS"
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
    url: str | None = None
    """Where output/ is published, for descriptions that need an address."""
    allow_schema_change: bool = False
    files: Callable[[Draft], Files] | None = None
    """Further files, such as validation/report.html, made once the changes are known."""
    notes: Notes | None = None
    """Where it is kept what the release's files are made of, so that the next one need not make it all."""

    @property
    def made_with(self) -> str:
        """What decides, beside a release's rows, what its files say."""
        return f"{self.rules} {self.catalog}"


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
    provenance: Said
    licence: str
    publisher: str | None
    url: str | None
    digests: Digests
    """Of its files."""


def schema_version(declared: Iterable[Table], before: Said | None, context: Context) -> str:
    """The version of the tables' columns; WenshuError where a column would vanish unasked."""
    if before is None:
        return "1.0.0"
    old = before["schema"]
    columns = columns_of([*declared, CHANGES])
    return next_schema(old["version"], old["tables"], columns, breaking=context.allow_schema_change)


def write_tables(
    tables: Mapping[str, Rows], declared: Sequence[Table], folder: Path, last: Ledger, ledger: Ledger
) -> None:
    """Write the tables as CSV and Parquet into data/.

    last: what is known of the last release. ledger: is told what becomes of this one.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(THREADS) as pool:
        csv = CsvWriter(folder / "data", pool, lambda table: ledger.pieces(f"data/{table}.csv", last))
        rows = ((table, tables[table.name]) for table in declared)
        ledger.seams.update(write(rows, [csv, ParquetWriter(folder / "data")]))


def content_digest(declared: Iterable[Table], digests: Digests) -> str:
    """Digest of what the tables say; the office's own running notes left out (`_NOTES`)."""
    said = {table.name: f"data/{table.name}.csv" for table in declared if table.name not in _NOTES}
    found = digests.of(said.values())
    sums = (f"{name} {found[path]}\n" for name, path in said.items())
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def make_draft(
    store: ReleaseStore,
    digests: Digests,
    ledgers: tuple[Ledger, Ledger],
    provenance: Said,
    before: Said | None,
    context: Context,
) -> Draft:
    """Write the changes since the release before, and gather all that the descriptions tell.

    ledgers: of the last release and of this one. provenance: the schema (its version and
    tables) and the content digest.
    """
    last, ledger = ledgers
    folder = digests.folder
    declared = [context.declarations[name] for name in ledger.seams]
    inputs = {name: getattr(context, name) for name in INPUTS}
    counts: Counter[tuple[str, str, str]] = Counter()
    changed: Iterable[pa.RecordBatch] = ()
    with ExitStack() as stack:
        if before:
            old = Edition(
                store.folder(before["version"]), before["schema"]["tables"], before["inputs"], last.seams
            )
            new = Edition(folder, columns_of(declared), inputs, ledger.seams)
            changed = tally(stack.enter_context(difference(old, new, declared)), counts)
        write_tables({CHANGES.name: changed}, [CHANGES], folder, last, ledger)
    version = store.next_version(context.date)
    previous = before["version"] if before else None
    rows = {table: sum(seam.size for seam in seams) for table, seams in ledger.seams.items()}
    return Draft(
        version=version,
        previous=previous,
        date=context.date,
        folder=folder,
        tables=(*declared, CHANGES),
        rows=rows,
        schema=provenance["schema"]["version"],
        changes=dict(counts),
        provenance={
            **provenance,
            "version": version,
            "date": context.date.isoformat(),
            "previous": previous,
            "software": {"name": "wenshu", "version": __version__},
            "inputs": inputs,
            "rows": rows,
        },
        licence=context.licence,
        publisher=context.publisher,
        url=context.url,
        digests=digests,
    )


def finish(
    draft: Draft, database: Path, old_database: Path | None, ledgers: tuple[Ledger, Ledger], context: Context
) -> None:
    """Write everything but the tables' own files: books, descriptions, further files, sums.

    old_database: the last release's. ledgers: of the last release and of this one. The
    books are made beside the further files: others make those, and mostly in Python.
    """
    with ThreadPoolExecutor(2) as beside:
        books = [
            beside.submit(write_workbook, draft, *ledgers),
            beside.submit(make_database, draft, database, old_database, *ledgers),
        ]
        put(draft.folder, context.files(draft) if context.files else {})
        for book in books:
            book.result()
    said = json.dumps(draft.provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    put(draft.folder, {PROVENANCE: said.encode(), **describe(draft)})
    paths = sorted(
        path.relative_to(draft.folder).as_posix() for path in draft.folder.rglob("*") if path.is_file()
    )
    sums = "".join(f"{digest}  {path}\n" for path, digest in draft.digests.of(paths).items())
    put(draft.folder, {SUMS: sums.encode()})


def put(folder: Path, files: Files) -> None:
    """Write files below the folder; a path that would lead out of it is refused."""
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or "\0" in name or any(part in ("/", "..") for part in parts):
            raise WenshuError(f"{name!r} is no path inside {folder.name}")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
