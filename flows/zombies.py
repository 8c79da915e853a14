"""Runs that were killed, and that Prefect would believe to be at work for ever.

A process that is killed tells nobody, and neither does its worker where that is killed
or stopped with it. So every run holds a file of its own below output/ for as long as its
process lives: the system lets go of it however the process ends, and whoever can take
hold of such a file knows that its run is gone. Such runs are then told to Prefect as
crashed. No other sign is as sure: process ids are used again, clocks are set back, and
runs on other machines or of other projects have a right to be left alone.

`python -m flows.zombies` does this at once, as before a worker starts.
"""

from __future__ import annotations

import fcntl
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from pipeline.errors import WenshuError, one_line
from pipeline.project import Project, load_project

FLOW = "wenshu-nightly"
"""The flow's name in Prefect."""

AT_WORK = ".prefect/at-work"
"""Where the runs' files are, below output/, each named by its run's id."""

_STARTING = timedelta(minutes=2)
"""A process takes seconds to start; one that takes longer than this never will."""

_UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]

_HELD = ExitStack()
"""The files of this process's runs. Nothing closes them but its end."""


def at_work(project: Project, run: FlowRun, client: SyncPrefectClient) -> None:
    """Have it known that this process is at work on a run, for as long as the process lives.

    What was at work on the same output before and is no more becomes crashed.
    """
    path = project.output / AT_WORK / str(run.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    fcntl.flock(_HELD.enter_context(part.open("w")), fcntl.LOCK_EX)
    part.rename(path)  # nobody ever sees it unheld
    clear(project, client, run)


def clear(project: Project, client: SyncPrefectClient, mine: FlowRun | None = None) -> int:
    """Have the project's runs whose process is gone show as crashed, and return how many there were.

    mine: the run that asks, which is at work; its deployment has one output.
    """
    number = 0
    for run in chain(_killed(project, client), _never_begun(project, client, mine)):
        _crash(run, client)
        number += 1
    return number


def _killed(project: Project, client: SyncPrefectClient) -> Iterator[FlowRun]:
    """Runs that have not ended, and whose file nobody holds. The files of those that have ended go."""
    for path in _files(project):
        with suppress(BlockingIOError, FileNotFoundError), path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(ObjectNotFound):  # a run of another server, whose own nights will ask for it
                run = client.read_flow_run(UUID(path.name))
                if run.state and run.state.type in _UNFINISHED:
                    yield run
                path.unlink()  # only now that Prefect has been told


def _never_begun(project: Project, client: SyncPrefectClient, mine: FlowRun | None) -> Iterator[FlowRun]:
    """Runs that were killed before they had a file: while they started, most of them."""
    known = {path.name for path in _files(project)}
    unfinished = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED)))
    for run in client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW])), flow_run_filter=unfinished
    ):
        ours = mine and mine.deployment_id and run.deployment_id == mine.deployment_id
        starting = datetime.now(UTC) - run.state.timestamp < _STARTING
        if (
            str(run.id) not in known
            and not starting
            and (ours or run.state.is_pending())  # a run of another machine may well be running
            and _output(run) == project.output
        ):
            yield run


def _files(project: Project) -> list[Path]:
    return [path for path in (project.output / AT_WORK).glob("*") if not path.suffix]


def _output(run: FlowRun) -> Path | None:
    """The output that a run was to write to; None where its parameters name none."""
    named = (run.parameters.get(name) for name in ("config", "output"))
    config, output = (Path(place) if isinstance(place, str) else None for place in named)
    with suppress(WenshuError, OSError, ValueError):
        return load_project(config, output=output).output
    return None


def _crash(run: FlowRun, client: SyncPrefectClient) -> None:
    """Force a run and its tasks into the state that they are in; that frees their concurrency slots."""
    state = Crashed(message="Its process is gone: it was killed, or stopped together with its worker.")
    unfinished = TaskRunFilter(state=TaskRunFilterState(type=TaskRunFilterStateType(any_=_UNFINISHED)))
    of_the_run = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
    for task in client.read_task_runs(flow_run_filter=of_the_run, task_run_filter=unfinished):
        client.set_task_run_state(task.id, state, force=True)
    client.set_flow_run_state(run.id, state, force=True)


def main() -> int:
    """Clear the runs of the project that --config and --output name; the exit code."""
    parser = ArgumentParser(prog="python -m flows.zombies", description="Have killed runs show as crashed.")
    parser.add_argument("--config", type=Path, help="wenshu.toml, or the folder that holds it")
    parser.add_argument("--output", type=Path, help="the folder of the releases")
    args = parser.parse_args()
    try:
        project = load_project(args.config, output=args.output)
        with get_client(sync_client=True) as client:
            number = clear(project, client)
    except Exception as error:  # whatever a server that does not answer comes to
        print(f"wenshu: killed runs were not looked for: {one_line(str(error))}", file=sys.stderr)
        return 2
    print(f"wenshu: {number} killed runs now show as crashed", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
