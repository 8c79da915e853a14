"""One night, from raw/ to a release or to the reasons why there is none.

`night` puts the stages in order, measures them and keeps the run's record. Who performs
a stage (the flow, as a Prefect task) and who watches it (the terminal) is passed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pipeline.errors import WenshuError, one_line
from pipeline.gate import Finding
from pipeline.gate.issues import Issue, from_json, to_json
from pipeline.night import stages
from pipeline.night.handovers import Counts, Judged, Outcome, Shown
from pipeline.night.inputs import RECORD
from pipeline.night.metrics import FILE, metrics
from pipeline.night.notify import tell
from pipeline.night.spill import spilling
from pipeline.night.stages import Tick
from pipeline.night.store import FOLDER, Store, with_store
from pipeline.night.summary import markdown
from pipeline.project import Project
from pipeline.releases.publish import Files, record_run
from pipeline.releases.shelf import Shelf, replace_file
from pipeline.report.reporter import Reporter

STAGES = ("ingest", "extract", "derive", "validate", "publish", "site")
"""The stages of a night, in order; the last only where something was released."""

ISSUES = "issues.json"
REPORT = "report.md"
"""What a run leaves in runs/RUN/ beside its record."""


class Counted(Protocol):
    """What every stage returns."""

    @property
    def counts(self) -> Counts: ...


T = TypeVar("T", bound=Counted)


class Watch(Protocol):
    """Who looks on; the terminal's display is one."""

    def begin(self, stage: str) -> Tick:
        """A stage begins; what is returned is told how far it is."""

    def end(self, stage: Stage) -> None:
        """It is over."""


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

    @property
    def folder(self) -> Path:
        """Where its record, issues and report are."""
        return self.output / "runs" / self.run


class Unwatched:
    """Nobody looks on."""

    def begin(self, stage: str) -> Tick:
        return lambda done, total: None

    def end(self, stage: Stage) -> None:
        return None


class Perform(Protocol):
    """Who performs a stage: calls it and hands back what it returns."""

    def __call__(self, name: str, stage: Callable[[], T], /) -> T: ...


def plainly(name: str, stage: Callable[[], T], /) -> T:
    """Perform a stage by calling it."""
    return stage()


def night(
    project: Project, perform: Perform = plainly, watch: Watch | None = None, now: datetime | None = None
) -> Run:
    """One night: release what is in raw/, or say why not.

    now: the moment that the run is of; that of the clock by default. Raises
    `WenshuError` where the night cannot run, which the run's record then says too.
    """
    now = now or datetime.now(UTC)
    today = now.astimezone(ZoneInfo(project.timezone)).date()
    measured = _Measured(perform, watch or Unwatched())
    name = _new_name(project.output, now)

    def work(store: Store) -> Run:
        with spilling(project.output / FOLDER / "night") as folder:
            return _worked(project, name, today, measured, store, folder)

    try:
        run = with_store(project.output / FOLDER, work)
    except KeyboardInterrupt:
        _failed(project, name, today, measured, WenshuError("stopped; the next run goes on from there"))
        raise
    except (WenshuError, OSError) as error:
        tell(project, _failed(project, name, today, measured, error))
        raise
    untold = tell(project, run)
    return replace(run, note="; ".join(filter(None, (run.note, untold))))


def _worked(project: Project, name: str, today: date, measured: _Measured, store: Store, folder: Path) -> Run:
    """The stages one after another, and the record of what they came to."""
    intake = measured("ingest", lambda tick: stages.ingest(project, today, tick, store, folder))
    if intake.known:
        nothing = Outcome(outcome="unchanged", version=intake.known, folder=None, rows={}, changes=0)
        return _recorded(project, name, today, measured, nothing, intake.inputs)
    corpus = measured("extract", lambda tick: stages.extract(intake, tick))
    made = measured("derive", lambda tick: stages.derive(corpus, tick))
    before = last_issues(project.output)
    judged = measured("validate", lambda tick: stages.validate(made, before, today, tick))
    reporter = Reporter(judged, today)
    outcome = measured("publish", lambda tick: stages.publish(judged, name, today, reporter.released, tick))
    new = outcome.outcome == "released"
    shown = measured("site", lambda tick: stages.site(project, tick)) if new else Shown()
    files = reporter.recorded(outcome, name)
    return _recorded(project, name, today, measured, outcome, intake.inputs, judged, files, shown.note)


