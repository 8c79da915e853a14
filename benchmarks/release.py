"""What a release costs: a million made-up quantities in every format, beside bare pyarrow.

    python benchmarks/release.py [ROWS]

Prints the ratio of CSV and Parquet together to bare pyarrow writing of the same rows in
the same run (to reach: at most 3), then time and memory of a whole release that streams.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from pipeline.releases.publish import Context, publish
from pipeline.releases.writers import write
from pipeline.releases.writers.csv import CsvWriter
from pipeline.releases.writers.parquet import ParquetWriter
from pipeline.tables import TABLES

QUANTITIES = TABLES["quantities"]
BATCH = 10_000
QUOTE = "截至目前，全区新增停车位{}个，绿化面积70万平方米，改造完成89个，总投入454.18万元。"


def batches(rows: int) -> Iterator[pa.RecordBatch]:
    """Quantities as a corpus has them: 50 a document, mixed numbers, some cells empty."""
    chance = random.Random(7)
    for first in range(0, rows, BATCH):
        numbers = range(first, min(first + BATCH, rows))
        values = [Decimal(chance.randrange(10**6)).scaleb(-2 * (n % 5 == 0)) for n in numbers]
        cells = {
            "quantity_id": [f"q{n:015}" for n in numbers],
            "document_id": [f"d{n // 50:06}" for n in numbers],
            "article": [0] * len(numbers),
            "sentence": [n % 50 // 3 for n in numbers],
            "start": [n % 50 * 20 for n in numbers],
            "end": [n % 50 * 20 + 5 for n in numbers],
            "text": ["1.4万余名" if n % 7 else "-3.5%" for n in numbers],
            "kind": ["count" if n % 3 else "money" for n in numbers],
            "value": values,
            "value_low": [value if n % 4 else None for n, value in zip(numbers, values, strict=True)],
            "value_high": [value if n % 3 else None for n, value in zip(numbers, values, strict=True)],
            "qualifier": ["exact"] * len(numbers),
            "unit": ["名"] * len(numbers),
            "unit_code": ["1"] * len(numbers),
            "subject": ["党员"] * len(numbers),
            "quote": [QUOTE.format(n // 3) for n in numbers],
            "rule": ["number"] * len(numbers),
            "obs_status": ["A"] * len(numbers),
            "decision_id": [None] * len(numbers),
        }
        yield pa.RecordBatch.from_pydict(cells, QUANTITIES.schema())


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = list(batches(rows))
        table = pa.Table.from_batches(given)

        def bare() -> None:
            pyarrow.csv.write_csv(table, folder / "bare.csv")
            pq.write_table(table, folder / "bare.parquet")

        def ours() -> None:
            write([(QUANTITIES, given)], [CsvWriter(folder), ParquetWriter(folder)])

        pairs = [(timed(ours), timed(bare)) for _ in range(3)]
        mine, theirs = (min(times) for times in zip(*pairs, strict=True))
        said = f"{mine:.2f} s, bare pyarrow {theirs:.2f} s: {mine / theirs:.2f} times"
        print(f"CSV and Parquet of {rows:,} rows: {said}")
    subprocess.run([sys.executable, __file__, str(rows), "stream"], check=True)


def stream(rows: int) -> None:
    """A whole release of rows that stream, in a process of its own for its memory."""
    making = timed(lambda: [None for _ in batches(rows)])
    context = Context(date=date(2026, 1, 1), run="bench", rules="", catalog="", decisions="")
    with tempfile.TemporaryDirectory() as name:
        seconds = timed(lambda: publish({"quantities": batches(rows)}, context, Path(name))) - making
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"whole release, all formats: {seconds:.1f} s, peak {peak:.2f} GiB")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    (stream if len(sys.argv) > 2 else main)(size)
