"""A run that was started from this process: what the flow takes from it, and leaves to it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.night import Run, Watch
from pipeline.project import Project


@dataclass(slots=True)
class FlowContext:
    """What `wenshu run` and the flow that it runs say to each other past Prefect."""

    project: Project
    watch: Watch
    run: Run | None = None
    """The night's record, once it is over."""
    fault: Exception | None = None
    """What went wrong in a stage, and so is none of Prefect's faults."""


FLOW: ContextVar[FlowContext | None] = ContextVar("flow", default=None)
