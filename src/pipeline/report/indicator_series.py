"""Indicators over time: the series that the report plots, those with new points first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

import pyarrow as pa

from pipeline.releases.queries import Queries
from pipeline.report.records import IndicatorSeries
from pipeline.tables.model import Bilingual
from pipeline.web.points import Point

_SERIES = 60
"""Series that are shown at most; those with new points go first."""
_POINTS = 120
"""Points of a series that are shown at most: the latest."""

# A region's figures are a series of their own, and so are those of years, of months, of the first
# nine months of years: they are not compared with one another. Without a region a period may
# have several figures, of which one is shown.
_QUERY = r"""
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


def series(tables: Mapping[str, pa.Table], queries: Queries) -> Iterator[IndicatorSeries]:
    """The series of observations, by indicator, region and kind of period."""
    indicators = {row["indicator"]: row for row in tables["indicators"].to_pylist()}
    regions = {row["ref_area"]: row for row in queries.all(_REGIONS)}
    rows = queries.all(_QUERY, _POINTS, _SERIES)
    for (indicator, area, _), points in groupby(rows, itemgetter("indicator", "ref_area", "span")):
        declared, region = indicators.get(indicator, {}), regions.get(area, {})
        name = region.get("full_name") or area
        yield IndicatorSeries(
            indicator=indicator,
            title=Bilingual(declared.get("title_zh") or indicator, declared.get("title_en") or indicator),
            unit=declared.get("unit"),
            region=Bilingual(name, region.get("name_en") or name) if area else None,
            points=tuple(
                Point(**Point.cells(row), document=row["document_id"], new=row["new"]) for row in points
            ),
        )
