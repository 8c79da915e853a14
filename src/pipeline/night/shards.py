"""Shards: the articles of a corpus in ranges of their ids, and the Arrow file that each of them is.

Ids are digests, so that ranges of them are of one size and stay so, whatever comes and
goes; and tables are in the order of document_id, so that shards one after another are
the table. A row of a shard is an article, with all that its reading gave.
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
"""Articles of a shard, where they are divided anew; those at which they are."""
_BITS = 48
"""Of a document_id: d and twelve hexadecimal digits."""


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
        """Whether an article can be in both."""
        return self.first < other.end and other.first < self.end

    @classmethod
    def named(cls, name: str) -> Shard:
        """The shard of that name."""
        bits, _, number = name.partition("-")
        return cls(int(bits), int(number))


def divide(articles: int, before: int) -> Iterator[Shard]:
    """The shards of so many articles, in order.

    before: bits of the last night's, which are kept while their sizes are about right.
    """
    bits = before
    if not _USUAL // 4 << bits <= articles <= _MOST << bits:
        bits = max(0, (articles // _USUAL).bit_length())
    return (Shard(bits, number) for number in range(1 << bits))


@cache
def columns() -> pa.Schema:
    """The columns of a shard's file."""
    import pyarrow as pa

    rows = {name: pa.struct(list(TABLES[name].schema())) for name in BY_DOCUMENT}
    return pa.schema(
        [
            ("document_id", pa.string()),
            ("reading_key", pa.binary()),  # of all that the numerals follow from: see `state`
            ("matching_key", pa.binary()),  # of all else that the rows follow from
            ("decided", pa.bool_()),  # whether a decision changed its rows
            ("mentions", pa.binary()),  # as read, before any decision; null where the article is not read
            ("kept_ids", pa.map_(pa.string(), pa.string())),  # ids of figures of the last release's
            ("dropped", pa.binary()),  # figures that decisions dropped
            ("claims", pa.binary()),
            ("findings", pa.binary()),
            ("misfits", pa.binary()),  # each with its row among the article's
            ("documents", rows["documents"]),
            *((name, pa.list_(rows[name])) for name in BY_DOCUMENT if name != "documents"),
        ]
    )


def rows_of(shard: pa.RecordBatch, name: str) -> pa.RecordBatch:
    """The rows of a table that a shard has, without a copy."""
    import pyarrow as pa

    cells = shard[name] if name == "documents" else shard[name].flatten()
    return pa.RecordBatch.from_arrays(cells.flatten(), schema=TABLES[name].schema())


_FILE = re.compile(r"(?P<name>\d+-\d+)\.(?P<key>(?:[0-9a-f]{2})*)\.(?P<sum>[0-9a-f]{8})\.arrow")


class _Kept(NamedTuple):
    """The file of a shard, as its name has it."""

    key: bytes
    """Of what it was made from."""
    checksum: int
    path: Path


class ShardStore:
    """The files of shards in a folder, which is made where it is not there.

    A file's name has the key of what it was made from, and its check sum: one that was altered is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._shards = dict(_kept(folder))

    def keys(self) -> dict[str, bytes]:
        """Of every shard the key of what it was made from."""
        return {name: shard.key for name, shard in self._shards.items()}

    def shard(self, name: str) -> pa.RecordBatch | None:
        """A shard, seen where it lies on disk; None where it is not there as it was put."""
        import pyarrow as pa

        if (there := self._shards.get(name)) is None:
            return None
        with suppress(OSError, ValueError, pa.ArrowInvalid), there.path.open("rb") as file:
            seen = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            if crc32(seen) == there.checksum:
                return pa.ipc.open_file(pa.py_buffer(seen)).get_batch(0)
        return None

    def keep(self, name: str, key: bytes, rows: pa.RecordBatch) -> None:
        """Put a shard in the place of the one from before."""
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, columns()) as out:
            out.write_batch(rows)
        content = memoryview(sink.getvalue())
        checksum = crc32(content)
        path = self._folder / f"{name}.{key.hex()}.{checksum:08x}.arrow"
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
        before, self._shards[name] = self._shards.get(name), _Kept(key, checksum, path)
        if before and before.path != path:
            before.path.unlink(missing_ok=True)  # what is seen of it stays

    def keep_only(self, names: Collection[str]) -> None:
        """Delete every other shard, and what is no shard's."""
        self._shards = {name: shard for name, shard in self._shards.items() if name in names}
        kept = {shard.path for shard in self._shards.values()}
        for path in self._folder.iterdir():
            if path not in kept:
                with suppress(OSError):
                    path.unlink()


def _kept(folder: Path) -> Iterator[tuple[str, _Kept]]:
    for path in sorted(folder.iterdir()):
        if match := _FILE.fullmatch(path.name):
            yield match["name"], _Kept(bytes.fromhex(match["key"]), int(match["sum"], 16), path)
