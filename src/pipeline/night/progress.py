"""How far a night is, on the terminal; where there is none, a line a minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.logs import on_stderr
from pipeline.night import STAGES, Stage, Unwatched, Watch, events
from pipeline.night.stages import Tick

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MINUTE = 60.0


@contextmanager
def watching(form: str) -> Iterator[Watch]:
    """Whoever watches a run: a display, or a log where nobody sees one. form: of the log, text or json."""
    with on_stderr(form):
        if form == "json" or not sys.stderr.isatty():
            yield Log()
        else:
            with _displayed() as display:
                yield display


@contextmanager
def _displayed() -> Iterator[Watch]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("[dim]{task.fields[said]}"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Display(progress)


class Display:
    """A line for each stage, which disappears at the end."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lines: dict[str, TaskID] = {
            name: progress.add_task(name, total=None, start=False, said="") for name in STAGES
        }

    def begin(self, stage: str) -> Tick:
        line = self._lines[stage]
        self._progress.start_task(line)
        return lambda done, total: self._progress.update(line, completed=done, total=total)

    def end(self, stage: Stage) -> None:
        line, said = (
            self._lines[stage.name],
            ", ".join(f"{n} {name}" for name, n in stage.counts.items() if n),
        )
        self._progress.update(line, completed=1, total=1, said=said[:60])
        self._progress.stop_task(line)


class Log(Unwatched):
    """A line a minute, so that a long night is seen to go on; a short one stays silent."""

    def begin(self, stage: str) -> Tick:
        began = last = monotonic()

        def tick(done: int, total: int) -> None:
            nonlocal last
            now = monotonic()
            if now - last >= _MINUTE:
                last = now
                events.progress(stage, done, total, done / (now - began))

        return tick
