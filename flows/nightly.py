"""The nightly flow: Prefect runs and observes the stages, `pipeline` does the work."""

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
from pipeline.night import flow_context  # a module: Prefect pickles what a flow names, and no ContextVar
from pipeline.night.messages.progress import watching
from pipeline.night.messages.summary import counts_text, headline, markdown, text
from pipeline.night.run import STAGES, Run
from pipeline.night.run_night import T, run_night
from pipeline.night.run_record import output_lock
from pipeline.project import Project, flow_module, load_project

_RETRIED = {"ingest", "publish"}
"""The stages that access files; any other would only fail again."""

_URL = re.compile(r"[A-Za-z][\w+.-]*://[^\s'\"]+")

_MAX_SHOWN = 200
"""Failed expectations that the UI's table shows."""

OPTIONS = {name: f"WENSHU_{name.upper()}" for name in ("config", "raw", "output")}
"""Environment variables of a scheduling process, for --config, --raw and --output of `wenshu run`."""


@flow(name="wenshu-nightly", persist_result=False)
def nightly() -> State[Any]:
    """One night: raw/ in, a validated release out.

    It has no parameters, so that Prefect's API can start runs of no other project than that of
    the serving process. The state names the outcome: Released, Unchanged or, as a failure,
    Withheld.
    """
    context = flow_context.CURRENT_FLOW.get()
    project = context.project if context else _scheduled_project()
    with nullcontext() if context else output_lock(project):  # the command has locked it already
        _crash_other_runs()
        try:
            run = _run(project, context)
        except (WenshuError, OSError) as error:
            _notify(project, localized("未能运行", "Could not run"), translate(one_line(str(error))))
            raise
    failed = _notify(project, headline(run), text(run))
    run = replace(run, note="; ".join(filter(None, (run.note, failed))))
    if context:
        context.run = run
    _create_artifacts(run)
    kind = StateType.FAILED if run.outcome == "withheld" else StateType.COMPLETED
    return State(type=kind, name=run.outcome.capitalize(), message=headline(run))


def _scheduled_project() -> Project:
    """The project of the scheduling process, with its current settings."""
    config, raw, output = (os.environ.get(name) for name in OPTIONS.values())
    return load_project(Path(config) if config else None, raw=raw, output=Path(output) if output else None)


def _crash_other_runs() -> None:
    """Have killed runs show as crashed, where the server is the project's own."""
    context = FlowRunContext.get()
    assert context is not None and context.flow_run is not None
    if os.environ.get(flow_module("prefect_server").OWN):
        try:
            flow_module("crashed_runs").crash_other_runs(get_client(sync_client=True), context.flow_run.id)
        except Exception as error:  # of any kind, where the server stops
            get_run_logger().warning("killed runs were not looked for: %s", error)


def _run(project: Project, context: flow_context.FlowContext | None) -> Run:
    """The run. Its error, which is no failure of Prefect's, goes to the context; a scheduled run logs it."""
    with nullcontext(context.watch) if context else watching(project.log_format) as watch:
        try:
            run = run_night(project, perform=_perform, watch=watch)
        except Exception as error:
            if not context:
                log_event("night", f"could not run: {error}; {_next(project)}", level=ERROR, people=True)
            elif context.error or isinstance(error, WenshuError):
                context.error = error
            raise
        if not context:
            log_event("night", f"{run.run}: {headline(run)}; {_next(project)}", people=True)
        return run


def _next(project: Project) -> str:
    return f"the next night is {project.next_night(datetime.now(UTC)):%Y-%m-%d %H:%M %Z}"


def _may_be_retried(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether a stage failed of something that may be over by the next try."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, Exception) and is_transient(error)


def _stage_task(name: str) -> Any:
    """The task that runs a stage. Results go from one to the next in memory."""
    retries = 2 if name in _RETRIED else 0

    @task(
        name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False,
        retries=retries, retry_delay_seconds=[1, 5][:retries], retry_condition_fn=_may_be_retried,
    )  # fmt: skip
    def run_stage(stage: Callable[[], T]) -> T:
        return stage()

    return run_stage


_TASKS = {name: _stage_task(name) for name in STAGES}


def _perform(name: str, stage: Callable[[], T], /) -> T:
    context = flow_context.CURRENT_FLOW.get()

    def run_stage() -> T:
        """The stage; its errors are distinguished from those of Prefect."""
        try:
            return stage()
        except Exception as error:
            if context:
                context.error = error
            raise

    if name == STAGES[0]:
        _rename_flow_run(CURRENT_RUN.get())
    result: T = _TASKS[name](run_stage)
    if context:
        context.error = None
    get_run_logger().info("%s: %s", name, counts_text(result.counts) or "nothing")
    return result


def _rename_flow_run(run: str | None) -> None:
    """Give the flow run in Prefect the name that the run has in output/runs/."""
    context = FlowRunContext.get()
    if run and context and context.flow_run:
        get_client(sync_client=True).update_flow_run(context.flow_run.id, name=run)


def _notify(project: Project, subject: str, body: str) -> str:
    """Send a message by the project's notification block, if any; returns what went wrong, or nothing."""
    from prefect.blocks.core import Block

    if not project.notify_block:
        return ""
    try:
        Block.load(project.notify_block, _sync=True).notify(body=body, subject=subject)
    except Exception as error:  # whatever the service of the block raises
        # The service's URL may be a secret as a whole, and the error may quote it.
        why = one_line(_URL.sub("its URL", str(error).partition("\n")[0]))
        message = f"the notification block {project.notify_block} was not told: {why}"
        get_run_logger().warning("%s", message)
        return f"{message}; see [notify] in wenshu.toml"
    return ""


def _create_artifacts(run: Run) -> None:
    """Show the run's summary and its failed expectations in the UI."""
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
            for finding in run.findings[:_MAX_SHOWN]
        ]
        description = f"{len(run.findings)} of the expectations do not hold"
        create_table_artifact(table, key="failed-expectations", description=description)