@contextmanager
def one_at_a_time(project: Project) -> Iterator[None]:
    """Hold the project's output for a run; raises `WenshuError` where another run holds it.

    The system lets go of it when the process ends, however it ends. Within one process
    it may be held twice, by the command and by the flow that the command runs.
    """
    import fcntl

    project.output.mkdir(parents=True, exist_ok=True)
    path = project.output / ".run.lock"
    if path in _HELD:
        yield
        return
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WenshuError(
                f"another run is working on {one_line(str(project.output))}; wait for it to end, or give "
                "another --output"
            ) from error
        _HELD.add(path)
        try:
            yield
        finally:
            _HELD.discard(path)


_HELD: set[Path] = set()


def last_issues(output: Path) -> list[Issue]:
    """The issues of the last run that looked for them; none where none did."""
    for run in reversed(Shelf(output).index()["runs"]):
        with suppress(OSError, ValueError):
            return from_json((output / "runs" / run["run"] / ISSUES).read_text(encoding="utf-8"))
    return []


class _Measured:
    """Performs stages and keeps their times, without those of whoever performs them."""

    def __init__(self, perform: Perform, watch: Watch) -> None:
        self._perform, self._watch = perform, watch
        self.stages: list[Stage] = []

    def __call__(self, name: str, stage: Callable[[Tick], T]) -> T:
        def timed() -> T:
            tick = self._watch.begin(name)
            began = perf_counter()
            result = stage(tick)
            took = perf_counter() - began
            self.stages.append(Stage(name=name, seconds=took, counts=result.counts))
            self._watch.end(self.stages[-1])
            return result

        return self._perform(name, timed)


def _recorded(
    project: Project, name: str, today: date, measured: _Measured, outcome: Outcome,
    made_from: Mapping[str, str], judged: Judged | None = None, report: Files | None = None,
    note: str = "",
) -> Run:  # fmt: skip
    run = Run(
        run=name, date=today, outcome=outcome.outcome, version=outcome.version, output=project.output,
        stages=tuple(measured.stages), rows=outcome.rows, changes=outcome.changes, inputs=made_from,
        held=judged.held if judged else {}, issues=judged.issues if judged else (),
        findings=tuple(map(_said, judged.findings)) if judged else (), note=note,
    )  # fmt: skip
    _keep(run, judged is not None, report)
    return run


def _failed(project: Project, name: str, today: date, measured: _Measured, error: Exception) -> Run:
    """Put on record that the night could not run, as far as that can be written."""
    run = Run(
        run=name, date=today, outcome="failed", version=Shelf(project.output).latest(), output=project.output,
        stages=tuple(measured.stages), note=one_line(str(error)),
    )  # fmt: skip
    with suppress(WenshuError, OSError):
        _keep(run, looked=False)
    return run


def _keep(run: Run, looked: bool, report: Files | None = None) -> None:
    """Write runs/RUN/ and the index. looked: whether the run looked for issues."""
    said = asdict(run) | {"date": run.date.isoformat(), "issues": len(run.issues)}
    del said["output"]
    files = {RECORD: json.dumps(said, ensure_ascii=False, indent=1) + "\n", REPORT: markdown(run)}
    if looked:
        files[ISSUES] = to_json(run.issues)
    content = {name: text.encode("utf-8", "backslashreplace") for name, text in files.items()}
    record_run(run.output, run.run, run.date, run.outcome, run.note, {**(report or {}), **content})
    replace_file(run.output / FILE, metrics(run))


def _said(finding: Finding) -> Mapping[str, Any]:
    return {
        "check": finding.name, "severity": finding.severity, "description": finding.description._asdict(),
        "observed": finding.observed, "rows": len(finding.rows),
    }  # fmt: skip


def _new_name(output: Path, now: datetime) -> str:
    """A name that no run has yet, whatever the clock says."""
    first = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (first if number == 0 else f"{first}.{number}" for number in count())
    return next(name for name in names if not (output / "runs" / name).exists())
