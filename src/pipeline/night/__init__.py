"""One night, from raw/ to a release or to the reasons why there is none.

`night` puts the stages in order, measures them and keeps the run's record. Who performs
a stage (the flow, as a Prefect task) and who watches it (the terminal) is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pipeline.errors import WenshuError, as_user_error, masked, one_line
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue, from_json
from pipeline.logs import CURRENT_RUN
from pipeline.night import events, stages
from pipeline.night.cache import FOLDER, Cache
from pipeline.night.cache_recovery import with_cache
from pipeline.night.notify import tell
from pipeline.night.record import ISSUES, REPORT, begin, behind, keep, new_name, one_at_a_time
from pipeline.night.reporting import Reporter
from pipeline.night.results import Counts, Judged, Outcome, Shown
from pipeline.night.stages import Tick
from pipeline.project import Project
from pipeline.releases import run_records
from pipeline.releases.files import Files
from pipeline.releases.store import ReleaseStore

__all__ = [
    "ISSUES", "REPORT", "STAGES", "Run", "Stage", "T", "Watch", "last_issues", "night", "one_at_a_time",
    "plainly", "unwatched",
]  # fmt: skip

STAGES = ("ingest", "extract", "derive", "validate", "publish", "site")
"""The stages of a night, in order; the last only where something was released."""


class Counted(Protocol):
    """What every stage returns."""

    @property
    def counts(self) -> Counts: ...


T = TypeVar("T", bound=Counted)


Watch = Callable[[str], AbstractContextManager[Tick]]
"""Who looks on, the terminal's display for one: entered for each stage, and told how far that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage as it went."""

    name: str
    seconds: float
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A night as it went: what runs/RUN/run.json holds."""

    run: str
    """Its id."""
    date: date
    """The day that it is of, in the project's time zone."""
    outcome: str
    """released, unchanged, withheld or failed."""
    version: str | None
    """The version that is the latest now; None where there is none."""
    output: Path
    stages: tuple[Stage, ...]
    rows: Counts = field(default_factory=dict)
    """Rows of the release by table; empty where none was published."""
    held: Counts = field(default_factory=dict)
    """Rows held back by table."""
    changes: int = 0
    """Differences from the release before."""
    issues: tuple[Issue, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    """The expectations that do not hold, one mapping each."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    """Why it failed, or what could not be done beside the release."""
    started: datetime | None = None
    killed: tuple[str, ...] = ()
    """The runs before it that were killed, since the last one that was not."""

    @property
    def folder(self) -> Path:
        """Where its record, issues and report are."""
        return self.output / "runs" / self.run


def unwatched(stage: str) -> AbstractContextManager[Tick]:
    """Nobody looks on."""
    return nullcontext(lambda done, total: None)


class Perform(Protocol):
    """Who performs a stage: calls it and hands back what it returns."""

    def __call__(self, name: str, stage: Callable[[], T], /) -> T: ...


def plainly(name: str, stage: Callable[[], T], /) -> T:
    """Perform a stage by calling it."""
    return stage()


def night(
    project: Project, perform: Perform = plainly, watch: Watch = unwatched, now: datetime | None = None
) -> Run:
    """One night: release what is in raw/, or say why not.

    now: the moment that the run is of; that of the clock by default. Raises
    `WenshuError` where the night cannot run, which the run's record then says too.
    """
    now = now or datetime.now(UTC)
    tonight = _Tonight(project, now, _Measured(perform, watch))
    CURRENT_RUN.set(tonight.name)
    try:
        tonight.killed = begin(project.output, tonight.name, tonight.day, now)
        tonight.remark = behind(project.output, tonight.day)
        events.started(project.raw_place)
        run = with_cache(project.output / FOLDER, tonight.work)
    except KeyboardInterrupt:
        tonight.failed(WenshuError("stopped; the next run goes on from there"))
        raise
    except Exception as error:
        said = as_user_error(error, project.output)
        tell(project, tonight.failed(said))
        if said is error:
            raise
        raise said from error
    run = replace(run, note="; ".join(filter(None, (run.note, tell(project, run)))))
    events.ended(run)
    return run


def last_issues(output: Path) -> list[Issue]:
    """The issues of the last run that looked for them; none where none did."""
    text = run_records.latest_issues(output)
    return from_json(text) if text else []


class _Measured:
    """Performs stages and keeps their times, without those of whoever performs them."""

    def __init__(self, perform: Perform, watch: Watch) -> None:
        self._perform, self._watch = perform, watch
        self.stages: list[Stage] = []

    def __call__(self, name: str, stage: Callable[[Tick], T]) -> T:
        def timed() -> T:
            events.stage_started(name)
            with self._watch(name) as tick:
                began = perf_counter()
                result = stage(tick)
                took = perf_counter() - began
            self.stages.append(Stage(name=name, seconds=took, counts=result.counts))
            events.stage_ended(self.stages[-1])
            return result

        return self._perform(name, timed)


class _Tonight:
    """A night at work: its stages one after another, and the record of what they came to."""

    def __init__(self, project: Project, now: datetime, measured: _Measured) -> None:
        self.project, self.now, self.measured = project, now, measured
        self.day = now.astimezone(ZoneInfo(project.timezone)).date()
        self.name = new_name(project.output, now)
        self.killed: tuple[str, ...] = ()
        self.remark = ""

    def work(self, cache: Cache) -> Run:
        """Perform the stages and put what came of them on record."""
        project, today, measured = self.project, self.day, self.measured
        intake = measured("ingest", lambda tick: stages.ingest(project, today, tick, cache))
        if intake.known:
            nothing = Outcome(outcome="unchanged", version=intake.known, rows={}, changes=0)
            return self._recorded(nothing, intake.inputs, still=_open(last_issues(project.output)))
        corpus = measured("extract", lambda tick: stages.extract(intake, tick))
        made = measured("derive", lambda tick: stages.derive(corpus, tick))
        before = last_issues(project.output)
        judged = measured("validate", lambda tick: stages.validate(made, before, today, tick))
        reporter = Reporter(judged, today)
        outcome = measured(
            "publish", lambda tick: stages.publish(judged, self.name, today, reporter.released, tick)
        )
        new = outcome.outcome == "released"
        shown = measured("site", lambda tick: stages.site(made, tick)) if new else Shown()
        files = reporter.recorded(outcome, self.name)
        return self._recorded(outcome, intake.inputs, judged, files, shown.note)

    def _recorded(
        self, outcome: Outcome, made_from: Mapping[str, str], judged: Judged | None = None,
        report: Files | None = None, note: str = "", still: Iterable[Issue] = (),
    ) -> Run:  # fmt: skip
        run = replace(
            self._run(outcome.outcome, outcome.version, note),
            rows=outcome.rows, changes=outcome.changes, inputs=made_from,
            held=judged.held if judged else {}, issues=judged.issues if judged else tuple(still),
            findings=tuple(map(_said, judged.findings)) if judged else (),
        )  # fmt: skip
        keep(run, judged is not None, report)
        return run

    def failed(self, error: Exception) -> Run:
        """Put on record that the night could not run, as far as that can be written."""
        run = self._run(
            "failed", ReleaseStore(self.project.output).latest(), one_line(masked(str(error) or repr(error)))
        )
        with suppress(WenshuError, OSError):
            keep(run, looked=False)
        events.ended(run)
        return run

    def _run(self, outcome: str, version: str | None, note: str) -> Run:
        return Run(
            run=self.name, date=self.day, outcome=outcome, version=version, output=self.project.output,
            stages=tuple(self.measured.stages), note="; ".join(filter(None, (self.remark, note))),
            started=self.now, killed=self.killed,
        )  # fmt: skip


def _open(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Those of the night before that nobody has decided on, when nothing is new."""
    return (replace(issue, state="persisting") for issue in issues if issue.state in ("new", "persisting"))


def _said(finding: Finding) -> Mapping[str, Any]:
    return {
        "check": finding.name, "severity": finding.severity, "description": finding.description._asdict(),
        "observed": finding.observed, "rows": len(finding.rows),
    }  # fmt: skip
