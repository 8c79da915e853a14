"""Metadata of a deposit, as Zenodo's API takes it: what to send beside the files to have a DOI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import ABOUT, KEYWORDS, TITLE, DataFile, as_json, publisher, served

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file zenodo.json."""
    metadata: dict[str, Any] = {
        "upload_type": "dataset",
        "title": " ".join(TITLE),
        "creators": [{"name": publisher(draft)}],
        "description": f"<p>{ABOUT.zh}</p><p>{ABOUT.en}</p>",
        "publication_date": draft.date.isoformat(),
        "version": draft.version,
        "language": "zho",
        "access_right": "open",
        "license": draft.licence.lower(),
        "keywords": list(KEYWORDS),
    }
    if served(draft):
        metadata["related_identifiers"] = [
            {"identifier": served(draft), "relation": "isIdenticalTo", "resource_type": "dataset"}
        ]
    return as_json({"metadata": metadata})
