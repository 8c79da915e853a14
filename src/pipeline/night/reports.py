"""The reports of a run: the one in its release, and the run's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.night.stage_results import PublishResult, ValidateResult
from pipeline.releases.store import ReleaseStore
from pipeline.report.collect import ReportInput, collect
from pipeline.report.output import files
from pipeline.report.page import ReportPage
from pipeline.report.past_runs import read_history
from pipeline.report.records import NightlyReport

if TYPE_CHECKING:
    from pipeline.releases.metadata import ReleaseDraft

FOLDER = "validation/"
"""The folder of the report in a release."""


class Reporter:
    """Makes both reports from one collection."""

    def __init__(self, validated: ValidateResult, today: dt.date) -> None:
        self._validated, self._today = validated, today
        self._store = ReleaseStore(validated.derived.extracted.ingested.project.output)
        self._released: NightlyReport | None = None

    def release_files(self, draft: ReleaseDraft) -> dict[str, bytes]:
        """The files of the report in a release, which are the same on every machine."""
        report, page = self._prepared
        self._released = replace(report, outcome="released", version=draft.version, changes=draft.changes)
        content = files(self._released, page) | {**self._validated.files}
        return {f"{FOLDER}{name}": data for name, data in content.items()}

    def run_files(self, published: PublishResult, run: str) -> dict[str, bytes]:
        """The files of the run's own report, which shows earlier runs as well."""
        report, page = self._prepared
        report = self._released or replace(report, outcome=published.outcome, version=published.version)
        history = tuple(read_history(self._store.output / "runs", run))
        return files(replace(report, run=run, history=history), page) | {**self._validated.files}

    @cached_property
    def _prepared(self) -> tuple[NightlyReport, ReportPage]:
        """What can be reported before the outcome is known."""
        validated, derived, previous = self._validated, self._validated.derived, self._store.latest()
        report = collect(
            ReportInput(
                date=self._today,
                outcome="running",
                tables=derived.tables,
                texts=derived.extracted.ingested.articles.texts,
                issues=validated.issues,
                findings=validated.findings,
                expectations=validated.expectations,
                decisions=validated.decisions,
                held=validated.held,
                previous=previous,
                before=self._store.folder(previous) if previous else None,
                unclaimed=validated.uncovered,
            )
        )
        return report, ReportPage(report)
