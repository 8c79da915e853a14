"""Reading a corpus: what is new is read by the crew, what is known is taken from the store.

plan      which shards are not as the store has them
do        these, by the crew; each is kept as soon as it is done
gather    all shards in order, their tables as they lie on disk
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions import Log
from pipeline.night.batch import Reader, Work
from pipeline.night.crew import do
from pipeline.night.library import Library, Tick
from pipeline.night.shards import (
    PARTS,
    TABLES,
    Shard,
    Standing,
    divide,
    unpack_batch,
    unpack_said,
    unpack_standing,
)
from pipeline.night.store import Part
from pipeline.statistics.claims import Claim, Finding
from pipeline.tables import TABLES as DECLARED
from pipeline.tables.rows import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

_DIGEST = 16
_READ, _MATCHED = slice(0, _DIGEST), slice(_DIGEST, 2 * _DIGEST)
"""A shard's key is three digests: of the code that reads, of the catalog, of its documents."""
_SHOWN = {*TABLES, "said"}
"""Values that every night looks at."""
_AGAIN = b"!"
"""Ends the key of a shard that decisions touched: it is done again each night."""
_EARLY = {"correct", "drop"}


class Span(NamedTuple):
    """Where a shard's rows are among those of the corpus."""

    shard: str
    """Its name."""
    key: bytes
    """Digest of its rows: where it is as it was, so are they."""
    rows: Mapping[str, tuple[int, int]]
    """By table the first of its rows, and the one after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A corpus as read."""

    tables: Mapping[str, pa.Table]
    """Those whose every row is of one document, in their order, on disk."""
    spans: tuple[Span, ...] = ()
    """Its shards, in order."""
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Finding, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    log: Log = field(default_factory=dict)
    anew: int = 0
    """Documents in the shards that were done tonight."""


def read(
    library: Library, reader: Reader, *, code: str, tick: Tick,
    processes: int | None = None, dask: str | None = None,
) -> Read:  # fmt: skip
    """Read a corpus, as far as it is not known.

    code: digest of the code and lexicon that read.
    """
    night = _Night(library, reader, code)
    plan = night.plan()
    total = sum(filter(None, plan.values()))
    log: Log = {}
    finished = 0
    works = (night.work(shard) for shard, number in plan.items() if number is not None)
    for done in do(reader, works, processes, dask):
        standings = unpack_standing(dict(done.parts)["standing"])
        touched = not all(standing.alike for standing in standings.values())
        library.store.keep(done.shard, done.key + _AGAIN * touched, done.parts)
        log.update(done.log)
        finished += len(standings)
        tick(finished, total)
    known = {shard.name for shard in plan}
    library.store.drop({name for name, _ in library.store.kept()} - known)
    return night.gather(plan, log, finished)


