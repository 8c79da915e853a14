"""What reading an article gives, and articles read as rows of a shard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pipeline.night.article_state import Keys
from pipeline.night.serial import dump
from pipeline.night.shards import columns
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


class ReadArticle(NamedTuple):
    """What one article gives."""

    source: Source
    keys: Keys
    mentions: bytes | None = None
    reading: Reading = Reading(reflow(""), ())
    ids: Sequence[str] = ()
    """Of its mentions."""
    kept: Mapping[str, str] = {}
    """Those that are the last release's, by the ones that their sentences give."""
    dropped: tuple[PreviousFigure, ...] = ()
    """Those that decisions dropped."""
    decided: bool = False
    area: str | None = None
    found: MatchResult = MatchResult()
    relations: Sequence[rows.Row] = ()
    repeats: Sequence[rows.Row] = ()

    @property
    def document(self) -> rows.Row:
        return rows.document_row(
            self.source, self.reading if self.source.status == "read" else None, self.area
        )


def batch_of(pages: Sequence[ReadArticle], units: Mapping[str, Unit]) -> pa.RecordBatch:
    """The articles as rows of a shard."""
    import pyarrow as pa

    statuses = {claim.key: claim.obs_status for page in pages for claim in page.found.claims}
    numerals, quantities = mention_tables(
        ((page.source.document_id, page.reading, page.ids) for page in pages), statuses, units
    )
    found: dict[str, list[Sequence[rows.Row]]] = {
        "documents": [[page.document] for page in pages],
        "relations": [page.relations for page in pages],
        "repeats": [page.repeats for page in pages],
        "statistics": [[*_stated(page, units)] for page in pages],
    }
    fitted = {"numerals": numerals, "quantities": quantities} | {
        name: rows.table_of_rows(TABLES[name], [row for own in cells for row in own])
        for name, cells in found.items()
    }
    counts = {name: [len(own) for own in cells] for name, cells in found.items()} | {
        "quantities": [sum(mention.statistical for mention in page.reading.mentions) for page in pages],
        "numerals": [len(page.reading.mentions) for page in pages],
    }
    firsts = {name: list(accumulate(counts[name], initial=0)) for name in BY_DOCUMENT}
    misfits = _misfits((misfit for name in BY_DOCUMENT for misfit in fitted[name].inexact), firsts)
    made = {
        "document_id": [page.source.document_id for page in pages],
        "reading_key": [page.keys.reading for page in pages],
        "matching_key": [page.keys.matching for page in pages],
        "decided": [page.decided for page in pages],
        "mentions": [page.mentions for page in pages],
        "kept_ids": [list(page.kept.items()) for page in pages],
        "dropped": [dump(page.dropped) for page in pages],
        "claims": [dump(page.found.claims) for page in pages],
        "findings": [dump(page.found.diagnostics) for page in pages],
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


def _stated(page: ReadArticle, units: Mapping[str, Unit]) -> Iterator[rows.Row]:
    name, mentions = page.source.document_id, page.reading.mentions
    return rows.statistic_rows(name, page.found.statistics, mentions, page.ids, units)


def _misfits(
    found: Iterable[rows.InexactValue], firsts: Mapping[str, Sequence[int]]
) -> dict[int, list[rows.InexactValue]]:
    """Values that a table cannot hold, by the number of the article, each with its row among its own."""
    by_article: dict[int, list[rows.InexactValue]] = {}
    for misfit in found:
        number = bisect_right(firsts[misfit.table], misfit.row) - 1
        own = misfit._replace(row=misfit.row - firsts[misfit.table][number])
        by_article.setdefault(number, []).append(own)
    return by_article
