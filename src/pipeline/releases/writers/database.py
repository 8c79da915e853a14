"""A DuckDB file for analysts: tables with keys and comments, and views that join them.

It is written whole from the release's Parquet files. The same rows do not give the same bytes,
because DuckDB's string compression writes uninitialised memory. So the file is beside its
release and not in it.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipeline.errors import WenshuError, one_line
from pipeline.releases.queries import quoted_path
from pipeline.tables import PRECISION, SCALE, Table

_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": f"DECIMAL({PRECISION}, {SCALE})",
    "date": "DATE",
    "boolean": "BOOLEAN",
}

_BLOCK = 1 << 20
"""Bytes, more than DuckDB allocates at once: with less free space the disk counts as full."""

MAX_KEYED_ROWS = 10_000
"""Rows up to which a table declares its key; the key of a larger one is in its comment.

The index of a key is held in memory and takes a third of the file and of the time. Keys are unique in any
case, since `ordered_rows` checks them."""

VIEWS = {
    "figures": (
        ("observations", "indicators", "documents", "quantities"),
        """SELECT o.*, i.title_zh, i.title_en, d.title, d.publisher, d.issue_date, q.quote, q."start", q."end"
        FROM observations o JOIN indicators i USING (indicator) JOIN documents d USING (document_id)
        JOIN quantities q ON q.quantity_id = o.quantity_id""",
        "观测值，连同指标名称、文档与原句。 Observations with their indicator, document and sentence.",
    ),
    "sentences": (
        ("documents", "quantities"),
        """SELECT q.*, d.path, d.title, d.publisher, d.issue_date
        FROM quantities q JOIN documents d USING (document_id)""",
        "数量，连同所在文档。 Quantities with the document they stand in.",
    ),
}
"""Views by name: the tables they need, the query, and the comment."""


def write_database(path: Path, tables: Sequence[Table], data: Path) -> None:
    """Write the tables of data/*.parquet into a new DuckDB file."""
    parquet = {table.name: data / f"{table.name}.parquet" for table in tables}
    with _new_database(path) as database:
        # One transaction: else each of hundreds of statements would wait for the disk.
        database.begin()
        for table in tables:
            constrained = pq.read_metadata(parquet[table.name]).num_rows <= MAX_KEYED_ROWS
            _create(database, table, constrained=constrained)
        for name, (needs, query, comment) in VIEWS.items():
            if parquet.keys() >= set(needs):
                database.execute(f'CREATE VIEW "{name}" AS {query}')
                _comment(database, f'VIEW "{name}"', comment)
        for name, file in parquet.items():
            database.execute(f"INSERT INTO \"{name}\" SELECT * FROM read_parquet('{quoted_path(file)}')")
        database.commit()


@contextmanager
def _new_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if "?" in str(path):  # DuckDB would write its log to the part before it
        raise WenshuError(
            f"{one_line(str(path.parent.parent))} has a question mark in its path, behind which DuckDB "
            "cannot write; rename that folder, or choose another one with --output"
        )
    quoted = str(path).replace("'", "''")
    limits: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1, "memory_limit": "512MB", "temp_directory": f"{path}.spill",
    }  # fmt: skip
    with duckdb.connect(config=limits) as database, _disk_errors(path):
        # The format that every DuckDB since 1.0 reads.
        database.execute(f"ATTACH '{quoted}' AS written (STORAGE_VERSION 'v1.0.0')")
        database.execute("USE written")
        # That compression takes a third of the time, and saves a fourteenth of the file.
        database.execute("SET disabled_compression_methods = 'fsst'")
        yield database
        database.execute("USE memory; DETACH written")


def _create(database: duckdb.DuckDBPyConnection, table: Table, *, constrained: bool) -> None:
    columns = [f'"{c.name}" {_TYPES[c.type]}{" NOT NULL" if c.required else ""}' for c in table.columns]
    key = ", ".join(f'"{name}"' for name in table.key)
    if key and constrained:
        columns.append(f"{'PRIMARY KEY' if table.keyed else 'UNIQUE'} ({key})")
    database.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)})')
    key_comment = "" if constrained or not key else f" 键 Key: {', '.join(table.key)}."
    _comment(database, f'TABLE "{table.name}"', f"{table.description.zh} {table.description.en}{key_comment}")
    for column in table.columns:
        meaning = f"{column.meaning.zh} {column.meaning.en}"
        _comment(database, f'COLUMN "{table.name}"."{column.name}"', meaning)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Raise an OSError where the disk is full or broken, as the other writers do."""
    try:
        yield
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        # DuckDB gives the message of the system's error, and not its number.
        full = shutil.disk_usage(path.parent).free < _BLOCK or "space" in str(error)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error), str(path)) from error


def _comment(database: duckdb.DuckDBPyConnection, what: str, text: str) -> None:
    database.execute(f"COMMENT ON {what} IS '{text.replace(chr(39), chr(39) * 2)}'")
