"""Tables on disk while a night lasts: appended to in their order, then seen through a memory map.

What is mapped is the file, not this process's memory: the system takes it back when it
needs the room, so that tables may be larger than memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 16_384
"""Rows that are written at once: a shard's are few, and a table of many pieces is slow."""


class Spill:
    """Tables that grow, in a folder of `spilling`; without one they are held in memory."""

    def __init__(self, folder: Path | None, tables: Mapping[str, Table]) -> None:
        self._folder = folder
        self._schemas = {name: table.schema() for name, table in tables.items()}
        self._held: dict[str, list[pa.Table]] = {name: [] for name in tables}
        self._files: dict[str, pa.RecordBatchFileWriter] = {}
        self.rows = dict.fromkeys(tables, 0)
        """Rows of each table so far."""

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows; columns that are not declared are left out."""
        schema, held = self._schemas[name], self._held[name]
        held.append(table.select(schema.names).cast(schema))
        self.rows[name] += table.num_rows
        if self._folder and sum(each.num_rows for each in held) >= GROUP:
            self._write(self._folder, name)

    def tables(self) -> dict[str, pa.Table]:
        """The tables as they are now; nothing can be added any more."""
        return {name: self._table(name) for name in self._schemas}

    def _table(self, name: str) -> pa.Table:
        import pyarrow as pa

        if not self._folder or name not in self._files:
            held = self._held[name]
            return pa.concat_tables(held).combine_chunks() if held else self._schemas[name].empty_table()
        self._write(self._folder, name)
        self._files[name].close()
        return pa.ipc.open_file(pa.memory_map(str(self._folder / f"{name}.arrow"))).read_all()

    def _write(self, folder: Path, name: str) -> None:
        import pyarrow as pa

        if name not in self._files:
            self._files[name] = pa.ipc.new_file(str(folder / f"{name}.arrow"), self._schemas[name])
        if self._held[name]:
            self._files[name].write_table(pa.concat_tables(self._held[name]).combine_chunks())
            self._held[name].clear()


@contextmanager
def spilling(folder: Path) -> Iterator[Path]:
    """An empty folder for a night's tables, which is gone after it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
