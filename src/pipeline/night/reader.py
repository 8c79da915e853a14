"""The reader: articles read, related and matched. It is what other processes and machines do.

An article is reread from its text, or rematched from the mentions that it was read to
before; either gives what reading it anew gives. One on which a step fails is quarantined.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.catalog_files import catalog_files
from pipeline.decisions import Docket, Log
from pipeline.decisions.amend import amend, placed
from pipeline.errors import LimitError, fault
from pipeline.frames.reading import read_each
from pipeline.night.articles import Article
from pipeline.night.serial import dump, load
from pipeline.night.shards import columns
from pipeline.night.state import Keys
from pipeline.numbers.extract import Reading, uncollected
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.mention import Mention
from pipeline.numbers.units import Unit
from pipeline.relations import relate
from pipeline.relations.ids import quantity_ids
from pipeline.settings import LIMITS, Limits
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.claims import About, Found
from pipeline.statistics.indicators import Matcher
from pipeline.tables import BY_DOCUMENT, TABLES, rows
from pipeline.tables.mentions import mention_tables
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source, with_masthead

if TYPE_CHECKING:
    import pyarrow as pa


class Task(NamedTuple):
    """An article to be read."""

    article: Article
    keys: Keys
    """Of what will come of it."""
    mentions: bytes | None = None
    """What it was read to before, where that still holds."""


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
    log: Log
    """What became of decisions on its figures and equations."""


class _Page(NamedTuple):
    """What one article gives."""

    source: Source
    keys: Keys
    mentions: bytes | None = None
    reading: Reading = Reading(reflow(""), ())
    ids: Sequence[str] = ()
    """Of its mentions."""
    decided: bool = False
    area: str | None = None
    found: Found = Found()
    relations: Sequence[rows.Row] = ()
    repeats: Sequence[rows.Row] = ()

    @property
    def document(self) -> rows.Row:
        return rows.document_row(
            self.source, self.reading if self.source.status == "read" else None, self.area
        )


@dataclass(frozen=True)
class Reader:
    """Reads articles. It can be sent to another process or machine, and loads its catalog there."""

    catalog: Mapping[str, bytes]
    """The files of catalog/ that are read, by path."""
    docket: Docket = field(default_factory=Docket)
    limits: Limits = LIMITS

    @classmethod
    def of(cls, catalog: Path, docket: Docket, limits: Limits = LIMITS) -> Reader:
        """The reader with this catalog and these decisions.

        Raises `WenshuError`, which names the file in this folder, where something in the catalog is wrong.
        """
        found = {name: path.read_bytes() for name, path in catalog_files(catalog).items()}
        reader = cls(found, docket, limits)
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
        return self._loaded[0].units.known

    def __getstate__(self) -> dict[str, Any]:
        return {"catalog": dict(self.catalog), "docket": self.docket, "limits": self.limits}

    def __call__(self, work: Work) -> Done:
        """Do the work. A pure function of it: whoever does it, the rows are the same."""
        units = self._units
        log: Log = {}
        with uncollected():
            try:
                made = _rows(self._pages(work.tasks, log), units)
            except OSError:  # the machine's fault, and no article's
                raise
            except Exception:  # some article makes a step fail: which one, they tell one at a time
                log.clear()
                made = _rows([self._alone(task, log) for task in work.tasks], units)
        return Done(work.shard, len(work.tasks), made, log)

    def refused(self, work: Work, reason: str) -> Done:
        """What comes of articles that cannot be read."""
        refused = [_refused(task, reason) for task in work.tasks]
        return Done(work.shard, len(work.tasks), _rows(refused, self._units), {})

    def _alone(self, task: Task, log: Log) -> _Page:
        """What an article gives; quarantined, with the reason, where a step fails on it."""
        own: Log = {}
        try:
            (page,) = self._pages([task], own)
            _rows([page], self._units)
        except OSError:
            raise
        except Exception as error:
            return _refused(task, fault(error))
        log.update(own)
        return page

    def _pages(self, tasks: Sequence[Task], log: Log) -> list[_Page]:
        """What each article gives. One thing is done to all before the next: so code stays in the caches."""
        sources = [task.article.source() for task in tasks]
        anew = (
            source.text
            for task, source in zip(tasks, sources, strict=True)
            if source.status == "read" and task.mentions is None
        )
        readings = read_each(anew, self._loaded[0])
        read = [self._read(task, source, readings, log) for task, source in zip(tasks, sources, strict=True)]
        matched = [self._matched(page) for page in read]
        return [self._related(page, log) for page in matched]

    def _read(self, task: Task, source: Source, readings: Iterator[Reading], log: Log) -> _Page:
        """What an article states; where that is not known yet, the next of the readings."""
        if source.status != "read":
            return _Page(source, task.keys)
        if task.mentions is None:
            reading = next(readings)
        else:
            reading = Reading(reflow(source.text), tuple(load(Mention, task.mentions)))
        if len(reading.mentions) > self.limits.numerals:
            raise LimitError("numerals", f"states {len(reading.mentions)} numerals", self.limits.numerals)
        ids, noted = quantity_ids(source.document_id, reading), len(log)
        named = zip(ids, reading.mentions, strict=True)
        amended = tuple(amend("quantity", named, self.docket, log))
        return _Page(
            with_masthead(source, reading.flow), task.keys, task.mentions or dump(reading.mentions),
            Reading(reading.flow, amended), ids, len(log) > noted,
        )  # fmt: skip

    def _matched(self, page: _Page) -> _Page:
        """With what it says of the indicators, and the region that it is about."""
        if page.source.status != "read":
            return page
        (_, matcher), flow, about = self._loaded, page.reading.flow, _about(page.source)
        where = matcher.locator(flow, about)
        found = placed(
            matcher.read(flow, page.reading.mentions, page.ids, about, where), page.ids, self.docket
        )
        return page._replace(found=found, area=where.area)

    def _related(self, page: _Page, log: Log) -> _Page:
        """With the equations in it."""
        equations, repeats = _relations(page)
        named, noted = ((str(row[0]), row) for row in equations), len(log)
        relations = [*amend("relation", named, self.docket, log)]
        decided = page.decided or len(log) > noted
        return page._replace(relations=relations, repeats=repeats, decided=decided)


def _load(catalog: Path) -> tuple[Grammar, Matcher]:
    return load_grammar(catalog), Matcher(load_catalog(catalog))


def _refused(task: Task, reason: str) -> _Page:
    source = task.article.source()
    return _Page(replace(source, text="", encoding=None, status="quarantined", reason=reason), task.keys)


def _relations(page: _Page) -> tuple[list[rows.Row], list[rows.Row]]:
    """The rows of an article's equations, and of its repeats."""
    found = relate(page.reading)
    equations = [one for one in found if one.relation != "repeat"]
    repeats = [one for one in found if one.relation == "repeat" and all(page.ids[at] for at in one.operands)]
    ids, name = page.ids, page.source.document_id
    if not all(ids[operand] for relation in equations for operand in relation.operands):
        ids = quantity_ids(name, page.reading, every=True)
    said = rows.repeat_rows(name, repeats, page.reading.mentions, page.ids)
    return list(rows.relation_rows(name, equations, ids)), list(said)


