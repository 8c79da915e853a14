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
"""Rows that are written at once: shards are small, and a table of many pieces is slow."""


class Spill:
    """Tables that grow; see `spilling`."""

    def __init__(self, folder: Path, tables: Mapping[str, Table]) -> None:
        import pyarrow as pa

        self._paths = {name: folder / f"{name}.arrow" for name in tables}
        self._schemas = {name: table.schema() for name, table in tables.items()}
        self._files = {
            name: pa.ipc.new_file(pa.OSFile(str(path), "wb"), self._schemas[name])
            for name, path in self._paths.items()
        }
        self._held: dict[str, list[pa.Table]] = {name: [] for name in tables}
        self.rows = dict.fromkeys(tables, 0)
        """Rows of each table so far."""

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows, of which columns that are not declared are left out."""
        held = self._held[name]
        held.append(table.select(self._schemas[name].names).cast(self._schemas[name]))
        self.rows[name] += table.num_rows
        if sum(each.num_rows for each in held) >= GROUP:
            self._write(name)

    def tables(self) -> dict[str, pa.Table]:
        """The tables as they are now; nothing can be added any more."""
        import pyarrow as pa

        for name, file in self._files.items():
            self._write(name)
            file.close()
        return {
            name: pa.ipc.open_file(pa.memory_map(str(path))).read_all() for name, path in self._paths.items()
        }

    def _write(self, name: str) -> None:
        import pyarrow as pa

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
