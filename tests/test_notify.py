"""Word of a run: the command is told every outcome, and a command that fails undoes nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import WenshuError
from pipeline.night import night
from pipeline.project import Project, load_project

TELLER = """
import os, pathlib, sys
said = os.environ["WENSHU_OUTCOME"] + "\\n" + sys.stdin.read()
pathlib.Path(sys.argv[1]).write_text(said, encoding="utf-8")
"""


def project(tmp_path: Path, *notify: str) -> Project:
    raw = tmp_path / "raw"
    raw.mkdir(exist_ok=True)
    return replace(load_project(raw=raw, output=tmp_path / "output"), notify=notify)


def test_the_command_has_the_summary_on_its_stdin_and_the_outcome_in_its_environment(
    tmp_path: Path, page: Path
) -> None:
    said = tmp_path / "said"
    told = project(tmp_path, sys.executable, "-c", TELLER, str(said))
    (told.raw / page.name).write_bytes(page.read_bytes())
    assert night(told).note == ""
    outcome, title, *_ = said.read_text(encoding="utf-8").splitlines()
    assert outcome == "released"
    assert title.startswith("# ")
    assert night(told).outcome == "unchanged"
    assert said.read_text(encoding="utf-8").startswith("unchanged")


def test_a_night_that_cannot_run_is_told_too(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with pytest.raises(WenshuError, match="no text"):
        night(project(tmp_path, sys.executable, "-c", TELLER, str(said)))
    assert said.read_text(encoding="utf-8").startswith("failed")


@pytest.mark.parametrize(
    "command", [("/nonexistent/teller",), (sys.executable, "-c", "raise SystemExit('no such address')")]
)
def test_a_command_that_fails_is_said_and_the_release_stands(
    tmp_path: Path, page: Path, command: tuple[str, ...]
) -> None:
    told = project(tmp_path, *command)
    (told.raw / page.name).write_bytes(page.read_bytes())
    run = night(told)
    assert run.outcome == "released"
    assert run.note.startswith("the notification was not sent: ")
    assert (told.output / "latest" / "data" / "renovation.csv").exists()
