"""Descriptions of a release in the words that others read: one short file a standard.

Each is a function from a `Draft` to text. All of them say what the table declarations say, and
none tells the time but by the run's date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.releases.describe import (
    croissant,
    csvw,
    datapackage,
    dcat,
    dictionary,
    notes,
    prov,
    sbom,
    schema_org,
    terms,
)
from pipeline.releases.metadata import Draft

STANDARDS: Mapping[str, Callable[[Draft], str]] = {
    "datapackage.json": datapackage.describe,
    "csv-metadata.json": csvw.describe,
    "dcat.jsonld": dcat.describe,
    "schema.jsonld": schema_org.describe,
    "croissant.json": croissant.describe,
    "prov.jsonld": prov.describe,
    "sbom.cdx.json": sbom.describe,
    "dictionary.csv": dictionary.as_csv,
    "dictionary.html": dictionary.as_page,
    "CITATION.cff": terms.citation,
    "zenodo.json": terms.deposit,
    "LICENSE.md": terms.licence,
    "RELEASE.md": notes.describe,
}
"""File names, and what makes each."""


def describe(draft: Draft) -> dict[str, bytes]:
    """Every description of the release, by file name."""
    return {name: make(draft).encode() for name, make in STANDARDS.items()}
