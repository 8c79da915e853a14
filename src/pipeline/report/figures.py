"""The report's figures: the account of numerals, series over time, how far the night's work reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from pipeline.releases.queries import Queries
from pipeline.report.night import Series, Share
from pipeline.tables.model import Words
from pipeline.web.series import Point

_SERIES = 60
"""Series that are shown at most; those with new points go first."""
_POINTS = 120
"""Points of a series that are shown at most: the latest."""

# A region's figures are a series of their own, and so are those of years, of months, of the first
# nine months of years: they are not compared with one another. Without a region a period may
# have several figures, of which one is shown.
_ASKED = r"""
WITH figure AS (
    SELECT o.*, b.indicator IS NULL AS new, CASE
        WHEN contains(o.time_period, '/') THEN regexp_replace(o.time_period, '\d{4}', 'Y', 'g')
        ELSE regexp_replace(o.time_period, '\d', '0', 'g')
    END AS span
    FROM observations o LEFT JOIN observations_before b ON o.indicator = b.indicator
        AND o.ref_area IS NOT DISTINCT FROM b.ref_area AND o.time_period = b.time_period
        AND o.document_id = b.document_id
    WHERE o.time_period IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY o.indicator, o.ref_area, o.time_period ORDER BY o.document_id DESC
    ) = 1
), counted AS (
    SELECT *, count(*) OVER series AS points, count_if(new) OVER series AS fresh,
        row_number() OVER (series ORDER BY time_period DESC) AS age
    FROM figure WINDOW series AS (PARTITION BY indicator, ref_area, span)
)
SELECT * FROM counted WHERE age <= ?
QUALIFY dense_rank() OVER (
    ORDER BY fresh DESC, points DESC, indicator, ref_area NULLS FIRST, span
) <= ?
ORDER BY fresh DESC, points DESC, indicator, ref_area NULLS FIRST, span, time_period
"""

_REGIONS = "SELECT ref_area, full_name, name_en FROM areas SEMI JOIN observations USING (ref_area)"


def account(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Numerals by kind."""
    return counted(tables["numerals"], "kind")


def counted(table: pa.Table, column: str) -> dict[str, int]:
    """How many rows have each value."""
    return {entry["values"]: entry["counts"] for entry in table[column].value_counts().to_pylist()}


def series(tables: Mapping[str, pa.Table], ask: Queries) -> Iterator[Series]:
    """Indicators over time, those with new points first."""
    about = {row["indicator"]: row for row in tables["indicators"].to_pylist()}
    regions = {row["ref_area"]: row for row in ask.all(_REGIONS)}
    rows = ask.all(_ASKED, _POINTS, _SERIES)
    for (indicator, area, _), points in groupby(rows, itemgetter("indicator", "ref_area", "span")):
        said = about.get(indicator, {})
        yield Series(
            indicator=indicator,
            title=Words(said.get("title_zh") or indicator, said.get("title_en") or indicator),
            unit=said.get("unit"),
            region=_region(area, regions.get(area, {})) if area else None,
            points=tuple(map(_point, points)),
        )


def _region(code: str, named: Mapping[str, Any]) -> Words:
    """A region's names; its code where the table has none."""
    zh = named.get("full_name") or code
    return Words(zh, named.get("name_en") or zh)


def _point(row: Mapping[str, Any]) -> Point:
    return Point(
        period=row["time_period"],
        value=row["obs_value"],
        low=row["obs_low"],
        high=row["obs_high"],
        quantity=row["quantity_id"],
        document=row["document_id"],
        new=row["new"],
        planned=row["obs_status"] == "F",
    )


def coverage(tables: Mapping[str, pa.Table], ask: Queries) -> Iterator[Share]:
    """Documents read, quantities with a subject, quantities that are indicators' figures."""
    documents, quantities = tables["documents"], tables["quantities"]
    read = counted(documents, "status").get("read", 0)
    named = quantities.num_rows - quantities["subject"].null_count
    used = ask.all(_USED)[0]["used"]
    shares = (
        (Words("文档已读", "Documents read"), read, documents),
        (Words("统计数有所数之物", "Quantities with a subject"), named, quantities),
        (Words("统计数归入指标", "Quantities that are indicators' figures"), used, quantities),
    )
    for title, part, table in shares:
        yield Share(title=title, part=part, whole=table.num_rows)


_USED = """
SELECT count(DISTINCT name) AS used
FROM (SELECT unnest(string_split(quantity_ids, ' ')) AS name FROM observations) WHERE name <> ''
"""
