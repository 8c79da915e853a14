"""The reader: extracts, relates and matches articles, in this process, in others and on other machines.

An article is read from its text, or rematched from the mentions of an earlier reading; both
give the same. One on which a step fails is quarantined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.catalog_files import catalog_files
from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.apply_corrections import apply_corrections, correct_places
from pipeline.errors import fault_message
from pipeline.frames.reading import read_each
from pipeline.frames.weights import load_weights
from pipeline.night.cache.article_rows import ArticleReading, shard_rows
from pipeline.night.cache.article_state import Keys
from pipeline.night.cache.json_records import dump, load
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import Unit
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.releases.stable_ids import PreviousFigures, dropped_figures, kept_figure_ids
from pipeline.settings import LIMITS, Limits
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.matcher import Matcher
from pipeline.tables import rows
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source, with_derived

if TYPE_CHECKING:
    import pyarrow as pa


class Task(NamedTuple):
    """An article to be read."""

    source: Source
    """Without its masthead."""
    keys: Keys
    mentions: bytes | None = None
    """As JSON, where those of an earlier reading are still right."""
    released: PreviousFigures = PreviousFigures()
    """Its figures in the last release."""


class Batch(NamedTuple):
    """Articles of one shard."""

    shard: str
    tasks: tuple[Task, ...]
    retried: bool = False
    """Whether a process died over it before."""

    def split(self) -> list[Batch]:
        """What to read instead where a process died over it: each article alone, a single one once more."""
        if self.retried:
            return []
        return [Batch(self.shard, (task,), len(self.tasks) == 1) for task in self.tasks]


class BatchResult(NamedTuple):
    """What a batch was read to."""

    shard: str
    articles: int
    rows: pa.RecordBatch
    """Rows of the shard, one an article."""
    log: DecisionLog
    """What became of decisions on its figures and equations."""


@dataclass(frozen=True)
class Reader:
    """Reads articles. It can be pickled for another process or machine, and loads its catalog there."""

    catalog: Mapping[str, bytes]
    """The files of catalog/ that are read, by path."""
    decisions: ActiveDecisions = field(default_factory=ActiveDecisions)
    limits: Limits = LIMITS

    @classmethod
    def of(cls, catalog: Path, decisions: ActiveDecisions, limits: Limits = LIMITS) -> Reader:
        """The reader with this catalog and these decisions.

        Raises `WenshuError`, which names the file in this folder, where something in the catalog is wrong.
        """
        content = {name: path.read_bytes() for name, path in catalog_files(catalog).items()}
        reader = cls(content, decisions, limits)
        reader.__dict__["_loaded"] = _load(catalog)
        return reader

    @cached_property
    def _loaded(self) -> tuple[Grammar, Matcher]:
        with TemporaryDirectory(prefix="wenshu-") as folder:
            for name, content in self.catalog.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return _load(Path(folder))

    @property
    def _units(self) -> Mapping[str, Unit]:
        return self._loaded[0].units.by_word

    def __getstate__(self) -> dict[str, Any]:
        return {"catalog": dict(self.catalog), "decisions": self.decisions, "limits": self.limits}

    def __call__(self, batch: Batch) -> BatchResult:
        """Read a batch: a pure function, so that the rows are the same wherever it runs."""
        log: DecisionLog = {}
        try:
            read = shard_rows(self._read_together(batch.tasks, log), self._units)
        except OSError:  # the machine's fault, and no article's
            raise
        except Exception:  # of some article; which one, each alone will tell
            log.clear()
            read = shard_rows([self._read_alone(task, log) for task in batch.tasks], self._units)
        return BatchResult(batch.shard, len(batch.tasks), read, log)

    def quarantine(self, batch: Batch, reason: str) -> BatchResult:
        """The result for articles that cannot be read."""
        articles = [_quarantined(task, reason) for task in batch.tasks]
        return BatchResult(batch.shard, len(articles), shard_rows(articles, self._units), {})

    def _read_alone(self, task: Task, log: DecisionLog) -> ArticleReading:
        """The article; quarantined, with the reason, where a step fails on it."""
        article_log: DecisionLog = {}
        try:
            (article,) = self._read_together([task], article_log)
            shard_rows([article], self._units)
        except OSError:
            raise
        except Exception as error:
            return _quarantined(task, fault_message(error))
        log.update(article_log)
        return article

    def _read_together(self, tasks: Sequence[Task], log: DecisionLog) -> list[ArticleReading]:
        """Read articles, one step for all before the next, so that code stays in the processor's caches."""
        texts = (task.source.text for task in tasks if task.source.status == "read" and task.mentions is None)
        readings = read_each(texts, self._loaded[0])
        extracted = [self._extract(task, readings, log) for task in tasks]
        matched = [self._match(article) for article in extracted]
        return [self._relate(article, log) for article in matched]

    def _extract(self, task: Task, readings: Iterator[Reading], log: DecisionLog) -> ArticleReading:
        """The article with its mentions: those of an earlier reading, or of the next of `readings`."""
        source = task.source
        if source.status != "read":
            return ArticleReading(source, task.keys)
        if task.mentions is None:
            reading = next(readings)
        else:
            reading = Reading(reflow(source.text), tuple(load(Mention, task.mentions)))
        self.limits.check_numerals(len(reading.mentions))
        sentence_ids, logged = quantity_ids(source.document_id, reading), len(log)
        kept = kept_figure_ids(sentence_ids, reading, task.released)
        ids = [kept.get(name, name) for name in sentence_ids]
        named = zip(ids, reading.mentions, strict=True)
        amended = tuple(apply_corrections("quantity", named, self.decisions, log))
        return ArticleReading(
            with_derived(source, reading.flow), task.keys, task.mentions or dump(reading.mentions),
            Reading(reading.flow, amended), ids, kept, dropped_figures(ids, reading, amended),
            len(log) > logged,
        )  # fmt: skip

    def _match(self, article: ArticleReading) -> ArticleReading:
        """The article with its claims about indicators, and the region that it is about."""
        if article.source.status != "read":
            return article
        (_, matcher), flow = self._loaded, article.reading.flow
        where = matcher.region_resolver(flow, article.source)
        found = matcher.match(flow, article.reading.mentions, article.ids, article.source, where)
        return article._replace(found=correct_places(found, article.ids, self.decisions), area=where.area)

    def _relate(self, article: ArticleReading, log: DecisionLog) -> ArticleReading:
        """The article with its equations."""
        equations, repeats = _relations(article)
        named, logged = ((str(row[0]), row) for row in equations), len(log)
        relations = [*apply_corrections("relation", named, self.decisions, log)]
        decided = article.decided or len(log) > logged
        return article._replace(relations=relations, repeats=repeats, decided=decided)


def _load(catalog: Path) -> tuple[Grammar, Matcher]:
    grammar = load_grammar(catalog)
    load_weights(grammar.weights)  # an error in them is reported here, and not for each article
    return grammar, Matcher(load_catalog(catalog))


def _quarantined(task: Task, reason: str) -> ArticleReading:
    return ArticleReading(
        replace(task.source, text="", encoding=None, status="quarantined", reason=reason), task.keys
    )


def _relations(article: ArticleReading) -> tuple[list[rows.Row], list[rows.Row]]:
    """The rows of an article's equations, and of its repeats."""
    found, ids, name = relate(article.reading), article.ids, article.source.document_id
    equations = [one for one in found if one.relation != "repeat"]
    repeats = [one for one in found if one.relation == "repeat" and all(ids[at] for at in one.operands)]
    repeat_rows = rows.repeat_rows(name, repeats, article.reading.mentions, ids)
    if not all(ids[operand] for equation in equations for operand in equation.operands):
        every = quantity_ids(name, article.reading, every=True)
        ids = [article.kept_ids.get(sentence_id, sentence_id) for sentence_id in every]
    return list(rows.relation_rows(name, equations, ids)), list(repeat_rows)
