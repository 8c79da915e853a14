"""File formats of a release, a short file each.

CSV and Parquet are written from a table's rows, the workbook and the DuckDB file from the Parquet files.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from pipeline.releases.writers.csv import write_csv
from pipeline.releases.writers.parquet import write_parquet
from pipeline.releases.writers.rows import ordered
from pipeline.tables import Table


def write(table: Table, rows: pa.Table, folder: Path) -> int:
    """Write TABLE.csv and TABLE.parquet into the folder; how many rows they have.

    Raises WenshuError where rows are not as they are declared (`rows.ordered`).
    """
    rows = ordered(table, rows)
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(write_csv, table, rows, folder / f"{table.name}.csv")
        write_parquet(table, rows, folder / f"{table.name}.parquet")
        written.result()
    return len(rows)
