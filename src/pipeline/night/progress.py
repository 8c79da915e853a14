"""How far a night is, on the terminal; where there is none, a line a minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.language import pick
from pipeline.logs import on_stderr
from pipeline.night import Stage, Unwatched, Watch, events
from pipeline.night.stages import Tick
from pipeline.night.summary import stage_name

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
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}"), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Display(progress)


class Display:
    """The stage at work with its bar, below those that are over; the bar disappears at the end."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        starting = pick("正在启动，要几秒", "Starting Prefect and the checks: some seconds")
        self._line: TaskID = progress.add_task(starting, total=None, amount="")

    def begin(self, stage: str) -> Tick:
        """The stage's own line; without a bar's end as long as nothing says how much there is."""
        line = self._line = self._anew(stage_name(stage))

        def tick(done: int, total: int) -> None:
            amount = f"{done}/{total}" if total > 1 else ""
            self._progress.update(line, completed=done, total=total or None, amount=amount)

        return tick

    def end(self, stage: Stage) -> None:
        seconds = pick(f"{stage.seconds:.1f} 秒", f"{stage.seconds:.1f} s")
        self._progress.console.print(f"✓ {stage_name(stage.name)}  {seconds}", markup=False, highlight=False)
        self._line = self._anew("")

    def _anew(self, description: str) -> TaskID:
        self._progress.remove_task(self._line)
        return self._progress.add_task(description, total=None, amount="")


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
