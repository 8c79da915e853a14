"""A run on record, from its first moment to its last: runs/RUN/ and its line in the index.

A run that is killed says nothing at its end, so it is put down as running when it begins; the
next one, which holds the output alone by then, puts down as killed whatever still runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import encode_escaped, one_line, write_error
from pipeline.gate.issues import to_json
from pipeline.logs import WARNING, log_event
from pipeline.night.inputs import RECORD, run_record
from pipeline.night.metrics import FILE, metrics
from pipeline.night.summary import PAGE, html, markdown
from pipeline.project import Project
from pipeline.releases.files import Files, replace_file
from pipeline.releases.run_records import record_run
from pipeline.releases.store import ReleaseStore
from pipeline.safe_files import exclusive_lock, is_locked

if TYPE_CHECKING:
    from pipeline.night import Run

ISSUES = "issues.json"
REPORT = "report.md"
"""What a run leaves in runs/RUN/ beside its record."""

_LOCK = ".run.lock"
_BUSY = "another run is working on {where}; wait for it to end, or give another --output"
_KILLED = "killed, or its machine went down or had no room; the next run goes on from what it had read"
_CUT = "killed after that, before its record was written"

_HELD: set[Path] = set()


@contextmanager
def one_at_a_time(project: Project) -> Iterator[None]:
    """Hold the project's output for a run; raises `WenshuError` where another run holds it.

    The system lets go of it when the process ends, however it ends. Within one process
    it may be held twice, by the command and by the flow that the command runs.
    """
    path = project.output / _LOCK
    if path in _HELD:
        yield
        return
    with ExitStack() as stack:
        try:
            project.output.mkdir(parents=True, exist_ok=True)
            stack.enter_context(exclusive_lock(path, _BUSY.format(where=one_line(str(project.output)))))
        except OSError as error:
            raise write_error(error, project.output) from error
        _HELD.add(path)
        stack.callback(_HELD.discard, path)
        yield


def at_work(output: Path) -> bool:
    """Whether a run holds the output at this moment."""
    return is_locked(output / _LOCK)


def new_name(output: Path, now: datetime) -> str:
    """A name that no run has yet, whatever the clock says."""
    first = stamp(now)
    names = (first if number == 0 else f"{first}.{number}" for number in count())
    return next(name for name in names if not (output / "runs" / name).exists())


def stamp(moment: datetime) -> str:
    """A moment as runs are called by it."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def begin(output: Path, run: str, day: date, now: datetime) -> tuple[str, ...]:
    """Put on record that a run is at work, and which ones before it were killed: their names."""
    killed = tuple(_settle(output))
    said = {"run": run, "date": day.isoformat(), "started": _said(now), "outcome": "running"}
    record_run(output, run, day, "running", files={RECORD: _json(said)})
    return killed


def _settle(output: Path) -> Iterator[str]:
    """Put down as killed every run that says it is running; none can be."""
    runs = ReleaseStore(output).index()["runs"]
    for entry in runs:
        last, outcome, name = entry is runs[-1], entry.get("outcome"), str(entry["run"])
        # One killed between its release and its record has released all the same.
        if outcome != "running" and not (last and run_record(output, name).get("outcome") == "running"):
            continue
        outcome, note = ("killed", _KILLED) if outcome == "running" else (outcome, _CUT)
        said = run_record(output, name) | {"outcome": outcome, "note": note, "version": entry.get("version")}
        day = date.fromisoformat(entry["date"])
        record_run(output, name, day, outcome, note, {RECORD: _json(said)})
        log_event("killed", f"the run {name}: {note}", level=WARNING, people=True, killed=name)
        yield name


def behind(output: Path, day: date) -> str:
    """What to say where the clock is behind the latest release, as after it was set back; else nothing."""
    releases = ReleaseStore(output)
    latest = releases.latest()
    dates = [str(entry["date"]) for entry in releases.index()["versions"] if entry["version"] == latest]
    if not dates or dates[-1] <= day.isoformat():
        return ""
    return (
        f"the clock says {day.isoformat()}, which is before the last release, {latest}; set it right, "
        "for releases are called by their day"
    )


def keep(run: Run, looked: bool, report: Files | None = None) -> None:
    """Write runs/RUN/ and the index. looked: whether the run looked for issues."""
    said = asdict(run) | {"date": run.date.isoformat(), "issues": len(run.issues)}
    said["started"] = run.started and _said(run.started)
    del said["output"]
    files: dict[str, bytes] = {RECORD: _json(said), REPORT: encode_escaped(markdown(run))}
    if looked:
        files[ISSUES] = encode_escaped(to_json(run.issues))
    report = report or {PAGE: encode_escaped(html(run, linked=True))}
    record_run(run.output, run.run, run.date, run.outcome, run.note, {**report, **files})
    replace_file(run.output / FILE, metrics(run))


def _json(said: Mapping[str, Any]) -> bytes:
    return encode_escaped(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
