"""File formats of a release, a short file each.

Rows are written as CSV and Parquet as they arrive; the workbook and the DuckDB file are made
of the Parquet files. Rows stream, and memory does not grow with them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.releases.writers.csv import head, lines
from pipeline.releases.writers.parquet import parquet_writer
from pipeline.releases.writers.rows import GROUP, Rows, groups

if TYPE_CHECKING:
    from pipeline.tables import Table


def write(table: Table, rows: Rows, folder: Path) -> int:
    """Write TABLE.csv and TABLE.parquet into the folder; how many rows they have.

    Raises WenshuError where rows are not as they are declared (`rows.groups`).
    """
    count = 0
    with (
        (folder / f"{table.name}.csv").open("wb") as csv,
        parquet_writer(table, folder / f"{table.name}.parquet") as parquet,
        ThreadPoolExecutor(1) as beside,
    ):
        csv.write(head(table))
        for group in groups(table, rows):
            made = beside.submit(lines, group)
            parquet.write_table(group, row_group_size=GROUP)
            csv.writelines(made.result())
            count += group.num_rows
    return count
