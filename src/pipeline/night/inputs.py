"""Digests of everything that a release is made from: where none has changed, a run has nothing to do."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.catalog_files import catalog_digest
from pipeline.project import Project
from pipeline.releases.files import code_digest, tree_digest
from pipeline.releases.index import RECORD
from pipeline.releases.store import ReleaseStore
from pipeline.safe_files import file_digest
from pipeline.texts.folders import is_link, walk


def inputs(project: Project, sources: Mapping[Path, bytes]) -> dict[str, str]:
    """SHA-256 of everything that the release depends on, by what it is. sources: `source_digests` of raw/."""
    all_sources = hashlib.sha256()
    for path, content in sources.items():
        all_sources.update(os.fsencode(path.relative_to(project.raw)) + b"\0" + content)
    settings = (
        project.licence, project.publisher, project.publication, project.timezone,
        project.read_options, project.limits,
    )  # fmt: skip
    return {
        "sources": all_sources.hexdigest(),
        "catalog": catalog_digest(project.catalog),
        "decisions": tree_digest(*sorted(project.decisions.glob("*.yaml"))),
        "expectations": tree_digest(project.expectations),
        "rules": code_digest(),
        "settings": hashlib.sha256(repr(settings).encode()).hexdigest(),
    }


def source_digests(raw: Path) -> dict[Path, bytes]:
    """SHA-256 of every file below raw/, in the order of paths."""
    inside = raw.resolve()
    return {path: source_digest(path, inside) for path in _files(raw)}


def source_digest(path: Path, inside: Path) -> bytes:
    """SHA-256 of a file and of a symlink's target; what lies outside the folder `inside` is not opened."""
    content = hashlib.sha256()
    try:
        if path.is_symlink():
            content.update(b"link\0" + os.fsencode(path.readlink()))
        if path.is_file() and path.resolve().is_relative_to(inside):
            content.update(bytes.fromhex(file_digest(path)))
    except (OSError, RuntimeError) as error:
        content.update(repr(error.args[0]).encode())
    return content.digest()


def unchanged_version(output: Path, current: Mapping[str, str]) -> str | None:
    """The latest version, where the run that came to it had just these inputs; else None.

    That is the last run that ended as released or unchanged: after a withheld one, whoever
    puts the source back as it was gets the release that is there.
    """
    releases = ReleaseStore(output)
    latest = releases.latest()
    for run in reversed(releases.index()["runs"] if latest else []):
        if run.get("outcome") in ("released", "unchanged"):
            record = read_record(output, run["run"])
            same = record.get("version") == latest and record.get("inputs") == current
            return latest if same else None
    return None


def seems_unchanged(project: Project) -> bool:
    """Whether a run will probably have nothing to do, as far as can be told before it starts."""
    if project.full or ReleaseStore(project.output).latest() is None:
        return False
    current = inputs(project, source_digests(project.raw)) | {"lapsed": ""}
    return unchanged_version(project.output, current) is not None


def read_record(output: Path, run: str) -> dict[str, object]:
    """The record of a run; empty where there is none that can be read."""
    try:
        record = json.loads((output / "runs" / run / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _files(raw: Path) -> Iterator[Path]:
    for folder, folders, files in sorted(walk(raw)):
        links = (name for name in folders if is_link(folder / name))
        yield from (folder / name for name in sorted((*files, *links)))
