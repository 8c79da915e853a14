"""Data Package v2 (datapackage.org): the CSV files with their schemas, for frictionless and its kin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import ABOUT, KEYWORDS, TITLE, DataFile, as_json, licence_url, served
from pipeline.tables import Column, Table

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft

_PROFILES = "https://datapackage.org/profiles/2.0/"
_TYPES = {"decimal": "number"}


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file datapackage.json."""
    package: dict[str, Any] = {
        "$schema": f"{_PROFILES}datapackage.json",
        "profile": "tabular-data-package",
        "name": "wenshu",
        "title": " ".join(TITLE),
        "description": " ".join(ABOUT),
        "version": draft.version,
        "created": f"{draft.date.isoformat()}T00:00:00Z",
        "licenses": [{"name": draft.licence, "path": licence_url(draft.licence)}],
        "keywords": KEYWORDS,
    }
    if served(draft):
        package["homepage"] = served(draft)
    if draft.publisher:
        package["contributors"] = [{"title": draft.publisher, "roles": ["publisher"]}]
    here = {table.name for table in draft.tables}
    package["resources"] = [
        _resource(table, file, here)
        for table in draft.tables
        for file in files
        if file.of(table) and file.media == "text/csv"
    ]
    return as_json(package)


def _resource(table: Table, file: DataFile, here: set[str]) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILES}dataresource.json",
        "profile": "tabular-data-resource",
        "name": table.name,
        "type": "table",
        "title": " ".join(table.title),
        "description": " ".join(table.description),
        "path": file.path,
        "format": "csv",
        "mediatype": file.media,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": _schema(table, here),
    }


def _schema(table: Table, here: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILES}tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.keyed:
        schema["primaryKey"] = list(table.key)
    elif table.key:
        schema["uniqueKeys"] = [list(table.key)]
    keys = [
        {
            "fields": list(key.columns),
            "reference": {
                "resource": "" if key.table == table.name else key.table,
                "fields": list(key.references),
            },
        }
        for key in table.foreign_keys
        if key.table in here
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "title": " ".join(column.title),
        "description": " ".join(column.meaning),
    }
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.vocabulary:
        constraints["enum"] = list(column.vocabulary)
    said = {"constraints": constraints, "unit": column.unit, "rdfType": column.concept}
    return field | {name: value for name, value in said.items() if value}
