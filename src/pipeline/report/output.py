"""The files of a report: the page, report.json, and a page for each document."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pipeline.errors import encode_escaped
from pipeline.report.page import ReportPage
from pipeline.report.past_runs import REPORT_JSON
from pipeline.report.records import NightlyReport
from pipeline.tables.model import Bilingual, cell_text


def files(report: NightlyReport, page: ReportPage | None = None) -> dict[str, bytes]:
    """The files by path. page: of the same report, made before its run was known."""
    page = page or ReportPage(report)
    own = {"report.html": encode_escaped(page.html(report)), REPORT_JSON: encode_escaped(to_json(report))}
    return own | page.source_pages


def to_json(report: NightlyReport) -> str:
    """The report for programs: everything that the page has but the texts and the earlier runs."""
    values = {
        "date": report.date,
        "outcome": report.outcome,
        "run": report.run,
        "version": report.version,
        "previous": report.previous,
        "open": report.open_issues,
        "rows": report.rows,
        "held": report.held,
        "changes": report.differences,
        "documents": report.statuses,
        "numerals": {"by_kind": report.numerals, "unclaimed": report.unclaimed},
        "expectations": report.expectations,
        "coverage": [_as_dict(share) for share in report.coverage],
        "issues": [_as_dict(issue) for issue in report.issues],
        "decisions": [_as_dict(decision) for decision in report.decisions],
    }
    lines = (f"{json.dumps(name)}: {_lines(value)}" for name, value in values.items())
    return "{" + ",\n".join(lines) + "}\n"


def _lines(value: object) -> str:
    """A value as JSON, an entry of a list on a line of its own."""
    if isinstance(value, list):
        return "[" + ",\n".join(map(_lines, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=_scalar)


def _as_dict(value: object) -> Any:
    """As `dataclasses.asdict`, which leaves named tuples such as `Bilingual` as they are."""
    if isinstance(value, Bilingual):
        return value._asdict()
    if is_dataclass(value):
        return {field.name: _as_dict(getattr(value, field.name)) for field in fields(value)}
    return [_as_dict(item) for item in value] if isinstance(value, tuple) else value


def _scalar(value: object) -> Any:
    if isinstance(value, Decimal):
        return cell_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
