"""Tables asked in SQL by their names, by DuckDB: what it has no room for waits on the disk."""

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
    """Asks tables; rows come as mappings from column to value."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    def add(self, name: str, table: Path | pa.Table) -> None:
        """Let a table be asked by this name: one in memory, or a Parquet file where it stands.

        Raises FileNotFoundError where there is no such file.
        """
        if isinstance(table, Path):
            table.stat()
            self.database.execute(
                f"CREATE OR REPLACE VIEW \"{name}\" AS SELECT * FROM read_parquet('{in_sql(table)}')"
            )
        else:
            self.database.register(name, table)

    def all(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Every row, in memory: for what the query itself bounds. values: those of its ?."""
        return list(_rows(self.database, sql, values))

    def each(self, sql: str, *values: object) -> Iterator[dict[str, Any]]:
        """The rows of Parquet files one after another, a few hundred in memory, whatever else is asked."""
        return _rows(self.database.cursor(), sql, values)

    def table(self, sql: str, *values: object) -> pa.Table:
        """The rows as an Arrow table."""
        return self.database.sql(sql, params=list(values)).to_arrow_table()


@contextmanager
def queries(tables: Mapping[str, Path | pa.Table], memory: str = "256MB") -> Iterator[Queries]:
    """These tables, to be asked for as long as the context lasts."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="wenshu-") as spill:
        settings = {"memory_limit": memory, "threads": "2", "temp_directory": spill}
        with duckdb.connect(config=dict(settings)) as database:
            database.execute("SET enable_progress_bar = false")
            asked = Queries(database)
            for name, table in tables.items():
                asked.add(name, table)
            yield asked


def in_sql(path: Path) -> str:
    """A file's path within the quotes of SQL, as read_parquet takes it: no character stands for others."""
    return escape(str(path)).replace("'", "''")


def _rows(
    database: duckdb.DuckDBPyConnection, sql: str, values: tuple[object, ...]
) -> Iterator[dict[str, Any]]:
    answer = database.execute(sql, list(values))
    names = [column[0] for column in answer.description or ()]
    while rows := answer.fetchmany(500):
        for row in rows:
            yield dict(zip(names, row, strict=True))
