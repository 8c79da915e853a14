"""The night's tables and those of the release before, asked in SQL: what is not told is never held."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Asked:
    """Tables by name, and as NAME_before those that the release before has."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], before: Path | None
    ) -> None:
        self._database, self._before = database, before
        for name, table in tables.items():
            database.register(name, table)

    def rows(
        self, question: str, *values: object, before: Mapping[str, Sequence[str]] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that answer the question.

        values: those of its ?. before: columns of the tables NAME_before that it asks; one that
        the release before does not have, as where there is none, is empty.
        """
        for name, columns in (before or {}).items():
            self._database.register(f"{name}_before", self._past(name, columns))
        answer: list[dict[str, Any]] = (
            self._database.sql(question, params=values).to_arrow_table().to_pylist()
        )
        return answer

    def _past(self, name: str, columns: Sequence[str]) -> pa.RecordBatchReader:
        """A table of the release before, read batch by batch."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._before and self._before / "data" / f"{name}.parquet"
        if path and path.is_file() and {*columns} <= {*pq.read_schema(path).names}:
            file = pq.ParquetFile(path)
            schema = pa.schema([file.schema_arrow.field(column) for column in columns])
            return pa.RecordBatchReader.from_batches(schema, file.iter_batches(columns=list(columns)))
        nothing = pa.schema([(column, pa.string()) for column in columns])
        return pa.RecordBatchReader.from_batches(nothing, iter(()))


@contextmanager
def asking(tables: Mapping[str, pa.Table], before: Path | None) -> Iterator[Asked]:
    """Ask these tables. before: folder of the release before."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="wenshu-") as spill, duckdb.connect() as database:
        database.execute("SET memory_limit = '512MB'; SET threads = 2; SET enable_progress_bar = false")
        database.execute("SET temp_directory = ?", [spill])
        yield Asked(database, tables, before)
