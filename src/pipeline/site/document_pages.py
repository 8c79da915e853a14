"""The page of each document: the sentences that state figures of indicators, each figure marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.site.published_release import page_name
from pipeline.site.render import SiteFile, in_both, render
from pipeline.site.sentences import marked_sentences
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup

_DOCUMENTS = """
    SELECT document_id, path, title, publisher, page, issue_date, url, licence, ref_area
    FROM documents SEMI JOIN site.shown USING (document_id) ORDER BY document_id
"""
_NUMERALS = """
    SELECT n.document_id, n.start, n.sentence, n.text, n.quantity_id, n.kind,
           q.* EXCLUDE (quantity_id, document_id, text, decision_id), indicators, dc AS decision
    FROM numerals n
    SEMI JOIN site.shown s ON s.document_id = n.document_id AND s.sentence = n.sentence
    SEMI JOIN documents d ON d.document_id = n.document_id
    LEFT JOIN site.stated q USING (quantity_id)
    LEFT JOIN site.observed ob USING (quantity_id)
    LEFT JOIN decisions dc ON dc.decision_id = coalesce(q.decision_id, ob.decision_id)
    ORDER BY n.document_id, n.start
"""


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document that states an observation."""

    row: Mapping[str, Any]
    """Its row of the table `documents`."""
    numerals: Sequence[Mapping[str, Any]]
    """Those of the sentences that state its figures, in the order of the text."""


def documents(queries: Queries) -> Iterator[QuotedDocument]:
    """Every document that states an observation, in the order of ids, one in memory at a time."""
    rows = queries.each(_DOCUMENTS)
    for name, numerals in groupby(queries.each(_NUMERALS), key=itemgetter("document_id")):
        yield QuotedDocument(next(row for row in rows if row["document_id"] == name), list(numerals))


def page(site: Site, document: QuotedDocument) -> FileGroup:
    """The page of a document."""
    row, numerals = document.row, [tuple(numeral.values()) for numeral in document.numerals]
    name, url = f"{page_name(row['document_id'])}.html", row["url"] or ""
    path, full = f"documents/{name}", f"validation/sources/{name}" if name in site.full else None

    def make() -> Iterator[SiteFile]:
        return render(
            path,
            "document.html",
            site,
            about=row,
            sentences=marked_sentences(document.numerals),
            full=full,
            url=url if url.startswith(("https://", "http://")) else None,
        )

    return FileGroup(in_both(path), (site.frame, tuple(row.values()), numerals, full), make)
