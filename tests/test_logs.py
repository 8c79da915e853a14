"""What a run tells of itself: every event of it a line of JSON, nothing of a text unescaped."""

from __future__ import annotations

import io
import json
import logging
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import logs
from pipeline.cli import main
from pipeline.commands import CANNOT_RUN, STOPPED
from pipeline.errors import WenshuError
from pipeline.logs import ERROR, log_event, log_to_stderr, run_with_json_log
from pipeline.night.messages import progress
from pipeline.night.run import STAGES
from pipeline.night.run_night import run_night
from pipeline.project import load_project

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
HOSTILE = '机密\n\x1b[31m{"event": "released"}\u2028\u202e%s{}'


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Every line of stderr, each of which is an object with what all events have."""
    text = capsys.readouterr().err
    assert text.isascii()
    events = [json.loads(line) for line in text.splitlines()]
    for event in events:
        assert list(event)[:5] == ["time", "level", "event", "run", "message"]
        assert datetime.fromisoformat(event["time"]).utcoffset().total_seconds() == 0
    return events


def test_a_night_tells_of_its_stages_in_order_and_of_its_release(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with log_to_stderr("json"):
        run = run_night(load_project(), now=NOW)
    events = said(capsys)
    assert {event["run"] for event in events} == {run.run}
    stages = [(e["event"], e["stage"]) for e in events if e["event"].startswith("stage")]
    assert stages == [(kind, name) for name in STAGES for kind in ("stage_started", "stage_ended")]
    counts = {e["stage"]: e["counts"] for e in events if e["event"] == "stage_ended"}
    assert counts["extract"]["quantities"] == 48
    assert all(e["seconds"] >= 0 for e in events if e["event"] == "stage_ended")
    assert [events[0]["event"], *(e["event"] for e in events[-2:])] == [
        "run_started",
        "released",
        "run_ended",
    ]
    assert (events[-1]["outcome"], events[-1]["version"]) == ("released", run.version)
    assert events[-2]["rows"]["quantities"] == 48


def test_what_could_not_be_read_and_what_is_doubted_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = project / "raw" / "page.txt"
    page.write_text(page.read_text("utf-8").replace("203个进入", "204个进入"), encoding="utf-8")
    (project / "raw" / "odd\x1b.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    with log_to_stderr("json"):
        run = run_night(load_project(), now=NOW)
    events = said(capsys)
    (unread,) = (e for e in events if e["event"] == "source_quarantined")
    assert (unread["level"], unread["severity"]) == ("warning", "warning")
    opened = [e for e in events if e["event"] == "issue_opened"]
    assert any(e["level"] == "error" and "89 + 204 + 195 = 487" in e["message"] for e in opened)
    assert {e["fingerprint"] for e in opened} <= {issue.fingerprint for issue in run.issues}
    assert (events[-1]["outcome"], events[-1]["level"]) == ("withheld", "warning")


def test_a_night_that_cannot_run_ends_with_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "raw" / "page.txt").unlink()
    with log_to_stderr("json"), pytest.raises(WenshuError):
        run_night(load_project(), now=NOW)
    note, end = said(capsys)[-2:]
    assert (note["event"], note["level"]) == ("note", "error")
    assert "holds no text" in note["message"]
    assert (end["event"], end["outcome"], end["level"]) == ("run_ended", "failed", "error")


@pytest.mark.parametrize("asked", ["by the option", "in wenshu.toml"])
def test_the_command_tells_in_json_what_it_cannot_do(
    project: Path, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "raw" / "page.txt").unlink()
    option = ["--log-format", "json"] if asked == "by the option" else []
    if not option:
        (project / "wenshu.toml").write_text('[log]\nformat = "json"\n', encoding="utf-8")
    assert main(["run", *option]) == 2
    error = said(capsys)[-1]
    assert (error["event"], error["level"]) == ("error", "error")
    assert "holds no text" in error["message"]
    (project / "wenshu.toml").write_text("[log\n", encoding="utf-8")
    assert main(["run", "--log-format", "json"]) == 2
    (error,) = said(capsys)
    assert "is not TOML" in error["message"]


@pytest.mark.soak
def test_a_whole_run_with_prefect_tells_nothing_but_json(project: Path) -> None:
    from breaking import COMMAND, run

    (project / "raw" / "odd.txt").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    command = [*COMMAND[:-1], COMMAND[-1].replace("['run']", "['run', '--log-format', 'json']")]
    done = run(project, command)
    assert done.returncode == 0, done.stderr
    assert "Released" in done.stdout
    events = [json.loads(line)["event"] for line in done.stderr.splitlines()]
    assert events[0] == "run_started"
    assert events[-1] == "run_ended"
    assert {"source_quarantined", "released", "stage_ended"} <= set(events)


@pytest.mark.parametrize(
    ("fault", "code", "event", "level"),
    [
        (WenshuError(HOSTILE), 2, "error", "error"),
        (OSError(28, "No space left on device"), 2, "error", "error"),
        (KeyboardInterrupt(), 130, "stopped", "warning"),
        (ZeroDivisionError(HOSTILE), 2, "fault", "error"),
    ],
)
def test_whatever_a_command_fails_of_is_a_line_too(
    fault: BaseException, code: int, event: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise fault

    assert run_with_json_log(work, stopped=STOPPED, failed=CANNOT_RUN) == code
    (line,) = said(capsys)
    assert (line["event"], line["level"]) == (event, level)
    assert ("Traceback" in line.get("traceback", "")) == (event == "fault")


def test_what_other_libraries_warn_of_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with log_to_stderr("json"):
        logging.getLogger("someone.else").warning("%s left", HOSTILE)
        logging.getLogger("someone.else").info("nothing")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("old", stacklevel=1)
    first, second = said(capsys)
    assert (first["event"], first["message"]) == ("someone.else", f"{HOSTILE} left")
    assert second["event"] == "py.warnings"


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers(), max_size=3))
def test_no_text_breaks_its_line(message: str, more: dict[str, Any]) -> None:
    stream = io.StringIO()
    handler = logs._Stderr(stream)
    handler.setFormatter(logs._Json())
    handler.handle(logging.makeLogRecord({"msg": "%s", "args": (message,), "fields": {"more": more}}))
    line = stream.getvalue()
    assert line.isascii()
    assert line.count("\n") == 1
    assert (json.loads(line)["message"], json.loads(line)["more"]) == (message, more)


def test_people_are_told_what_they_do_not_see_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with log_to_stderr("text"):
        log_event("released", "not for them")
        log_event("issue_opened", "nor this", level=ERROR)
        log_event("progress", f"for them {HOSTILE}", people=True)
    assert capsys.readouterr().err == (
        'wenshu: for them 机密\\n\\x1b[31m{"event": "released"}\\u2028\\u202e%s{}\n'
    )


def test_without_a_terminal_a_long_stage_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter((0.0, 30.0, 60.0, 90.0, 180.0))
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    with progress.watching("json") as watch, watch("extract") as tick:
        for done in (100, 200, 300, 600):
            tick(done, 1000)
    minute, later = said(capsys)
    assert (minute["event"], minute["stage"], minute["done"], minute["total"]) == (
        "progress",
        "extract",
        200,
        1000,
    )
    assert (later["rate"], later["seconds_left"]) == (3.3, 120)
