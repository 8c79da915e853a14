"""schema.org Dataset as JSON-LD: what search engines read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import (
    ABOUT,
    KEYWORDS,
    TITLE,
    DataFile,
    address,
    as_json,
    doi_url,
    licence_url,
    mail_or_page,
    publisher,
)

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file schema.jsonld."""
    dataset: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address(draft),
        "name": " ".join(TITLE),
        "alternateName": "wenshu",
        "description": " ".join(ABOUT),
        "url": address(draft),
        "identifier": list(filter(None, (doi_url(draft), f"wenshu-{draft.version}"))),
        "version": draft.version,
        "datePublished": draft.date.isoformat(),
        "license": licence_url(draft.licence),
        "isAccessibleForFree": True,
        "inLanguage": ["zh", "en"],
        "keywords": list(KEYWORDS),
        "creator": {"@type": "Organization", "name": publisher(draft), **_contact(draft)},
        **({"spatialCoverage": draft.publication.spatial} if draft.publication.spatial else {}),
        **({"temporalCoverage": draft.publication.temporal} if draft.publication.temporal else {}),
        **({"about": list(draft.publication.theme)} if draft.publication.theme else {}),
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": column.name,
                "description": " ".join(column.meaning),
                **({"unitText": column.unit} if column.unit else {}),
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
                "contentUrl": address(draft, file.path),
                "encodingFormat": file.media,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return as_json(dataset)


def _contact(draft: Draft) -> dict[str, Any]:
    contact = mail_or_page(draft)
    if contact is None:
        return {}
    how = {"email": draft.publication.contact} if contact.startswith("mailto:") else {"url": contact}
    return {"contactPoint": {"@type": "ContactPoint", **how}}
