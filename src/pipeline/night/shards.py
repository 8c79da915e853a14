"""Shards: the documents of a corpus in ranges of their ids, each kept from night to night as one value.

Ids are digests, so that ranges of them are of one size and stay so, whatever comes and
goes; and tables are in the order of document_id, so that shards one after another are
the table. What a shard holds is four Arrow tables and what was said beside them; all of
it is data, nothing is ever run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.statistics.claims import Claim, Finding
from pipeline.tables import TABLES as DECLARED
from pipeline.tables.rows import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("documents", "quantities", "numerals", "relations")
"""The tables whose every row is of one document."""

_USUAL, _MOST = 192, 768
"""Documents of a shard, where they are divided anew; those at which they are."""
_BITS = 48
"""Of a document_id: d and twelve hexadecimal digits."""
_EXACT, _STANDING, _SAID = "exact", "standing", "said"
PARTS = frozenset({*TABLES, _EXACT, _STANDING, _SAID})
"""The values of a shard: what its tables hold, what they do not, how its documents stand, what it says."""


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
    """A shard's values as bytes, by name. Tables are as Arrow has them in memory, to be mapped."""
    import pyarrow as pa

    released = {name: kept.tables[name].select(DECLARED[name].names) for name in TABLES}
    for name, table in released.items():
        yield name, _batch(table).serialize().to_pybytes()
    exact = kept.tables["numerals"].drop_columns(list(DECLARED["numerals"].names))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, exact.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
        file.write_batch(_batch(exact))
    yield _EXACT, sink.getvalue().to_pybytes()
    yield _STANDING, _json(kept.said.standing)
    said = {
        "claims": {name: [*map(_CELLS, claims)] for name, claims in kept.said.claims.items()},
        "doubts": kept.said.doubts,
        "misfits": kept.said.misfits,
    }
    yield _SAID, _json(said)


def unpack(parts: Mapping[str, bytes | memoryview]) -> Kept | None:
    """The shard of these values; None where one is missing."""
    import pyarrow as pa

    if not parts.keys() >= PARTS:
        return None
    tables = {name: pa.Table.from_batches([unpack_batch(name, parts[name])]) for name in TABLES}
    for column in (exact := pa.ipc.open_stream(parts[_EXACT]).read_all()).column_names:
        tables["numerals"] = tables["numerals"].append_column(column, exact[column])
    said = unpack_said(parts[_SAID])
    return Kept(tables, replace(said, standing=unpack_standing(parts[_STANDING])))


def unpack_batch(table: str, data: bytes | memoryview) -> pa.RecordBatch:
    """The rows of a table that a shard has, without a copy."""
    import pyarrow as pa

    return pa.ipc.read_record_batch(pa.py_buffer(data), _schema(table))


def unpack_standing(data: bytes | memoryview) -> dict[str, Standing]:
    """How a shard's documents stand."""
    return {name: Standing(*standing) for name, standing in _plain(data).items()}


def unpack_said(data: bytes | memoryview) -> Said:
    """What a shard says beside its tables, but for the standing of its documents."""
    said = _plain(data)
    return Said(
        {},
        {name: tuple(map(_claim, claims)) for name, claims in said["claims"].items()},
        {
            name: tuple(Finding._make((*doubt[:4], tuple(doubt[4]))) for doubt in doubts)
            for name, doubts in said["doubts"].items()
        },
        tuple(Misfit._make((*m[:3], Decimal(m[3]), m[4] and Decimal(m[4]))) for m in said["misfits"]),
    )


@cache
def _schema(table: str) -> pa.Schema:
    return DECLARED[table].schema()


def _batch(table: pa.Table) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _plain(data: bytes | memoryview) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(str(data, "utf-8", "surrogatepass"))
    return plain


_CLAIM = tuple(each.name for each in fields(Claim))
_CELLS = attrgetter(*_CLAIM)
_DECIMALS = ("value", "low", "high", "place")


def _claim(cells: Iterable[Any]) -> Claim:
    said = dict(zip(_CLAIM, cells, strict=True))
    for name in _DECIMALS:
        if said[name] is not None:
            said[name] = Decimal(said[name])
    if said["issued"]:
        said["issued"] = date.fromisoformat(said["issued"])
    return Claim(**said)


def among(table: pa.Table, documents: Iterable[str]) -> pa.Table:
    """The rows of these documents."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table["document_id"], pa.array(list(documents), pa.string())))
