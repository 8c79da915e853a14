"""The run that this process has Prefect run: what the flow takes from it, and returns to it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.night.run import Run, Watch
from pipeline.project import Project


@dataclass(slots=True)
class FlowContext:
    """What `wenshu run` and its flow exchange outside of Prefect."""

    project: Project
    watch: Watch
    run: Run | None = None
    """The finished run."""
    error: Exception | None = None
    """What a stage failed of, which is no failure of Prefect's."""


CURRENT_FLOW: ContextVar[FlowContext | None] = ContextVar("flow", default=None)
