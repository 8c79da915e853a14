"""The files of a report."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pipeline.report.history import RECORD
from pipeline.report.night import Night
from pipeline.report.page import Report
from pipeline.report.plots import SEVERITIES
from pipeline.report.sources import Content
from pipeline.tables.cells import as_text
from pipeline.tables.model import Words
from pipeline.web.escaping import encoded


def files(night: Night, report: Report | None = None) -> dict[str, Content]:
    """The report, report.json and the source view's pages, by path.

    report: of the same night, which may not have known its run yet.
    """
    report = report or Report(night)
    return {
        "report.html": encoded(report.html(night)),
        RECORD: encoded(to_json(night)),
        **report.pages,
    }


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
        "changes": night.differences,
        "documents": night.statuses,
        "numerals": {"by_kind": night.account, "unclaimed": night.unclaimed},
        "expectations": night.expectations,
        "coverage": [_said(share) for share in night.coverage],
        "issues": [_said(issue) for issue in night.issues],
        "decisions": [_said(decision) for decision in night.decisions],
    }
    lines = (f"{json.dumps(name)}: {_lines(value)}" for name, value in said.items())
    return "{" + ",\n".join(lines) + "}\n"


def _lines(value: object) -> str:
    """A value as JSON, an entry of a list on a line of its own."""
    if isinstance(value, list):
        return "[" + ",\n".join(map(_lines, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _said(value: object) -> Any:
    """A value as JSON has it: texts in both languages, too, by their names."""
    if isinstance(value, Words):
        return value._asdict()
    if is_dataclass(value):
        return {field.name: _said(getattr(value, field.name)) for field in fields(value)}
    return [_said(item) for item in value] if isinstance(value, tuple) else value


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
