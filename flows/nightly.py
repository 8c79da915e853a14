"""The nightly flow: Prefect orders and observes the stages, `pipeline` does the work."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from pipeline.errors import WenshuError, is_transient, one_line
from pipeline.language import localized, translate
from pipeline.logs import CURRENT_RUN, ERROR, log_event
from pipeline.night import (
    STAGES,
    Run,
    T,
    flow_context,  # a module: Prefect pickles what a flow names, and no ContextVar
    night,
    one_at_a_time,
)
from pipeline.night.progress import watching
from pipeline.night.summary import counted, headline, markdown, text
from pipeline.project import Project, flow_module, load_project

_RETRIED = {"ingest", "publish"}
"""The stages that touch files; any other would only fail again."""

_URL = re.compile(r"[A-Za-z][\w+.-]*://[^\s'\"]+")

_SHOWN = 200
"""Failed expectations that the UI's table shows."""


PLACES = {name: f"WENSHU_{name.upper()}" for name in ("config", "raw", "output")}
"""Where the environment of a process that serves says what `wenshu run` has as --config, --raw, --output."""


@flow(name="wenshu-nightly", persist_result=False)
def nightly() -> State[Any]:
    """One night: raw/ in, a validated release out.

    It has no parameters: whoever may start a run through Prefect's API starts that of the
    project which the serving process was started for, and no other. The state says what the
    night came to: Released, Unchanged or, as a failure, Withheld.
    """
    here = flow_context.FLOW.get()
    project = here.project if here else _served()
    with one_at_a_time(project):
        _crash_others()
        try:
            run = _run(project, here)
        except (WenshuError, OSError) as error:
            _notify(project, localized("未能运行", "Could not run"), translate(one_line(str(error))))
            raise
    untold = _notify(project, headline(run), text(run))
    run = replace(run, note="; ".join(filter(None, (run.note, untold))))
    if here:
        here.run = run
    _show(run)
    kind = StateType.FAILED if run.outcome == "withheld" else StateType.COMPLETED
    return State(type=kind, name=run.outcome.capitalize(), message=headline(run))


def _served() -> Project:
    """The project of the process that serves the flow, its settings as they are tonight."""
    config, raw, output = (os.environ.get(name) for name in PLACES.values())
    return load_project(Path(config) if config else None, raw=raw, output=Path(output) if output else None)


def _crash_others() -> None:
    """Have killed runs show as crashed, where the server is the project's own."""
    context = FlowRunContext.get()
    assert context is not None and context.flow_run is not None
    if os.environ.get(flow_module("server").OWN):
        try:
            flow_module("crashed_runs").crash_others(get_client(sync_client=True), context.flow_run.id)
        except Exception as error:  # whatever a server comes to that goes away
            get_run_logger().warning("killed runs were not looked for: %s", error)


def _run(project: Project, here: flow_context.FlowContext | None) -> Run:
    """The night; who started it here is told what it failed of, so that it is none of Prefect's faults.

    Of one that a schedule started, a line is told here.
    """
    with watching(project.log_format) if not here else nullcontext(here.watch) as watch:
        try:
            run = night(project, perform=_perform, watch=watch)
        except Exception as error:
            if not here:
                log_event("night", f"could not run: {error}; {_next(project)}", level=ERROR, people=True)
            elif here.fault or isinstance(error, WenshuError):
                here.fault = error
            raise
        if not here:
            log_event("night", f"{run.run}: {headline(run)}; {_next(project)}", people=True)
        return run


def _next(project: Project) -> str:
    return f"the next night is {project.next_night(datetime.now(UTC)):%Y-%m-%d %H:%M %Z}"


def _passing(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether what a stage failed of may be over by the next try."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, Exception) and is_transient(error)


def _performed(name: str) -> Any:
    """The task that performs a stage. Results go from one to the next in memory."""
    retries = 2 if name in _RETRIED else 0

    @task(
        name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False,
        retries=retries, retry_delay_seconds=[1, 5][:retries], retry_condition_fn=_passing,
    )  # fmt: skip
    def perform(stage: Callable[[], T]) -> T:
        return stage()

    return perform


_TASKS = {name: _performed(name) for name in STAGES}


def _perform(name: str, stage: Callable[[], T], /) -> T:
    here = flow_context.FLOW.get()

    def noted() -> T:
        """The stage; what goes wrong in it is told apart from what goes wrong around it."""
        try:
            return stage()
        except Exception as error:
            if here:
                here.fault = error
            raise

    if name == STAGES[0]:
        _name_after(CURRENT_RUN.get())
    result: T = _TASKS[name](noted)
    if here:
        here.fault = None
    get_run_logger().info("%s: %s", name, counted(result.counts) or "nothing")
    return result


def _name_after(run: str | None) -> None:
    """Have the flow's run called in Prefect as the night is in output/runs/."""
    context = FlowRunContext.get()
    if run and context and context.flow_run:
        get_client(sync_client=True).update_flow_run(context.flow_run.id, name=run)


def _notify(project: Project, subject: str, body: str) -> str:
    """Tell the project's Prefect notification block, where it has one; what went wrong with it, or nothing.

    A night is over by then: nothing undoes it.
    """
    from prefect.blocks.core import Block

    if not project.notify_block:
        return ""
    try:
        Block.load(project.notify_block, _sync=True).notify(body=body, subject=subject)
    except Exception as error:  # whatever the service of the block raises
        # The service's URL may be a secret as a whole, and the error may quote it.
        why = one_line(_URL.sub("its URL", str(error).partition("\n")[0]))
        said = f"the notification block {project.notify_block} was not told: {why}"
        get_run_logger().warning("%s", said)
        return f"{said}; see [notify] in wenshu.toml"
    return ""


def _show(run: Run) -> None:
    """Put the night's summary and its failed expectations into the UI."""
    create_markdown_artifact(markdown(run), key="summary", description=headline(run))
    if run.findings:
        table = [
            {
                "severity": finding["severity"],
                "check": finding["check"],
                "expected": " / ".join(finding["description"].values()),
                "rows": finding["rows"],
                "observed": finding["observed"],
            }
            for finding in run.findings[:_SHOWN]
        ]
        said = f"{len(run.findings)} of the expectations do not hold"
        create_table_artifact(table, key="failed-expectations", description=said)
