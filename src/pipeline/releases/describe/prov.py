"""PROV-O as JSON-LD: sources, code, catalog and decisions that the release was made from."""

from __future__ import annotations

from typing import Any

from pipeline.releases.metadata import Draft, as_json

_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_USED = {"rules": "code", "catalog": "catalog", "decisions": "decisions"}


def describe(draft: Draft) -> str:
    """The file prov.jsonld."""
    base = draft.address("prov.jsonld")
    inputs = draft.provenance["inputs"]
    software = draft.provenance["software"]
    # The sources are a collection whose members are the rows of documents.csv, each with its own digest.
    sources = {
        "@id": draft.address("data/documents.csv"),
        "@type": ["prov:Entity", "prov:Collection"],
        "dct:title": "sources",
    }
    used = [sources] + [
        {
            "@id": f"{base}#{name}",
            "@type": "prov:Entity",
            "dct:title": name,
            "spdx:checksumValue": inputs[key],
        }
        for key, name in _USED.items()
    ]
    run: dict[str, Any] = {
        "@id": f"{base}#run",
        "@type": "prov:Activity",
        "prov:endedAtTime": {"@value": f"{draft.date.isoformat()}T00:00:00Z", "@type": "xsd:dateTime"},
        "prov:used": [{"@id": entity["@id"]} for entity in used],
        "prov:wasAssociatedWith": {"@id": f"{base}#wenshu"},
    }
    agent = {
        "@id": f"{base}#wenshu",
        "@type": ["prov:Agent", "prov:SoftwareAgent"],
        "dct:title": software["name"],
        "dct:hasVersion": software["version"],
    }
    release: dict[str, Any] = {
        "@id": draft.address(),
        "@type": "prov:Entity",
        "dct:hasVersion": draft.version,
        "prov:wasGeneratedBy": {"@id": run["@id"]},
        "prov:wasDerivedFrom": {"@id": sources["@id"]},
        "prov:hadMember": [{"@id": draft.address(file.path)} for file in draft.files],
    }
    if draft.previous:
        release["prov:wasRevisionOf"] = {"@id": f"{draft.address()}../{draft.previous}/"}
    return as_json({"@context": _CONTEXT, "@graph": [release, run, agent, *used]})
