"""Parquet for programs: exact decimals, sorted rows, statistics, and what every column means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.releases.writers.rows import GROUP, Rows, groups

if TYPE_CHECKING:
    import pyarrow.parquet as pq

    from pipeline.tables import Table


@contextmanager
def parquet_writer(table: Table, path: Path) -> Iterator[pq.ParquetWriter]:
    """A writer of the table's rows, a row group at each call of its `write_table`.

    All settings are fixed and none depends on the clock: the same rows give the same bytes.
    """
    import pyarrow.parquet as pq

    schema = table.schema()
    # A column of ids, each its own, gains nothing from a dictionary.
    repeated = [
        column.name for column in table.columns if column.type == "string" and (column.name,) != table.key
    ]
    # A file of our own: where the disk is full, the writer would leave its own open.
    with path.open("wb") as file:
        writer = pq.ParquetWriter(
            file,
            schema,
            version="2.6",
            compression="zstd",
            compression_level=3,
            use_dictionary=repeated,
            write_statistics=True,
            write_page_index=True,
            store_schema=True,
            sorting_columns=pq.SortingColumn.from_ordering(
                schema, [(name, "ascending") for name in table.sorting], null_placement="at_end"
            ),
        )
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.is_open = False  # or it would try again when it is collected
            raise


def write_parquet(table: Table, rows: Rows, path: Path) -> None:
    """Write the rows as a Parquet file; see `rows.groups` for what is refused."""
    with parquet_writer(table, path) as writer:
        for group in groups(table, rows):
            writer.write_table(group, row_group_size=GROUP)
