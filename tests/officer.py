"""Nights for the tests of the officer's side: real stages; the gate only where it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline import stages
from pipeline.handovers import Derived
from pipeline.issues import Issue
from pipeline.nightly import Run, night
from pipeline.project import Project, load_project
from pipeline.report import Night, Record, gather

TODAY = dt.date(2026, 11, 10)
STATED = "203个进入"
"""What the page says of the compounds being finished."""


def derived(root: Path, texts: Mapping[str, str]) -> Derived:
    """The tables of a project whose raw/ holds these files."""
    for name, text in texts.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    project = load_project(cwd=root)
    intake = stages.ingest(project, TODAY, quiet)
    return stages.derive(stages.extract(intake, quiet), quiet)


def gathered(made: Derived, issues: Iterable[Issue] = (), outcome: str = "released") -> Night:
    """What the report tells of these tables and these issues."""
    return gather(
        Record(
            date=TODAY,
            outcome=outcome,
            tables=made.tables,
            texts=made.corpus.intake.library.texts,
            issues=tuple(issues),
            settled=made.settled,
            version="2026.11.10",
        )
    )


def issue(made: Derived, state: str = "new", severity: str = "critical", **changes: object) -> Issue:
    """An issue about every figure of the first failing equation, or of the first document."""
    failing = [row for row in made.tables["relations"].to_pylist() if row["verdict"] == "fails"]
    rows = made.tables["quantities"].to_pylist()
    named = failing[0]["quantity_ids"].split() if failing else [row["quantity_id"] for row in rows[:1]]
    said: dict[str, object] = {
        "fingerprint": f"{state}-{severity}",
        "severity": severity,
        "check": "renovation.sum",
        "document_id": rows[0]["document_id"] if rows else None,
        "message": "各部分之和等于总数",
        "since": TODAY,
        "state": state,
        "quantities": tuple(named),
    }
    return Issue(**said | changes)  # type: ignore[arg-type]


def run(root: Path, text: str, day: int) -> Run:
    """A whole night, gate and release, over one page."""
    path = root / "raw" / "page.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return night(project(root), now=dt.datetime(2026, 11, day, 2, tzinfo=dt.UTC))


def project(root: Path) -> Project:
    return load_project(cwd=root)


def quiet(done: int, total: int) -> None:
    """Nobody watches."""
