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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flows.server import ACCESS, OWN, SETTINGS, NoServerError, Server, standing
from pipeline.errors import one_line
from pipeline.gate.expectation_runner import preload
from pipeline.logs import WARNING, log_event, log_to_stderr
from pipeline.night import Run, Watch, night
from pipeline.night.flow_context import FLOW, FlowContext
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
            log_event("not_observed", said, level=WARNING, people=True)
            return night(project, watch=watch)


def serve(project: Project, config: Path | None, raw: Path | str | None, output: Path | None) -> None:
    """Serve the flow on the project's schedule, with a server and its UI, until stopped.

    config, raw, output: as they stood on the command line; every night reads them anew, and
    no other ones. Raises `WenshuError` where no server starts.
    """
    # A shell that starts it in the background has it ignore Ctrl-C, and all its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt), _api(project, lasting=True):
        import asyncio

        from prefect.runner import Runner
        from prefect.schedules import Cron

        from flows.nightly import PLACES, nightly

        class Serving(Runner):
            def handle_sigterm(self, *args: object, **kwargs: object) -> None:
                """As Ctrl-C: Prefect's own way waits for ever in the middle of a night."""
                signal.raise_signal(signal.SIGINT)

        places = {"config": config or project.root, "raw": raw, "output": output}
        for name, place in places.items():
            if place:
                os.environ[PLACES[name]] = str(place.absolute() if isinstance(place, Path) else place)
        runner = Serving(name="nightly", limit=1)
        schedule = Cron(project.cron, timezone=project.timezone)
        runner.add_flow(nightly, name="nightly", schedule=schedule)
        _say_when_and_where(project)
        asyncio.run(runner.start())


def _say_when_and_where(project: Project) -> None:
    url = os.environ["PREFECT_API_URL"].removesuffix("/api")
    secret = f", signed in with what {project.output / HOME / ACCESS} holds" if os.environ.get(OWN) else ""
    when = f"{project.next_night(datetime.now(UTC)):%Y-%m-%d %H:%M %Z}"
    said = f"the next night is {when}, by cron {project.cron}; runs show at {url}{secret}; Ctrl-C ends it"
    with log_to_stderr(project.log_format):
        log_event("schedule", said, people=True)


@contextmanager
def _api(project: Project, *, lasting: bool = False) -> Iterator[None]:
    """Have a server for this process's Prefect: the user's, the schedule's, or one of its own."""
    home = project.output / HOME
    if os.environ.get("PREFECT_API_URL"):
        os.environ.update({"PREFECT_HOME": str(home), **SETTINGS, **os.environ})
        yield
        return
    if not lasting and (environment := standing(home)):
        os.environ.update(environment)
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
            preload()
    finally:
        gc.enable()
        gc.freeze()


def _observed(project: Project, watch: Watch) -> Run:
    """The night as a flow; as it is where Prefect, and not the night, fails."""
    from flows.nightly import nightly

    here = FlowContext(project, watch)
    token = FLOW.set(here)
    try:
        with _delivered():
            nightly(return_state=True)
            if here.run is None and here.fault:
                raise here.fault
    except Exception as error:
        if here.run is None:
            raise here.fault or NoServerError(repr(error)) from error
    finally:
        FLOW.reset(token)
    assert here.run is not None
    return here.run


@contextmanager
def _delivered() -> Iterator[None]:
    """See to it that what the run tells the server has arrived when the run is over."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # The heartbeat's thread ends up to a second after the flow; a server of our own misses none.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None} if os.environ.get(OWN) else {}):
        try:
            yield
        finally:
            for worker in (APILogWorker, EventsWorker):
                worker.drain_all(timeout=_DRAINED)
