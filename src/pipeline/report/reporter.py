"""A night's reports: the one inside its release, and the one of the run itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.night.handovers import Judged, Outcome
from pipeline.releases.shelf import Shelf
from pipeline.report.gather import Record, gather
from pipeline.report.history import read_history
from pipeline.report.night import Night
from pipeline.report.output import Made, files, make
from pipeline.report.sources import Content

if TYPE_CHECKING:
    from pipeline.releases.draft import Draft

FOLDER = "validation/"
"""Of the report inside a release."""


class Reporter:
    """Makes both reports of a night of one gathering."""

    def __init__(self, judged: Judged, today: dt.date) -> None:
        self._judged, self._today = judged, today
        self._output: Path = judged.derived.corpus.intake.project.output
        self._night: Night | None = None
        self._made: Made | None = None

    def released(self, draft: Draft) -> dict[str, Content]:
        """The files of the report in a release; nothing in them tells one machine's run from another's."""
        self._night = self._gather("released", draft.version, draft.previous, draft.changes)
        self._made = self._make(self._night)
        made = files(self._night, self._made) | {**self._judged.results}
        return {f"{FOLDER}{name}": content for name, content in made.items()}

    def recorded(self, outcome: Outcome, run: str) -> dict[str, Content]:
        """The files of the run's own report, which knows the nights before it."""
        night = self._night or self._gather(outcome.outcome, outcome.version, outcome.version, {})
        history = tuple(read_history(self._output / "runs", run))
        made = files(replace(night, run=run, history=history), self._made or self._make(night))
        return made | {**self._judged.results}

    def _make(self, night: Night) -> Made:
        before = self._folder(night.previous)
        rules = self._judged.derived.corpus.intake.inputs["rules"]
        return make(night, rules, before and before / FOLDER)

    def _folder(self, version: str | None) -> Path | None:
        return Shelf(self._output).folder(version) if version else None

    def _gather(
        self,
        outcome: str,
        version: str | None,
        previous: str | None,
        changes: Mapping[tuple[str, str, str], int],
    ) -> Night:
        judged = self._judged
        tables = judged.derived.tables
        return gather(
            Record(
                date=self._today,
                outcome=outcome,
                tables=tables,
                texts=judged.derived.corpus.intake.library.texts,
                issues=judged.issues,
                findings=judged.findings,
                expectations=judged.expectations,
                settled=judged.settled,
                held=judged.held,
                version=version,
                previous=previous,
                before=self._folder(previous),
                changes=changes,
                unclaimed=judged.unclaimed,
            )
        )
