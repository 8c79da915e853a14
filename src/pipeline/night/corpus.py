"""Reading a corpus: what is new is read by the executor, what still holds is taken from the cache.

plan      of every shard, what is to be done about each of its articles
read      these, by the executor; a shard is kept as soon as all of it is done
gather    all shards in order, their tables as they lie on disk
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from pipeline.decisions.active import DecisionLog
from pipeline.night.article_state import Keys, State, Was, state
from pipeline.night.articles import Articles, Tick
from pipeline.night.cache import Entry
from pipeline.night.executor import read_works
from pipeline.night.reader import Done, Reader, Task, Work
from pipeline.night.serial import load
from pipeline.night.shards import Shard, columns, divide, rows_of
from pipeline.releases.stable_ids import PreviousFigure, PreviousFigures
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.tables import BY_DOCUMENT, TABLES
from pipeline.tables.rows import InexactValue

if TYPE_CHECKING:
    import pyarrow as pa

_DECIDED = {"quantity": ("quantities", "quantity_id"), "relation": ("relations", "relation_id")}
"""Where the ids are of what a decision may change in an article's rows."""

T = TypeVar("T")

_LONGEST = 150_000
"""Characters of texts that one work has, about: a process that is lost over it has read them in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A corpus as read."""

    tables: Mapping[str, pa.Table]
    """Those whose every row is of one document, in their order, on disk."""
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Diagnostic, ...] = ()
    misfits: tuple[InexactValue, ...] = ()
    log: DecisionLog = field(default_factory=dict)
    """What became of decisions on figures and equations."""
    kept_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By document the ids that its figures have, by those that their sentences give, where these differ."""
    dropped: Mapping[str, Sequence[PreviousFigure]] = field(default_factory=dict)
    """By document the figures that decisions dropped."""
    states: Mapping[State, int] = field(default_factory=dict)
    """How many articles were kept, rematched and reread."""


def read(
    articles: Articles, reader: Reader, *, code: str, tick: Tick,
    processes: int | None = None, dask: str | None = None,
) -> Read:  # fmt: skip
    """Read a corpus, as far as what it was read to does not hold any more.

    code: digest of the code and lexicon that read.
    """
    tonight = _Tonight(articles, reader, code)
    log: DecisionLog = {}
    total, finished = sum(len(plan.open) for plan in tonight.plans), 0
    for done in read_works(reader, tonight.works(), processes, dask):
        log.update(done.log)
        tonight.put(done)
        finished += done.articles
        tick(finished, total)
    return tonight.gather(log)


@dataclass(slots=True)
class _Plan:
    """What is to be done about a shard."""

    shard: Shard
    key: bytes
    rows: pa.RecordBatch | None
    """As it lies on disk; None where that is not as it should be tonight."""
    was: pa.Table | None = None
    """What it was, where it is not as it should be."""
    kept: list[int] = field(default_factory=list)
    """Rows of that which stay."""
    open: dict[str, tuple[Keys, int | None]] = field(default_factory=dict)
    """Articles to be read: of each the keys, and the row with its mentions where they hold."""
    done: list[pa.RecordBatch] = field(default_factory=list)


class _Tonight:
    """One night's reading."""

    def __init__(self, articles: Articles, reader: Reader, code: str) -> None:
        self._articles, self._cache = articles, articles.cache
        catalog = [
            part for name, content in sorted(reader.catalog.items()) for part in (name.encode(), content)
        ]
        self._code, self._catalog = _digest(code.encode()), _digest(*catalog, repr(reader.limits).encode())
        self._targets = {kind: sorted(reader.decisions.changing(kind)) for kind in _DECIDED}
        self._before = {Shard.named(name): key for name, key in self._cache.shards.keys().items()}
        self._states: Counter[State] = Counter()
        self.plans = list(self._planned())
        self._of = {plan.shard.name: plan for plan in self.plans}

    def works(self) -> Iterator[Work]:
        """All that is to be read; shards of which something only goes are kept anew on the way."""
        for plan in self.plans:
            if plan.rows is None and not plan.open:
                self._keep(plan)
            entries = self._cache.entries(plan.shard.first, plan.shard.end) if plan.open else ()
            wanted = [entry for entry in entries if entry.document_id in plan.open]
            sources = list(self._articles.sources(wanted))
            known = self._articles.last.previous_figures(
                {source.document_id: source.sha256 for source in sources}
            )
            tasks: list[Task] = []
            size = 0
            for source in sources:
                name = source.document_id
                keys, row = plan.open[name]
                mentions = plan.was["mentions"][row].as_py() if plan.was and row is not None else None
                tasks.append(Task(source, keys, mentions, known.get(name, PreviousFigures())))
                size += len(source.text)
                if size > _LONGEST:
                    yield Work(plan.shard.name, tuple(tasks))
                    tasks, size = [], 0
            if tasks:
                yield Work(plan.shard.name, tuple(tasks))

    def put(self, done: Done) -> None:
        """Take what came of a work; keep its shard where that was the last of it."""
        plan = self._of[done.shard]
        plan.done.append(done.rows)
        if sum(rows.num_rows for rows in plan.done) == len(plan.open):
            self._keep(plan)

    def gather(self, log: DecisionLog) -> Read:
        """The shards one after another."""
        import pyarrow as pa

        self._cache.shards.keep_only({plan.shard.name for plan in self.plans})
        shards = [rows for plan in self.plans if (rows := plan.rows) is not None and rows.num_rows]
        tables = {
            name: pa.Table.from_batches([rows_of(shard, name) for shard in shards], TABLES[name].schema())
            for name in BY_DOCUMENT
        }
        return Read(
            tables=tables, claims=tuple(_records(shards, "claims", Claim)),
            doubts=tuple(_records(shards, "findings", Diagnostic)), misfits=tuple(_misfits(shards)),
            log=log, kept_ids=dict(_kept(shards)), dropped=dict(_dropped(shards)), states=dict(self._states),
        )  # fmt: skip

    def _planned(self) -> Iterator[_Plan]:
        before = max((shard.bits for shard in self._before), default=0)
        entries = self._cache.entries()
        following = next(entries, None)
        for shard in divide(len(self._articles.cache.statuses()), before):
            members: dict[str, Keys] = {}
            while following and following.document_id < shard.end:
                members[following.document_id] = self._keys(following)
                following = next(entries, None)
            yield self._plan(shard, members)

    def _plan(self, shard: Shard, members: Mapping[str, Keys]) -> _Plan:
        key = _digest(*(part for name, keys in members.items() for part in (name.encode(), *keys)))
        rows = self._cache.shards.shard(shard.name) if shard in self._before else None
        decided = self._decided([rows] if rows is not None else [])
        if rows is not None and self._before[shard] == key and not decided:
            self._states["keep"] += len(members)
            return _Plan(shard, key, rows)
        was = self._was(shard, rows)
        plan = _Plan(shard, key, None, was)
        decided = self._decided(was.to_batches())
        known = {
            name: (row, Was(Keys(reading, matching), bool(mentions), name in decided))
            for row, (name, reading, matching, mentions) in enumerate(_states(was))
        }
        for name, keys in members.items():
            row, before = known.get(name, (0, None))
            todo = state(before, keys)
            self._states[todo] += 1
            if todo == "keep":
                plan.kept.append(row)
            else:
                plan.open[name] = keys, row if todo == "rematch" else None
        return plan

    def _was(self, shard: Shard, rows: pa.RecordBatch | None) -> pa.Table:
        """The shard as it was; where articles were divided otherwise, all that had some of them."""
        import pyarrow as pa

        there = [rows] if rows is not None else []
        if shard not in self._before:
            old = (self._cache.shards.shard(other.name) for other in self._before if other.overlaps(shard))
            there = [each for each in old if each is not None]
        return pa.Table.from_batches(there, columns())

    def _keep(self, plan: _Plan) -> None:
        import pyarrow as pa

        whole = pa.Table.from_batches(plan.done, columns())
        if plan.was and plan.kept:
            whole = pa.concat_tables([whole, plan.was.take(plan.kept)])
        if len(plan.done) > 1 or plan.kept:
            whole = whole.sort_by("document_id")
        batches = whole.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], columns())]
        self._cache.shards.keep(plan.shard.name, plan.key, batches[0])
        plan.done, plan.was = [], None
        plan.rows = self._cache.shards.shard(plan.shard.name)

    def _keys(self, entry: Entry) -> Keys:
        refused = repr(self._articles.refused.get(entry.document_id)).encode("utf-8", "surrogatepass")
        read = self._articles.status(entry) == "read"
        return Keys(
            _digest(self._code, entry.text_digest) if read else b"",
            _digest(self._code, self._catalog, entry.digest, refused),
        )

    def _decided(self, shards: Iterable[pa.RecordBatch]) -> set[str]:
        """Articles with a figure or equation that a decision touched, or would touch."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found: set[str] = set()
        for shard in shards:
            found.update(shard["document_id"].filter(shard["decided"]).to_pylist())
            for kind, targets in self._targets.items():
                if targets:
                    table, key = _DECIDED[kind]
                    rows = rows_of(shard, table)
                    about = pc.is_in(rows[key], pa.array(targets, pa.string()))
                    found.update(rows["document_id"].filter(about).to_pylist())
        return found


def _states(was: pa.Table) -> Iterator[tuple[str, bytes, bytes, bool]]:
    names = ("document_id", "reading_key", "matching_key")
    yield from zip(*(was[n].to_pylist() for n in names), was["mentions"].is_valid().to_pylist(), strict=True)


def _records(shards: Sequence[pa.RecordBatch], column: str, kind: type[T]) -> Iterator[T]:
    for shard in shards:
        for data in shard[column].to_pylist():
            if data != b"[]":
                yield from load(kind, data)


def _kept(shards: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, dict[str, str]]]:
    for shard in shards:
        names, kept = shard["document_id"].to_pylist(), shard["kept_ids"].to_pylist()
        yield from ((name, dict(ids)) for name, ids in zip(names, kept, strict=True) if ids)


def _dropped(shards: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, tuple[PreviousFigure, ...]]]:
    for shard in shards:
        for name, data in zip(shard["document_id"].to_pylist(), shard["dropped"].to_pylist(), strict=True):
            if data != b"[]":
                yield name, tuple(load(PreviousFigure, data))


def _misfits(shards: Sequence[pa.RecordBatch]) -> Iterator[InexactValue]:
    """Values that a table cannot hold, each with its row in the table of all shards."""
    firsts = dict.fromkeys(BY_DOCUMENT, 0)
    for shard in shards:
        for article, data in enumerate(shard["misfits"].to_pylist()):
            for misfit in load(InexactValue, data) if data != b"[]" else ():
                name = misfit.table
                inside = article if name == "documents" else shard[name].offsets[article].as_py()
                yield misfit._replace(row=firsts[name] + inside + misfit.row)
        for name in BY_DOCUMENT:
            firsts[name] += len(rows_of(shard, name))


def _digest(*parts: bytes) -> bytes:
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.digest()
