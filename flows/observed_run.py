"""`wenshu run`: the flow once, observed by a Prefect server; of the project's own where the user has none.

Slow steps run at once: the server starts first, in its own process, and while it does, this
one imports Prefect and Great Expectations. The run matters more than its observation: where
no server starts, or it stops in the middle, the run goes on and says that it is not observed.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flows.prefect_server import HOME, OWN, NoServerError, prefect_api
from pipeline.errors import one_line
from pipeline.gate.expectation_runner import preload
from pipeline.logs import WARNING, log_event
from pipeline.night.flow_context import CURRENT_FLOW, FlowContext
from pipeline.night.inputs import seems_unchanged
from pipeline.night.messages.progress import watching
from pipeline.night.run import Run, Watch
from pipeline.night.run_night import run_night
from pipeline.project import Project

_DRAIN_SECONDS = 10.0
"""Seconds that logs and events may take to reach the server at the end."""


def run(project: Project) -> Run:
    """One night, observed by the server of PREFECT_API_URL or by the project's own.

    The caller holds the lock of the output (`output_lock`). Raises `WenshuError` where the night cannot run.
    """
    with watching(project.log_format) as watch:
        if not project.raw_url and not any(project.raw.glob("[!.]*")):
            return run_night(project, watch=watch)  # which reports that, and needs no server to do so
        try:
            with prefect_api(project.output / HOME, partial(_import_modules, project)):
                return _run_flow(project, watch)
        except NoServerError as error:
            message = f"this run is not observed, no Prefect server: {one_line(str(error))}"
            log_event("not_observed", message, level=WARNING, people=True)
            return run_night(project, watch=watch)


def _import_modules(project: Project) -> None:
    """Import what the run needs, while the server starts."""
    gc.disable()  # imports leave no garbage, but a hundred thousand objects to visit
    try:
        import flows.nightly  # noqa: F401

        if not seems_unchanged(project):
            preload()
    finally:
        gc.enable()
        gc.freeze()


def _run_flow(project: Project, watch: Watch) -> Run:
    """The run as a flow. Raises `NoServerError` where Prefect fails, and not a stage."""
    from flows.nightly import nightly

    context = FlowContext(project, watch)
    token = CURRENT_FLOW.set(context)
    try:
        with _drained():
            nightly(return_state=True)
            if context.run is None and context.error:
                raise context.error
    except Exception as error:
        if context.run is None:
            raise context.error or NoServerError(repr(error)) from error
    finally:
        CURRENT_FLOW.reset(token)
    assert context.run is not None
    return context.run


@contextmanager
def _drained() -> Iterator[None]:
    """Wait at the end until the server has received the run's logs and events."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # The heartbeat's thread ends up to a second after the flow; a server of our own needs none.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None} if os.environ.get(OWN) else {}):
        try:
            yield
        finally:
            for worker in (APILogWorker, EventsWorker):
                worker.drain_all(timeout=_DRAIN_SECONDS)
