"""A run as it is recorded, and who is told of its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.gate.issues import Issue

STAGES = ("ingest", "extract", "derive", "validate", "publish", "site")
"""The stages of a run, in order; the last only where something was released."""

Counts: TypeAlias = Mapping[str, int]

Tick = Callable[[int, int], None]
"""Called with how many of how many are done."""

Watch = Callable[[str], AbstractContextManager[Tick]]
"""Shows progress, on the terminal for example: entered for each stage, it gives the stage its tick."""


def unwatched(stage: str) -> AbstractContextManager[Tick]:
    """Shows nothing."""
    return nullcontext(lambda done, total: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage that has ended."""

    name: str
    seconds: float
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run: what runs/RUN/run.json holds."""

    run: str
    """Its id."""
    date: date
    """Its day in the project's time zone."""
    outcome: str
    """released, unchanged, withheld or failed."""
    version: str | None
    """The latest version after it; None where there is none."""
    output: Path
    stages: tuple[Stage, ...]
    rows: Counts = field(default_factory=dict)
    """Rows of the release by table; empty where none was published."""
    held: Counts = field(default_factory=dict)
    """Rows held back by table."""
    changes: int = 0
    """Differences from the release before."""
    issues: tuple[Issue, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    """The expectations that do not hold, one mapping each."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    """Why it failed, or what failed after the release."""
    started: datetime | None = None
    killed: tuple[str, ...] = ()
    """The runs directly before it that were killed."""

    @property
    def folder(self) -> Path:
        """The folder with its record, issues and report."""
        return self.output / "runs" / self.run
