"""Runs on record: what each leaves in runs/RUN/, and its line in the index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.logs import WARNING, log_event
from pipeline.releases.files import Files, write_files
from pipeline.releases.store import ReleaseStore, open_store

OUTCOMES = ("running", "released", "unchanged", "withheld", "failed", "killed")
"""What a run can come to; the first is not over."""

ISSUES = "issues.json"
"""The issues of a run, if it looked for any; there is a copy of the last one in runs/ itself."""


def record_run(
    output: Path, run: str, day: date, outcome: str, note: str = "", files: Files | None = None
) -> Path:
    """Put a run on record: its files in runs/RUN/, and what it came to in the index.

    outcome: one of `OUTCOMES`. Returns the run's folder. Raises WenshuError where the
    disk is full or cannot be written.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome!r} is none of {', '.join(OUTCOMES)}")
    with open_store(output) as store:
        write_files(output, {f"runs/{run}/{name}": content for name, content in (files or {}).items()})
        folder = output / "runs" / run
        folder.mkdir(parents=True, exist_ok=True)
        previous: dict[str, Any] = next((entry for entry in store.index()["runs"] if entry["run"] == run), {})
        entry = {"run": run, "date": day.isoformat(), "outcome": outcome, "version": previous.get("version")}
        if note:
            entry["note"] = note
        if files and ISSUES in files:
            content = (folder / ISSUES).read_bytes()
            write_files(output, {f"runs/{ISSUES}": content})
            entry[ISSUES] = _digest(content)
        store.update_index(run=entry)
    return folder


def runs_in_force(output: Path, *, put_back: bool = False) -> Iterator[dict[str, Any]]:
    """The index entries of runs, the last first, without withheld runs whose inputs were put back since.

    They were if a later run found nothing new. put_back: whether the run in progress did.
    """
    for run in reversed(ReleaseStore(output).index()["runs"]):
        put_back |= run.get("outcome") == "unchanged"
        if not put_back or run.get("outcome") != "withheld":
            yield run


def latest_issues(output: Path, *, put_back: bool = False) -> str | None:
    """The JSON of the last of `runs_in_force` that looked for issues; None where none did.

    Where its file is damaged or gone, the copy counts; where both are, a warning is logged and an
    earlier run's list counts.
    """
    for run in runs_in_force(output, put_back=put_back):
        for path in (output / "runs" / run["run"] / ISSUES, output / "runs" / ISSUES):
            with suppress(OSError, ValueError):
                if _is_of(run, content := path.read_bytes(), path):
                    return content.decode("utf-8")
        if ISSUES in run:
            log_event(
                "note", f"the issues of the run {run['run']} are damaged; those that it had first, or that "
                "were accepted since, count as new", level=WARNING, people=True,
            )  # fmt: skip
    return None


def _is_of(run: Mapping[str, Any], content: bytes, path: Path) -> bool:
    """Whether the content is what the run left; without a digest on record, whether it may be."""
    if ISSUES in run:
        return bool(run[ISSUES] == _digest(content))
    return path.parent.name == run["run"] and isinstance(json.loads(content), list)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
