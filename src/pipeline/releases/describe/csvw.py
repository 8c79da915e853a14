"""CSV on the Web (W3C): the same schemas as linked data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.releases.describe.facts import ABOUT, TITLE, DataFile, as_json, in_both, licence_url
from pipeline.tables import Column, Table

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file csv-metadata.json."""
    paths = {
        table.name: file.path
        for table in draft.tables
        for file in files
        if file.of(table) and file.media == "text/csv"
    }
    return as_json(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "dc:title": in_both(TITLE),
            "dc:description": in_both(ABOUT),
            "dc:license": {"@id": licence_url(draft.licence)},
            "dc:issued": {"@value": draft.date.isoformat(), "@type": "xsd:date"},
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True, "doubleQuote": True},
            "tables": [_table(table, paths) for table in draft.tables],
        }
    )


def _table(table: Table, paths: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(column) for column in table.columns]}
    if table.keyed:
        schema["primaryKey"] = list(table.key)
    keys = [
        {
            "columnReference": list(key.columns),
            "reference": {"resource": paths[key.table], "columnReference": list(key.references)},
        }
        for key in table.foreign_keys
        if key.table in paths
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "url": paths[table.name],
        "dc:title": in_both(table.title),
        "dc:description": in_both(table.description),
        "tableSchema": schema,
    }


def _column(column: Column) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": column.type}
    if column.vocabulary:
        datatype["format"] = "|".join(map(re.escape, column.vocabulary))
    # A header is told from the data by `titles`; what readers call the column is its dc:title.
    said: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": in_both(column.title),
        "dc:description": in_both(column.meaning),
        "datatype": datatype,
        "required": column.required or None,
        "separator": column.separator,
        "propertyUrl": column.concept,
    }
    return {name: value for name, value in said.items() if value is not None}
