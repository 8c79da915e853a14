"""schema.org Dataset as JSON-LD: what search engines read."""

from __future__ import annotations

from typing import Any

from pipeline.releases.metadata import ABOUT, KEYWORDS, TITLE, Draft, as_json, said


def describe(draft: Draft) -> str:
    """The file schema.jsonld."""
    also = draft.publication
    return as_json(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": draft.address(),
            "name": " ".join(TITLE),
            "alternateName": "wenshu",
            "description": " ".join(ABOUT),
            "url": draft.address(),
            "identifier": list(filter(None, (draft.doi_url, f"wenshu-{draft.version}"))),
            "version": draft.version,
            "datePublished": draft.date.isoformat(),
            "license": draft.licence_url,
            "isAccessibleForFree": True,
            "inLanguage": ["zh", "en"],
            "keywords": list(KEYWORDS),
            "creator": {
                "@type": "Organization", "name": draft.creator, **said(contactPoint=_contact(draft)),
            },
            **said(spatialCoverage=also.spatial, temporalCoverage=also.temporal, about=list(also.theme)),
            "variableMeasured": [
                {
                    "@type": "PropertyValue",
                    "name": column.name,
                    "description": " ".join(column.meaning),
                    **said(unitText=column.unit),
                }
                for table in draft.tables
                if table.dataset
                for column in table.columns
                if column.type == "decimal"
            ],
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": file.path,
                    "contentUrl": draft.address(file.path),
                    "encodingFormat": file.media,
                    "contentSize": f"{file.size} B",
                    "sha256": file.sha256,
                }
                for file in draft.files
            ],
        }
    )  # fmt: skip


def _contact(draft: Draft) -> dict[str, Any] | None:
    if draft.contact is None:
        return None
    how = "email" if draft.contact.startswith("mailto:") else "url"
    return {"@type": "ContactPoint", how: draft.contact.removeprefix("mailto:")}
