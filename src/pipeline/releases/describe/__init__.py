"""Descriptions of a release in the words that others read: one short file a standard.

Each is a function from a `Draft` and its data files to bytes. All of them say what the
table declarations say, and none tells the time but by the run's date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
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
    "sbom.cdx.json": "sbom",
    "dictionary.csv": "dictionary_csv",
    "dictionary.html": "dictionary_html",
    "CITATION.cff": "citation",
    "zenodo.json": "zenodo",
    "LICENSE.md": "licence",
    "RELEASE.md": "notes",
}
"""File names, and the module that makes each."""


def describe(draft: Draft) -> dict[str, bytes]:
    """Every description of the release, by file name."""
    files = data_files(draft)
    made = {}
    for name, module in STANDARDS.items():
        function: Callable[[Draft, tuple[DataFile, ...]], str] = import_module(
            f"{__name__}.{module}"
        ).describe
        made[name] = function(draft, files).encode()
    return made


def data_files(draft: Draft) -> tuple[DataFile, ...]:
    """The data files that are in the release, by path."""
    paths = {
        path.relative_to(draft.folder).as_posix(): path
        for path in sorted([*draft.folder.glob("data/*"), *draft.folder.glob("*.xlsx")])
        if path.suffix in MEDIA
    }
    return tuple(
        DataFile(name, paths[name].stat().st_size, digest, MEDIA[paths[name].suffix])
        for name, digest in draft.digests.of(paths).items()
    )
