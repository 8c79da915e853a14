"""The declarations of all tables of a release.

A `Table` has columns with types, titles and meanings in Chinese and English,
units, vocabularies and keys. The Arrow schema, the column order of every file, the
data dictionary, datapackage.json and the structural expectations all follow from it.

`TABLES` are the built-in ones, by name, in the order of a release; `with_datasets` adds those of the
datasets that are declared in catalog/datasets/.
"""

from __future__ import annotations

from pipeline.tables.declarations import FIGURES, TABLES, dataset_table, with_datasets
from pipeline.tables.model import PRECISION, SCALE, TYPES, Bilingual, Column, ForeignKey, Table

__all__ = [
    "BY_DOCUMENT", "FIGURES", "FRAME", "PRECISION", "SCALE", "TABLES", "TYPES", "Bilingual", "Column",
    "ForeignKey", "Table", "dataset_table", "with_datasets",
]  # fmt: skip

BY_DOCUMENT = ("documents", "quantities", "numerals", "relations", "repeats", "statistics")
"""The tables whose rows each belong to one document; they are in the order of documents."""

FRAME = ("part", "state", "measure", "direction", "base", "of", "per", "planned", "scope", "confidence")
"""The columns of quantities that describe what a figure is about, beside its subject."""
