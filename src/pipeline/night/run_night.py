"""Runs a night: the stages in order, measured, and the record of what they came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pipeline.errors import WenshuError, as_user_error, masked, one_line
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue, from_json
from pipeline.logs import CURRENT_RUN
from pipeline.night import stages
from pipeline.night.cache.database import FOLDER, Cache
from pipeline.night.cache.recovery import with_cache
from pipeline.night.messages import events
from pipeline.night.messages.notify import send_notification
from pipeline.night.reports import Reporter
from pipeline.night.run import Counts, Run, Stage, Tick, Watch, unwatched
from pipeline.night.run_record import begin_run, clock_warning, new_run_name, write_record
from pipeline.night.stage_results import IngestResult, SiteResult
from pipeline.project import Project
from pipeline.releases import run_records
from pipeline.releases.store import ReleaseStore
from pipeline.tables.vocabulary import OPEN_STATES


class Counted(Protocol):
    """What every stage returns."""

    @property
    def counts(self) -> Counts: ...


T = TypeVar("T", bound=Counted)


class Perform(Protocol):
    """Runs a stage and returns its result; the flow does so in a Prefect task."""

    def __call__(self, name: str, stage: Callable[[], T], /) -> T: ...


def call_stage(name: str, stage: Callable[[], T], /) -> T:
    """Run a stage by calling it."""
    return stage()


def run_night(
    project: Project, perform: Perform = call_stage, watch: Watch = unwatched, now: datetime | None = None
) -> Run:
    """Release what is in raw/, or say why not.

    The caller holds the lock of the output (`run_record.output_lock`) where another process may run too.
    now: the time of the run; the clock's by default. Raises `WenshuError` where the night
    cannot run, which the run's record then says too.
    """
    night = _Night(project, now or datetime.now(UTC), perform, watch)
    CURRENT_RUN.set(night.name)
    try:
        night.begin()
        run = with_cache(project.output / FOLDER, night.run_stages)
    except KeyboardInterrupt:
        night.record_failure(WenshuError("stopped; the next run goes on from there"))
        raise
    except Exception as error:
        reported = as_user_error(error, project.output)
        send_notification(project, night.record_failure(reported))
        if reported is error:
            raise
        raise reported from error
    run = replace(run, note=_joined(run.note, send_notification(project, run)))
    events.ended(run)
    return run


def last_issues(output: Path, *, put_back: bool = False) -> list[Issue]:
    """The issues of the last run that looked for them; see `run_records.runs_in_force`."""
    text = run_records.latest_issues(output, put_back=put_back)
    return from_json(text) if text else []


class _Night:
    """A night at work."""

    def __init__(self, project: Project, now: datetime, perform: Perform, watch: Watch) -> None:
        self._project, self._now, self._perform, self._watch = project, now, perform, watch
        self._day = now.astimezone(ZoneInfo(project.timezone)).date()
        self.name = new_run_name(project.output, now)
        self._stages: list[Stage] = []
        self._killed: tuple[str, ...] = ()
        self._warning = ""

    def begin(self) -> None:
        """Put the run on record as running."""
        output = self._project.output
        self._killed = begin_run(output, self.name, self._day, self._now)
        self._warning = clock_warning(output, self._day)
        events.started(self._project.raw_place)

    def run_stages(self, cache: Cache) -> Run:
        """Run the stages and record their outcome."""
        project, today = self._project, self._day
        ingested = self._stage("ingest", lambda tick: stages.ingest(project, today, tick, cache))
        previous_issues = last_issues(project.output, put_back=bool(ingested.unchanged_version))
        if ingested.unchanged_version:
            return self._record_unchanged(ingested, previous_issues)
        extracted = self._stage("extract", lambda tick: stages.extract(ingested, tick))
        derived = self._stage("derive", lambda tick: stages.derive(extracted, tick))
        validated = self._stage(
            "validate", lambda tick: stages.validate(derived, previous_issues, today, tick)
        )
        reporter = Reporter(validated, today)
        published = self._stage(
            "publish",
            lambda tick: stages.publish(validated, self.name, today, reporter.release_files, tick),
        )
        released = published.outcome == "released"
        site = self._stage("site", lambda tick: stages.site(derived, tick)) if released else SiteResult()
        run = replace(
            self._run(published.outcome, published.version, site.note),
            rows=published.rows, changes=published.changes, inputs=ingested.inputs, held=validated.held,
            issues=validated.issues, findings=tuple(map(_finding_record, validated.findings)),
        )  # fmt: skip
        write_record(run, reporter.run_files(published, self.name))
        return run

    def record_failure(self, error: Exception) -> Run:
        """Record that the night could not run, as far as that can be written."""
        version = ReleaseStore(self._project.output).latest()
        run = self._run("failed", version, one_line(masked(str(error) or repr(error))))
        with suppress(WenshuError, OSError):
            write_record(run)
        events.ended(run)
        return run

    def _stage(self, name: str, stage: Callable[[Tick], T]) -> T:
        """Perform a stage and measure it, without the time of whoever performs it."""

        def measured() -> T:
            events.stage_started(name)
            with self._watch(name) as tick:
                start = perf_counter()
                result = stage(tick)
                seconds = perf_counter() - start
            self._stages.append(Stage(name=name, seconds=seconds, counts=result.counts))
            events.stage_ended(self._stages[-1])
            return result

        return self._perform(name, measured)

    def _record_unchanged(self, ingested: IngestResult, previous_issues: list[Issue]) -> Run:
        """Record that nothing is new; issues that nobody has decided on persist."""
        unresolved = (issue for issue in previous_issues if issue.state in OPEN_STATES)
        run = replace(
            self._run("unchanged", ingested.unchanged_version), inputs=ingested.inputs,
            issues=tuple(replace(issue, state="persisting") for issue in unresolved),
        )  # fmt: skip
        write_record(run)
        return run

    def _run(self, outcome: str, version: str | None, note: str = "") -> Run:
        return Run(
            run=self.name, date=self._day, outcome=outcome, version=version, output=self._project.output,
            stages=tuple(self._stages), note=_joined(self._warning, note),
            started=self._now, killed=self._killed,
        )  # fmt: skip


def _finding_record(finding: Finding) -> Mapping[str, Any]:
    return {
        "check": finding.name, "severity": finding.severity, "description": finding.description._asdict(),
        "observed": finding.observed, "rows": len(finding.rows),
    }  # fmt: skip


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))
