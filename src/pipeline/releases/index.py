"""The index of versions and runs: releases/index.json, and a copy of it beside the runs.

Each holds a digest of its content, so that damage is seen; then the copy counts. Where both are
lost, the index is rebuilt from the records of releases and runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.logs import WARNING, log_event
from pipeline.releases.files import SUMS, read_sums
from pipeline.releases.verdict import verdicts_since
from pipeline.safe_files import file_digest, replace_file

PROVENANCE = "provenance.json"
"""In every release: what it was made from, as digests, and its schema."""
RECORD = "run.json"
"""In the folder of every run: what it came to."""

_EMPTY: Mapping[str, Any] = {"last_successful": None, "versions": [], "runs": []}


def read_index(output: Path) -> dict[str, Any]:
    """The index; from its copy, or rebuilt from releases and runs, where it is damaged or gone."""
    for path in _paths(output):
        with suppress(OSError):
            if (index := parse_index(path.read_bytes())) is not None:
                return index
    return _rebuild(output)


def parse_index(content: bytes) -> dict[str, Any] | None:
    """The index that a file holds; None where it is damaged."""
    try:
        index = json.loads(content)
    except ValueError:
        return None
    if not isinstance(index, dict) or index.pop("sha256", None) not in (None, _digest(index)):
        return None
    index = {**_EMPTY, **index}
    return index if isinstance(index["versions"], list) and isinstance(index["runs"], list) else None


def write_index(output: Path, index: Mapping[str, Any]) -> None:
    """Replace the copy and then the index, each in one step."""
    text = json.dumps({"sha256": _digest(index), **index}, ensure_ascii=False, indent=1) + "\n"
    for path in reversed(_paths(output)):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)


def version_entry(output: Path, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a version: from its provenance, with the digests of its sums and of its database."""
    folder = output / "releases" / provenance["version"]
    return {
        "version": provenance["version"],
        "date": provenance["date"],
        "previous": provenance["previous"],
        "schema": provenance["schema"]["version"],
        "content": provenance["content"],
        "rows": provenance["rows"],
        "path": f"releases/{provenance['version']}/",
        **{name: provenance[name] for name in ("verdict", "figures", "changes") if name in provenance},
        "sums": file_digest(folder / SUMS) or None,
        "database": file_digest(folder.with_name(f"{folder.name}.duckdb")) or None,
    }


def latest_entry(folder: Path, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a program asks of the latest release: is there anything to fetch, what of it, and from where.

    folder: of the release. entries: the versions of the index, of which it is one.
    """
    return {
        **next(entry for entry in entries if entry["version"] == folder.name),
        "since": verdicts_since(entries, folder.name),
        "files": {
            path: {"sha256": digest, "bytes": (folder / path).stat().st_size}
            for path, digest in read_sums(folder).items()
            if path.startswith("data/") or "/" not in path
        },
    }


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 2026.9.30 comes before 2026.10.1."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def _paths(output: Path) -> tuple[Path, Path]:
    return output / "releases" / "index.json", output / "runs" / "index.json"


def _digest(index: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(index, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _rebuild(output: Path) -> dict[str, Any]:
    """The index as releases and runs record it; a pruned release is in it if its run is on record."""
    if any(path.exists() for path in _paths(output)):
        log_event(
            "note", "the index of releases was damaged; it is made again of the releases and runs that are "
            "there, but what was pruned and of which no run is left is not in it", level=WARNING, people=True,
        )  # fmt: skip
    runs = sorted(_records(output / "runs", RECORD), key=lambda run: str(run.get("started") or run["run"]))
    provenances = {made["version"]: made for made in _records(output / "releases", PROVENANCE)}
    released = {run["version"]: run for run in runs if run["outcome"] == "released" and run.get("version")}
    unrecorded = sorted(provenances.keys() - released.keys(), key=version_numbers)
    present = [run["version"] for run in runs if run.get("version") in provenances]
    return {
        "last_successful": present[-1] if present else None,
        "versions": [
            version_entry(output, provenances[name]) if name in provenances else _pruned(released[name])
            for name in [*released, *unrecorded]
        ],
        "runs": [
            {name: run.get(name) for name in ("run", "date", "outcome", "version")}
            | ({"note": run["note"]} if run.get("note") else {})
            for run in runs
        ],
    }


def _records(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The record in each subfolder, as far as it can be read."""
    key = "run" if name == RECORD else "version"
    for path in sorted(folder.glob(f"*/{name}")):
        with suppress(OSError, ValueError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(record, dict) and record.get(key) == path.parent.name and "date" in record:
                yield record


def _pruned(run: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a version that is gone, as far as the run that released it knows it."""
    return {
        "version": run["version"], "date": run["date"], "previous": None, "schema": "?", "content": None,
        "rows": run.get("rows") or {},
    }  # fmt: skip
