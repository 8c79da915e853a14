"""The files of a report."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pipeline.decisions.decision import plain
from pipeline.report.history import RECORD
from pipeline.report.night import Night
from pipeline.report.page import page_name, render, source_page
from pipeline.report.plots import SEVERITIES
from pipeline.tables.model import Words


def files(night: Night, pages: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The report, report.json and the source view's pages, by path.

    pages: those of `source_pages`, where they have been made already.
    """
    made = source_pages(night) if pages is None else pages
    return {"report.html": _bytes(render(night)), RECORD: _bytes(to_json(night)), **made}


def source_pages(night: Night) -> dict[str, bytes]:
    """A page for each document of the source view, by path; the same for a release and its run."""
    shown = (document for document in night.documents if document.text is not None)
    return {page_name(document.id): _bytes(source_page(night, document)) for document in shown}


def _bytes(text: str) -> bytes:
    """A lone surrogate of a damaged text is spelt out in the pages and escaped in JSON."""
    return text.encode("utf-8", "backslashreplace")


def to_json(night: Night) -> str:
    """The report for machines: everything that the page tells but the texts and the plots' history."""
    said = {
        "date": night.date,
        "outcome": night.outcome,
        "run": night.run,
        "version": night.version,
        "previous": night.previous,
        "open": {s: night.count("new", "persisting", severity=s) for s in SEVERITIES},
        "rows": night.rows,
        "held": night.held,
        "changes": [
            {"table": table, "change": change, "cause": cause, "count": count}
            for (table, change, cause), count in sorted(night.changes.items())
        ],
        "numerals": {"by_kind": night.account, "unclaimed": night.unclaimed},
        "expectations": night.expectations,
        "coverage": [_said(share) for share in night.coverage],
        "issues": [_said(issue) for issue in night.issues],
        "decisions": [_said(decision) for decision in night.decisions],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _said(value: object) -> Any:
    """A value as JSON has it: texts in both languages, too, by their names."""
    if isinstance(value, Words):
        return value._asdict()
    if is_dataclass(value):
        return {field.name: _said(getattr(value, field.name)) for field in fields(value)}
    return [_said(item) for item in value] if isinstance(value, tuple) else value


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
