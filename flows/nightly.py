"""The nightly flow: Prefect orders and observes the stages, `pipeline` does the work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from errno import EAGAIN, EBUSY, ECONNRESET, EINTR, EIO, ESTALE, ETIMEDOUT
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from pipeline.errors import WenshuError, one_line
from pipeline.night import STAGES, Run, T, night, one_at_a_time
from pipeline.night import here as started  # a module: Prefect pickles what a flow names, and no ContextVar
from pipeline.night.progress import watching
from pipeline.night.summary import headline, markdown
from pipeline.project import Project, flow_module, load_project

_PASSING = {EAGAIN, EBUSY, ECONNRESET, EINTR, EIO, ESTALE, ETIMEDOUT}
"""Errors of a disk or a share that may be gone a moment later; a full disk is not."""

_RETRIED = {"ingest", "publish"}
"""The stages that touch files; any other would only fail again."""

_SHOWN = 200
"""Failed expectations that the UI's table shows."""


@flow(name="wenshu-nightly", persist_result=False)
def nightly(config: str | None = None, raw: str | None = None, output: str | None = None) -> State[Any]:
    """One night: raw/ in, a validated release out.

    config, raw, output: as those of `wenshu run`. The state says what the night came to:
    Released, Unchanged or, as a failure, Withheld.
    """
    here = started.HERE.get()
    at, into = (Path(place) if place else None for place in (config, output))
    project = here.project if here else load_project(at, raw=raw, output=into)
    with one_at_a_time(project):
        _at_work(project)
        try:
            run = _run(project, here)
        except (WenshuError, OSError) as error:
            _notify(project, "未能运行 / Could not run", one_line(str(error)))
            raise
    untold = _notify(project, headline(run), markdown(run))
    run = replace(run, note="; ".join(filter(None, (run.note, untold))))
    if here:
        here.run = run
    _show(run)
    kind = StateType.FAILED if run.outcome == "withheld" else StateType.COMPLETED
    return State(type=kind, name=run.outcome.capitalize(), message=headline(run))


def _at_work(project: Project) -> None:
    """Have killed runs show as crashed, and this one so should it be killed."""
    context = FlowRunContext.get()
    assert context is not None and context.flow_run is not None
    try:
        flow_module("zombies").at_work(project, context.flow_run, get_client(sync_client=True))
    except Exception as error:  # whatever a server comes to that goes away
        get_run_logger().warning("killed runs were not looked for: %s", error)


def _run(project: Project, here: started.Here | None) -> Run:
    """The night; who started it here is told what it failed of, so that it is none of Prefect's faults."""
    try:
        with watching(project.log_format) if not here else nullcontext(here.watch) as watch:
            return night(project, perform=_perform, watch=watch)
    except Exception as error:
        if here and (here.fault or isinstance(error, WenshuError)):
            here.fault = error
        raise


def _passing(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether what a stage failed of may be over by the next try."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and error.errno in _PASSING


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
    here = started.HERE.get()

    def noted() -> T:
        """The stage; what goes wrong in it is told apart from what goes wrong around it."""
        try:
            return stage()
        except Exception as error:
            if here:
                here.fault = error
            raise

    result: T = _TASKS[name](noted)
    if here:
        here.fault = None
    counts = ", ".join(f"{number} {what}" for what, number in result.counts.items() if number)
    get_run_logger().info("%s: %s", name, counts or "nothing")
    return result


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
        get_run_logger().warning("the notification block %s failed: %s", project.notify_block, error)
        why = one_line(str(error).partition("\n")[0])
        return (
            f"the notification block {project.notify_block} was not told: {why}; see [notify] in wenshu.toml"
        )
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
