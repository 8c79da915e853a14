"""The first screen: the result of the last run, and a run started from here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from pipeline.desk.cards import ORDER
from pipeline.desk.desk import Desk
from pipeline.desk.release_tables import ReleaseTables
from pipeline.desk.routes import Form, GoneError, change, page
from pipeline.desk.running import COMMANDS, StartedRun
from pipeline.releases.store import DRY, ReleaseStore
from pipeline.report.past_runs import last_report

_SILENCE = 1.0
"""Seconds without an event after which a stream sends a sign of life."""
_CHANGES = 200
"""Differences that are shown row by row."""


@page("/")
def _morning(desk: Desk, request: Request) -> str:
    run, report = desk.report()
    counts = Counter(card.severity for card in desk.cards())
    reported = desk.reported_decisions()
    return desk.page(
        "morning.html", "/", run=run, report=report, last=_last_run(ReleaseStore(desk.project.output)),
        changed=_changes(report), counts={severity: counts[severity] for severity in ORDER},
        waiting=[decision for decision, _ in desk.decisions() if decision.id not in reported],
        dry=_dry_run(desk),
    )  # fmt: skip


def _last_run(store: ReleaseStore) -> Mapping[str, Any] | None:
    return next(iter(store.index()["runs"][-1:]), None)


def _changes(report: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The differences from the release before, the most frequent first."""
    return sorted((report or {"changes": ()})["changes"], key=lambda change: -change["count"])


@page("/morning/dry")
def _dry(desk: Desk, request: Request) -> str:
    return desk.page("dry.html", "/", dry=_dry_run(desk))


def _dry_run(desk: Desk) -> dict[str, Any] | None:
    """What the dry run that was started last would have released, if it was the last to be started."""
    folder = desk.project.output / DRY
    last = desk.running.last
    if last is None or last.kind != "dry" or last.code not in (0, 1):
        return None
    run = _last_run(ReleaseStore(folder))
    if run is None:
        return None
    rows = ReleaseTables(folder).changes(_CHANGES) if run["outcome"] == "released" else []
    name, found = last_report(folder) or (None, None)
    report = found if name == run["run"] else None
    return {
        "outcome": run["outcome"], "version": run["version"], "note": run.get("note", ""), "rows": rows,
        "changed": _changes(report), "first": ReleaseStore(desk.project.output).latest() is None,
    }  # fmt: skip


@page("/report/{path:path}")
def _report(desk: Desk, request: Request) -> Response:
    """A page of a run's own report, which has a content security policy of its own."""
    runs = (desk.project.output / "runs").resolve()
    path = (runs / request.path_params["path"]).resolve()
    if not path.is_relative_to(runs) or path.suffix != ".html" or not path.is_file():
        raise GoneError
    return FileResponse(
        path, media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": "frame-ancestors 'none'"},
    )  # fmt: skip


@change("/api/run")
def _run(desk: Desk, form: Form) -> dict[str, Any]:
    kind: Any = form.get("kind")
    if kind not in COMMANDS:
        raise GoneError
    desk.running.start(kind)
    return {}


@change("/api/run/stop")
def _stop(desk: Desk, form: Form) -> dict[str, Any]:
    desk.running.stop()
    return {}


@page("/api/run/events")
def _events(desk: Desk, request: Request) -> Response:
    """The events of the last run, as they come; the last one has its exit code."""
    started = desk.running.last
    if started is None:
        raise GoneError
    return StreamingResponse(_stream(desk, started), media_type="text/event-stream")


def _stream(desk: Desk, started: StartedRun) -> Iterator[str]:
    sent = 0
    while True:
        events = desk.running.wait(started, sent, _SILENCE)
        sent += len(events)
        for event in events:
            yield f"data: {json.dumps(event)}\n\n"
        if started.code is not None and sent >= len(started.events):
            end = {"event": "end", "code": started.code, "kind": started.kind, "output": started.output}
            yield f"event: end\ndata: {json.dumps(end)}\n\n"
            return
        if not events:
            yield ": \n\n"
