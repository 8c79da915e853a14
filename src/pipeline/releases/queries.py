"""SQL queries over a release's tables, by DuckDB, which spills to disk what exceeds its memory limit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Queries:
    """A connection to tables; rows come as mappings from column to value."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    def add(self, name: str, table: Path | pa.Table) -> None:
        """Add a table under this name: one in memory, or a Parquet file, which is read in place.

        Raises FileNotFoundError where there is no such file.
        """
        if isinstance(table, Path):
            table.stat()
            self.database.execute(
                f"CREATE OR REPLACE VIEW \"{name}\" AS SELECT * FROM read_parquet('{quoted_path(table)}')"
            )
        else:
            self.database.register(name, table)

    def all(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """All rows in memory, for queries with a small result. values: the parameters of the query."""
        return list(_rows(self.database, sql, values))

    def each(self, sql: str, *values: object) -> Iterator[dict[str, Any]]:
        """The rows one after another, a few hundred in memory; other queries may run meanwhile."""
        return _rows(self.database.cursor(), sql, values)

    def table(self, sql: str, *values: object) -> pa.Table:
        """The rows as an Arrow table."""
        return self.database.sql(sql, params=list(values)).to_arrow_table()


@contextmanager
def open_queries(tables: Mapping[str, Path | pa.Table], memory: str = "256MB") -> Iterator[Queries]:
    """Open tables for queries, for as long as the context lasts."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="wenshu-") as spill:
        settings = {"memory_limit": memory, "threads": "2", "temp_directory": spill}
        with duckdb.connect(config=dict(settings)) as database:
            database.execute("SET enable_progress_bar = false")
            queries = Queries(database)
            for name, table in tables.items():
                queries.add(name, table)
            yield queries


def quoted_path(path: Path) -> str:
    """A path for read_parquet, within quotes in SQL: wildcards and quotes in it are escaped."""
    return escape(str(path)).replace("'", "''")


def _rows(
    database: duckdb.DuckDBPyConnection, sql: str, values: tuple[object, ...]
) -> Iterator[dict[str, Any]]:
    result = database.execute(sql, list(values))
    names = [column[0] for column in result.description or ()]
    while rows := result.fetchmany(500):
        for row in rows:
            yield dict(zip(names, row, strict=True))
