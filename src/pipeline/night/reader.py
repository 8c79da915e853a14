"""The reader: articles read, related and matched. It is what other processes and machines do.

An article is reread from its text, or rematched from the mentions that it was read to
before; either gives what reading it anew gives. One on which a step fails is quarantined.
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
from pipeline.errors import LimitError, fault_message
from pipeline.frames.reading import read_each
from pipeline.frames.weights import load_weights
from pipeline.night.article_state import Keys
from pipeline.night.serial import dump, load
from pipeline.night.shard_rows import ReadArticle, batch_of
from pipeline.numbers.extract import Reading
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import Unit
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.releases.stable_ids import PreviousFigures, dropped_figures, kept_figure_ids
from pipeline.settings import LIMITS, Limits
from pipeline.statistics.catalog import load_catalog
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
    """Of what will come of it."""
    mentions: bytes | None = None
    """What it was read to before, where that still holds."""
    known: PreviousFigures = PreviousFigures()
    """What the last release knows of its figures."""


class Work(NamedTuple):
    """Articles of one shard."""

    shard: str
    tasks: tuple[Task, ...]
    tried: bool = False
    """Whether its process was lost before."""

    def apart(self) -> list[Work]:
        """What to try where a process was lost over it: each article alone, and that once more."""
        if self.tried:
            return []
        return [Work(self.shard, (task,), len(self.tasks) == 1) for task in self.tasks]


class Done(NamedTuple):
    """What came of a work."""

    shard: str
    articles: int
    rows: pa.RecordBatch
    """Of the shard: a row an article."""
    log: DecisionLog
    """What became of decisions on its figures and equations."""


@dataclass(frozen=True)
class Reader:
    """Reads articles. It can be sent to another process or machine, and loads its catalog there."""

    catalog: Mapping[str, bytes]
    """The files of catalog/ that are read, by path."""
    decisions: ActiveDecisions = field(default_factory=ActiveDecisions)
    limits: Limits = LIMITS

    @classmethod
    def of(cls, catalog: Path, decisions: ActiveDecisions, limits: Limits = LIMITS) -> Reader:
        """The reader with this catalog and these decisions.

        Raises `WenshuError`, which names the file in this folder, where something in the catalog is wrong.
        """
        found = {name: path.read_bytes() for name, path in catalog_files(catalog).items()}
        reader = cls(found, decisions, limits)
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

    def __call__(self, work: Work) -> Done:
        """Do the work. A pure function of it: whoever does it, the rows are the same."""
        units = self._units
        log: DecisionLog = {}
        try:
            made = batch_of(self._pages(work.tasks, log), units)
        except OSError:  # the machine's fault, and no article's
            raise
        except Exception:  # some article makes a step fail: which one, they tell one at a time
            log.clear()
            made = batch_of([self._alone(task, log) for task in work.tasks], units)
        return Done(work.shard, len(work.tasks), made, log)

    def refused(self, work: Work, reason: str) -> Done:
        """What comes of articles that cannot be read."""
        refused = [_refused(task, reason) for task in work.tasks]
        return Done(work.shard, len(work.tasks), batch_of(refused, self._units), {})

    def _alone(self, task: Task, log: DecisionLog) -> ReadArticle:
        """What an article gives; quarantined, with the reason, where a step fails on it."""
        own: DecisionLog = {}
        try:
            (page,) = self._pages([task], own)
            batch_of([page], self._units)
        except OSError:
            raise
        except Exception as error:
            return _refused(task, fault_message(error))
        log.update(own)
        return page

    def _pages(self, tasks: Sequence[Task], log: DecisionLog) -> list[ReadArticle]:
        """What each article gives. One thing is done to all before the next: so code stays in the caches."""
        anew = (task.source.text for task in tasks if task.source.status == "read" and task.mentions is None)
        readings = read_each(anew, self._loaded[0])
        read = [self._read(task, readings, log) for task in tasks]
        matched = [self._matched(page) for page in read]
        return [self._related(page, log) for page in matched]

    def _read(self, task: Task, readings: Iterator[Reading], log: DecisionLog) -> ReadArticle:
        """What an article states; where that is not known yet, the next of the readings."""
        source = task.source
        if source.status != "read":
            return ReadArticle(source, task.keys)
        if task.mentions is None:
            reading = next(readings)
        else:
            reading = Reading(reflow(source.text), tuple(load(Mention, task.mentions)))
        if len(reading.mentions) > self.limits.numerals:
            raise LimitError("numerals", f"states {len(reading.mentions)} numerals", self.limits.numerals)
        own, noted = quantity_ids(source.document_id, reading), len(log)
        kept = kept_figure_ids(own, reading, task.known)
        ids = [kept.get(name, name) for name in own]
        named = zip(ids, reading.mentions, strict=True)
        amended = tuple(apply_corrections("quantity", named, self.decisions, log))
        return ReadArticle(
            with_derived(source, reading.flow), task.keys, task.mentions or dump(reading.mentions),
            Reading(reading.flow, amended), ids, kept, dropped_figures(ids, reading, amended),
            len(log) > noted,
        )  # fmt: skip

    def _matched(self, page: ReadArticle) -> ReadArticle:
        """With what it says of the indicators, and the region that it is about."""
        if page.source.status != "read":
            return page
        (_, matcher), flow = self._loaded, page.reading.flow
        where = matcher.region_resolver(flow, page.source)
        found = correct_places(
            matcher.match(flow, page.reading.mentions, page.ids, page.source, where), page.ids, self.decisions
        )
        return page._replace(found=found, area=where.area)

    def _related(self, page: ReadArticle, log: DecisionLog) -> ReadArticle:
        """With the equations in it."""
        equations, repeats = _relations(page)
        named, noted = ((str(row[0]), row) for row in equations), len(log)
        relations = [*apply_corrections("relation", named, self.decisions, log)]
        decided = page.decided or len(log) > noted
        return page._replace(relations=relations, repeats=repeats, decided=decided)


def _load(catalog: Path) -> tuple[Grammar, Matcher]:
    grammar = load_grammar(catalog)
    load_weights(grammar.weights)  # what is wrong with them is told here, and not of each article
    return grammar, Matcher(load_catalog(catalog))


def _refused(task: Task, reason: str) -> ReadArticle:
    return ReadArticle(
        replace(task.source, text="", encoding=None, status="quarantined", reason=reason), task.keys
    )


def _relations(page: ReadArticle) -> tuple[list[rows.Row], list[rows.Row]]:
    """The rows of an article's equations, and of its repeats."""
    found = relate(page.reading)
    equations = [one for one in found if one.relation != "repeat"]
    repeats = [one for one in found if one.relation == "repeat" and all(page.ids[at] for at in one.operands)]
    ids, name = page.ids, page.source.document_id
    if not all(ids[operand] for relation in equations for operand in relation.operands):
        every = quantity_ids(name, page.reading, every=True)
        ids = [page.kept.get(own, own) for own in every]
    said = rows.repeat_rows(name, repeats, page.reading.mentions, page.ids)
    return list(rows.relation_rows(name, equations, ids)), list(said)
