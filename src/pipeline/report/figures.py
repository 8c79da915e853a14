"""The report's figures: the account of numerals, series over time, how far the night's work reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.report.asking import Asked
from pipeline.report.night import Point, Series, Share
from pipeline.tables.model import Words

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = ("indicator", "ref_area", "time_period", "document_id")
_SERIES = 60
"""Series that are shown at most; those with new points go first."""
_POINTS = 120
"""Points of a series that are shown at most: the latest."""

# A region's figures are a series of their own. Without a region a period may have several
# figures, of which one is shown.
_ASKED = """
WITH figure AS (
    SELECT o.*, b.indicator IS NULL AS new
    FROM observations o LEFT JOIN observations_before b ON o.indicator = b.indicator
        AND o.ref_area IS NOT DISTINCT FROM b.ref_area AND o.time_period = b.time_period
        AND o.document_id = b.document_id
    WHERE o.time_period IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY o.indicator, o.ref_area, o.time_period ORDER BY o.document_id DESC
    ) = 1
), series AS (
    SELECT indicator, ref_area, count_if(new) AS fresh, count(*) AS points FROM figure GROUP BY ALL
    ORDER BY fresh DESC, points DESC, indicator, ref_area NULLS FIRST LIMIT ?
)
SELECT figure.* FROM figure JOIN series ON figure.indicator = series.indicator
    AND figure.ref_area IS NOT DISTINCT FROM series.ref_area
QUALIFY row_number() OVER (
    PARTITION BY figure.indicator, figure.ref_area ORDER BY time_period DESC
) <= ?
ORDER BY fresh DESC, points DESC, figure.indicator, figure.ref_area NULLS FIRST, time_period
"""


def account(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Numerals by kind."""
    return counted(tables.get("numerals"), "kind")


def counted(table: pa.Table | None, column: str) -> dict[str, int]:
    """How many rows have each value."""
    if table is None:
        return {}
    return {entry["values"]: entry["counts"] for entry in table[column].value_counts().to_pylist()}


def series(tables: Mapping[str, pa.Table], asked: Asked) -> Iterator[Series]:
    """Indicators over time, those with new points first."""
    if "observations" not in tables:
        return
    listed = tables["indicators"].to_pylist() if "indicators" in tables else []
    about = {row["indicator"]: row for row in listed}
    rows = asked.rows(_ASKED, _SERIES, _POINTS, before={"observations": _KEYS})
    for (indicator, area), points in groupby(rows, lambda row: (row["indicator"], row["ref_area"])):
        said = about.get(indicator, {})
        yield Series(
            indicator=indicator,
            title=Words(said.get("title_zh") or indicator, said.get("title_en") or indicator),
            unit=said.get("unit"),
            area=area,
            points=tuple(map(_point, points)),
        )


def _point(row: Mapping[str, Any]) -> Point:
    return Point(
        period=row["time_period"],
        value=row["obs_value"],
        low=row["obs_low"],
        high=row["obs_high"],
        quantity=row["quantity_id"],
        document_id=row["document_id"],
        new=row["new"],
    )


def coverage(tables: Mapping[str, pa.Table], asked: Asked) -> Iterator[Share]:
    """Documents read, quantities with a subject, quantities that are indicators' figures."""
    if (documents := tables.get("documents")) is not None:
        read = counted(documents, "status").get("read", 0)
        yield Share(title=Words("文档已读", "Documents read"), part=read, whole=documents.num_rows)
    if (quantities := tables.get("quantities")) is not None:
        named = quantities.num_rows - quantities["subject"].null_count
        yield Share(title=Words("统计数有所数之物", "Quantities with a subject"), part=named,
                    whole=quantities.num_rows)  # fmt: skip
        used = asked.rows(_USED)[0]["used"] if "observations" in tables else 0
        yield Share(title=Words("统计数归入指标", "Quantities that are indicators' figures"), part=used,
                    whole=quantities.num_rows)  # fmt: skip


_USED = """
SELECT count(DISTINCT name) AS used
FROM (SELECT unnest(string_split(quantity_ids, ' ')) AS name FROM observations) WHERE name <> ''
"""
