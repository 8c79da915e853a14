"""Parquet for programs: exact decimals, sorted rows, statistics, and what every column means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from glob import escape
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from pipeline.releases.writers.pieces import Lane
from pipeline.releases.writers.sections import Seam, Section

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipeline.tables import Table

GROUP = 61_440
"""Rows after which a row group ends with its section: 30 of DuckDB's vectors."""


class ParquetWriter:
    """Writes TABLE.parquet into a folder for each table.

    All settings are fixed and none depends on the clock: the same rows give the same bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._writer: pq.ParquetWriter | None = None
        self._pool = ThreadPoolExecutor(1)
        self._lane: Lane[None] = Lane(self._pool, lambda done: None)

    def setup(self, table: Table) -> None:
        import pyarrow.parquet as pq

        schema = table.schema()
        # A column of ids, each its own, gains nothing from a dictionary.
        repeated = [
            column.name for column in table.columns if column.type == "string" and (column.name,) != table.key
        ]
        # A file of our own: where the disk is full, the writer would leave its own open.
        self._file = (self._folder / f"{table.name}.parquet").open("wb")
        self._writer = pq.ParquetWriter(
            self._file,
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

        self._held: list[pa.RecordBatch] = []

    def feed(self, section: Section) -> None:
        self._held.append(section.load())
        if sum(batch.num_rows for batch in self._held) >= GROUP:
            self._group()

    def finish(self) -> None:
        assert self._writer is not None and self._file is not None
        self._group()
        self._lane.end()
        self._writer.close()
        self._file.close()

    def close(self) -> None:
        self._pool.shutdown()

    def abandon(self) -> None:
        self._lane.drop()
        self._pool.shutdown()
        if self._writer:
            self._writer.is_open = False  # or it would try again when it is collected
        if self._file:
            self._file.close()

    def _group(self) -> None:
        """Have the rows held written as a row group, beside what is done meanwhile."""
        import pyarrow as pa

        if self._held:
            assert self._writer is not None
            rows, write = pa.Table.from_batches(self._held), self._writer.write_table
            self._lane.do(lambda: write(rows, row_group_size=rows.num_rows))
            self._held = []


def in_sql(path: Path) -> str:
    """The file's path as DuckDB's read_parquet takes it: none of its characters stands for others."""
    return escape(str(path))


def stored(table: Table, data: Path, seams: Sequence[Seam]) -> Iterator[Section]:
    """The sections of data/TABLE.parquet, whose rows are read where they are asked for.

    seams: of all of them. A row group is whole sections, and is let go with the last of them.
    """
    import pyarrow.parquet as pq

    # Sections may be asked for their rows after the last of them was given, so the file is left open to them.
    file, alone = pq.ParquetFile(data / f"{table.name}.parquet"), Lock()
    rest = iter(seams)
    for number in range(file.num_row_groups):
        group, start = _Group(file, number, alone), 0
        while start < file.metadata.row_group(number).num_rows:
            seam = next(rest)
            yield Section(table, seam.size, partial(group.rows, start, seam.size), seam)
            start += seam.size


class _Group:
    """A row group, read once, whichever thread asks first."""

    def __init__(self, file: pq.ParquetFile, number: int, alone: Lock) -> None:
        """alone: held while the file is read, for its reader serves one thread at a time."""
        self._file, self._number, self._alone = file, number, alone
        self._rows: pa.RecordBatch | None = None

    def rows(self, start: int, size: int) -> pa.RecordBatch:
        with self._alone:
            if self._rows is None:
                read = self._file.read_row_group(self._number, use_threads=False)
                self._rows = read.combine_chunks().to_batches()[0]
        return self._rows.slice(start, size)
