"""Data Package v2 (datapackage.org): the CSV files with their schemas, for frictionless and its kin."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pipeline.releases.metadata import ABOUT, KEYWORDS, TITLE, DataFile, Draft, as_json, said
from pipeline.tables import Column, Table

_PROFILES = "https://datapackage.org/profiles/2.0/"
_TYPES = {"decimal": "number"}


def describe(draft: Draft) -> str:
    """The file datapackage.json."""
    publisher = [{"title": draft.publisher, "roles": ["publisher"]}] if draft.publisher else None
    return as_json(
        {
            "$schema": f"{_PROFILES}datapackage.json",
            "profile": "tabular-data-package",
            "name": "wenshu",
            "title": " ".join(TITLE),
            "description": " ".join(ABOUT),
            "version": draft.version,
            "created": f"{draft.date.isoformat()}T00:00:00Z",
            "licenses": [{"name": draft.licence, "path": draft.licence_url}],
            "keywords": KEYWORDS,
            **said(homepage=draft.served, contributors=publisher),
            "resources": [_resource(table, draft.csv[table.name], draft.csv) for table in draft.tables],
        }
    )


def _resource(table: Table, file: DataFile, here: Collection[str]) -> dict[str, Any]:
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


def _schema(table: Table, here: Collection[str]) -> dict[str, Any]:
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
    return {
        "$schema": f"{_PROFILES}tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        **said(
            primaryKey=list(table.key) if table.keyed else None,
            uniqueKeys=[list(table.key)] if table.key and not table.keyed else None,
            foreignKeys=keys,
        ),
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "title": " ".join(column.title),
        "description": " ".join(column.meaning),
        **said(
            constraints=said(required=column.required, enum=list(column.vocabulary)),
            unit=column.unit,
            rdfType=column.concept,
        ),
    }
