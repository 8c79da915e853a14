"""SQL over Parquet files and tables, by DuckDB: what it has no room for waits on the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def duckdb_session(memory: str = "512MB", threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, for as long as the context lasts."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="wenshu-") as spill:
        settings = {"memory_limit": memory, "threads": str(threads), "temp_directory": spill}
        with duckdb.connect(config=dict(settings)) as database:
            database.execute("SET enable_progress_bar = false")
            yield database


def in_sql(path: Path) -> str:
    """The file's path as DuckDB's read_parquet takes it: none of its characters stands for others."""
    return escape(str(path))
