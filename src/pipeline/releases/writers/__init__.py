"""File formats of a release, a module for each.

CSV and Parquet are written from a table's rows, the workbook and the DuckDB file from the Parquet files.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from pipeline.releases.writers.csv import write_csv
from pipeline.releases.writers.ordered_rows import ordered_rows
from pipeline.releases.writers.parquet import write_parquet
from pipeline.tables import Table


def write(table: Table, rows: pa.Table, folder: Path) -> int:
    """Write TABLE.csv and TABLE.parquet into the folder; how many rows they have.

    Raises WenshuError where rows are not as they are declared (`ordered_rows`).
    """
    rows = ordered_rows(table, rows)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_csv, table, rows, folder / f"{table.name}.csv")
        write_parquet(table, rows, folder / f"{table.name}.parquet")
        writing.result()
    return len(rows)
