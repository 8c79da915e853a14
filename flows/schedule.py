"""`wenshu schedule`: serves the flow on the project's cron schedule, with a Prefect server and its UI."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from flows.prefect_server import ACCESS, HOME, OWN, prefect_api
from pipeline.logs import log_event, log_to_stderr
from pipeline.project import Project


def serve(project: Project, config: Path | None, raw: Path | str | None, output: Path | None) -> None:
    """Serve the flow on the project's schedule until stopped.

    config, raw, output: the options of the command line, from which every run loads its settings
    anew. Raises `WenshuError` where no server starts.
    """
    # A shell that starts it in the background has it ignore Ctrl-C, and all its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt), prefect_api(project.output / HOME, _import_flow, shared=True):
        import asyncio

        from prefect.runner import Runner
        from prefect.schedules import Cron

        from flows.nightly import OPTIONS, nightly

        class NightlyRunner(Runner):
            def handle_sigterm(self, *args: object, **kwargs: object) -> None:
                """As Ctrl-C: Prefect's own handler waits for ever in the middle of a run."""
                signal.raise_signal(signal.SIGINT)

        options = {"config": config or project.root, "raw": raw, "output": output}
        for name, value in options.items():
            if value:
                os.environ[OPTIONS[name]] = str(value.absolute() if isinstance(value, Path) else value)
        runner = NightlyRunner(name="nightly", limit=1)
        runner.add_flow(nightly, name="nightly", schedule=Cron(project.cron, timezone=project.timezone))
        _announce(project)
        asyncio.run(runner.start())


def _announce(project: Project) -> None:
    """Log when the next night is, and where runs can be seen."""
    url = os.environ["PREFECT_API_URL"].removesuffix("/api")
    secret = f", signed in with what {project.output / HOME / ACCESS} holds" if os.environ.get(OWN) else ""
    when = f"{project.next_night(datetime.now(UTC)):%Y-%m-%d %H:%M %Z}"
    message = f"the next night is {when}, by cron {project.cron}; runs show at {url}{secret}; Ctrl-C ends it"
    with log_to_stderr(project.log_format):
        log_event("schedule", message, people=True)


def _import_flow() -> None:
    import_module("flows.nightly")
