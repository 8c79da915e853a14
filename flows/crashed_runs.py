"""Runs that were killed, and that Prefect would believe to be at work for ever.

A process that is killed tells nobody. On a server of its own, a project needs no other
sign than the lock on its output: who holds it is the only one at work, and whatever else
has begun there and not ended is gone. A server that projects share asks for heartbeats:
docs/deploy/automations.yaml has it show a run as crashed that sends none any more.
"""

from __future__ import annotations

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, TaskRunFilter
from prefect.states import Crashed

_UNFINISHED = {"state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}}}


def crash_others(client: SyncPrefectClient, mine: UUID) -> None:
    """Have every unfinished run of the server but one, and its tasks, show as crashed.

    mine: the run that holds the output. That frees the concurrency slots of the others too.
    """
    unfinished = TaskRunFilter.model_validate(_UNFINISHED)
    state = Crashed(message="Its process is gone: it was killed, or its machine went down.")
    for run in client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(_UNFINISHED)):
        if run.id != mine:
            of_the_run = FlowRunFilter.model_validate({"id": {"any_": [run.id]}})
            for task in client.read_task_runs(flow_run_filter=of_the_run, task_run_filter=unfinished):
                client.set_task_run_state(task.id, state, force=True)
            client.set_flow_run_state(run.id, state, force=True)
