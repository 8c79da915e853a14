"""A night's reports: the one inside its release, and the one of the run itself."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.night.results import Judged, Outcome
from pipeline.releases.store import ReleaseStore
from pipeline.report.collect import ReportInput, collect
from pipeline.report.output import files
from pipeline.report.page import ReportPage
from pipeline.report.past_runs import read_history
from pipeline.report.records import NightlyReport

if TYPE_CHECKING:
    from pipeline.releases.metadata import ReleaseDraft

FOLDER = "validation/"
"""Of the report inside a release."""


class Reporter:
    """Makes both reports of a night of one gathering, which begins at once, beside whatever else is done."""

    def __init__(self, judged: Judged, today: dt.date) -> None:
        self._judged, self._today = judged, today
        self._output: Path = judged.derived.corpus.intake.project.output
        self._night: NightlyReport | None = None
        beside = ThreadPoolExecutor(1, "report")
        self._prepared = beside.submit(self._prepare, ReleaseStore(self._output).latest())
        beside.shutdown(wait=False)

    def released(self, draft: ReleaseDraft) -> dict[str, bytes]:
        """The files of the report in a release; nothing in them tells one machine's run from another's."""
        night, made = self._prepared.result()
        self._night = replace(night, outcome="released", version=draft.version, changes=draft.changes)
        named = files(self._night, made) | {**self._judged.results}
        return {f"{FOLDER}{name}": content for name, content in named.items()}

    def recorded(self, outcome: Outcome, run: str) -> dict[str, bytes]:
        """The files of the run's own report, which knows the nights before it."""
        night, made = self._prepared.result()
        night = self._night or replace(night, outcome=outcome.outcome, version=outcome.version)
        history = tuple(read_history(self._output / "runs", run))
        return files(replace(night, run=run, history=history), made) | {**self._judged.results}

    def _prepare(self, previous: str | None) -> tuple[NightlyReport, ReportPage]:
        """What can be told before it is known what the night comes to. previous: the latest release."""
        night = self._gather(previous)
        return night, ReportPage(night)

    def _folder(self, version: str | None) -> Path | None:
        return ReleaseStore(self._output).folder(version) if version else None

    def _gather(self, previous: str | None) -> NightlyReport:
        judged = self._judged
        tables = judged.derived.tables
        return collect(
            ReportInput(
                date=self._today,
                outcome="running",
                tables=tables,
                texts=judged.derived.corpus.intake.articles.texts,
                issues=judged.issues,
                findings=judged.findings,
                expectations=judged.expectations,
                decisions=judged.decisions,
                held=judged.held,
                previous=previous,
                before=self._folder(previous),
                unclaimed=judged.unclaimed,
            )
        )
