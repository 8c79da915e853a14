"""Progress of a run on the terminal; where there is none, a line a minute in the log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.language import localized
from pipeline.logs import log_to_stderr
from pipeline.night.messages import events
from pipeline.night.messages.summary import stage_name
from pipeline.night.run import Tick, Watch

if TYPE_CHECKING:
    from rich.progress import Progress

_MINUTE = 60.0


@contextmanager
def watching(form: str) -> Iterator[Watch]:
    """What shows the progress of a run: a display, or the log. form: of the log, text or json."""
    with log_to_stderr(form):
        if form == "json" or not sys.stderr.isatty():
            yield logged
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24),
            TextColumn("{task.fields[amount]}"), TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield displayed(progress)


def displayed(progress: Progress) -> Watch:
    """Shows the current stage with a bar, below those that have ended; the bar disappears at the end."""
    starting = localized("正在启动，要几秒", "Starting Prefect and the checks: some seconds")
    progress.add_task(starting, total=None, amount="")

    @contextmanager
    def watch(stage: str) -> Iterator[Tick]:
        start = monotonic()
        for previous in progress.task_ids:
            progress.remove_task(previous)
        line = progress.add_task(stage_name(stage), total=None, amount="")

        def tick(done: int, total: int) -> None:
            amount = f"{done}/{total}" if total > 1 else ""
            progress.update(line, completed=done, total=total or None, amount=amount)

        yield tick
        seconds = monotonic() - start
        line_above = f"✓ {stage_name(stage)}  {localized(f'{seconds:.1f} 秒', f'{seconds:.1f} s')}"
        progress.console.print(line_above, markup=False, highlight=False)
        progress.update(line, description="", amount="")

    return watch


@contextmanager
def logged(stage: str) -> Iterator[Tick]:
    """Logs a line a minute; a short run logs none."""
    start = last = monotonic()

    def tick(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _MINUTE:
            last = now
            events.progress(stage, done, total, done / (now - start))

    yield tick
