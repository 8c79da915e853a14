"""Quarantine of articles that were read, and on whose claims a later step fails."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.errors import WenshuError, fault_message
from pipeline.night.read_corpus import CorpusReading
from pipeline.statistics.claims import Claim
from pipeline.tables import edits

_EMPTY = {"sentences": 0, "numerals": 0, "quantities": 0}


def failing_articles(claims: Iterable[Claim], step: Callable[[tuple[Claim, ...]], object]) -> dict[str, str]:
    """The articles on whose claims alone a step fails, each with the reason."""
    by_article: dict[str, list[Claim]] = {}
    for claim in claims:
        by_article.setdefault(claim.document_id, []).append(claim)
    reasons = {}
    for name, article_claims in by_article.items():
        try:
            step(tuple(article_claims))
        except (OSError, WenshuError):
            raise
        except Exception as error:
            reasons[name] = fault_message(error)
    return reasons


def quarantine(reading: CorpusReading, reasons: Mapping[str, str]) -> CorpusReading:
    """The corpus with some articles in quarantine. reasons: by document_id."""
    tables, removed = dict(reading.tables), {}
    for name, table in tables.items():
        rows = edits.find_rows(table, {"document_id": reasons})
        if name != "documents":
            tables[name], removed[name] = edits.drop_rows(table, rows), rows
            continue
        why = {row: reasons[cells["document_id"]] for row, cells in edits.take_rows(table, rows).items()}
        for column, value in (*_EMPTY.items(), ("status", "quarantined")):
            tables[name] = edits.set_cells(tables[name], column, dict.fromkeys(rows, value))
        tables[name] = edits.set_cells(tables[name], "reason", why)
    misfits = (m for m in reading.misfits if m.row not in removed.get(m.table, ()))
    return replace(
        reading, tables=tables,
        claims=tuple(claim for claim in reading.claims if claim.document_id not in reasons),
        doubts=tuple(doubt for doubt in reading.doubts if doubt.document_id not in reasons),
        misfits=tuple(m._replace(row=m.row - bisect_left(removed.get(m.table, []), m.row)) for m in misfits),
    )  # fmt: skip
