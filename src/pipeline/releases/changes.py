"""What differs between two releases, row by row and cell by cell, and why.

Both releases' Parquet files are joined by key in DuckDB, which spills to disk: memory
does not grow with the rows.
"""

from __future__ import annotations

import filecmp
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError
from pipeline.releases.described import described_tables
from pipeline.releases.store import ReleaseStore
from pipeline.releases.writers.parquet import in_sql
from pipeline.tables import TABLES, Column, Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

CHANGES = TABLES["changes"]
INPUTS = ("rules", "catalog", "decisions")
"""What a release is made with, beside its sources; each has a digest in its provenance."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A release as far as a comparison needs it."""

    folder: Path
    """Holds data/TABLE.parquet."""
    columns: Mapping[str, Mapping[str, str]]
    """Tables, and the types of their columns."""
    inputs: Mapping[str, str]
    """Digests of `INPUTS`."""

    def parquet(self, table: str) -> Path:
        """The table's file."""
        return self.folder / "data" / f"{table}.parquet"


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
    editions = []
    for folder in (old, new):
        provenance = ReleaseStore(folder.parent.parent).provenance(folder.name)
        editions.append(Edition(folder, provenance["schema"]["tables"], provenance["inputs"]))
    tables = [TABLES.get(name, table) for name, table in described_tables(new).items()]
    with difference(editions[0], editions[1], tables) as batches:
        yield batches


@contextmanager
def difference(old: Edition, new: Edition, tables: Iterable[Table]) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of the table `changes`, in its order, as batches to be read within the context.

    tables: the declarations of the new release; `changes` itself is not compared.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="wenshu-") as spill, duckdb.connect() as database:
        database.execute("SET memory_limit = '512MB'; SET threads = 2; SET enable_progress_bar = false")
        database.execute("SET temp_directory = ?", [spill])
        database.execute(
            "CREATE TABLE changes (" + ", ".join(f'"{name}" VARCHAR' for name in CHANGES.names) + ")"
        )
        _changed_documents(database, old, new)
        for table in tables:
            if table.name != CHANGES.name and not _same(table.name, old, new):
                _compare(database, table, old, new)
        for name in old.columns.keys() - new.columns.keys() - {CHANGES.name}:
            _note(database, name, "table_removed", None, _cause(old, new))
        found = database.sql('SELECT * FROM changes ORDER BY "table", "key" NULLS LAST, "column" NULLS LAST')
        yield iter(found.to_arrow_reader(10_000))


def tally(
    batches: Iterable[pa.RecordBatch], counts: Counter[tuple[str, str, str]]
) -> Iterator[pa.RecordBatch]:
    """The same batches, counted on the way by (table, change, cause)."""
    for batch in batches:
        counts.update(
            zip(*(batch.column(name).to_pylist() for name in ("table", "change", "cause")), strict=True)
        )
        yield batch


def _changed_documents(database: duckdb.DuckDBPyConnection, old: Edition, new: Edition) -> None:
    """Collect the documents whose source changed, came or went, for the causes."""
    database.execute("CREATE TABLE changed_documents (document_id VARCHAR)")
    if all("sha256" in edition.columns.get("documents", {}) for edition in (old, new)):
        database.execute(
            "INSERT INTO changed_documents SELECT coalesce(o.document_id, n.document_id) "
            "FROM read_parquet($o) o FULL JOIN read_parquet($n) n ON o.document_id = n.document_id "
            "WHERE o.sha256 IS DISTINCT FROM n.sha256",
            _files("documents", old, new),
        )


def _compare(database: duckdb.DuckDBPyConnection, table: Table, old: Edition, new: Edition) -> None:
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
    statement = _statement(table, same, shared, before.keys() & after.keys(), otherwise)
    database.execute(statement, {"table": name, **_files(name, old, new)})


def _same(table: str, old: Edition, new: Edition) -> bool:
    """Whether the table's columns and file are the same in both, so that there is nothing to compare."""
    if old.columns.get(table) != new.columns.get(table):
        return False
    return filecmp.cmp(old.parquet(table), new.parquet(table), shallow=False)


def _files(table: str, old: Edition, new: Edition) -> dict[str, str]:
    """The table's files in both, as parameters of SQL."""
    return {"o": in_sql(old.parquet(table)), "n": in_sql(new.parquet(table))}


def _never_null(table: Table, *editions: Edition) -> bool:
    """Whether no part of a key can be null in either, so that DuckDB may look for keys as it reads."""
    import pyarrow.parquet as pq

    schemas = [pq.read_schema(edition.parquet(table.name)) for edition in editions]
    return not any(schema.field(name).nullable for schema in schemas for name in table.key)


