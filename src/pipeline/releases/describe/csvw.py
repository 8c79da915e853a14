"""CSV on the Web (W3C): the same schemas as linked data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.releases.metadata import ABOUT, TITLE, DataFile, Draft, as_json, in_both, said
from pipeline.tables import Column, Table


def describe(draft: Draft) -> str:
    """The file csv-metadata.json."""
    return as_json(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "dc:title": in_both(TITLE),
            "dc:description": in_both(ABOUT),
            "dc:license": {"@id": draft.licence_url},
            "dc:issued": {"@value": draft.date.isoformat(), "@type": "xsd:date"},
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True, "doubleQuote": True},
            "tables": [_table(table, draft.csv) for table in draft.tables],
        }
    )


def _table(table: Table, files: Mapping[str, DataFile]) -> dict[str, Any]:
    keys = [
        {
            "columnReference": list(key.columns),
            "reference": {"resource": files[key.table].path, "columnReference": list(key.references)},
        }
        for key in table.foreign_keys
        # Its validators take a reference that may be null for one that leads nowhere.
        if key.table in files and all(table.column(name).required for name in key.columns)
    ]
    return {
        "url": files[table.name].path,
        "dc:title": in_both(table.title),
        "dc:description": in_both(table.description),
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            **said(primaryKey=list(table.key) if table.keyed else None, foreignKeys=keys),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    # A header is told from the data by `titles`; what readers call the column is its dc:title.
    return {
        "name": column.name,
        "titles": column.name,
        "dc:title": in_both(column.title),
        "dc:description": in_both(column.meaning),
        "datatype": {"base": column.type, **said(format="|".join(map(re.escape, column.vocabulary)))},
        **said(required=column.required, separator=column.separator, propertyUrl=column.concept),
    }
