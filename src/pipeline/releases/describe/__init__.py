"""Descriptions of a release in the words that others read: one short file a standard.

Each is a function from a `Draft` and its data files to bytes. All of them say what the
table declarations say, and none tells the time but by the run's date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.releases.describe.facts import MEDIA, DataFile

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

STANDARDS: Mapping[str, str] = {
    "datapackage.json": "datapackage",
    "csv-metadata.json": "csvw",
    "dcat.jsonld": "dcat",
    "schema.jsonld": "schema_org",
    "croissant.json": "croissant",
    "prov.jsonld": "prov",
    "dictionary.csv": "dictionary_csv",
    "dictionary.html": "dictionary_html",
    "CITATION.cff": "citation",
    "LICENSE.md": "licence",
    "RELEASE.md": "notes",
}
"""File names, and the module that makes each."""


def describe(draft: Draft) -> dict[str, bytes]:
    """Every description of the release, by file name."""
    files = data_files(draft.folder)
    made = {}
    for name, module in STANDARDS.items():
        function: Callable[[Draft, tuple[DataFile, ...]], str] = import_module(
            f"{__name__}.{module}"
        ).describe
        made[name] = function(draft, files).encode()
    return made


def data_files(folder: Path) -> tuple[DataFile, ...]:
    """The data files that are in a release's folder, by path."""
    files = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in MEDIA):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files.append(
            DataFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest, MEDIA[path.suffix])
        )
    return tuple(files)
