"""Parquet for programs: exact decimals, sorted rows, statistics, and descriptions of columns."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import Table

ROW_GROUP_SIZE = 61_440
"""Rows of each row group but the last: 30 of DuckDB's vectors."""


def write_parquet(table: Table, rows: pa.Table, path: Path) -> None:
    """Write rows that `ordered_rows` returned as a Parquet file.

    All settings are fixed and none depends on the clock: the same rows give the same bytes.
    """
    schema = table.schema()
    # A dictionary gains nothing for a key column, whose values are all different.
    repeated = [
        column.name for column in table.columns if column.type == "string" and (column.name,) != table.key
    ]
    order = [(name, "ascending") for name in table.sorting]
    with path.open("wb") as file:
        pq.write_table(
            rows,
            file,
            row_group_size=ROW_GROUP_SIZE,
            version="2.6",
            compression="zstd",
            compression_level=3,
            use_dictionary=repeated,
            write_statistics=True,
            write_page_index=True,
            store_schema=True,
            sorting_columns=pq.SortingColumn.from_ordering(schema, order, null_placement="at_end"),
        )
