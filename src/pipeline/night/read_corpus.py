"""Reading a corpus: what is new is read by the executors, everything else is taken from the cache.

plan      for each shard, which of its articles have to be read
read      these, by the executors; a shard is written as soon as all its articles are done
gather    the tables of all shards in order, memory-mapped from disk
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.decisions.active import DecisionLog
from pipeline.night.cache.article_state import Keys, PreviousReading, State, state
from pipeline.night.cache.articles import CachedArticles
from pipeline.night.cache.database import CachedArticle
from pipeline.night.cache.json_records import load
from pipeline.night.cache.shards import Shard, divide, rows_of, schema
from pipeline.night.executors.dispatch import read_batches
from pipeline.night.reader import Batch, BatchResult, Reader, Task
from pipeline.night.run import Tick
from pipeline.releases.stable_ids import PreviousFigure, PreviousFigures
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.tables import BY_DOCUMENT, TABLES
from pipeline.tables.rows import InexactValue

if TYPE_CHECKING:
    import pyarrow as pa

_DECIDABLE = {"quantity": ("quantities", "quantity_id"), "relation": ("relations", "relation_id")}
"""Table and column of the ids that decisions about an article's rows name."""

_BATCH_CHARACTERS = 150_000
"""Characters of texts in a batch, about; where a process dies, its batch has been read in vain."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReading:
    """What a corpus was read to."""

    tables: Mapping[str, pa.Table]
    """The tables whose every row is of one document, in their order, memory-mapped."""
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


def read_corpus(
    articles: CachedArticles, reader: Reader, *, code: str, tick: Tick,
    processes: int | None = None, dask: str | None = None,
) -> CorpusReading:  # fmt: skip
    """Read a corpus, except for what the cache has. code: digest of the code and lexicon that read."""
    corpus = _Corpus(articles, reader, code)
    log: DecisionLog = {}
    total, finished = sum(len(plan.tasks) for plan in corpus.plans), 0
    for result in read_batches(reader, corpus.batches(), processes, dask):
        log.update(result.log)
        corpus.add(result)
        finished += result.articles
        tick(finished, total)
    return corpus.gather(log)


@dataclass(slots=True)
class _ShardPlan:
    """What is to be done for a shard."""

    shard: Shard
    key: bytes
    rows: pa.RecordBatch | None
    """Its file's content; None where that has to be written again."""
    previous: pa.Table | None = None
    """Its rows of the last run, where it has to be written again."""
    kept: list[int] = field(default_factory=list)
    """Numbers of those rows that are still right."""
    tasks: dict[str, tuple[Keys, int | None]] = field(default_factory=dict)
    """Articles to be read: their keys, and the number of the row whose mentions are still right."""
    done: list[pa.RecordBatch] = field(default_factory=list)

    def mentions(self, row: int | None) -> bytes | None:
        """The mentions of a row of the last run."""
        if self.previous is None or row is None:
            return None
        found: bytes | None = self.previous["mentions"][row].as_py()
        return found


