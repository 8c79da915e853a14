"""What differs between two releases, row by row and cell by cell, and why.

Both releases' Parquet files are joined by key in DuckDB, which spills to disk: in memory are the differences
alone.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from pipeline.errors import WenshuError
from pipeline.releases.changes_sql import cause_of_row, compare_rows, mark_renamed, mark_resourced
from pipeline.releases.describe.dictionary import described_tables
from pipeline.releases.metadata import ReleaseMetadata
from pipeline.releases.queries import Queries, open_queries
from pipeline.releases.store import ReleaseStore
from pipeline.tables import TABLES, Table

CHANGES = TABLES["changes"]
INPUTS = ("rules", "catalog", "decisions")
"""What a release is made with, beside its sources; each has a digest in its provenance."""

Schema: TypeAlias = Mapping[str, Mapping[str, str]]
"""The types of columns, by table and column."""


class SchemaChange(NamedTuple):
    """A difference between two schemas."""

    table: str
    change: str
    """table_removed, table_added, column_removed, column_added or column_retyped."""
    column: str | None = None


def schema_of(tables: Iterable[Table]) -> dict[str, dict[str, str]]:
    """The schema of tables, as it is compared and versioned."""
    return {table.name: {column.name: column.type for column in table.columns} for table in tables}


def schema_changes(old: Schema, new: Schema) -> Iterator[SchemaChange]:
    """Tables and then columns that were removed, added or have another type."""
    yield from (SchemaChange(table, "table_removed") for table in old if table not in new)
    yield from (SchemaChange(table, "table_added") for table in new if table not in old)
    for table in old:
        if table in new:
            before, after = old[table], new[table]
            for column in {**before, **after}:
                if column not in after:
                    yield SchemaChange(table, "column_removed", column)
                elif column not in before:
                    yield SchemaChange(table, "column_added", column)
                elif before[column] != after[column]:
                    yield SchemaChange(table, "column_retyped", column)


def next_schema_version(version: str, old: Schema, new: Schema, *, breaking: bool) -> str:
    """The semantic version of the new schema, given the old one's.

    What an old reader would miss (a table, a column, a type) is a major change; what is
    only added is a minor one. Raises WenshuError for a major one unless `breaking`.
    """
    found = list(schema_changes(old, new))
    lost = [each for each in found if not each.change.endswith("_added")]
    major, minor, patch = map(int, version.split("."))
    if lost and not breaking:
        names = ", ".join(f"{each.table}.{each.column}" if each.column else each.table for each in lost)
        raise WenshuError(
            f"this release would drop, rename or retype {names}, which readers of the "
            "last one use; put it back, or run once with --allow-schema-change"
        )
    if lost:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if found else f"{major}.{minor}.{patch}"


def compare(old: Path, new: Path) -> pa.Table:
    """The differences between two releases' folders, as rows of the table `changes`."""
    before, after = (
        ReleaseMetadata(folder, ReleaseStore(folder.parent.parent).provenance(folder.name))
        for folder in (old, new)
    )
    tables = [TABLES.get(name, table) for name, table in described_tables(new).items()]
    return difference(before, after, tables)


def difference(
    old: ReleaseMetadata,
    new: ReleaseMetadata,
    tables: Iterable[Table],
    held: Mapping[str, pa.Table] = MappingProxyType({}),
) -> pa.Table:
    """The rows of the table `changes`, in its order.

    tables: the declarations of the new release; `changes` itself is not compared. held: the keys
    of the rows that are held back, by table.
    """
    default_cause = _default_cause(old, new)
    with open_queries({}, memory="512MB") as queries:
        queries.database.execute(
            "CREATE TABLE changes (" + ", ".join(f'"{name}" VARCHAR' for name in CHANGES.names) + ")"
        )
        for name, change, column in schema_changes(old.columns, new.columns):
            if name != CHANGES.name and change != "column_retyped":  # whose cells differ
                queries.database.execute(
                    "INSERT INTO changes VALUES (?, NULL, ?, ?, NULL, NULL, ?)",
                    [name, change, column, default_cause],
                )
        _changed_documents(queries, old, new)
        for table in tables:
            if table.name != CHANGES.name and not _identical(table.name, old, new):
                _compare(queries, table, old, new, held.get(table.name), default_cause)
        return queries.table('FROM changes ORDER BY "table", "key" NULLS LAST, "column" NULLS LAST')


def _changed_documents(queries: Queries, old: ReleaseMetadata, new: ReleaseMetadata) -> None:
    """Collect the documents whose source changed, came or went or has another name, for the causes."""
    queries.database.execute("CREATE TABLE changed_documents (document_id VARCHAR)")
    if all("sha256" in release.columns.get("documents", {}) for release in (old, new)):
        _add_both(queries, "documents", old, new)
        queries.database.execute(
            "INSERT INTO changed_documents SELECT coalesce(o.document_id, n.document_id) "
            "FROM old o FULL JOIN new n ON o.document_id = n.document_id "
            "WHERE (o.sha256, o.path) IS DISTINCT FROM (n.sha256, n.path)"
        )


def _compare(
    queries: Queries,
    table: Table,
    old: ReleaseMetadata,
    new: ReleaseMetadata,
    held: pa.Table | None,
    default_cause: str,
) -> None:
    """Add the differences between the rows of a table, if both releases have it and its key."""
    shared = old.columns.get(table.name, {}).keys() & new.columns.get(table.name, {}).keys()
    if not table.key or not set(table.key) <= shared:
        return
    _add_both(queries, table.name, old, new)
    if held:
        queries.add("held_rows", held)
    cause = cause_of_row(table, shared, default_cause, held=bool(held))
    compared = [column for column in table.columns if column.name in shared - set(table.key)]
    compare_rows(queries.database, table, compared, cause)
    if table.name == "documents":  # which are identified by their bytes
        mark_renamed(queries.database)
    if {"indicator", "obs_value"} <= set(table.names):
        mark_resourced(queries.database, table)


def _add_both(queries: Queries, table: str, old: ReleaseMetadata, new: ReleaseMetadata) -> None:
    """Make a table of both releases available to queries as `old` and `new`."""
    queries.add("old", old.parquet(table))
    queries.add("new", new.parquet(table))


def _identical(table: str, old: ReleaseMetadata, new: ReleaseMetadata) -> bool:
    """Whether the table's columns and file are the same in both, so that there is nothing to compare."""
    if old.columns.get(table) != new.columns.get(table):
        return False
    return filecmp.cmp(old.parquet(table), new.parquet(table), shallow=False)


def _default_cause(old: ReleaseMetadata, new: ReleaseMetadata) -> str:
    """Why a row differs whose own source did not."""
    rules, catalog, decisions = (old.inputs.get(name) != new.inputs.get(name) for name in INPUTS)
    if rules and catalog:
        return "several"
    return "rules" if rules else "catalog" if catalog else "decision" if decisions else "source"
