"""Nights for the tests of the officer's side: real stages; the gate only where it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path

from nights import night
from reading import quiet

from pipeline.gate.issues import Issue
from pipeline.night import stages
from pipeline.night.run import Run
from pipeline.night.stage_results import DeriveResult
from pipeline.project import Project, load_project
from pipeline.report.collect import ReportInput, collect
from pipeline.report.page import ReportPage
from pipeline.report.records import NightlyReport

TODAY = dt.date(2026, 11, 10)
STATED = "203个进入"
"""What the page says of the compounds being finished."""


SENTENCE = (
    "今年，全区纳入改造规划的100个老旧小区，30个基本改造完成，21个进入收尾阶段，50个近期全部开工。"
    "拨付资金36万余元。\n"
)
"""An equation that does not hold: it comes to 101."""

GOOD = """\
decisions:
  - action: correct
    target: {quantity: "qabc"}
    expect: {text: 204个, value: 204}
    value: 203
    reason: 报社来函更正
    officer: 张三
    date: 2026-11-09
    expires: 2027-11-09
"""
"""A file of decisions."""

LARGEST = 2_000_000
"""Bytes of a report that a mail still takes."""


def derived(root: Path, texts: Mapping[str, str]) -> DeriveResult:
    """The tables of a project whose raw/ holds these files."""
    for name, text in texts.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    project = load_project(cwd=root)
    intake = stages.ingest(project, TODAY, quiet)
    return stages.derive(stages.extract(intake, quiet), quiet)


def gathered(made: DeriveResult, issues: Iterable[Issue] = (), outcome: str = "released") -> NightlyReport:
    """What the report tells of these tables and these issues."""
    return collect(
        ReportInput(
            date=TODAY,
            outcome=outcome,
            tables=made.tables,
            texts=made.extracted.ingested.articles.texts,
            issues=tuple(issues),
            decisions=made.decisions,
            version="2026.11.10",
        )
    )


def render(report: NightlyReport) -> str:
    """The page of a report."""
    return ReportPage(report).html(report)


def issue(made: DeriveResult, state: str = "new", severity: str = "critical", **changes: object) -> Issue:
    """An issue about every figure of the first failing equation, or of the first document."""
    failing = [row for row in made.tables["relations"].to_pylist() if row["verdict"] == "fails"]
    rows = made.tables["quantities"].to_pylist()
    named = failing[0]["quantity_ids"].split() if failing else [row["quantity_id"] for row in rows[:1]]
    fields: dict[str, object] = {
        "fingerprint": f"{state}-{severity}",
        "severity": severity,
        "check": "renovation.sum",
        "document_id": rows[0]["document_id"] if rows else None,
        "message": "各部分之和等于总数",
        "since": TODAY,
        "state": state,
        "quantities": tuple(named),
    }
    return Issue(**fields | changes)  # type: ignore[arg-type]


def run(root: Path, text: str, day: int) -> Run:
    """A night, gate and release and no site, over one page."""
    path = root / "raw" / "page.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return night(project(root), now=dt.datetime(2026, 11, day, 2, tzinfo=dt.UTC))


def project(root: Path) -> Project:
    return load_project(cwd=root)


def decisions_file(folder: Path, text: str, name: str = "2026-11.yaml") -> Path:
    path = folder / "decisions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def row(made: DeriveResult, table: str, **cells: object) -> dict[str, object]:
    """The one row of a table with these cells."""
    (found,) = [r for r in made.tables[table].to_pylist() if cells.items() <= r.items()]
    return dict(found)


class Elements(HTMLParser):
    """Every element with its attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]
