"""The night's tables and those of the release before, queried in SQL: the rest is never in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.releases.duckdb_session import duckdb_session, in_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class NightTables:
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
            self._database.execute(f"CREATE OR REPLACE VIEW {name}_before AS {self._past(name, columns)}")
        answer = self._database.sql(question, params=values).to_arrow_table()
        return list(answer.to_pylist())

    def _past(self, name: str, columns: Sequence[str]) -> str:
        """The question for these columns of a table of the release before."""
        import pyarrow.parquet as pq

        path = self._before and self._before / "data" / f"{name}.parquet"
        if path and path.is_file() and {*columns} <= {*pq.read_schema(path).names}:
            place = in_sql(path).replace("'", "''")
            return f"SELECT {', '.join(columns)} FROM read_parquet('{place}')"
        return f"SELECT {', '.join(f'NULL::VARCHAR AS {column}' for column in columns)} WHERE false"


@contextmanager
def night_tables(tables: Mapping[str, pa.Table], before: Path | None) -> Iterator[NightTables]:
    """Ask these tables. before: folder of the release before."""
    with duckdb_session() as database:
        yield NightTables(database, tables, before)
