"""A DuckDB file for analysts: tables with keys and comments, and views that join them.

The same rows do not give the same bytes: DuckDB's string compression writes out memory
that it never filled. So the file stands beside its release and not in it.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables import PRECISION, SCALE, Table

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": f"DECIMAL({PRECISION}, {SCALE})",
    "date": "DATE",
    "boolean": "BOOLEAN",
}

_BLOCK = 1 << 20
"""Bytes that DuckDB may want at once, and more."""

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
"""Views by name: the tables that they need, the query, and what they show."""


class DatabaseWriter:
    """Writes all tables into one DuckDB file."""

    def __init__(self, path: Path) -> None:
        import duckdb

        self._path = path
        self._done: set[str] = set()
        self._database = duckdb.connect(
            config={"threads": 1, "memory_limit": "512MB", "temp_directory": f"{path}.spill"}
        )
        place = str(path).replace("'", "''")
        # The format that every DuckDB since 1.0 reads.
        with self._failing():
            self._database.execute(f"ATTACH '{place}' AS book (STORAGE_VERSION 'v1.0.0')")
        self._database.execute("USE book")

    def setup(self, table: Table) -> None:
        self._table = table
        columns = [f'"{c.name}" {_TYPES[c.type]}{" NOT NULL" if c.required else ""}' for c in table.columns]
        key = ", ".join(f'"{name}"' for name in table.key)
        if key:
            columns.append(f"{'PRIMARY KEY' if table.keyed else 'UNIQUE'} ({key})")
        self._database.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)})')
        self._comment(f'TABLE "{table.name}"', f"{table.description.zh} {table.description.en}")
        for column in table.columns:
            self._comment(
                f'COLUMN "{table.name}"."{column.name}"', f"{column.meaning.zh} {column.meaning.en}"
            )

    def feed(self, batch: pa.RecordBatch) -> None:
        self._database.register("batch", batch)
        with self._failing():
            self._database.execute(f'INSERT INTO "{self._table.name}" SELECT * FROM batch')
        self._database.unregister("batch")

    def finish(self) -> None:
        self._done.add(self._table.name)

    def close(self) -> None:
        with self._failing():
            for name, (needs, query, meaning) in VIEWS.items():
                if set(needs) <= self._done:
                    self._database.execute(f'CREATE VIEW "{name}" AS {query}')
                    self._comment(f'VIEW "{name}"', meaning)
            self._database.execute("USE memory; DETACH book")
        self._database.close()

    def abandon(self) -> None:
        self._database.close()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """A disk that is full or broken is an OSError, as it is with the other writers."""
        import duckdb

        try:
            yield
        except (duckdb.IOException, duckdb.FatalException) as error:
            # DuckDB says in words what the system said by number.
            full = shutil.disk_usage(self._path.parent).free < _BLOCK or "space" in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error), str(self._path)) from error

    def _comment(self, what: str, text: str) -> None:
        self._database.execute(f"COMMENT ON {what} IS '{text.replace(chr(39), chr(39) * 2)}'")
