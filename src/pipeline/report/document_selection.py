"""The documents that a report lists, and those whose text it shows.

Up to `PAGES` documents all; of more, those in doubt, those that changed and those that
could not be read. The others are counted, and no object is made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.gate.issues import Issue
from pipeline.releases.queries import Queries
from pipeline.report.records import MarkedNumeral, SourceDocument
from pipeline.tables.links import LONGEST, PAGES

_UNREAD = 500
"""Documents without a text that are listed at most: unreadable ones, duplicates."""

_CHANGED = """
SELECT document_id FROM documents ANTI JOIN documents_before USING (document_id, sha256)
WHERE status = 'read' ORDER BY document_id LIMIT ?
"""
_SAME = """
SELECT document_id FROM documents SEMI JOIN documents_before USING (document_id, sha256)
WHERE document_id IN (SELECT unnest(?))
"""
_OTHERS = "SELECT document_id FROM documents WHERE status <> 'read' ORDER BY path, document_id LIMIT ?"


def counts_of(table: pa.Table, column: str) -> dict[str, int]:
    """How many rows have each value."""
    return {entry["values"]: entry["counts"] for entry in table[column].value_counts().to_pylist()}


def rows_with(table: pa.Table, column: str, values: Collection[str]) -> list[dict[str, Any]]:
    """The rows whose cell is one of the values."""
    found: list[dict[str, Any]] = table.filter(
        pc.is_in(table[column], pa.array(sorted(values), pa.string()))
    ).to_pylist()
    return found


def selected(
    tables: Mapping[str, pa.Table], issues: Sequence[Issue], database: Queries
) -> tuple[list[dict[str, Any]], dict[str, None]]:
    """The documents of the report as rows, and the ids of those that have a page, the doubted first."""
    table = tables["documents"]
    with_issue = {i.document_id: i.state != "resolved" for i in reversed(issues) if i.document_id}
    doubted = [name for name, is_open in reversed(with_issue.items()) if is_open]
    few = counts_of(table, "status").get("read", 0) <= PAGES
    changed = [] if few else _ids(database.all(_CHANGED, PAGES))
    unread = _ids(database.all(_OTHERS, _UNREAD))
    cited = _cited(tables["numerals"], issues)
    rows = rows_with(table, "status", ["read"]) if few else []
    named = {*with_issue, *cited, *changed, *unread} - {row["document_id"] for row in rows}
    rows += rows_with(table, "document_id", named)
    read = {row["document_id"]: None for row in rows if row["status"] == "read"}
    shown = (name for name in (*doubted, *cited, *(sorted(read) if few else changed)) if name in read)
    return rows, dict.fromkeys([*dict.fromkeys(shown)][:PAGES])


def documents(
    rows: Sequence[Mapping[str, Any]],
    shown: Collection[str],
    texts: Mapping[str, str],
    numerals: Iterable[MarkedNumeral],
    database: Queries,
) -> Iterator[SourceDocument]:
    """The documents of these rows. shown: ids of those with a page. texts: by document_id."""
    marks: dict[str, list[MarkedNumeral]] = {}
    for numeral in numerals:
        if numeral.document_id in shown and numeral.end <= LONGEST:
            marks.setdefault(numeral.document_id, []).append(numeral)
    unchanged = {*_ids(database.all(_SAME, [row["document_id"] for row in rows]))} if rows else set()
    for row in rows:
        name = row["document_id"]
        text = texts.get(name) if name in shown else None
        yield SourceDocument(
            id=name,
            issued=row["issue_date"],
            changed=name not in unchanged,
            text=None if text is None else text[:LONGEST],
            marks=tuple(sorted(marks.get(name, ()), key=lambda n: n.start)) if text is not None else (),
            **{column: row[column] for column in _OF_DOCUMENT},
        )


_OF_DOCUMENT = ("path", "title", "publisher", "page", "status", "reason", "numerals", "quantities")


def _cited(numerals: pa.Table, issues: Iterable[Issue]) -> list[str]:
    """The documents of the figures of open issues: an issue may be about two documents."""
    open_ones = (issue for issue in issues if issue.state != "resolved")
    named = {quantity for issue in open_ones for quantity in issue.quantities}
    return sorted({row["document_id"] for row in rows_with(numerals, "quantity_id", named)})


def _ids(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [row["document_id"] for row in rows]
