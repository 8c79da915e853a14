"""Every table of a release, declared once.

A `Table` holds its columns with types, titles and meanings in Chinese and English,
units, vocabularies and keys. The Arrow schema, the column order of every file, the
data dictionary, datapackage.json and the structural expectations all follow from it.

`TABLES` are the built-in ones, by name, in the order of a release. A dataset declared
in catalog/datasets/ becomes a table by `dataset_table`; `with_datasets` puts both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.tables.datasets import dataset_table
from pipeline.tables.declarations import FIGURES, TABLES
from pipeline.tables.model import PRECISION, SCALE, TYPES, Column, ForeignKey, Table, Words

if TYPE_CHECKING:
    from pipeline.statistics.catalog_entries import Dataset

__all__ = [
    "BY_DOCUMENT", "FIGURES", "FRAME", "PRECISION", "SCALE", "TABLES", "TYPES", "Column", "ForeignKey",
    "Table", "Words", "dataset_table", "with_datasets",
]  # fmt: skip

BY_DOCUMENT = ("documents", "quantities", "numerals", "relations", "repeats", "statistics")
"""The tables of which every row is of one document, in whose order they are."""

FRAME = ("part", "state", "measure", "direction", "base", "of", "per", "planned", "scope", "confidence")
"""The columns of quantities that say what a figure is about, beside its subject."""


def with_datasets(datasets: Iterable[Dataset]) -> dict[str, Table]:
    """`TABLES` and one table for each dataset, datasets after the observations they are made of.

    Raises ValueError where a dataset takes the name of a built-in table.
    """
    of_datasets = {table.name: table for table in map(dataset_table, datasets)}
    if taken := sorted(of_datasets.keys() & {*TABLES, FIGURES.name}):
        raise ValueError(f"dataset {taken[0]!r} has the name of a built-in table; give it another id")
    merged: dict[str, Table] = {}
    for name, table in TABLES.items():
        merged[name] = table
        if name == "observations":
            merged |= of_datasets
    return merged
