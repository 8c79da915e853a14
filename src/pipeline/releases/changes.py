"""What differs between two releases, row by row and cell by cell, and why.

Both releases' Parquet files are joined by key in DuckDB, which spills to disk: memory
does not grow with the rows.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError
from pipeline.releases.comparing import cause_of_row, difference_of, match, rename
from pipeline.releases.described import described_tables
from pipeline.releases.duckdb_session import duckdb_session, in_sql
from pipeline.releases.metadata import Metadata
from pipeline.releases.store import ReleaseStore
from pipeline.tables import TABLES, Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

CHANGES = TABLES["changes"]
INPUTS = ("rules", "catalog", "decisions")
"""What a release is made with, beside its sources; each has a digest in its provenance."""


def columns_of(tables: Iterable[Table]) -> dict[str, dict[str, str]]:
    """The schema that is compared and versioned: tables, columns and their types."""
    return {table.name: {column.name: column.type for column in table.columns} for table in tables}


def next_schema(
    version: str,
    old: Mapping[str, Mapping[str, str]],
    new: Mapping[str, Mapping[str, str]],
    *,
    breaking: bool,
) -> str:
    """The semantic version of the new schema, given the old one's.

    What an old reader would miss (a table, a column, a type) is a major change; what is
    only added is a minor one. Raises WenshuError for a major one unless `breaking`.
    """
    lost = [table for table in old if table not in new]
    lost += [
        f"{table}.{column}"
        for table in old
        if table in new
        for column, kind in old[table].items()
        if new[table].get(column) != kind
    ]
    major, minor, patch = map(int, version.split("."))
    if lost:
        if not breaking:
            raise WenshuError(
                f"this release would drop, rename or retype {', '.join(lost)}, which readers of the "
                "last one use; put it back, or run once with --allow-schema-change"
            )
        return f"{major + 1}.0.0"
    gained = any(table not in old or set(columns) - set(old[table]) for table, columns in new.items())
    return f"{major}.{minor + 1}.0" if gained else f"{major}.{minor}.{patch}"


@contextmanager
def compare(old: Path, new: Path) -> Iterator[Iterator[pa.RecordBatch]]:
    """The differences between two releases' folders, as rows of the table `changes`."""
    before, after = (
        Metadata(folder, ReleaseStore(folder.parent.parent).provenance(folder.name)) for folder in (old, new)
    )
    tables = [TABLES.get(name, table) for name, table in described_tables(new).items()]
    with difference(before, after, tables) as batches:
        yield batches


@contextmanager
def difference(
    old: Metadata, new: Metadata, tables: Iterable[Table], held: Mapping[str, pa.Table] = MappingProxyType({})
) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of the table `changes`, in its order, as batches to be read within the context.

    tables: the declarations of the new release; `changes` itself is not compared. held: the keys
    of the rows that are held back, by table.
    """
    with duckdb_session() as database:
        database.execute(
            "CREATE TABLE changes (" + ", ".join(f'"{name}" VARCHAR' for name in CHANGES.names) + ")"
        )
        _changed_documents(database, old, new)
        for table in tables:
            if table.name != CHANGES.name and not _same(table.name, old, new):
                _compare(database, table, old, new, held.get(table.name))
        for name in old.columns.keys() - new.columns.keys() - {CHANGES.name}:
            _note(database, name, "table_removed", None, _cause(old, new))
        found = database.sql('SELECT * FROM changes ORDER BY "table", "key" NULLS LAST, "column" NULLS LAST')
        yield iter(found.to_arrow_reader(10_000))


def _changed_documents(database: duckdb.DuckDBPyConnection, old: Metadata, new: Metadata) -> None:
    """Collect the documents whose source changed, came or went or has another name, for the causes."""
    database.execute("CREATE TABLE changed_documents (document_id VARCHAR)")
    if all("sha256" in release.columns.get("documents", {}) for release in (old, new)):
        database.execute(
            "INSERT INTO changed_documents SELECT coalesce(o.document_id, n.document_id) "
            "FROM read_parquet($o) o FULL JOIN read_parquet($n) n ON o.document_id = n.document_id "
            "WHERE (o.sha256, o.path) IS DISTINCT FROM (n.sha256, n.path)",
            _files("documents", old, new),
        )


def _compare(
    database: duckdb.DuckDBPyConnection, table: Table, old: Metadata, new: Metadata, held: pa.Table | None
) -> None:
    name, otherwise = table.name, _cause(old, new)
    before, after = old.columns.get(name), new.columns.get(name)
    if before is None or after is None:
        _note(database, name, "table_added", None, otherwise)
        return
    for column in before.keys() ^ after.keys():
        _note(database, name, "column_added" if column in after else "column_removed", column, otherwise)
    if not table.key or not set(table.key) <= before.keys() & after.keys():
        return
    shared = [c for c in table.columns if c.name in before.keys() & after.keys() - set(table.key)]
    same = "=" if _never_null(table, old, new) else "IS NOT DISTINCT FROM"
    if held:
        database.register("held_rows", held)
    cause = cause_of_row(table, before.keys() & after.keys(), otherwise, held=bool(held))
    database.execute(difference_of(table, same, shared, cause), {"table": name, **_files(name, old, new)})
    if held:
        database.unregister("held_rows")
    if name == "documents":
        rename(database)
    if {"indicator", "obs_value"} <= set(table.names):
        match(database, table)


def _same(table: str, old: Metadata, new: Metadata) -> bool:
    """Whether the table's columns and file are the same in both, so that there is nothing to compare."""
    if old.columns.get(table) != new.columns.get(table):
        return False
    return filecmp.cmp(old.parquet(table), new.parquet(table), shallow=False)


def _files(table: str, old: Metadata, new: Metadata) -> dict[str, str]:
    """The table's files in both, as parameters of SQL."""
    return {"o": in_sql(old.parquet(table)), "n": in_sql(new.parquet(table))}


def _never_null(table: Table, *releases: Metadata) -> bool:
    """Whether no part of a key can be null in either, so that DuckDB may look for keys as it reads."""
    import pyarrow.parquet as pq

    schemas = [pq.read_schema(release.parquet(table.name)) for release in releases]
    return not any(schema.field(name).nullable for schema in schemas for name in table.key)


def _cause(old: Metadata, new: Metadata) -> str:
    """Why a row differs whose own source did not."""
    rules, catalog, decisions = (old.inputs.get(name) != new.inputs.get(name) for name in INPUTS)
    if rules and catalog:
        return "several"
    return "rules" if rules else "catalog" if catalog else "decision" if decisions else "source"


def _note(database: Any, table: str, change: str, column: str | None, cause: str) -> None:
    database.execute(
        "INSERT INTO changes VALUES (?, NULL, ?, ?, NULL, NULL, ?)", [table, change, column, cause]
    )
