"""Croissant (MLCommons): the CSV files as record sets, for machine learning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pipeline.releases.metadata import ABOUT, DataFile, Draft, as_json
from pipeline.tables import Column, Table

_CONTEXT = json.loads((files(__package__) / "croissant_context.json").read_text(encoding="utf-8"))
"""The JSON-LD context that Croissant 1.0 has its files begin with."""
_AREAS = "areas"
"""mlcroissant joins what is referred to as it reads, and takes codes of digits alone for numbers."""
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}


def describe(draft: Draft) -> str:
    """The file croissant.json."""
    return as_json(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": "wenshu",
            "description": " ".join(ABOUT),
            "url": draft.address(),
            "version": _semantic(draft.version),
            "datePublished": draft.date.isoformat(),
            "license": draft.licence_url,
            "inLanguage": ["zh", "en"],
            "citeAs": f"{draft.creator} ({draft.date.year}). wenshu, {draft.version}.",
            "creator": {"@type": "sc:Organization", "name": draft.creator},
            "distribution": [
                {
                    "@type": "cr:FileObject",
                    "@id": file.path,
                    "name": file.path,
                    "contentUrl": draft.served + file.path,
                    "contentSize": f"{file.size} B",
                    "encodingFormat": file.media,
                    "sha256": file.sha256,
                }
                for file in draft.csv.values()
            ],
            "recordSet": [_records(table, draft.csv) for table in draft.tables],
        }
    )


def _records(table: Table, files: Mapping[str, DataFile]) -> dict[str, Any]:
    target = {
        key.columns[0]: f"{key.table}/{key.references[0]}"
        for key in table.foreign_keys
        if key.table in files and key.table not in (table.name, _AREAS) and len(key.columns) == 1
    }
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": " ".join(table.description),
        "field": [
            _field(table, column, files[table.name], target.get(column.name)) for column in table.columns
        ],
    }
    if table.keyed:
        records["key"] = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return records


def _field(table: Table, column: Column, file: DataFile, target: str | None) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": " ".join(column.meaning),
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
    }
    return field | ({"references": {"field": {"@id": target}}} if target else {})


def _semantic(version: str) -> str:
    """The version as a semantic one: 2026.11.28.1 is 2026.11.28+1."""
    day, counted = version.split(".")[:3], version.split(".")[3:]
    return "+".join(filter(None, (".".join(day), ".".join(counted))))
