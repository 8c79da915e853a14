"""Killed runs, which Prefect would show as running for ever.

On a server of its own a project needs no other sign than the lock on its output: the run that
holds it is the only one, and all others that have not ended were killed. A server that projects
share uses heartbeats: docs/deploy/automations.yaml has it show a run without them as crashed.
"""

from __future__ import annotations

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, TaskRunFilter
from prefect.states import Crashed

_UNFINISHED = {"state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}}}


def crash_other_runs(client: SyncPrefectClient, current: UUID) -> None:
    """Set every unfinished run of the server but the current one, and its tasks, to crashed.

    That frees their concurrency slots too.
    """
    unfinished = TaskRunFilter.model_validate(_UNFINISHED)
    state = Crashed(message="Its process is gone: it was killed, or its machine went down.")
    for run in client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(_UNFINISHED)):
        if run.id != current:
            of_the_run = FlowRunFilter.model_validate({"id": {"any_": [run.id]}})
            for task in client.read_task_runs(flow_run_filter=of_the_run, task_run_filter=unfinished):
                client.set_task_run_state(task.id, state, force=True)
            client.set_flow_run_state(run.id, state, force=True)
