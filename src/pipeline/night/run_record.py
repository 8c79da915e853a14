"""The record of a run: runs/RUN/ and its line in the index, from its start to its end.

A killed run cannot record its end. So each is recorded as running when it starts, and the next
one, which holds the lock of the output, records as killed whatever is still running by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.errors import encode_escaped, one_line, write_error
from pipeline.gate.issues import to_json
from pipeline.logs import WARNING, log_event
from pipeline.night.inputs import read_record
from pipeline.night.messages.metrics import FILE, metrics
from pipeline.night.messages.summary import PAGE, html, markdown
from pipeline.night.run import Run
from pipeline.project import Project
from pipeline.releases.files import Files
from pipeline.releases.index import RECORD
from pipeline.releases.run_records import ISSUES, record_run
from pipeline.releases.store import ReleaseStore
from pipeline.safe_files import exclusive_lock, is_locked, replace_file

REPORT = "report.md"
"""The summary of a run, in runs/RUN/."""

_LOCK = ".run.lock"
_BUSY = "another run is working on {where}; wait for it to end, or give another --output"
_KILLED = "killed, or its machine went down or had no room; the next run goes on from what it had read"
_KILLED_AFTER = "killed after that, before its record was written"


@contextmanager
def output_lock(project: Project) -> Iterator[None]:
    """Lock the project's output for a run; raises `WenshuError` where another run has the lock.

    The operating system releases it when the process ends, however it ends.
    """
    with ExitStack() as stack:
        try:
            project.output.mkdir(parents=True, exist_ok=True)
            busy = _BUSY.format(where=one_line(str(project.output)))
            stack.enter_context(exclusive_lock(project.output / _LOCK, busy))
        except OSError as error:
            raise write_error(error, project.output) from error
        yield


def is_locked_by_run(output: Path) -> bool:
    """Whether a run is working on the output now."""
    return is_locked(output / _LOCK)


def new_run_name(output: Path, now: datetime) -> str:
    """A name that no run has yet, whatever the clock says."""
    first = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (first if number == 0 else f"{first}.{number}" for number in count())
    return next(name for name in names if not (output / "runs" / name).exists())


def begin_run(output: Path, run: str, day: date, now: datetime) -> tuple[str, ...]:
    """Record that a run is running; returns the names of the runs before it that were killed."""
    killed = tuple(_record_killed(output))
    record = {"run": run, "date": day.isoformat(), "started": _timestamp(now), "outcome": "running"}
    record_run(output, run, day, "running", files={RECORD: _json(record)})
    return killed


def _record_killed(output: Path) -> Iterator[str]:
    """Record as killed every run that is recorded as running; none can be."""
    runs = ReleaseStore(output).index()["runs"]
    for entry in runs:
        last, outcome, name = entry is runs[-1], entry.get("outcome"), str(entry["run"])
        # A run killed between its release and its record has released all the same.
        if outcome != "running" and not (last and read_record(output, name).get("outcome") == "running"):
            continue
        outcome, note = ("killed", _KILLED) if outcome == "running" else (outcome, _KILLED_AFTER)
        changed = {"outcome": outcome, "note": note, "version": entry.get("version")}
        day = date.fromisoformat(entry["date"])
        record_run(output, name, day, outcome, note, {RECORD: _json(read_record(output, name) | changed)})
        log_event("killed", f"the run {name}: {note}", level=WARNING, people=True, killed=name)
        yield name


def clock_warning(output: Path, day: date) -> str:
    """A warning where the clock is behind the latest release; else empty."""
    releases = ReleaseStore(output)
    latest = releases.latest()
    if not latest or releases.index_entry(latest).get("date", "") <= day.isoformat():
        return ""
    return (
        f"the clock says {day.isoformat()}, which is before the last release, {latest}; set it right, "
        "for releases are called by their day"
    )


def write_record(run: Run, report: Files | None = None) -> None:
    """Write runs/RUN/ and the index. report: the files of its report, where it validated its tables."""
    record = asdict(run) | {"date": run.date.isoformat(), "issues": len(run.issues)}
    record["started"] = run.started and _timestamp(run.started)
    del record["output"]
    if report is None:
        report = {PAGE: encode_escaped(html(run, linked=True))}
    else:
        report = {**report, ISSUES: encode_escaped(to_json(run.issues))}
    files = {**report, RECORD: _json(record), REPORT: encode_escaped(markdown(run))}
    record_run(run.output, run.run, run.date, run.outcome, run.note, files)
    replace_file(run.output / FILE, metrics(run))


def _json(record: Mapping[str, Any]) -> bytes:
    return encode_escaped(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
