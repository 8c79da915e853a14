"""Parquet for programs: exact decimals, sorted rows, statistics, and what every column means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipeline.tables import Table


class ParquetWriter:
    """Writes TABLE.parquet into a folder for each table.

    All settings are fixed and none depends on the clock: the same rows give the same bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._writer: pq.ParquetWriter | None = None

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

    def feed(self, batch: pa.RecordBatch) -> None:
        from pipeline.releases.writers import GROUP

        assert self._writer is not None
        self._writer.write_batch(batch, row_group_size=GROUP)

    def finish(self) -> None:
        assert self._writer is not None and self._file is not None
        self._writer.close()
        self._file.close()

    def close(self) -> None:
        pass

    def abandon(self) -> None:
        if self._writer:
            self._writer.is_open = False  # or it would try again when it is collected
        if self._file:
            self._file.close()
