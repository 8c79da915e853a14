"""What a release costs: a million made-up quantities in every format, beside bare pyarrow.

    python benchmarks/release.py [ROWS]

Prints the ratio of CSV and Parquet together to bare pyarrow writing of the same rows in
the same run (to reach: at most 3), then time and memory of a whole release, and of the
next one, which has one document more. Times are of the clock and of the processor, all
threads together, the making of rows left out.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from pipeline.releases.publish import PublishOptions, publish
from pipeline.releases.writers import write
from pipeline.tables import TABLES

QUANTITIES = TABLES["quantities"]
EACH = 50
"""Quantities of a document."""
QUOTE = "截至目前，全区新增停车位{}个，绿化面积70万平方米，改造完成89个，总投入454.18万元。"


def documents(count: int) -> list[str]:
    """Ids as documents have them: digests, in order."""
    chance = random.Random(count)
    return sorted(f"d{chance.getrandbits(48):012x}" for _ in range(count))


def quantities(ids: list[str]) -> pa.Table:
    """Quantities as a corpus has them: 50 a document, mixed numbers, some cells empty."""
    numbers = range(len(ids) * EACH)
    of = [ids[n // EACH] for n in numbers]
    chances = [int(name[1:], 16) * (n % EACH + 1) % 10**6 for n, name in zip(numbers, of, strict=True)]
    values = [Decimal(c).scaleb(-2 * (c % 5 == 0)) for c in chances]
    cells = {
        "quantity_id": [f"q{name[1:]}{n % EACH:02}" for n, name in zip(numbers, of, strict=True)],
        "document_id": of,
        "article": [0] * len(numbers),
        "sentence": [n % EACH // 3 for n in numbers],
        "start": [n % EACH * 20 for n in numbers],
        "end": [n % EACH * 20 + 5 for n in numbers],
        "text": ["1.4万余名" if c % 7 else "-3.5%" for c in chances],
        "kind": ["count" if c % 3 else "money" for c in chances],
        "value": values,
        "value_low": [value if c % 4 else None for c, value in zip(chances, values, strict=True)],
        "value_high": [value if c % 3 else None for c, value in zip(chances, values, strict=True)],
        "qualifier": ["exact"] * len(numbers),
        "unit": ["名"] * len(numbers),
        "unit_code": ["1"] * len(numbers),
        "subject": ["党员"] * len(numbers),
        "measure": ["level"] * len(numbers),
        "planned": [False] * len(numbers),
        "quote": [QUOTE.format(c // 3) for c in chances],
        "rule": ["number"] * len(numbers),
        "obs_status": ["A"] * len(numbers),
        "link": [f"validation/sources/{name}.html#q{name[1:]}" for name in of],
    }
    schema = QUANTITIES.schema()
    empty = {name: pa.nulls(len(numbers), schema.field(name).type) for name in QUANTITIES.names}
    return pa.Table.from_pydict(empty | cells, schema)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and by the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = quantities(documents(rows // EACH))

        def bare() -> None:
            pyarrow.csv.write_csv(table, folder / "bare.csv")
            pq.write_table(table, folder / "bare.parquet")

        def ours() -> None:
            write(QUANTITIES, table, folder)

        pairs = [(timed(ours), timed(bare)) for _ in range(3)]
        for at, clock in enumerate(("clock", "processor")):
            mine, theirs = (min(pair[side][at] for pair in pairs) for side in (0, 1))
            said = f"{mine:.2f} s, bare pyarrow {theirs:.2f} s: {mine / theirs:.2f} times"
            print(f"CSV and Parquet of {rows:,} rows, by the {clock}: {said}")
    subprocess.run([sys.executable, __file__, str(rows), "release"], check=True)


def release(rows: int) -> None:
    """A whole release, and the next one, in a process of its own for its memory."""
    ids = documents(rows // EACH)
    with tempfile.TemporaryDirectory() as name:
        for said, inside in (("whole release", ids), ("the next one", sorted([*ids, "d7a3b5c6d7e8f"]))):
            context = PublishOptions(date=date(2026, 1, 1), run=said, rules="", catalog="", decisions="")
            table = quantities(inside)
            wall, cpu = timed(
                lambda table=table, context=context: publish({"quantities": table}, context, Path(name))
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"{said}, all formats: {wall:.1f} s ({cpu:.1f} of the processor), peak {peak:.2f} GiB")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    (release if len(sys.argv) > 2 else main)(size)