class _Night:
    """One night's reading."""

    def __init__(self, library: Library, reader: Reader, code: str) -> None:
        self._library, self._reader = library, reader
        catalog = blake2b(digest_size=_DIGEST)
        for name, content in sorted(reader.catalog.items()):
            catalog.update(name.encode() + b"\0" + blake2b(content).digest())
        self._code = blake2b(code.encode(), digest_size=_DIGEST).digest() + catalog.digest()
        self._kept = {
            Shard.named(name): key for (name, part), key in library.store.kept().items() if part == "said"
        }
        self._targets = {
            target
            for (kind, target), decision in reader.docket.by_target.items()
            if kind == "quantity" and decision.action in _EARLY
        }

    def plan(self) -> dict[Shard, int | None]:
        """Every shard in order, and of those that have to be done the number of documents."""
        before = max((shard.bits for shard in self._kept), default=0)
        plan: dict[Shard, int | None] = {}
        seals = self._library.seals()
        following = next(seals, None)
        for shard in divide(self._library.store.count(), before):
            members = []
            while following and following[0] < shard.end:
                members.append(following)
                following = next(seals, None)
            plan[shard] = len(members) if self._stale(shard, self._key(members)) else None
        return plan

    def work(self, shard: Shard, *, anew: bool = False) -> Work:
        """What is to be done for a shard. anew: with nothing from before."""
        within, status = (shard.first, shard.end), self._library.status
        seals = list(self._library.seals(*within))
        members = [
            (text, Standing(seal.hex(), text.digest.hex() if status(text) == "read" else "", True))
            for text, (_, seal) in zip(self._library.store.texts(*within), seals, strict=True)
        ]
        names = [] if anew else self._from(shard)
        before = [parts for name in names if (parts := self._parts(name))]
        standing = {
            document: known
            for parts in before
            for document, known in unpack_standing(parts["standing"].data).items()
        }
        matched = all(self._kept[name][_MATCHED] == self._code[_MATCHED] for name in names)
        sound = {d for d, known in standing.items() if known.alike and known.fit}
        sound -= self._touched(parts["numerals"].data for parts in before)
        kept = [(t.document_id, standing[t.document_id], now) for t, now in members if t.document_id in sound]
        alike = {document for document, known, now in kept if now.text and known.text == now.text}
        same = {document for document, known, now in kept if matched and known.key == now.key}
        left = [(text, now) for text, now in members if text.document_id not in same]
        stored = self._library.stored([text for text, _ in left])
        packed = ({name: bytes(part.data) for name, part in parts.items()} for parts in before)
        return Work(
            shard=shard.name,
            key=self._key(seals),
            documents=tuple(zip(stored, (now for _, now in left), strict=True)),
            same=frozenset(same),
            alike=frozenset(alike - same),
            before=tuple(packed) if same | alike else (),
        )

    def gather(self, plan: Iterable[Shard], log: Log, anew: int) -> Read:
        """The shards one after another."""
        import pyarrow as pa

        batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in TABLES}
        rows = dict.fromkeys(TABLES, 0)
        claims: list[Claim] = []
        doubts: list[Finding] = []
        misfits: list[Misfit] = []
        spans: list[Span] = []
        for shard in plan:
            parts = self._whole(shard)
            said = unpack_said(parts["said"].data)
            misfits += [m._replace(row=m.row + rows[m.table]) for m in said.misfits]
            claims += [claim for each in said.claims.values() for claim in each]
            doubts += [doubt for each in said.doubts.values() for doubt in each]
            began = dict(rows)
            for name in TABLES:
                batches[name].append(unpack_batch(name, parts[name].data))
                rows[name] += batches[name][-1].num_rows
            key = blake2b(b"".join(parts[name].digest for name in TABLES), digest_size=_DIGEST).digest()
            spans.append(Span(shard.name, key, {name: (began[name], rows[name]) for name in TABLES}))
        tables = {
            name: pa.Table.from_batches([each for each in own if each.num_rows], DECLARED[name].schema())
            for name, own in batches.items()
        }
        return Read(
            tables=tables, spans=tuple(spans), claims=tuple(claims), doubts=tuple(doubts),
            misfits=tuple(misfits), log=log, anew=anew,
        )  # fmt: skip

    def _key(self, seals: Iterable[tuple[str, bytes]]) -> bytes:
        whole = blake2b(digest_size=_DIGEST)
        for name, seal in seals:
            whole.update(name.encode() + seal)
        return self._code + whole.digest()

    def _stale(self, shard: Shard, key: bytes) -> bool:
        if self._kept.get(shard) != key:
            return True
        parts = self._parts(shard, {"numerals"}) if self._targets else None
        return bool(parts and self._touched([parts["numerals"].data]))

    def _from(self, shard: Shard) -> list[Shard]:
        """The shards that had its documents the last time, as far as the same code read them."""
        there = [shard] if shard in self._kept else [old for old in self._kept if old.overlaps(shard)]
        return [old for old in there if self._kept[old][_READ] == self._code[_READ]]

    def _parts(self, shard: Shard, names: Set[str] = PARTS) -> dict[str, Part] | None:
        """A shard's values; None where one is missing or broken."""
        parts = self._library.store.parts(shard.name, names)
        return parts if parts.keys() >= names else None

    def _touched(self, numerals: Iterable[memoryview]) -> set[str]:
        """Documents with a quantity that a decision is about."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found: set[str] = set()
        for table in (unpack_batch("numerals", data) for data in numerals if self._targets):
            about = pc.is_in(table["quantity_id"], pa.array(sorted(self._targets), pa.string()))
            found.update(table["document_id"].filter(about).to_pylist())
        return found

    def _whole(self, shard: Shard) -> dict[str, Part]:
        """A shard as it was kept; where it is broken, as it is made again."""
        parts = self._parts(shard, _SHOWN)
        if parts is None:
            done = self._reader(self.work(shard, anew=True))
            self._library.store.keep(done.shard, done.key, done.parts)
            parts = self._parts(shard, _SHOWN)
            assert parts
        return parts