def _stated(page: _Page, units: Mapping[str, Unit]) -> Iterator[rows.Row]:
    name, mentions = page.source.document_id, page.reading.mentions
    return rows.statistic_rows(name, page.found.statistics, mentions, page.ids, units)


def _about(source: Source) -> About:
    return About(
        document_id=source.document_id, issued=source.issued, region=source.region,
        publisher=source.publisher, title=source.title,
    )  # fmt: skip


def _rows(pages: Sequence[_Page], units: Mapping[str, Unit]) -> pa.RecordBatch:
    """The articles as rows of a shard."""
    import pyarrow as pa

    statuses = {claim.key: claim.obs_status for page in pages for claim in page.found.claims}
    numerals, quantities = mention_tables(
        ((page.source.document_id, page.reading, page.ids) for page in pages), statuses, units
    )
    fitted = {
        "documents": rows.to_table(TABLES["documents"], [page.document for page in pages]),
        "quantities": quantities,
        "numerals": numerals,
        "relations": rows.to_table(TABLES["relations"], [row for page in pages for row in page.relations]),
        "repeats": rows.to_table(TABLES["repeats"], [row for page in pages for row in page.repeats]),
        "statistics": rows.to_table(
            TABLES["statistics"], [row for page in pages for row in _stated(page, units)]
        ),
    }
    counts = {
        "documents": [1] * len(pages),
        "quantities": [sum(mention.statistical for mention in page.reading.mentions) for page in pages],
        "numerals": [len(page.reading.mentions) for page in pages],
        "relations": [len(page.relations) for page in pages],
        "repeats": [len(page.repeats) for page in pages],
        "statistics": [len(page.found.statistics) for page in pages],
    }
    firsts = {name: list(accumulate(counts[name], initial=0)) for name in BY_DOCUMENT}
    misfits = _misfits((misfit for name in BY_DOCUMENT for misfit in fitted[name].misfits), firsts)
    made = {
        "document_id": [page.source.document_id for page in pages],
        "reading_key": [page.keys.reading for page in pages],
        "matching_key": [page.keys.matching for page in pages],
        "decided": [page.decided for page in pages],
        "mentions": [page.mentions for page in pages],
        "claims": [dump(page.found.claims) for page in pages],
        "findings": [dump(page.found.findings) for page in pages],
        "misfits": [dump(misfits.get(number, ())) for number in range(len(pages))],
    }
    arrays = [pa.array(made[name], columns().field(name).type) for name in made]
    for name in BY_DOCUMENT:
        cells = fitted[name].table.combine_chunks().to_struct_array()
        cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        cells = cells.cast(pa.struct(list(TABLES[name].schema())))
        arrays.append(cells if name == "documents" else pa.ListArray.from_arrays(firsts[name], cells))
    order = [*made, *BY_DOCUMENT]
    batch = pa.RecordBatch.from_arrays(arrays, names=order).select(columns().names)
    return batch.cast(columns())


def _misfits(
    found: Iterable[rows.Misfit], firsts: Mapping[str, Sequence[int]]
) -> dict[int, list[rows.Misfit]]:
    """Values that a table cannot hold, by the number of the article, each with its row among its own."""
    by_article: dict[int, list[rows.Misfit]] = {}
    for misfit in found:
        number = bisect_right(firsts[misfit.table], misfit.row) - 1
        own = misfit._replace(row=misfit.row - firsts[misfit.table][number])
        by_article.setdefault(number, []).append(own)
    return by_article
