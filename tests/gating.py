"""What the tests of the gate share: small tables, and the verdict over them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pipeline.gate.suites import load_expectations
from pipeline.gate.validation import Validation, validate
from pipeline.project import packaged_path
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.tables import with_datasets

TEXT = "全区纳入改造规划的487个老旧小区，89个基本改造完成。"
CATALOG = load_catalog(packaged_path("catalog"))
DECLARED = with_datasets(CATALOG.datasets.values())
FILES = load_expectations(packaged_path("expectations"))


def rows(table: str, *said: Mapping[str, Any]) -> pa.Table:
    """A table of rows of which only what matters is given; required cells are filled somehow."""
    schema = DECLARED[table].schema()
    blank = {"string": "x", "integer": 1, "decimal": Decimal(1), "date": None, "boolean": True}
    filled = [
        {
            c.name: (c.vocabulary[0] if c.vocabulary else blank[c.type]) if c.required else None
            for c in DECLARED[table].columns
        }
        | dict(row)
        for row in said
    ]
    return pa.Table.from_pylist(filled, pa.schema([field.with_nullable(True) for field in schema]))


def document(name: str = "d1", **said: Any) -> dict[str, Any]:
    return {"document_id": name, "path": f"{name}.txt", "status": "read", **said}


def quantity(name: str, start: int, end: int, **said: Any) -> dict[str, Any]:
    return {
        "quantity_id": name,
        "document_id": "d1",
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "quote": TEXT,
        **said,
    }


def numeral(name: str | None, start: int, end: int, **said: Any) -> dict[str, Any]:
    return {
        "document_id": "d1",
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "quantity_id": name,
        **said,
    }


def night(**changed: list[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """A small night that passes, with some tables said differently."""
    said: dict[str, list[Mapping[str, Any]]] = {
        "documents": [document()],
        "quantities": [quantity("q1", 9, 13), quantity("q2", 18, 21)],
        "numerals": [numeral("q1", 9, 13), numeral("q2", 18, 21)],
        "relations": [],
        "repeats": [],
        "areas": [{"ref_area": "410102"}],
        "indicators": [{"indicator": "planned"}],
        "observations": [{"indicator": "planned", "quantity_id": "q1", "document_id": "d1"}],
        "renovation": [renovation(487, 89, 203, 195)],
    }
    return {name: rows(name, *(said | changed)[name]) for name in said}


def renovation(planned: int, completed: int, finishing: int, starting: int) -> dict[str, Any]:
    figures = {"planned": planned, "completed": completed, "finishing": finishing, "starting": starting}
    figures |= {"residual": planned - completed - finishing - starting}
    return {
        "document_id": "d1",
        "ref_area": "410102",
        "time_period": "2020-07-08",
        **{name: Decimal(value) for name, value in figures.items()},
    }


def judge(tables: Mapping[str, pa.Table], suites: Mapping[str, list[Any]] | None = None) -> Validation:
    return validate(tables, suites or FILES, lambda ids: {"d1": TEXT})
