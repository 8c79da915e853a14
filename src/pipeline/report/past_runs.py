"""Earlier runs, from their report.json."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.releases.run_records import runs_in_force
from pipeline.report.records import PastRun

REPORT_JSON = "report.json"
"""In the folder of every run."""
_MOST = 60


def last_report(output: Path) -> tuple[str, dict[str, Any]] | None:
    """The last of `runs_in_force` that looked for issues, and its report.json; None where there is none."""
    for entry in runs_in_force(output):
        with suppress(OSError, ValueError, KeyError):
            report = json.loads((output / "runs" / entry["run"] / REPORT_JSON).read_text(encoding="utf-8"))
            if isinstance(report["issues"], list):
                return entry["run"], report
    return None


def read_history(runs: Path, current: str) -> Iterator[PastRun]:
    """The last runs before the current one, the oldest first; without those whose report cannot be read."""
    earlier = sorted(path for path in runs.glob(f"*/{REPORT_JSON}") if path.parent.name < current)
    for path in earlier[-_MOST:]:
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            counts = {name: int(count) for name, count in report["open"].items()}
            day = dt.date.fromisoformat(report["date"])
            yield PastRun(date=day, outcome=report["outcome"], issues=counts)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
