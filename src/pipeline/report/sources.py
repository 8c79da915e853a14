"""The source view's pages, beside the report: a page for each document that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from pipeline.report.issue_groups import IssueGroups
from pipeline.report.night import Document
from pipeline.report.passages import Pages
from pipeline.report.templating import frame, template
from pipeline.web.escaping import encoded

SOURCES = "sources"
"""Folder of the pages, beside the report."""
_HEAD = 2_000
"""Bytes of a page among which its mark is."""

Content = bytes | Path
"""Of a file: what is in it, or where that is."""


def source_pages(
    documents: Iterable[Document], issues: IssueGroups, code: str, before: Path | None
) -> dict[str, Content]:
    """The pages of those that have one, by path from the report.

    before: folder of an earlier report; a page of it that was made of the same is taken
    instead of being made again. code: digest of all that makes pages out of documents.
    """
    shown = (document for document in documents if document.text is not None)
    return {page_name(document.id): _page(document, issues, code, before) for document in shown}


def page_name(document_id: str) -> str:
    """Where a document's page is, from the report."""
    return f"{SOURCES}/{document_id}.html"


def _page(document: Document, issues: IssueGroups, code: str, before: Path | None) -> Content:
    figures = {name: f"../report.html{link}" for name, link in issues.figures_of(document.id).items()}
    links = [(f"../report.html{link}", name) for link, name in issues.links_of(document.id)]
    made_of = (code, replace(document, changed=False), figures, links)  # the page says not that it changed
    mark = blake2b(encoded(repr(made_of)), digest_size=16).hexdigest()
    known = before and before / page_name(document.id)
    if known and _bears(known, mark):
        return known
    page: str = template("source.html").render(
        frame(document.title or document.path),
        made_of=mark,
        document=document,
        pages=Pages(document.text or "", document.marks),
        home="../report.html",
        issues=figures,
        links=links,
    )
    return encoded(page)


def _bears(page: Path, mark: str) -> bool:
    try:
        with page.open("rb") as file:
            return f'name="made-of" content="{mark}"'.encode() in file.read(_HEAD)
    except OSError:
        return False
