"""What a night is made from, as digests: by them a night knows that there is nothing new."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.catalog_files import catalog_digest
from pipeline.project import Project
from pipeline.releases.files import tree_digest
from pipeline.releases.store import ReleaseStore
from pipeline.texts.folders import walk

RECORD = "run.json"
"""What every run leaves of itself in runs/RUN/."""


def inputs(project: Project) -> dict[str, str]:
    """SHA-256 of everything that the release depends on, by what it is."""
    settings = repr(
        (
            project.licence,
            project.publisher,
            project.publication,
            project.timezone,
            project.read_options,
            project.limits,
        )
    )
    return {
        "sources": _sources(project.raw),
        "catalog": catalog_digest(project.catalog),
        "decisions": tree_digest(*sorted(project.decisions.glob("*.yaml"))),
        "expectations": tree_digest(project.expectations),
        "rules": tree_digest(Path(__file__).parents[1]),
        "settings": hashlib.sha256(settings.encode()).hexdigest(),
    }


def known_release(output: Path, made_from: Mapping[str, str]) -> str | None:
    """The latest version, where the run that came to it was made from just this; else None.

    It is the last run that ended with a release, new or unchanged: after a withheld one,
    whoever puts the source back as it was gets the release that is there.
    """
    releases = ReleaseStore(output)
    latest = releases.latest()
    for run in reversed(releases.index()["runs"] if latest else []):
        if run.get("outcome") in ("released", "unchanged"):
            said = run_record(output, run["run"])
            return latest if said.get("version") == latest and said.get("inputs") == made_from else None
    return None


def run_record(output: Path, run: str) -> dict[str, object]:
    """What a run left of itself; empty where it left nothing that can be read."""
    try:
        said = json.loads((output / "runs" / run / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _sources(raw: Path) -> str:
    """Digest over every file below raw/, by path; what a symlink out of it leads to is not opened."""
    whole, inside = hashlib.sha256(), raw.resolve()
    for path in _files(raw):
        whole.update(os.fsencode(path.relative_to(raw)) + b"\0")
        try:
            if path.is_symlink():
                whole.update(b"link\0" + os.fsencode(path.readlink()))
            if path.is_file() and path.resolve().is_relative_to(inside):
                with path.open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
        except (OSError, RuntimeError) as error:
            whole.update(repr(error.args[0]).encode())
    return whole.hexdigest()


def _files(raw: Path) -> Iterator[Path]:
    for here, folders, files in sorted(walk(raw)):
        yield from (
            here / name for name in sorted((*files, *(n for n in folders if (here / n).is_symlink())))
        )