def _statement(table: Table, same: str, shared: list[Column], columns: Iterable[str], otherwise: str) -> str:
    """One INSERT of all differences of a table: rows that came or went, cells that changed.

    Rows are told apart by key and hash first (of 64 bits, so that none is missed), and only those
    that differ are read whole. same: the operator by which keys are.
    """
    keys = [f'"{name}"' for name in table.key]
    names = ", ".join(keys)
    hashed = ", ".join([*keys, *(f'"{c.name}"' for c in shared)])
    side = "SELECT {names}, hash({hashed}) AS row, ${file} AS side FROM read_parquet(${file})"
    sides = " UNION ALL ".join(side.format(names=names, hashed=hashed, file=file) for file in ("o", "n"))

    def on(one: str, other: str) -> str:
        return " AND ".join(f"{one}.{key} {same} {other}.{key}" for key in keys)

    whole = "(SELECT f.*, true AS present FROM read_parquet(${}) f SEMI JOIN odd ON {}) {}"
    old, new = (whole.format(file, on("f", "odd"), file) for file in ("o", "n"))
    key_text = [f"coalesce(o.{key}, n.{key})::VARCHAR" for key in keys]
    key = key_text[0] if len(keys) == 1 else f"to_json([{', '.join(key_text)}])::VARCHAR"
    cells = [
        f"{{'column': '{c.name}', 'old': {_text('o', c)}, 'new': {_text('n', c)}, 'place': {c.position}}}"
        for c in shared
    ]
    differing = (
        f"[{', '.join(cells)}]"
        if cells
        else '[]::STRUCT("column" VARCHAR, old VARCHAR, new VARCHAR, place BOOL)[]'
    )
    return f"""
        WITH odd AS (
            SELECT {names} FROM ({sides}) GROUP BY {names}, row HAVING min(side) = max(side)
        ), joined AS (
            SELECT {key} AS key, o.present AS was, n.present AS now,
                   {_cause_of_row(columns, otherwise)} AS cause,
                   CASE WHEN o.present AND n.present THEN
                       list_filter({differing}, lambda c: c.old IS DISTINCT FROM c.new) END AS cells
            FROM {old} FULL JOIN {new} ON {on("o", "n")}
        ), told AS (
            SELECT *, list_filter(cells, lambda c: NOT c.place) AS data FROM joined
        ), rows AS (
            SELECT key, cause, CASE WHEN was IS NULL THEN 'added' ELSE 'removed' END AS change, NULL AS cell
            FROM told WHERE was IS NULL OR now IS NULL
            UNION ALL
            SELECT key, cause, 'changed', unnest(data) FROM told WHERE len(data) > 0
            UNION ALL
            SELECT key, cause, 'moved', cells[1] FROM told WHERE len(data) = 0 AND len(cells) > 0
        )
        INSERT INTO changes
        SELECT $table, key, change, cell."column", cell."old", cell."new", cause FROM rows"""


def _text(side: str, column: Column) -> str:
    """The cell as the CSV has it: decimals without the zeros that their type adds."""
    cell = f'{side}."{column.name}"::VARCHAR'
    return f"rtrim(rtrim({cell}, '0'), '.')" if column.type == "decimal" else cell


def _cause_of_row(both: Iterable[str], otherwise: str) -> str:
    """Why the row differs: its decision, its document's source, or what the release was made with."""
    cases = []
    if "decision_id" in both:
        cases.append(
            "WHEN o.decision_id IS DISTINCT FROM n.decision_id AND o.present AND n.present THEN 'decision'"
        )
    if "document_id" in both:
        cases.append(
            "WHEN coalesce(n.document_id, o.document_id) IN (SELECT document_id FROM changed_documents) "
            "THEN 'source'"
        )
    return f"CASE {' '.join(cases)} ELSE '{otherwise}' END" if cases else f"'{otherwise}'"


def _cause(old: Edition, new: Edition) -> str:
    """Why a row differs whose own source did not."""
    rules, catalog, decisions = (old.inputs.get(name) != new.inputs.get(name) for name in INPUTS)
    if rules and catalog:
        return "several"
    return "rules" if rules else "catalog" if catalog else "decision" if decisions else "source"


def _note(database: Any, table: str, change: str, column: str | None, cause: str) -> None:
    database.execute(
        "INSERT INTO changes VALUES (?, NULL, ?, ?, NULL, NULL, ?)", [table, change, column, cause]
    )
