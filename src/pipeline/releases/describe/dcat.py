"""DCAT-AP 3 as JSON-LD: what data portals harvest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import (
    ABOUT,
    KEYWORDS,
    TITLE,
    DataFile,
    address,
    as_json,
    entitled,
    in_both,
    licence_url,
)

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority/"
_FORMATS = {"csv": "CSV", "parquet": "PARQUET", "xlsx": "XLSX"}


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file dcat.jsonld."""
    dataset: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": address(draft),
        "@type": "dcat:Dataset",
        "dct:identifier": f"wenshu-{draft.version}",
        "dct:title": in_both(TITLE),
        "dct:description": in_both(ABOUT),
        "dcat:version": draft.version,
        "dct:issued": {"@value": draft.date.isoformat(), "@type": "xsd:date"},
        "dct:license": {"@id": licence_url(draft.licence)},
        "dct:accessRights": {"@id": f"{_EU}access-right/PUBLIC"},
        "dct:language": [{"@id": f"{_EU}language/ZHO"}, {"@id": f"{_EU}language/ENG"}],
        "dct:accrualPeriodicity": {"@id": f"{_EU}frequency/DAILY"},
        "dcat:keyword": list(KEYWORDS),
        "dcat:distribution": [_distribution(draft, file) for file in files],
    }
    if draft.publisher:
        dataset["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": draft.publisher}
    if draft.previous:
        dataset["dcat:previousVersion"] = {"@id": f"{address(draft)}../{draft.previous}/"}
    return as_json(dataset)


def _distribution(draft: Draft, file: DataFile) -> dict[str, Any]:
    place = {"@id": address(draft, file.path)}
    title, description = entitled(draft, file)
    return {
        "@id": address(draft, f"dcat.jsonld#{file.path}"),
        "@type": "dcat:Distribution",
        "dct:title": in_both(title),
        "dct:description": in_both(description),
        "dcat:accessURL": place,
        "dcat:downloadURL": place,
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.media}"},
        "dct:format": {"@id": f"{_EU}file-type/{_FORMATS[file.suffix]}"},
        "dct:license": {"@id": licence_url(draft.licence)},
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }
