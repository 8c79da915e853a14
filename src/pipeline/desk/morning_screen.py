"""The first screen: what the last night came to, and a night run from here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.desk import Desk
from pipeline.desk.released import Released
from pipeline.desk.running import KINDS, Started
from pipeline.releases.store import DRY, ReleaseStore
from pipeline.report.past_runs import last_report

SCREEN = Screen()
_PATIENCE = 1.0
"""Seconds of silence after which a stream says that it still lives."""
_CHANGES = 200
"""Differences that are shown row by row."""
_REPORTS = {".html": "text/html; charset=utf-8"}


@SCREEN.page("/")
def _screen(desk: Desk, request: Request) -> str:
    run, report = desk.report()
    store = ReleaseStore(desk.project.output)
    last = next(iter(store.index()["runs"][-1:]), None)
    cards = desk.cards()
    known = {said["id"] for said in (report or {"decisions": ()})["decisions"]}
    return desk.page(
        "morning.html", "/", run=run, report=report, last=last, changed=_summed(report),
        counts={s: sum(c.severity == s for c in cards) for s in ("critical", "warning", "doubt", "info")},
        waiting=[d for d, _ in desk.decisions() if d.id not in known],
        dry=_dry_said(desk),
    )  # fmt: skip


def _summed(report: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The differences from the release before, the most first."""
    return sorted((report or {"changes": ()})["changes"], key=lambda said: -said["count"])


@SCREEN.page("/morning/dry")
def _dry(desk: Desk, request: Request) -> str:
    return desk.page("dry.html", "/", dry=_dry_said(desk))


def _dry_said(desk: Desk) -> dict[str, Any] | None:
    """What the last dry night would have released, where it still says something of what is here."""
    folder = desk.project.output / DRY
    last = desk.running.last
    if last is None or last.kind != "dry" or last.code not in (0, 1):
        return None
    store = ReleaseStore(folder)
    run = next(iter(store.index()["runs"][-1:]), None)
    found = last_report(folder)
    if run is None:
        return None
    rows = Released(folder).changes(_CHANGES) if run["outcome"] == "released" else []
    report = found[1] if found and found[0] == run["run"] else None
    return {
        "outcome": run["outcome"], "version": run["version"], "note": run.get("note", ""), "rows": rows,
        "changed": _summed(report), "open": (report or {"open": {}})["open"],
        "first": ReleaseStore(desk.project.output).latest() is None,
    }  # fmt: skip


@SCREEN.page("/report/{path:path}")
def _report(desk: Desk, request: Request) -> Response:
    """A file of a run's own report, which has a content security policy of its own."""
    runs = (desk.project.output / "runs").resolve()
    path = (runs / request.path_params["path"]).resolve()
    if not path.is_relative_to(runs) or path.suffix not in _REPORTS or not path.is_file():
        raise MissingError
    return FileResponse(
        path, media_type=_REPORTS[path.suffix], headers={"Content-Security-Policy": "frame-ancestors 'none'"}
    )


@SCREEN.change("/api/run")
def _run(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    kind: Any = said.get("kind")
    if kind not in KINDS:
        raise MissingError
    return {"number": desk.running.start(kind).number}


@SCREEN.change("/api/run/stop")
def _stop(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    desk.running.stop()
    return {}


@SCREEN.page("/api/run/events")
def _events(desk: Desk, request: Request) -> Response:
    """The events of the run at work, as they come; the last one says its exit code."""
    started = desk.running.last
    if started is None:
        raise MissingError
    return StreamingResponse(_streamed(desk, started), media_type="text/event-stream")


def _streamed(desk: Desk, started: Started) -> Iterator[str]:
    after = 0
    while True:
        events = desk.running.wait(started, after, _PATIENCE)
        after += len(events)
        for event in events:
            yield f"data: {json.dumps(event)}\n\n"
        if started.code is not None and after >= len(started.events):
            end = {"event": "end", "code": started.code, "kind": started.kind, "said": started.said}
            yield f"event: end\ndata: {json.dumps(end)}\n\n"
            return
        if not events:
            yield ": \n\n"
