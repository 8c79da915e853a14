"""A night under Prefect's eyes, with its own server where the user has none.

What takes seconds happens at once: the server starts first, in a process of its own,
and while it does, this one imports Prefect and Great Expectations. A night is worth
more than its observation: where no server comes up, or it goes away in the middle, the
night runs all the same, and says on stderr that nobody watched it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.server import SETTINGS, NoServerError, Server, client_environment, standing
from pipeline import gate
from pipeline.errors import one_line
from pipeline.logs import WARNING, tell
from pipeline.night import Run, Watch, night
from pipeline.night.here import HERE, Here
from pipeline.night.inputs import inputs, known_release
from pipeline.night.progress import watching
from pipeline.project import Project
from pipeline.texts.source import find_sources

HOME = ".prefect"
"""Where Prefect keeps this project's runs, below output/."""

_DRAINED = 10.0
"""Seconds that logs and events may take to reach the server at the end."""


def run(project: Project) -> Run:
    """One night, observed by the server of PREFECT_API_URL or by one of its own.

    Raises `WenshuError` where the night cannot run.
    """
    with watching(project.log_format) as watch:
        if not project.raw_url and not find_sources(project.raw):
            return night(project, watch=watch)  # says why it cannot, for which no server need start
        try:
            with _api(project):
                return _observed(project, watch)
        except NoServerError as error:
            said = f"this run is not observed, no Prefect server: {one_line(str(error))}"
            tell("not_observed", said, level=WARNING, people=True)
            return night(project, watch=watch)


def serve(project: Project, config: Path | None, raw: Path | str | None, output: Path | None) -> None:
    """Serve the flow on the project's schedule, with a server and its UI, until stopped.

    config, raw, output: as they stood on the command line; every night reads them anew.
    """
    with _api(project, lasting=True):
        import asyncio

        from prefect.client.orchestration import get_client
        from prefect.runner import Runner
        from prefect.schedules import Cron

        from flows.nightly import nightly
        from flows.zombies import clear

        places = {"config": config, "raw": raw, "output": output}
        url = os.environ["PREFECT_API_URL"].removesuffix("/api")
        said = f"{project.cron} {project.timezone}"
        print(
            f"wenshu: every night at {said} (cron); runs are shown at {url}; Ctrl-C ends it", file=sys.stderr
        )
        with get_client(sync_client=True) as client:
            clear(project, client)
        runner = Runner(name="nightly", limit=1)
        # Prefect's own way to end at SIGTERM leaves it waiting for ever in the middle of a night.
        runner.handle_sigterm = lambda *_: signal.raise_signal(signal.SIGINT)
        runner.add_flow(
            nightly,
            name="nightly",
            schedule=Cron(project.cron, timezone=project.timezone),
            parameters={"config": str(config.absolute() if config else project.root)}
            | {name: str(p.absolute()) if isinstance(p, Path) else p for name, p in places.items() if p},
        )
        with suppress(KeyboardInterrupt):
            asyncio.run(runner.start())


@contextmanager
def _api(project: Project, *, lasting: bool = False) -> Iterator[None]:
    """Have a server for this process's Prefect: the user's, the schedule's, or one of its own."""
    home = project.output / HOME
    if os.environ.get("PREFECT_API_URL"):
        os.environ.update({"PREFECT_HOME": str(home), **SETTINGS, **os.environ})
        yield
        return
    if url := standing(home):
        os.environ.update(client_environment(home, url))
        yield
        return
    server = Server(home, lasting=lasting)
    try:
        os.environ.update(server.environment)
        _prepare(project)
        server.ready()
        yield
    finally:
        server.stop()


def _prepare(project: Project) -> None:
    """Import what the night takes, while the server starts."""
    gc.disable()  # imports make no garbage, but a hundred thousand objects to look through
    try:
        import flows.nightly  # noqa: F401

        if known_release(project.output, inputs(project)) is None:
            gate.warm()
    finally:
        gc.enable()
        gc.freeze()


def _observed(project: Project, watch: Watch) -> Run:
    """The night as a flow; as it is where Prefect, and not the night, fails."""
    from flows.nightly import nightly

    here = Here(project, watch)
    token = HERE.set(here)
    try:
        with _delivered():
            nightly(str(project.root), project.raw_place, str(project.output), return_state=True)
            if here.run is None and here.fault:
                raise here.fault
    except Exception as error:
        if here.run is None:
            raise here.fault or NoServerError(repr(error)) from error
    finally:
        HERE.reset(token)
    assert here.run is not None
    return here.run


@contextmanager
def _delivered() -> Iterator[None]:
    """See to it that what the run tells the server has arrived when the run is over."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # The heartbeat's thread ends up to a second after the flow; nobody misses it here.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            yield
        finally:
            for worker in (APILogWorker, EventsWorker):
                worker.drain_all(timeout=_DRAINED)
