"""The page of each document: the sentences that state figures of indicators, each figure marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.site.marked_sentences import marked_sentences
from pipeline.site.published_release import page_name
from pipeline.site.render import SiteFile, in_both, render
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup

Row = Mapping[str, Any]

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


def pages(site: Site, queries: Queries) -> Iterator[FileGroup]:
    """The page of every document that states an observation, one in memory at a time."""
    documents = queries.each(_DOCUMENTS)
    for name, numerals in groupby(queries.each(_NUMERALS), key=itemgetter("document_id")):
        yield _page(site, next(row for row in documents if row["document_id"] == name), list(numerals))


def _page(site: Site, document: Row, numerals: Sequence[Row]) -> FileGroup:
    """The page of a document. numerals: those of the sentences that state its figures."""
    name, url = f"{page_name(document['document_id'])}.html", document["url"] or ""
    path, full = f"documents/{name}", f"validation/sources/{name}" if name in site.full else None

    def make() -> Iterator[SiteFile]:
        return render(
            path,
            "document.html",
            site,
            about=document,
            sentences=list(marked_sentences(numerals)),
            full=full,
            url=url if url.startswith(("https://", "http://")) else None,
        )

    inputs = (site.frame, [*document.values()], [[*row.values()] for row in numerals], full)
    return FileGroup(in_both(path), inputs, make)
