"""Croissant (MLCommons): the CSV files as record sets, for machine learning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import (
    ABOUT,
    DataFile,
    address,
    as_json,
    licence_url,
    publisher,
    semantic,
    served,
)
from pipeline.tables import Column, Table

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

_TERMS = (
    "citeAs",
    "column",
    "conformsTo",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_AREAS = "areas"
"""mlcroissant joins what is referred to as it reads, and takes codes of digits alone for numbers."""
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
}


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file croissant.json."""
    paths = {
        table.name: file
        for table in draft.tables
        for file in files
        if file.of(table) and file.media == "text/csv"
    }
    return as_json(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": "wenshu",
            "description": " ".join(ABOUT),
            "url": address(draft),
            "version": semantic(draft.version),
            "datePublished": draft.date.isoformat(),
            "license": licence_url(draft.licence),
            "inLanguage": ["zh", "en"],
            "citeAs": f"{publisher(draft)} ({draft.date.year}). wenshu, {draft.version}.",
            "creator": {"@type": "sc:Organization", "name": publisher(draft)},
            "distribution": [
                {
                    "@type": "cr:FileObject",
                    "@id": file.path,
                    "name": file.path,
                    "contentUrl": served(draft) + file.path,
                    "contentSize": f"{file.size} B",
                    "encodingFormat": file.media,
                    "sha256": file.sha256,
                }
                for file in paths.values()
            ],
            "recordSet": [_records(table, paths) for table in draft.tables],
        }
    )


def _records(table: Table, files: dict[str, DataFile]) -> dict[str, Any]:
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
