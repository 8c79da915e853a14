"""Which documents a report tells of, and what it tells of each.

Of few documents all; of more than `PAGES` those in doubt, those that changed and those that
could not be read. The rest is counted, and no object is made of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.gate.issues import Issue as Raised
from pipeline.releases.queries import Queries
from pipeline.report.figures import counted
from pipeline.report.night import Document, Numeral
from pipeline.tables.links import LONGEST, PAGES

_UNREAD = 500
"""Documents that could not be read, or were not to be, that are named of at most."""

_CHANGED = """
SELECT document_id FROM documents ANTI JOIN documents_before USING (document_id, sha256)
WHERE status = 'read' ORDER BY document_id LIMIT ?
"""
_SAME = """
SELECT document_id FROM documents SEMI JOIN documents_before USING (document_id, sha256)
WHERE document_id IN (SELECT unnest(?))
"""
_OTHERS = "SELECT document_id FROM documents WHERE status <> 'read' ORDER BY path, document_id LIMIT ?"


def rows_of(table: pa.Table, column: str, values: Collection[str]) -> list[dict[str, Any]]:
    """The rows whose cell is one of the values."""
    found: list[dict[str, Any]] = table.filter(
        pc.is_in(table[column], pa.array(sorted(values), pa.string()))
    ).to_pylist()
    return found


def selected(
    tables: Mapping[str, pa.Table], issues: Sequence[Raised], ask: Queries
) -> tuple[list[dict[str, Any]], dict[str, None]]:
    """The documents of the report as rows, and the ids of those that have a page, the doubted first."""
    table = tables["documents"]
    wanted = {i.document_id: i.state != "resolved" for i in reversed(issues) if i.document_id}
    doubted = [name for name, open_ in reversed(wanted.items()) if open_]
    few = counted(table, "status").get("read", 0) <= PAGES
    changed = [] if few else _ids(ask.all(_CHANGED, PAGES))
    others = _ids(ask.all(_OTHERS, _UNREAD))
    cited = _cited(tables["numerals"], issues)
    rows = rows_of(table, "status", ["read"]) if few else []
    named = {*wanted, *cited, *changed, *others} - {row["document_id"] for row in rows}
    rows += rows_of(table, "document_id", named)
    read = {row["document_id"]: None for row in rows if row["status"] == "read"}
    shown = (name for name in (*doubted, *cited, *(sorted(read) if few else changed)) if name in read)
    return rows, dict.fromkeys([*dict.fromkeys(shown)][:PAGES])


def documents(
    rows: Sequence[Mapping[str, Any]],
    shown: Collection[str],
    texts: Mapping[str, str],
    numerals: Iterable[Numeral],
    ask: Queries,
) -> Iterator[Document]:
    """What is named of these rows. shown: those with a page. texts: by document_id."""
    marks: dict[str, list[Numeral]] = {}
    for numeral in numerals:
        if numeral.document_id in shown and numeral.end <= LONGEST:
            marks.setdefault(numeral.document_id, []).append(numeral)
    same = {*_ids(ask.all(_SAME, [row["document_id"] for row in rows]))} if rows else set()
    for row in rows:
        name = row["document_id"]
        text = texts.get(name) if name in shown else None
        yield Document(
            id=name,
            issued=row["issue_date"],
            changed=name not in same,
            text=None if text is None else text[:LONGEST],
            marks=tuple(sorted(marks.get(name, ()), key=lambda n: n.start)) if text is not None else (),
            **{column: row[column] for column in _SHOWN},
        )


_SHOWN = ("path", "title", "publisher", "page", "status", "reason", "numerals", "quantities")


def _cited(numerals: pa.Table, issues: Iterable[Raised]) -> list[str]:
    """The documents of the figures that open issues are about: an issue may be about two documents."""
    open_ones = (issue for issue in issues if issue.state != "resolved")
    named = {quantity for issue in open_ones for quantity in issue.quantities}
    return sorted({row["document_id"] for row in rows_of(numerals, "quantity_id", named)})


def _ids(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [row["document_id"] for row in rows]
