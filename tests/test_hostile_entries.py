"""Whatever lies in raw/: each entry has an end of its own, and the night goes on."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
from fuzzing import FAILS
from hostile import lay
from hostile_records import Entry

from pipeline.night.run_night import run_night
from pipeline.project import load_project


def test_every_entry_has_a_clear_end_and_the_night_is_released(tmp_path: Path) -> None:
    laid = lay(tmp_path / "raw")
    assert run_night(load_project(cwd=tmp_path)).outcome == "released"
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in laid}
    documents = pq.read_table(tmp_path / "output" / "latest" / "data" / "documents.parquet")
    for row in documents.select(["path", "status", "reason"]).to_pylist():
        name = row["path"] if row["path"] in laid else row["path"].partition("#")[0]
        found[name].append((row["status"], row["reason"] or ""))
    wrong = {name: found[name] for name, entry in laid.items() if not as_said(entry, found[name])}
    assert wrong == {}


def as_said(entry: Entry, found: list[tuple[str, str]]) -> bool:
    """Whether an article of an entry has the status that it should, and one the reason."""
    statuses = {status for status, _ in found} or {"unseen"}
    reasons = " | ".join(reason for _, reason in found)
    clear = all(reason and FAILS not in reason for status, reason in found if status == "quarantined")
    return clear and (not entry.status or entry.status in statuses) and entry.said in reasons
