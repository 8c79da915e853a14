"""How far a night is, on the terminal; where there is none, a line a minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.night import STAGES, Stage, Unwatched, Watch
from pipeline.night.stages import Tick

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MINUTE = 60.0


@contextmanager
def watching() -> Iterator[Watch]:
    """Whoever watches a run that was started by hand: a display, or a log where nobody sees one."""
    if not sys.stderr.isatty():
        yield Log()
        return
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
    """A line a minute on stderr, so that a long night is seen to go on; a short one stays silent."""

    def begin(self, stage: str) -> Tick:
        began = last = monotonic()

        def tick(done: int, total: int) -> None:
            nonlocal last
            now = monotonic()
            if now - last >= _MINUTE:
                last = now
                rate = done / (now - began)
                said = f"{done} of {total}, {rate:.0f} a second, {(total - done) / rate:.0f} s left"
                print(f"wenshu: {stage} {said}", file=sys.stderr, flush=True)

        return tick
