"""How far a night is, on the terminal; where there is none, a line a minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.language import localized
from pipeline.logs import log_to_stderr
from pipeline.night import Watch, events
from pipeline.night.stages import Tick
from pipeline.night.summary import stage_name

if TYPE_CHECKING:
    from rich.progress import Progress

_MINUTE = 60.0


@contextmanager
def watching(form: str) -> Iterator[Watch]:
    """Whoever watches a run: a display, or a log where nobody sees one. form: of the log, text or json."""
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
    """Shows the stage at work with its bar, below those that are over; the bar disappears at the end."""
    starting = localized("正在启动，要几秒", "Starting Prefect and the checks: some seconds")
    progress.add_task(starting, total=None, amount="")

    @contextmanager
    def watch(stage: str) -> Iterator[Tick]:
        began = monotonic()
        for before in progress.task_ids:
            progress.remove_task(before)
        line = progress.add_task(stage_name(stage), total=None, amount="")

        def tick(done: int, total: int) -> None:
            amount = f"{done}/{total}" if total > 1 else ""
            progress.update(line, completed=done, total=total or None, amount=amount)

        yield tick
        seconds = monotonic() - began
        over = f"✓ {stage_name(stage)}  {localized(f'{seconds:.1f} 秒', f'{seconds:.1f} s')}"
        progress.console.print(over, markup=False, highlight=False)
        progress.update(line, description="", amount="")

    return watch


@contextmanager
def logged(stage: str) -> Iterator[Tick]:
    """A line a minute, so that a long night is seen to go on; a short one stays silent."""
    began = last = monotonic()

    def tick(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _MINUTE:
            last = now
            events.progress(stage, done, total, done / (now - began))

    yield tick
