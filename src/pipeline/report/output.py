"""The files of a report."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pipeline.decision import plain
from pipeline.report.history import RECORD
from pipeline.report.night import Night
from pipeline.report.page import page_name, render, source_page
from pipeline.report.plots import SEVERITIES


def files(night: Night, folder: str = "") -> dict[str, bytes]:
    """The report, report.json and a page for each document of the source view, by path below `folder`."""
    pages = {page_name(d.id): source_page(night, d) for d in night.documents if d.text is not None}
    said = {"report.html": render(night), RECORD: to_json(night), **pages}
    # A lone surrogate of a damaged text is spelt out in the pages and escaped in JSON.
    return {f"{folder}{name}": text.encode("utf-8", "backslashreplace") for name, text in said.items()}


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
        "coverage": [asdict(share) for share in night.coverage],
        "issues": [asdict(issue) for issue in night.issues],
        "decisions": [asdict(decision) for decision in night.decisions],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
