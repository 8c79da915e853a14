"""What reading an article gives, and articles as the rows of a shard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pipeline.night.cache.article_state import Keys
from pipeline.night.cache.json_records import dump
from pipeline.night.cache.shards import schema
from pipeline.numbers.extract import Reading
from pipeline.numbers.units import Unit
from pipeline.releases.stable_ids import PreviousFigure
from pipeline.statistics.claims import MatchResult
from pipeline.tables import BY_DOCUMENT, TABLES, rows
from pipeline.tables.mentions import mention_tables
from pipeline.texts.layout import reflow
from pipeline.texts.source import Source

if TYPE_CHECKING:
    import pyarrow as pa


class ArticleReading(NamedTuple):
    """What an article was read to."""

    source: Source
    keys: Keys
    mentions: bytes | None = None
    """As JSON, before any decision; None where it is not read."""
    reading: Reading = Reading(reflow(""), ())
    ids: Sequence[str] = ()
    """Of its mentions."""
    kept_ids: Mapping[str, str] = {}
    """Those of the last release, by the ones that their sentences give."""
    dropped: tuple[PreviousFigure, ...] = ()
    """Figures that decisions dropped."""
    decided: bool = False
    """Whether a decision changed it."""
    area: str | None = None
    found: MatchResult = MatchResult()
    relations: Sequence[rows.Row] = ()
    repeats: Sequence[rows.Row] = ()

    @property
    def document(self) -> rows.Row:
        """Its row of the table documents."""
        reading = self.reading if self.source.status == "read" else None
        return rows.document_row(self.source, reading, self.area)


def shard_rows(articles: Sequence[ArticleReading], units: Mapping[str, Unit]) -> pa.RecordBatch:
    """The articles as rows of a shard."""
    import pyarrow as pa

    statuses = {claim.key: claim.obs_status for article in articles for claim in article.found.claims}
    numerals, quantities = mention_tables(
        ((article.source.document_id, article.reading, article.ids) for article in articles), statuses, units
    )
    by_table: dict[str, list[Sequence[rows.Row]]] = {
        "documents": [[article.document] for article in articles],
        "relations": [article.relations for article in articles],
        "repeats": [article.repeats for article in articles],
        "statistics": [_statistics(article, units) for article in articles],
    }
    fitted = {"numerals": numerals, "quantities": quantities} | {
        name: rows.table_of_rows(TABLES[name], [row for each in by_article for row in each])
        for name, by_article in by_table.items()
    }
    counts = {name: [len(each) for each in by_article] for name, by_article in by_table.items()} | {
        "quantities": [sum(m.statistical for m in article.reading.mentions) for article in articles],
        "numerals": [len(article.reading.mentions) for article in articles],
    }
    offsets = {name: list(accumulate(counts[name], initial=0)) for name in BY_DOCUMENT}
    misfits = _misfits((misfit for name in BY_DOCUMENT for misfit in fitted[name].inexact), offsets)
    columns = {
        "document_id": [article.source.document_id for article in articles],
        "reading_key": [article.keys.reading for article in articles],
        "matching_key": [article.keys.matching for article in articles],
        "decided": [article.decided for article in articles],
        "mentions": [article.mentions for article in articles],
        "kept_ids": [list(article.kept_ids.items()) for article in articles],
        "dropped": [dump(article.dropped) for article in articles],
        "claims": [dump(article.found.claims) for article in articles],
        "findings": [dump(article.found.diagnostics) for article in articles],
        "misfits": [dump(misfits.get(number, ())) for number in range(len(articles))],
    }
    arrays = {name: pa.array(cells, schema().field(name).type) for name, cells in columns.items()}
    for name in BY_DOCUMENT:
        cells = fitted[name].table.combine_chunks().to_struct_array()
        cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        cells = cells.cast(pa.struct(list(TABLES[name].schema())))
        arrays[name] = cells if name == "documents" else pa.ListArray.from_arrays(offsets[name], cells)
    names = schema().names
    return pa.RecordBatch.from_arrays([arrays[name] for name in names], names).cast(schema())


def _statistics(article: ArticleReading, units: Mapping[str, Unit]) -> list[rows.Row]:
    name, mentions = article.source.document_id, article.reading.mentions
    return [*rows.statistic_rows(name, article.found.statistics, mentions, article.ids, units)]


def _misfits(
    found: Iterable[rows.InexactValue], offsets: Mapping[str, Sequence[int]]
) -> dict[int, list[rows.InexactValue]]:
    """Values that a table cannot hold, by the article's number, each with its row among the article's."""
    by_article: dict[int, list[rows.InexactValue]] = {}
    for misfit in found:
        number = bisect_right(offsets[misfit.table], misfit.row) - 1
        row = misfit.row - offsets[misfit.table][number]
        by_article.setdefault(number, []).append(misfit._replace(row=row))
    return by_article
