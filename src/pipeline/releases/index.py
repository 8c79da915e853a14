"""The index of versions and runs: releases/index.json, and a copy of it beside the runs.

Each bears a digest of what is in it, so that damage is seen; then the copy counts. Where both are
lost, the index is made again of what releases and runs say of themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.logs import WARNING, log_event
from pipeline.releases.digests import read_sums
from pipeline.releases.files import replace_file
from pipeline.releases.verdict import since

PROVENANCE = "provenance.json"
"""In every release: what it was made from, as digests, and its schema."""
RECORD = "run.json"
"""In the folder of every run: what it came to."""

_EMPTY: Mapping[str, Any] = {"last_successful": None, "versions": [], "runs": []}


def read_index(output: Path) -> dict[str, Any]:
    """The index; of its copy, or of the releases and runs that are there, where it is damaged or gone."""
    for path in _places(output):
        with suppress(OSError):
            if (index := parse_index(path.read_bytes())) is not None:
                return index
    return _made_again(output)


def parse_index(content: bytes) -> dict[str, Any] | None:
    """The index that a file holds; None where it is damaged."""
    try:
        index = json.loads(content)
    except ValueError:
        return None
    if not isinstance(index, dict) or index.pop("sha256", None) not in (None, _digest(index)):
        return None
    whole = {**_EMPTY, **index}
    return whole if isinstance(whole["versions"], list) and isinstance(whole["runs"], list) else None


def write_index(output: Path, index: Mapping[str, Any]) -> None:
    """Replace the copy and then the index, each in one step."""
    text = json.dumps({"sha256": _digest(index), **index}, ensure_ascii=False, indent=1) + "\n"
    for path in reversed(_places(output)):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)


def version_entry(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """What the index says of a version, as far as the release itself knows it."""
    return {
        "version": provenance["version"],
        "date": provenance["date"],
        "previous": provenance["previous"],
        "schema": provenance["schema"]["version"],
        "content": provenance["content"],
        "rows": provenance["rows"],
        "path": f"releases/{provenance['version']}/",
        **{name: provenance[name] for name in ("verdict", "figures", "changes") if name in provenance},
    }


def latest_entry(folder: Path, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a program asks of the latest release: is there anything to fetch, what of it, and from where.

    folder: of the release. entries: the versions of the index, of which it is one.
    """
    sums = read_sums(folder)
    return {
        **next(entry for entry in entries if entry["version"] == folder.name),
        "since": since(entries, folder.name),
        "files": {
            path: {"sha256": digest, "bytes": (folder / path).stat().st_size}
            for path, digest in sums.items()
            if path.startswith("data/") or "/" not in path
        },
    }


def _places(output: Path) -> tuple[Path, Path]:
    return output / "releases" / "index.json", output / "runs" / "index.json"


def _digest(index: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(index, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _made_again(output: Path) -> dict[str, Any]:
    runs = sorted(_records(output / "runs", RECORD), key=lambda run: str(run.get("started") or run["run"]))
    kept = {made["version"]: made for made in _records(output / "releases", PROVENANCE)}
    versions = {run["version"]: run for run in runs if run["outcome"] == "released" and run.get("version")}
    entries = [version_entry(kept[name]) if name in kept else _pruned(run) for name, run in versions.items()]
    entries += [version_entry(kept[name]) for name in sorted(kept.keys() - versions.keys(), key=numbers)]
    if any(path.exists() for path in _places(output)):
        log_event(
            "note", "the index of releases was damaged; it is made again of the releases and runs that are "
            "there, but what was pruned and of which no run is left is not in it", level=WARNING, people=True,
        )  # fmt: skip
    names = ("run", "date", "outcome", "version", "note")
    entered = [{name: run.get(name) for name in names if name != "note" or run.get(name)} for run in runs]
    last = next((run["version"] for run in reversed(runs) if run.get("version") in kept), None)
    return {**_EMPTY, "last_successful": last, "versions": entries, "runs": entered}


def _records(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """What each folder in this one says of itself, as far as that can be read."""
    key = "run" if name == RECORD else "version"
    for path in sorted(folder.glob(f"*/{name}")):
        with suppress(OSError, ValueError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(record, dict) and record.get(key) == path.parent.name and "date" in record:
                yield record


def _pruned(run: Mapping[str, Any]) -> dict[str, Any]:
    """What is still known of a version by the run that released it."""
    return {
        "version": run["version"], "date": run["date"], "previous": None, "schema": "?", "content": None,
        "rows": run.get("rows") or {},
    }  # fmt: skip


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 2026.9.30 comes before 2026.10.1."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))
