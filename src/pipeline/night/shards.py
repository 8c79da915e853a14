"""Shards: the documents of a corpus in ranges of their ids, each kept from night to night as one value.

Ids are digests, so that ranges of them are of one size and stay so, whatever comes and
goes; and tables are in the order of document_id, so that shards one after another are
the table. What a shard holds is four Arrow tables and what was said beside them; all of
it is data, nothing is ever run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.statistics.claims import Claim, Finding
from pipeline.tables.rows import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("documents", "quantities", "numerals", "relations")
"""The tables whose every row is of one document."""

_USUAL, _MOST = 192, 768
"""Documents of a shard, where they are divided anew; those at which they are."""
_BITS = 48
"""Of a document_id: d and twelve hexadecimal digits."""
_SAID = "said"


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
        """Whether a document can be in both."""
        return self.first < other.end and other.first < self.end

    @classmethod
    def named(cls, name: str) -> Shard:
        """The shard of that name."""
        bits, _, number = name.partition("-")
        return cls(int(bits), int(number))


def divide(documents: int, before: int) -> Iterator[Shard]:
    """The shards of so many documents, in order.

    before: bits of the last night's, which are kept while their sizes are about right.
    """
    bits = before
    if not _USUAL // 4 << bits <= documents <= _MOST << bits:
        bits = max(0, (documents // _USUAL).bit_length())
    return (Shard(bits, number) for number in range(1 << bits))


class Standing(NamedTuple):
    """How a document stands in a shard."""

    key: str
    """Digest of all that is known of it, its text among it."""
    text: str
    """Digest of its text."""
    alike: bool
    """Whether the same text and catalog give the same again: no decision touched it."""
    fit: bool = True
    """Whether its tables hold all its values exactly."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a shard says beside its tables, by document."""

    standing: Mapping[str, Standing] = field(default_factory=dict)
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    doubts: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    misfits: tuple[Misfit, ...] = ()
    """Their rows counted within the shard's tables."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a shard's documents."""

    tables: Mapping[str, pa.Table]
    said: Said


def pack(kept: Kept) -> Iterator[tuple[str, bytes]]:
    """A shard's values as bytes, by name."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name in TABLES:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, kept.tables[name].schema, options=options) as file:
            file.write_table(kept.tables[name].combine_chunks())
        yield name, sink.getvalue().to_pybytes()
    yield _SAID, _pack_said(kept.said)


def unpack(parts: Mapping[str, bytes]) -> Kept | None:
    """The shard of these values; None where one is missing."""
    if not {*TABLES, _SAID} <= parts.keys():
        return None
    return Kept({name: unpack_table(parts[name]) for name in TABLES}, unpack_said(parts[_SAID]))


def unpack_table(data: bytes) -> pa.Table:
    """One table of a shard."""
    import pyarrow as pa

    return pa.ipc.open_file(pa.BufferReader(data)).read_all()


def unpack_said(data: bytes) -> Said:
    """What a shard says beside its tables."""
    said = json.loads(data.decode("utf-8", "surrogatepass"))
    return Said(
        {name: Standing(*standing) for name, standing in said["standing"].items()},
        {name: tuple(map(_claim, claims)) for name, claims in said["claims"].items()},
        {
            name: tuple(Finding._make((*doubt[:4], tuple(doubt[4]))) for doubt in doubts)
            for name, doubts in said["doubts"].items()
        },
        tuple(Misfit._make((*m[:3], Decimal(m[3]), m[4] and Decimal(m[4]))) for m in said["misfits"]),
    )


def _pack_said(said: Said) -> bytes:
    plain = {
        "standing": said.standing,
        "claims": {name: [asdict(claim) for claim in claims] for name, claims in said.claims.items()},
        "doubts": said.doubts,
        "misfits": said.misfits,
    }
    return json.dumps(plain, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


_DECIMALS = ("value", "low", "high", "place")


def _claim(said: dict[str, Any]) -> Claim:
    for name in _DECIMALS:
        if said[name] is not None:
            said[name] = Decimal(said[name])
    if said["issued"]:
        said["issued"] = date.fromisoformat(said["issued"])
    return Claim(**said)


def among(table: pa.Table, documents: Iterable[str], *, out: bool = False) -> pa.Table:
    """The rows of these documents; those of all others with `out`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = pc.is_in(table["document_id"], pa.array(list(documents), pa.string()))
    return table.filter(pc.invert(chosen) if out else chosen)