class _Corpus:
    """A corpus as it is read."""

    def __init__(self, articles: CachedArticles, reader: Reader, code: str) -> None:
        self._articles, self._cache = articles, articles.cache
        catalog = (part for name, data in sorted(reader.catalog.items()) for part in (name.encode(), data))
        self._code, self._catalog = _digest(code.encode()), _digest(*catalog, repr(reader.limits).encode())
        self._targets = {kind: sorted(reader.decisions.changing(kind)) for kind in _DECIDABLE}
        self._stored = {Shard.named(name): key for name, key in self._cache.shards.keys().items()}
        self._states: Counter[State] = Counter()
        self.plans = list(self._make_plans())
        self._by_name = {plan.shard.name: plan for plan in self.plans}

    def batches(self) -> Iterator[Batch]:
        """Everything that is to be read; shards that only lose articles are written on the way."""
        for plan in self.plans:
            if not plan.tasks:
                if plan.rows is None:
                    self._write(plan)
                continue
            articles = self._cache.articles(plan.shard.first, plan.shard.end)
            sources = list(self._articles.sources([a for a in articles if a.document_id in plan.tasks]))
            digests = {source.document_id: source.sha256 for source in sources}
            released = self._articles.last_release.previous_figures(digests)
            tasks: list[Task] = []
            size = 0
            for source in sources:
                name = source.document_id
                keys, row = plan.tasks[name]
                mentions = plan.mentions(row)
                tasks.append(Task(source, keys, mentions, released.get(name, PreviousFigures())))
                size += len(source.text)
                if size > _BATCH_CHARACTERS:
                    yield Batch(plan.shard.name, tuple(tasks))
                    tasks, size = [], 0
            if tasks:
                yield Batch(plan.shard.name, tuple(tasks))

    def add(self, result: BatchResult) -> None:
        """Take the result of a batch; write its shard where that was the last one."""
        plan = self._by_name[result.shard]
        plan.done.append(result.rows)
        if sum(rows.num_rows for rows in plan.done) == len(plan.tasks):
            self._write(plan)

    def gather(self, log: DecisionLog) -> CorpusReading:
        """The content of all shards in order."""
        import pyarrow as pa

        self._cache.shards.delete_except({plan.shard.name for plan in self.plans})
        shards = [rows for plan in self.plans if (rows := plan.rows) is not None and rows.num_rows]
        tables = {
            name: pa.Table.from_batches([rows_of(shard, name) for shard in shards], TABLES[name].schema())
            for name in BY_DOCUMENT
        }
        return CorpusReading(
            tables=tables, claims=_records(shards, "claims", Claim),
            doubts=_records(shards, "findings", Diagnostic), misfits=tuple(_misfits(shards)),
            log=log, states=dict(self._states),
            kept_ids={name: dict(ids) for name, ids in _by_document(shards, "kept_ids") if ids},
            dropped={
                name: load(PreviousFigure, data)
                for name, data in _by_document(shards, "dropped")
                if data != b"[]"
            },
        )  # fmt: skip

    def _make_plans(self) -> Iterator[_ShardPlan]:
        bits = max((shard.bits for shard in self._stored), default=0)
        articles = self._cache.articles()
        following = next(articles, None)
        for shard in divide(len(self._cache.statuses()), bits):
            keys: dict[str, Keys] = {}
            while following and following.document_id < shard.end:
                keys[following.document_id] = self._keys(following)
                following = next(articles, None)
            yield self._plan(shard, keys)

    def _plan(self, shard: Shard, articles: Mapping[str, Keys]) -> _ShardPlan:
        key = _digest(*(part for name, keys in articles.items() for part in (name.encode(), *keys)))
        rows = self._cache.shards.read(shard.name) if shard in self._stored else None
        if rows is not None and self._stored[shard] == key and not self._decided([rows]):
            self._states["keep"] += len(articles)
            return _ShardPlan(shard, key, rows)
        previous = self._previous_rows(shard, rows)
        plan = _ShardPlan(shard, key, None, previous)
        decided = self._decided(previous.to_batches())
        readings = {
            name: (row, PreviousReading(keys, has_mentions, name in decided))
            for row, (name, keys, has_mentions) in enumerate(_readings(previous))
        }
        for name, keys in articles.items():
            row, reading = readings.get(name, (0, None))
            todo = state(reading, keys)
            self._states[todo] += 1
            if todo == "keep":
                plan.kept.append(row)
            else:
                plan.tasks[name] = keys, row if todo == "rematch" else None
        return plan

    def _previous_rows(self, shard: Shard, rows: pa.RecordBatch | None) -> pa.Table:
        """The shard's rows of the last run; where shards are divided anew, those of all that overlap it."""
        import pyarrow as pa

        found = [rows]
        if shard not in self._stored:
            found = [self._cache.shards.read(other.name) for other in self._stored if other.overlaps(shard)]
        return pa.Table.from_batches([each for each in found if each is not None], schema())

    def _write(self, plan: _ShardPlan) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(plan.done, schema())
        if plan.previous and plan.kept:
            table = pa.concat_tables([table, plan.previous.take(plan.kept)])
        if len(plan.done) > 1 or plan.kept:
            table = table.sort_by("document_id")
        batches = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema())]
        self._cache.shards.write(plan.shard.name, plan.key, batches[0])
        plan.done, plan.previous = [], None
        plan.rows = self._cache.shards.read(plan.shard.name)

    def _keys(self, article: CachedArticle) -> Keys:
        excluded = repr(self._articles.excluded.get(article.document_id)).encode("utf-8", "surrogatepass")
        is_read = self._articles.status(article) == "read"
        return Keys(
            _digest(self._code, article.text_digest) if is_read else b"",
            _digest(self._code, self._catalog, article.digest, excluded),
        )

    def _decided(self, shards: Iterable[pa.RecordBatch]) -> set[str]:
        """Articles with a figure or equation that a decision changed, or would change."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found: set[str] = set()
        for shard in shards:
            found.update(shard["document_id"].filter(shard["decided"]).to_pylist())
            for kind, targets in self._targets.items():
                if targets:
                    table, key = _DECIDABLE[kind]
                    rows = rows_of(shard, table)
                    named = pc.is_in(rows[key], pa.array(targets, pa.string()))
                    found.update(rows["document_id"].filter(named).to_pylist())
        return found


def _readings(shard: pa.Table) -> Iterator[tuple[str, Keys, bool]]:
    """Each article's id, its keys, and whether it has mentions."""
    names, reading, matching = (shard[c].to_pylist() for c in ("document_id", "reading_key", "matching_key"))
    yield from zip(names, map(Keys, reading, matching), shard["mentions"].is_valid().to_pylist(), strict=True)


def _by_document(shards: Iterable[pa.RecordBatch], column: str) -> Iterator[tuple[str, Any]]:
    for shard in shards:
        yield from zip(shard["document_id"].to_pylist(), shard[column].to_pylist(), strict=True)


def _records(shards: Iterable[pa.RecordBatch], column: str, kind: type[T]) -> tuple[T, ...]:
    cells = (data for _, data in _by_document(shards, column) if data != b"[]")
    return tuple(record for data in cells for record in load(kind, data))


def _misfits(shards: Sequence[pa.RecordBatch]) -> Iterator[InexactValue]:
    """Values that a table cannot hold, each with its row in the table of all shards."""
    first_rows = dict.fromkeys(BY_DOCUMENT, 0)
    for shard in shards:
        for article, data in enumerate(shard["misfits"].to_pylist()):
            for misfit in load(InexactValue, data) if data != b"[]" else ():
                name = misfit.table
                in_shard = article if name == "documents" else shard[name].offsets[article].as_py()
                yield misfit._replace(row=first_rows[name] + in_shard + misfit.row)
        for name in BY_DOCUMENT:
            first_rows[name] += len(rows_of(shard, name))


def _digest(*parts: bytes) -> bytes:
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.digest()
