"""What differs between two releases, row by row and cell by cell, and why.

Both releases' Parquet files are joined by key in DuckDB, which spills to disk: in memory are the differences
alone.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from pipeline.errors import WenshuError
from pipeline.releases.comparing import RENAMED, cause_of_row, difference_of, match
from pipeline.releases.describe.dictionary import described_tables
from pipeline.releases.metadata import Metadata
from pipeline.releases.queries import Queries, queries
from pipeline.releases.store import ReleaseStore
from pipeline.tables import TABLES, Table

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


def compare(old: Path, new: Path) -> pa.Table:
    """The differences between two releases' folders, as rows of the table `changes`."""
    before, after = (
        Metadata(folder, ReleaseStore(folder.parent.parent).provenance(folder.name)) for folder in (old, new)
    )
    tables = [TABLES.get(name, table) for name, table in described_tables(new).items()]
    return difference(before, after, tables)


def difference(
    old: Metadata, new: Metadata, tables: Iterable[Table], held: Mapping[str, pa.Table] = MappingProxyType({})
) -> pa.Table:
    """The rows of the table `changes`, in its order.

    tables: the declarations of the new release; `changes` itself is not compared. held: the keys
    of the rows that are held back, by table.
    """
    with queries({}, memory="512MB") as ask:
        ask.database.execute(
            "CREATE TABLE changes (" + ", ".join(f'"{name}" VARCHAR' for name in CHANGES.names) + ")"
        )
        _changed_documents(ask, old, new)
        for table in tables:
            if table.name != CHANGES.name and not _same(table.name, old, new):
                _compare(ask, table, old, new, held.get(table.name))
        for name in old.columns.keys() - new.columns.keys() - {CHANGES.name}:
            _note(ask, name, "table_removed", None, _cause(old, new))
        return ask.table('FROM changes ORDER BY "table", "key" NULLS LAST, "column" NULLS LAST')


def _changed_documents(ask: Queries, old: Metadata, new: Metadata) -> None:
    """Collect the documents whose source changed, came or went or has another name, for the causes."""
    ask.database.execute("CREATE TABLE changed_documents (document_id VARCHAR)")
    if all("sha256" in release.columns.get("documents", {}) for release in (old, new)):
        _open(ask, "documents", old, new)
        ask.database.execute(
            "INSERT INTO changed_documents SELECT coalesce(o.document_id, n.document_id) "
            "FROM old o FULL JOIN new n ON o.document_id = n.document_id "
            "WHERE (o.sha256, o.path) IS DISTINCT FROM (n.sha256, n.path)"
        )


def _compare(ask: Queries, table: Table, old: Metadata, new: Metadata, held: pa.Table | None) -> None:
    name, otherwise = table.name, _cause(old, new)
    before, after = old.columns.get(name), new.columns.get(name)
    if before is None or after is None:
        _note(ask, name, "table_added", None, otherwise)
        return
    for column in before.keys() ^ after.keys():
        _note(ask, name, "column_added" if column in after else "column_removed", column, otherwise)
    both = before.keys() & after.keys()
    if not table.key or not set(table.key) <= both:
        return
    _open(ask, name, old, new)
    if held:
        ask.add("held_rows", held)
    cause = cause_of_row(table, both, otherwise, held=bool(held))
    shared = [column for column in table.columns if column.name in both - set(table.key)]
    ask.database.execute(difference_of(table, shared, cause))
    if name == "documents":  # which is known again by its bytes
        ask.database.execute(RENAMED)
    if {"indicator", "obs_value"} <= set(table.names):
        match(ask.database, table)


def _open(ask: Queries, table: str, old: Metadata, new: Metadata) -> None:
    """Have a table of both be asked as `old` and `new`."""
    ask.add("old", old.parquet(table))
    ask.add("new", new.parquet(table))


def _same(table: str, old: Metadata, new: Metadata) -> bool:
    """Whether the table's columns and file are the same in both, so that there is nothing to compare."""
    if old.columns.get(table) != new.columns.get(table):
        return False
    return filecmp.cmp(old.parquet(table), new.parquet(table), shallow=False)


def _cause(old: Metadata, new: Metadata) -> str:
    """Why a row differs whose own source did not."""
    rules, catalog, decisions = (old.inputs.get(name) != new.inputs.get(name) for name in INPUTS)
    if rules and catalog:
        return "several"
    return "rules" if rules else "catalog" if catalog else "decision" if decisions else "source"


def _note(ask: Queries, table: str, change: str, column: str | None, cause: str) -> None:
    ask.database.execute(
        "INSERT INTO changes VALUES (?, NULL, ?, ?, NULL, NULL, ?)", [table, change, column, cause]
    )
