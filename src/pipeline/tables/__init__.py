"""Every table of a release, declared once.

A `Table` holds its columns with types, titles and meanings in Chinese and English,
units, vocabularies and keys. The Arrow schema, the column order of every file, the
data dictionary, datapackage.json and the structural expectations all follow from it.

`TABLES` are the built-in ones, by name, in the order of a release. A dataset declared
in catalog/datasets/ becomes a table by `dataset_table`; `with_datasets` puts both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.tables.areas import AREAS
from pipeline.tables.common import CL_OBS_STATUS
from pipeline.tables.documents import DOCUMENTS
from pipeline.tables.figures import INDICATORS, OBSERVATIONS, Dataset, dataset_table
from pipeline.tables.model import PRECISION, SCALE, TYPES, Column, ForeignKey, Table, Words
from pipeline.tables.office import CAUSES, CHANGES, DECISIONS, ISSUES
from pipeline.tables.statistics import STATISTICS
from pipeline.tables.texts import NUMERALS, QUANTITIES, RELATIONS, REPEATS

__all__ = [
    "BY_DOCUMENT",
    "CAUSES",
    "CL_OBS_STATUS",
    "PRECISION",
    "SCALE",
    "TABLES",
    "TYPES",
    "VIEW",
    "Column",
    "Dataset",
    "ForeignKey",
    "Table",
    "Words",
    "dataset_table",
    "with_datasets",
]

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        QUANTITIES,
        NUMERALS,
        RELATIONS,
        REPEATS,
        STATISTICS,
        AREAS,
        INDICATORS,
        OBSERVATIONS,
        ISSUES,
        DECISIONS,
        CHANGES,
    )
}

VIEW = "figures"
"""What the labelled view of a release is called, which is no table."""

BY_DOCUMENT = ("documents", "quantities", "numerals", "relations", "repeats", "statistics")
"""The tables of which every row is of one document, in whose order they are."""


def with_datasets(datasets: Iterable[Dataset]) -> dict[str, Table]:
    """`TABLES` and one table for each dataset, datasets after the observations they are made of.

    Raises ValueError where a dataset takes the name of a built-in table.
    """
    declared = {table.name: table for table in map(dataset_table, datasets)}
    if taken := sorted(declared.keys() & {*TABLES, VIEW}):
        raise ValueError(f"dataset {taken[0]!r} has the name of a built-in table; give it another id")
    merged: dict[str, Table] = {}
    for name, table in TABLES.items():
        merged[name] = table
        if table is OBSERVATIONS:
            merged |= declared
    return merged
