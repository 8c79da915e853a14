"""The events of a run, as `pipeline.logs` logs them."""

from __future__ import annotations

from pipeline.logs import ERROR, INFO, WARNING, log_event
from pipeline.night.messages.summary import counts_text, stage_name
from pipeline.night.run import Run, Stage

_LEVELS = {"critical": ERROR, "warning": WARNING, "info": INFO}
_OUTCOME_LEVELS = {"failed": ERROR, "withheld": WARNING}
_UNREAD = ("source_quarantined", "source_left_out")


def started(raw: str) -> None:
    """The run starts. raw: the folder or URL of the articles."""
    log_event("run_started", f"reading {raw}", raw=raw)


def stage_started(name: str) -> None:
    """A stage starts."""
    log_event("stage_started", name, stage=name)


def stage_ended(stage: Stage) -> None:
    """A stage ends."""
    counts = {name: number for name, number in stage.counts.items() if number}
    log_event(
        "stage_ended", f"{stage.name}: {counts_text(counts) or 'nothing'}",
        stage=stage.name, seconds=round(stage.seconds, 3), counts=counts,
    )  # fmt: skip


def progress(stage: str, done: int, total: int, rate: float) -> None:
    """A stage goes on. rate: how many are done a second."""
    left = (total - done) / rate if rate else 0.0
    message = f"{stage_name(stage)} {done} of {total}, {rate:.0f} a second, {left:.0f} s left"
    log_event("progress", message, people=True, stage=stage, done=done, total=total,
         rate=round(rate, 1), seconds_left=round(left))  # fmt: skip


def ended(run: Run) -> None:
    """The run ends: sources that could not be read, new issues, the release and the outcome."""
    for issue in run.issues:
        if issue.state == "resolved":
            continue
        event = issue.check if issue.check in _UNREAD else "issue_opened"
        if issue.state == "new" or event != "issue_opened":
            log_event(
                event, issue.message, level=_LEVELS[issue.severity], fingerprint=issue.fingerprint,
                severity=issue.severity, state=issue.state, check=issue.check, document_id=issue.document_id,
            )  # fmt: skip
    if run.outcome == "released":
        log_event(
            "released", f"released {run.version}", version=run.version, changes=run.changes, rows=run.rows
        )
    if run.note:
        log_event("note", run.note, level=ERROR if run.outcome == "failed" else WARNING)
    counts = {
        "issues": sum(issue.state != "resolved" for issue in run.issues),
        "held": sum(run.held.values()), "rows": sum(run.rows.values()), "changes": run.changes,
    }  # fmt: skip
    log_event(
        "run_ended", run.outcome, level=_OUTCOME_LEVELS.get(run.outcome, INFO), outcome=run.outcome,
        version=run.version, seconds=round(sum(stage.seconds for stage in run.stages), 3), counts=counts,
    )  # fmt: skip
