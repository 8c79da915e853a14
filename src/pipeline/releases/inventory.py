"""What releases there are, and which of them stay."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import WenshuError
from pipeline.releases.store import open_store


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as `wenshu releases list` shows it."""

    version: str
    date: str
    schema: str
    rows: int
    latest: bool
    present: bool
    """False where it was pruned, and only its entry is left."""


def entries(output: Path) -> list[Entry]:
    """Every release that the index knows, oldest first."""
    with open_store(output, writing=False) as store:
        latest, present = store.latest(), set(store.versions())
        return [
            Entry(
                version=entry["version"],
                date=entry["date"],
                schema=entry["schema"],
                rows=sum(entry["rows"].values()),
                latest=entry["version"] == latest,
                present=entry["version"] in present,
            )
            for entry in store.index()["versions"]
        ]


def prune(output: Path, keep: int) -> list[str]:
    """Delete all but the last `keep` releases and the latest; returns the versions deleted.

    The index keeps their entries, so that what was cited can still be told.
    """
    if keep < 1:
        raise WenshuError(f"--keep {keep}: at least one release stays; give 1 or more")
    with open_store(output) as store:
        latest = store.latest()
        old = [version for version in store.versions()[:-keep] if version != latest]
        for version in old:
            # Out of sight in one step, then deleted: a half-deleted release is never seen.
            going = output / f".draft-{version}"
            store.folder(version).rename(going)
            shutil.rmtree(going)
            store.database(version).unlink(missing_ok=True)
        return old
