"""A release in the making: its tables, its changes, its descriptions, in a folder nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from pipeline import __version__
from pipeline.errors import WenshuError
from pipeline.releases.changes import INPUTS, Edition, columns_of, difference, next_schema, tally
from pipeline.releases.describe import describe
from pipeline.releases.shelf import PROVENANCE, Shelf
from pipeline.releases.writers import Writer, write
from pipeline.releases.writers.csv import CsvWriter
from pipeline.releases.writers.database import DatabaseWriter
from pipeline.releases.writers.parquet import ParquetWriter
from pipeline.releases.writers.workbook import WorkbookWriter
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


def schema_version(declared: Iterable[Table], before: Said | None, context: Context) -> str:
    """The version of the tables' columns; WenshuError where a column would vanish unasked."""
    if before is None:
        return "1.0.0"
    old = before["schema"]
    columns = columns_of([*declared, CHANGES])
    return next_schema(old["version"], old["tables"], columns, breaking=context.allow_schema_change)


def write_tables(tables: Mapping[str, Rows], declared: Sequence[Table], folder: Path) -> dict[str, int]:
    """Write the tables as CSV and Parquet into data/; returns the rows of each."""
    (folder / "data").mkdir(parents=True)
    return write(((table, tables[table.name]) for table in declared), _table_writers(folder))


def content_digest(declared: Iterable[Table], folder: Path) -> str:
    """Digest of what the tables say; the office's own running notes left out (`_NOTES`)."""
    said = (table.name for table in declared if table.name not in _NOTES)
    sums = (f"{name} {file_digest(folder / 'data' / f'{name}.csv')}\n" for name in said)
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def make_draft(
    shelf: Shelf,
    folder: Path,
    rows: Mapping[str, int],
    provenance: Said,
    before: Said | None,
    context: Context,
) -> Draft:
    """Write the changes since the release before, and gather all that the descriptions tell.

    provenance: the schema (its version and tables) and the content digest.
    """
    declared = [context.declarations[name] for name in rows]
    inputs = {name: getattr(context, name) for name in INPUTS}
    counts: Counter[tuple[str, str, str]] = Counter()
    if before:
        old = Edition(shelf.folder(before["version"]), before["schema"]["tables"], before["inputs"])
        new = Edition(folder, columns_of(declared), inputs)
        with difference(old, new, declared) as batches:
            changed = write([(CHANGES, tally(batches, counts))], _table_writers(folder))
    else:
        changed = write([(CHANGES, ())], _table_writers(folder))
    version = shelf.next_version(context.date)
    previous = before["version"] if before else None
    all_rows = {**rows, **changed}
    return Draft(
        version=version,
        previous=previous,
        date=context.date,
        folder=folder,
        tables=(*declared, CHANGES),
        rows=all_rows,
        schema=provenance["schema"]["version"],
        changes=dict(counts),
        provenance={
            **provenance,
            "version": version,
            "date": context.date.isoformat(),
            "previous": previous,
            "software": {"name": "wenshu", "version": __version__},
            "inputs": inputs,
            "rows": all_rows,
        },
        licence=context.licence,
        publisher=context.publisher,
        url=context.url,
    )


def finish(draft: Draft, database: Path, files: Files | None) -> None:
    """Write everything but the tables' own files: books, descriptions, further files, sums."""
    makers: tuple[Callable[[], Writer], ...] = (
        lambda: WorkbookWriter(draft.folder / "wenshu.xlsx", draft.tables, draft.date),
        lambda: DatabaseWriter(database),
    )
    with ThreadPoolExecutor(len(makers)) as pool:
        list(pool.map(lambda maker: write(_stored(draft), [maker()]), makers))
    said = json.dumps(draft.provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    put(draft.folder, {PROVENANCE: said.encode(), **describe(draft)})
    put(draft.folder, files or {})
    paths = sorted(
        path.relative_to(draft.folder).as_posix() for path in draft.folder.rglob("*") if path.is_file()
    )
    sums = "".join(f"{file_digest(draft.folder / path)}  {path}\n" for path in paths)
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


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _table_writers(folder: Path) -> list[Writer]:
    return [CsvWriter(folder / "data"), ParquetWriter(folder / "data")]


def _stored(draft: Draft) -> Iterator[tuple[Table, Iterator[pa.RecordBatch]]]:
    """The tables again, as the Parquet files have them."""
    import pyarrow.parquet as pq

    for table in draft.tables:
        with pq.ParquetFile(draft.folder / "data" / f"{table.name}.parquet") as file:
            yield table, file.iter_batches(8_192)
