"""Shards: the articles of a corpus in ranges of their ids, and the Arrow file that each of them is.

Ids are digests, so that ranges of them are of one size and stay so, whatever comes and
goes; and tables are in the order of document_id, so that shards one after another are
the table. A row of a shard is an article, with all that its reading gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

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
