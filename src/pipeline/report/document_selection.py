"""The documents that a report lists, and those whose text it shows.

Up to `PAGES` documents all; of more, those in doubt, those that changed and those that
could not be read. The others are counted, and no object is made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.gate.check_context import Texts
from pipeline.gate.issues import Issue
from pipeline.releases.queries import Queries
from pipeline.report.records import SourceDocument
from pipeline.tables.links import LONGEST, PAGES
from pipeline.web.marked_text import MarkedNumeral

_UNREAD = 500
"""Documents without a text that are listed at most: unreadable ones, duplicates."""
_QUERY = f"""
WITH compared AS (
    SELECT d.*, b.path IS NULL AS changed
    FROM documents d LEFT JOIN documents_before b USING (document_id, sha256)
), listed AS (
    SELECT unnest(CAST($1 AS VARCHAR[])) AS document_id
    UNION (
        SELECT document_id FROM compared WHERE status = 'read' AND (changed OR NOT CAST($2 AS BOOLEAN))
        ORDER BY document_id LIMIT {PAGES}
    )
    UNION (
        SELECT document_id FROM documents WHERE status <> 'read' ORDER BY path, document_id LIMIT {_UNREAD}
    )
)
SELECT * FROM compared SEMI JOIN listed USING (document_id) ORDER BY document_id
"""


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
    with_issue = {i.document_id: i.state != "resolved" for i in reversed(issues) if i.document_id}
    doubted = [name for name, is_open in reversed(with_issue.items()) if is_open]
    cited = _cited(tables["numerals"], issues)
    many = counts_of(tables["documents"], "status").get("read", 0) > PAGES
    rows = database.all(_QUERY, [*with_issue, *cited], many)
    read = {row["document_id"]: row for row in rows if row["status"] == "read"}
    others = (name for name, row in read.items() if row["changed"] or not many)
    shown = dict.fromkeys(name for name in (*doubted, *cited, *others) if name in read)
    return rows, dict.fromkeys([*shown][:PAGES])


def documents(
    rows: Sequence[Mapping[str, Any]],
    shown: Collection[str],
    texts: Texts,
    numerals: Iterable[MarkedNumeral],
) -> Iterator[SourceDocument]:
    """The documents of these rows. shown: ids of those with a page."""
    marks: dict[str, list[MarkedNumeral]] = {}
    for numeral in numerals:
        if numeral.document_id in shown and numeral.end <= LONGEST:
            marks.setdefault(numeral.document_id, []).append(numeral)
    for row in rows:
        name = row["document_id"]
        text = texts([name]).get(name) if name in shown else None
        yield SourceDocument(
            id=name,
            issued=row["issue_date"],
            text=None if text is None else text[:LONGEST],
            marks=tuple(sorted(marks.get(name, ()), key=lambda n: n.start)) if text is not None else (),
            **{column: row[column] for column in _OF_DOCUMENT},
        )


_OF_DOCUMENT = (
    "path", "title", "publisher", "page", "status", "reason", "numerals", "quantities",
    "changed",
)  # fmt: skip


def _cited(numerals: pa.Table, issues: Iterable[Issue]) -> list[str]:
    """The documents of the figures of open issues: an issue may be about two documents."""
    open_ones = (issue for issue in issues if issue.state != "resolved")
    named = {quantity for issue in open_ones for quantity in issue.quantities}
    return sorted({row["document_id"] for row in rows_with(numerals, "quantity_id", named)})
