"""The tables of the datasets of catalog/datasets/, whose figures are declared there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.tables.declarations import TABLES, columns_of
from pipeline.tables.model import Column, Table, Words

if TYPE_CHECKING:
    from pipeline.statistics.catalog_entries import Dataset


def dataset_table(dataset: Dataset) -> Table:
    """The table of a declared dataset: its figures side by side (wide), or as observations (long).

    Raises ValueError where the declaration names a column twice.
    """
    observations = TABLES["observations"]
    title, description = _words(dataset.title), _words(dataset.description)
    if dataset.layout == "long":
        return replace(observations, name=dataset.id, title=title, description=description, dataset=True)
    figures = tuple(
        Column(
            column.name,
            "decimal",
            _words(column.title),
            _words(column.description or column.title),
            unit=column.unit,
            unit_text=column.counted,
        )
        for column in dataset.columns
    )
    area, period, *last = (
        column for column in columns_of("wide dataset") if dataset.residual or column.name != "residual"
    )
    return Table(
        dataset.id,
        title,
        description,
        (area, period, *figures, *last),
        key=("ref_area", "time_period", "document_id"),
        foreign_keys=tuple(key for key in observations.foreign_keys if key.table in ("areas", "documents")),
        dataset=True,
    )


def _words(said: Mapping[str, str]) -> Words:
    """Both languages; where one is left out, the other stands in for it."""
    zh, en = said.get("zh"), said.get("en")
    return Words(zh or en or "", en or zh or "")
