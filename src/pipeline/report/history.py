"""Nights before this one, from the reports that they left."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.releases.store import ReleaseStore
from pipeline.report.night import Before

RECORD = "report.json"
"""In the folder of every run."""
_NIGHTS = 60


def last_report(output: Path) -> tuple[str, dict[str, Any]] | None:
    """The last run that looked for issues, and its report.json; None where there is none."""
    for entry in reversed(ReleaseStore(output).index()["runs"]):
        with suppress(OSError, ValueError, KeyError):
            said = json.loads((output / "runs" / entry["run"] / RECORD).read_text(encoding="utf-8"))
            if isinstance(said["issues"], list):
                return entry["run"], said
    return None


def read_history(runs: Path, tonight: str | None) -> Iterator[Before]:
    """The last nights before tonight, the oldest first. Reports that cannot be read are passed over."""
    folders = sorted((path.parent for path in runs.glob(f"*/{RECORD}")), key=lambda folder: folder.name)
    for folder in [folder for folder in folders if tonight is None or folder.name < tonight][-_NIGHTS:]:
        try:
            said = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            counts = {name: int(count) for name, count in said["open"].items()}
            day = dt.date.fromisoformat(said["date"])
            yield Before(run=folder.name, date=day, outcome=said["outcome"], issues=counts)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
