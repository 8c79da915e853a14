"""Tables made by hand for the tests of what is done with tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.releases.publish import PublishOptions, Release, publish
from pipeline.tables import TABLES, Table, with_datasets

DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Figure:
    """A column of the dataset below."""

    name: str
    title: Mapping[str, str]
    unit: str | None = "1"
    counted: str = "个"
    description: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Renovation:
    """A dataset declaration, as the catalog makes them."""

    id: str = "renovation"
    title: Mapping[str, str] = field(default_factory=lambda: {"zh": "老旧小区改造", "en": "Renovation"})
    description: Mapping[str, str] = field(default_factory=lambda: {"zh": "进度", "en": "Progress"})
    layout: str = "wide"
    columns: tuple[Figure, ...] = (
        Figure("planned", {"zh": "纳入改造", "en": "Planned"}),
        Figure("completed", {"zh": "改造完成", "en": "Completed"}),
        Figure("finishing", {"zh": "进入收尾", "en": "Finishing"}),
        Figure("starting", {"zh": "新开工", "en": "Starting"}),
    )
    residual: object = ("planned", ("completed", "finishing", "starting"))


DECLARED = with_datasets([Renovation()])


def rows(table: Table, *given: Mapping[str, Any]) -> pa.Table:
    """Rows of a table, null where nothing is given."""
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in table.names} for row in given], table.schema()
    )


def quantity(number: int, value: Any = 487, **more: Any) -> dict[str, Any]:
    """A row of the quantities."""
    exact = None if value is None else Decimal(str(value))
    return {
        "quantity_id": f"q{number:04}",
        "document_id": "d1",
        "article": 0,
        "sentence": number,
        "start": 10 * number,
        "end": 10 * number + 3,
        "text": f"{value}个",
        "kind": "count",
        "value": exact,
        "value_low": exact,
        "value_high": exact,
        "qualifier": "exact",
        "unit": "个",
        "unit_code": "1",
        "subject": "老旧小区",
        "quote": f"全区纳入改造老旧小区{value}个。",
        "rule": "decimal",
        "obs_status": "A",
        "link": f"validation/sources/d1.html#q{number:04}",
        **more,
    }


def document(name: str = "d1", **more: Any) -> dict[str, Any]:
    """A row of the documents."""
    return {
        "document_id": name,
        "path": f"{name}.txt",
        "sha256": "0" * 64,
        "encoding": "utf-8",
        "title": "中原报",
        "issue_date": date(2020, 7, 8),
        "ref_area": "410102",
        "characters": 900,
        "sentences": 9,
        "numerals": 4,
        "quantities": 4,
        "status": "read",
        **more,
    }


def small(*quantities: Mapping[str, Any], documents: Iterable[Mapping[str, Any]] = ()) -> dict[str, pa.Table]:
    """All tables of a small release: four figures of the renovation programme, unless told otherwise."""
    given = quantities or tuple(quantity(n, v) for n, v in enumerate((487, 89, 203, 195)))
    made: dict[str, list[Mapping[str, Any]]] = {name: [] for name in DECLARED if name != "changes"}
    made["documents"] = list(documents) or [document()]
    made["quantities"] = list(given)
    made["numerals"] = [{**row, "quantity_id": row["quantity_id"]} for row in given]
    made["areas"] = [
        {"ref_area": "410102", "name_zh": "中原区", "full_name": "河南省郑州市中原区", "level": "county"}
    ]
    made["indicators"] = [
        {
            "indicator": "renovation_planned",
            "title_zh": "纳入改造",
            "title_en": "Planned",
            "unit": "1",
            "unit_text": "个",
            "datasets": "renovation",
        }
    ]
    made["observations"] = [
        {
            "indicator": "renovation_planned",
            "ref_area": "410102",
            "time_period": "2020",
            "obs_value": Decimal(487),
            "obs_low": Decimal(487),
            "obs_high": Decimal(487),
            "unit_measure": "1",
            "qualifier": "exact",
            "obs_status": "A",
            "quantity_id": given[0]["quantity_id"],
            "document_id": "d1",
            "quantity_ids": given[0]["quantity_id"],
        }
    ]
    made["renovation"] = [
        {
            "ref_area": "410102",
            "time_period": "2020",
            "planned": Decimal(487),
            "completed": Decimal(89),
            "finishing": Decimal(203),
            "starting": Decimal(195),
            "residual": Decimal(0),
            "document_id": "d1",
        }
    ]
    return {name: rows(DECLARED[name], *lines) for name, lines in made.items()}


def context(**more: Any) -> PublishOptions:
    """What a release is made with."""
    options: dict[str, Any] = {
        "date": DAY,
        "run": "r1",
        "rules": "r",
        "catalog": "c",
        "decisions": "d",
        "declarations": DECLARED,
    }
    return PublishOptions(**options | more)


def released(output: Path, tables: Mapping[str, Any] | None = None, **more: Any) -> Release:
    """A release of the small tables, or of those given."""
    return publish(small() if tables is None else tables, context(**more), output)


__all__ = [
    "DAY",
    "DECLARED",
    "TABLES",
    "Renovation",
    "context",
    "document",
    "quantity",
    "released",
    "rows",
    "small",
]
