"""How far a night is, on a terminal: the stage at work with its bar, those that are over with their time."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from pipeline import language
from pipeline.night.messages.progress import displayed
from pipeline.night.run import STAGES


@pytest.mark.parametrize(("spoken", "over"), [("en", "✓ Reading figures  0.0 s"), ("zh", "✓ 读数  0.0 秒")])
def test_one_stage_is_at_work_and_the_others_are_over(spoken: language.Language, over: str) -> None:
    said = io.StringIO()
    language.set_language(spoken)
    try:
        columns = (TextColumn("{task.description}"), TextColumn("{task.fields[amount]}"))
        console = Console(file=said, width=80, force_terminal=False)
        with Progress(*columns, console=console, transient=True) as progress:
            watch = displayed(progress)
            assert len(progress.tasks) == 1
            assert progress.tasks[0].total is None
            for name in STAGES:
                with watch(name) as tick:
                    assert progress.tasks[0].fields["amount"] == ""
                    tick(0, 0)
                    assert progress.tasks[0].total is None
                    tick(3, 12)
                    assert progress.tasks[0].fields["amount"] == "3/12"
    finally:
        language.set_language(None)
    lines = [line.strip() for line in said.getvalue().splitlines() if line.strip()]
    assert over in lines
    assert len([line for line in lines if line.startswith("✓")]) == len(STAGES)
    assert not any("0/" in line or "?" in line for line in lines)
