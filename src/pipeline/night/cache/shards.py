"""Shards: the articles of a corpus by ranges of their ids, and an Arrow file for each range.

Ids are digests, so that ranges have about the same size whichever articles come and go. Tables
are in the order of document_id, so that the shards one after another are the table. A row of a
shard is an article, with everything that reading it gave.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from pipeline.tables import BY_DOCUMENT, TABLES

if TYPE_CHECKING:
    import pyarrow as pa

_USUAL, _MOST = 192, 768
"""Articles in a shard after a new division, and those in an average shard at which there is one."""
_BITS = 48
"""Of a document_id, which is d and twelve hexadecimal digits."""


class Shard(NamedTuple):
    """A range of document ids: those whose first `bits` bits are `number`."""

    bits: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.bits}-{self.number}"

    @property
    def first(self) -> str:
        """The first id of the range."""
        return f"d{self.number << _BITS - self.bits:012x}"

    @property
    def end(self) -> str:
        """The first id after it."""
        if self.number + 1 == 1 << self.bits:
            return "e"
        return f"d{self.number + 1 << _BITS - self.bits:012x}"

    def overlaps(self, other: Shard) -> bool:
        """Whether an id can be in both."""
        return self.first < other.end and other.first < self.end

    @classmethod
    def named(cls, name: str) -> Shard:
        """The shard of that name."""
        bits, _, number = name.partition("-")
        return cls(int(bits), int(number))


def divide(articles: int, bits: int) -> Iterator[Shard]:
    """The shards for a number of articles, in order.

    bits: of the last run's shards, which stay while their sizes are about right.
    """
    if not _USUAL // 4 << bits <= articles <= _MOST << bits:
        bits = max(0, (articles // _USUAL).bit_length())
    return (Shard(bits, number) for number in range(1 << bits))


@cache
def schema() -> pa.Schema:
    """The columns of a shard's file."""
    import pyarrow as pa

    rows = {name: pa.struct(list(TABLES[name].schema())) for name in BY_DOCUMENT}
    return pa.schema(
        [
            ("document_id", pa.string()),
            ("reading_key", pa.binary()),  # see `article_state.Keys`
            ("matching_key", pa.binary()),
            ("decided", pa.bool_()),  # whether a decision changed its rows
            ("mentions", pa.binary()),  # before any decision; null where the article is not read
            (
                "kept_ids",
                pa.map_(pa.string(), pa.string()),
            ),  # ids of the last release
            ("dropped", pa.binary()),  # figures that decisions dropped
            ("claims", pa.binary()),
            ("findings", pa.binary()),
            ("misfits", pa.binary()),  # each with its row among those of the article
            ("documents", rows["documents"]),
            *((name, pa.list_(rows[name])) for name in BY_DOCUMENT if name != "documents"),
        ]
    )


def rows_of(shard: pa.RecordBatch, name: str) -> pa.RecordBatch:
    """The rows of a table in a shard, without a copy."""
    import pyarrow as pa

    cells = shard[name] if name == "documents" else shard[name].flatten()
    return pa.RecordBatch.from_arrays(cells.flatten(), schema=TABLES[name].schema())


_FILE = re.compile(r"(?P<name>\d+-\d+)\.(?P<key>(?:[0-9a-f]{2})*)\.(?P<sum>[0-9a-f]{8})\.arrow")


class _ShardFile(NamedTuple):
    """The file of a shard."""

    key: bytes
    """Digest of what it was made from."""
    checksum: int
    path: Path


class ShardStore:
    """The files of shards in a folder, named with key and check sum: a damaged one counts as missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files = dict(_shard_files(folder))

    def keys(self) -> dict[str, bytes]:
        """The key of every shard, by name."""
        return {name: file.key for name, file in self._files.items()}

    def read(self, name: str) -> pa.RecordBatch | None:
        """A shard, memory-mapped; None where it is missing, damaged or of another version's columns."""
        import pyarrow as pa

        if (shard := self._files.get(name)) is None:
            return None
        with suppress(OSError, ValueError, pa.ArrowInvalid), shard.path.open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            if crc32(content) == shard.checksum:
                reader = pa.ipc.open_file(pa.py_buffer(content))
                return reader.get_batch(0) if reader.schema == schema() else None
        return None

    def write(self, name: str, key: bytes, rows: pa.RecordBatch) -> None:
        """Replace a shard."""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, schema()) as out:
            out.write_batch(rows)
        content = memoryview(sink.getvalue())
        checksum = crc32(content)
        path = self._folder / f"{name}.{key.hex()}.{checksum:08x}.arrow"
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
        previous, self._files[name] = self._files.get(name), _ShardFile(key, checksum, path)
        if previous and previous.path != path:
            previous.path.unlink(missing_ok=True)  # what is memory-mapped of it stays

    def delete_except(self, names: Collection[str]) -> None:
        """Delete all other shards, and files that are no shards."""
        self._files = {name: file for name, file in self._files.items() if name in names}
        kept = {file.path for file in self._files.values()}
        for path in self._folder.iterdir():
            if path not in kept:
                with suppress(OSError):
                    path.unlink()


def _shard_files(folder: Path) -> Iterator[tuple[str, _ShardFile]]:
    for path in sorted(folder.iterdir()):
        if match := _FILE.fullmatch(path.name):
            yield match["name"], _ShardFile(bytes.fromhex(match["key"]), int(match["sum"], 16), path)
