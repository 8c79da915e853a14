"""DCAT-AP 3 as JSON-LD: what data portals harvest."""

from __future__ import annotations

from typing import Any

from pipeline.releases.metadata import ABOUT, KEYWORDS, TITLE, DataFile, Draft, as_json, in_both

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority/"
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
"""Types of a date, by how long it is written."""
_FORMATS = {"csv": "CSV", "parquet": "PARQUET", "xlsx": "XLSX"}


def describe(draft: Draft) -> str:
    """The file dcat.jsonld."""
    dataset: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": draft.address(),
        "@type": "dcat:Dataset",
        "dct:identifier": f"wenshu-{draft.version}",
        "dct:title": in_both(TITLE),
        "dct:description": in_both(ABOUT),
        "dcat:version": draft.version,
        "dct:issued": {"@value": draft.date.isoformat(), "@type": "xsd:date"},
        "dct:license": {"@id": draft.licence_url},
        "dct:accessRights": {"@id": f"{_EU}access-right/PUBLIC"},
        "dct:language": [{"@id": f"{_EU}language/ZHO"}, {"@id": f"{_EU}language/ENG"}],
        "dct:accrualPeriodicity": {"@id": f"{_EU}frequency/DAILY"},
        "dcat:keyword": list(KEYWORDS),
        "dcat:distribution": [_distribution(draft, file) for file in draft.files],
    }
    dataset |= _said(draft)
    if draft.publisher:
        dataset["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": draft.publisher}
    if draft.previous:
        dataset["dcat:previousVersion"] = {"@id": f"{draft.address()}../{draft.previous}/"}
    return as_json(dataset)


def _said(draft: Draft) -> dict[str, Any]:
    """What the publisher says of the data: whom to ask, of where, when and what it is, and its DOI."""
    said = draft.publication
    made: dict[str, Any] = {}
    if contact := draft.contact:
        how = "vcard:hasEmail" if contact.startswith("mailto:") else "vcard:hasURL"
        made["dcat:contactPoint"] = {
            "@type": "vcard:Kind", "vcard:fn": draft.creator, how: {"@id": contact},
        }  # fmt: skip
    if said.spatial:
        made["dct:spatial"] = _place(said.spatial)
    if said.temporal:
        first, _, last = said.temporal.partition("/")
        ends = {"dcat:startDate": first, "dcat:endDate": last}
        made["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            **{name: {"@value": end, "@type": _DATES[len(end)]} for name, end in ends.items() if end != ".."},
        }
    if said.theme:
        made["dcat:theme"] = [
            {"@id": theme if "://" in theme else f"{_EU}data-theme/{theme}"} for theme in said.theme
        ]
    if doi := draft.doi_url:
        made["dct:isVersionOf"] = {"@id": doi}
    if said.base_url:
        made["dcat:landingPage"] = {"@id": f"{said.base_url.rstrip('/')}/"}
    return made


def _place(said: str) -> dict[str, str]:
    """A region: its URI, or what it is called or coded."""
    if "://" in said:
        return {"@id": said}
    key = "dct:identifier" if said.isascii() else "skos:prefLabel"
    return {"@type": "dct:Location", key: said}


def _distribution(draft: Draft, file: DataFile) -> dict[str, Any]:
    place = {"@id": draft.address(file.path)}
    title, description = draft.entitled(file)
    return {
        "@id": draft.address(f"dcat.jsonld#{file.path}"),
        "@type": "dcat:Distribution",
        "dct:title": in_both(title),
        "dct:description": in_both(description),
        "dcat:accessURL": place,
        "dcat:downloadURL": place,
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.media}"},
        "dct:format": {"@id": f"{_EU}file-type/{_FORMATS[file.suffix]}"},
        "dct:license": {"@id": draft.licence_url},
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }
