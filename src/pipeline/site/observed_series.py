"""An indicator's figures as series: a region, a kind of period, points in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.tables import Bilingual, wording
from pipeline.tables.corrections import correction_of
from pipeline.tables.wording import Lang, period_kind
from pipeline.web.points import Point

LONGEST = 240
"""Points of a series that a page shows: the newest ones."""
RECENT = 24
"""Points of a series that a region's page shows: the newest ones."""
_MOST = 10_000
"""Figures of an indicator that its page is made of, the newest; its CSV has all of them."""
_KEY = ("indicator", "ref_area", "time_period", "document_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedPoint(Point):
    """An observation, with the mention that states it."""

    qualifier: str
    text: str
    """As written in the source."""
    quote: str
    publisher: str | None
    issued: str | None
    doubted: bool
    """Whether it is published as doubtful (status U)."""
    was: str | None
    """The value in the release before, where that was another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An indicator in a region, for one kind of period, in the order of time."""

    indicator: str
    area: str | None
    span: str
    points: tuple[ObservedPoint, ...]

    @property
    def last(self) -> ObservedPoint:
        return self.points[-1]

    @property
    def new_points(self) -> int:
        return sum(point.new for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFigures:
    """An indicator of the catalog, with its figures."""

    id: str
    title: Bilingual
    definition: Bilingual
    unit: str | None
    measure: str | None
    """The measure word of its figures where the unit is 1, as most texts write it: 人次, 户."""
    datasets: tuple[str, ...]
    count: int
    """Observations in all, shown or not."""
    content: str
    """A digest of all of them, also those that are not shown."""
    series: tuple[Series, ...]
    """The longest first."""

    def unit_words(self, lang: Lang) -> str:
        """The unit of its figures, in words."""
        return wording.unit_name(self.unit, lang) or wording.measure_word(self.measure, lang)


def titles(queries: Queries) -> dict[str, Bilingual]:
    """The titles of all indicators of the release, by id."""
    rows = queries.each("SELECT indicator, title_zh, title_en FROM indicators ORDER BY indicator")
    return {row["indicator"]: Bilingual(row["title_zh"], row["title_en"]) for row in rows}


def indicators(queries: Queries, first: bool) -> Iterator[IndicatorFigures]:
    """Every indicator of the release, in the order of ids, with the series of one in memory.

    first: whether this is the first release, of which no figure counts as new.
    """
    changed = _changed(queries, first)
    for name, rows in groupby(queries.each(_INDICATORS), key=itemgetter("name")):
        row, *others = rows
        yield IndicatorFigures(
            id=name,
            title=Bilingual(row["title_zh"], row["title_en"]),
            definition=Bilingual(row["definition_zh"] or "", row["definition_en"] or ""),
            unit=row["unit"],
            measure=row["measure"],
            datasets=tuple((row["datasets"] or "").split()),
            count=row["count"] or 0,
            content=f"{row['content'] or ''}",
            series=_series(name, (row, *others) if row["time_period"] else (), changed),
        )


_OBSERVED = """
    SELECT o.*, q.text, q.quote, coalesce(q.document_id, o.document_id) AS stands_in,
           d.publisher, CAST(d.issue_date AS VARCHAR) AS issued, dc AS decision
    FROM observations o
    LEFT JOIN site.stated q USING (quantity_id)
    LEFT JOIN documents d ON d.document_id = o.document_id
    LEFT JOIN decisions dc ON dc.decision_id = coalesce(o.decision_id, q.decision_id)
    WHERE o.time_period IS NOT NULL
"""
_INDICATORS = f"""
    WITH measures AS (
        SELECT o.indicator, q.unit AS measure
        FROM observations o JOIN site.stated q USING (quantity_id)
        WHERE o.unit_measure = '1' AND q.unit <> '' GROUP BY o.indicator, q.unit
        QUALIFY row_number() OVER (PARTITION BY o.indicator ORDER BY count(*) DESC, q.unit) = 1
    ), counted AS (
        SELECT indicator, count(*) AS count, bit_xor(md5_number(CAST(to_json(o) AS VARCHAR))) AS content
        FROM observations o GROUP BY indicator
    ), points AS (
        {_OBSERVED}
        QUALIFY row_number() OVER (
            PARTITION BY o.indicator, o.ref_area, length(o.time_period)
            ORDER BY o.time_period DESC, d.issue_date DESC, o.document_id
        ) <= {LONGEST} AND row_number() OVER (
            PARTITION BY o.indicator ORDER BY o.time_period DESC, o.ref_area, o.document_id
        ) <= {_MOST}
    )
    SELECT i.indicator AS name, i.title_zh, i.title_en, i.definition_zh, i.definition_en, i.unit, i.datasets,
           m.measure, c.count, c.content, p.*
    FROM indicators i
    LEFT JOIN counted c USING (indicator)
    LEFT JOIN measures m USING (indicator)
    LEFT JOIN points p ON p.indicator = i.indicator
    ORDER BY i.indicator, p.ref_area, p.time_period, p.issued, p.document_id
"""
_CHANGES = """
    SELECT key ->> 0 AS indicator, key ->> 1 AS area, key ->> 2 AS period, key ->> 3 AS document,
           max(old) FILTER (change = 'changed' AND "column" = 'obs_value') AS was
    FROM changes WHERE "table" = 'observations' AND change IN ('added', 'changed') GROUP BY ALL
"""
_OF_REGIONS = f"""
    {_OBSERVED} AND o.ref_area IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY o.ref_area, o.indicator, length(o.time_period)
        ORDER BY o.time_period DESC, d.issue_date DESC, o.document_id
    ) <= {RECENT}
    ORDER BY o.ref_area, o.indicator, o.time_period, d.issue_date, o.document_id
"""
Changed = Mapping[tuple[Any, ...], str | None]
"""Keys of the observations that are new or changed since the release before, with their former values."""


def series_by_region(queries: Queries, first: bool) -> Iterator[tuple[str, tuple[Series, ...]]]:
    """Every region that has figures, with the newest points of its series; one region in memory."""
    changed = _changed(queries, first)
    for area, rows in groupby(queries.each(_OF_REGIONS), key=itemgetter("ref_area")):
        made: list[Series] = []
        for indicator, group in groupby(rows, key=itemgetter("indicator")):
            made.extend(_series(indicator, group, changed))
        yield area, tuple(made)


def _changed(queries: Queries, first: bool) -> Changed:
    rows = () if first else queries.each(_CHANGES)
    return {tuple(row.values())[:4]: row["was"] for row in rows}


def _series(indicator: str, rows: Iterable[Mapping[str, Any]], changed: Changed) -> tuple[Series, ...]:
    found: dict[tuple[str | None, str], list[ObservedPoint]] = {}
    for row in rows:
        point = _point(row, changed)
        if point.middle is not None:
            found.setdefault((row["ref_area"], period_kind(point.period)), []).append(point)
    series = []
    for (area, kind), points in found.items():
        newest = tuple(sorted(points, key=lambda p: p.at)[-LONGEST:])
        series.append(Series(indicator=indicator, area=area, span=kind, points=newest))
    return tuple(sorted(series, key=lambda one: (-len(one.points), one.area or "~", one.span)))


def _point(row: Mapping[str, Any], changed: Changed) -> ObservedPoint:
    key = tuple(row[at] for at in _KEY)
    was = changed.get(key)
    return ObservedPoint(
        **Point.cells(row),
        qualifier=row["qualifier"],
        document=row["stands_in"],
        text=row["text"] or "",
        quote=row["quote"] or "",
        publisher=row["publisher"],
        issued=row["issued"],
        new=key in changed,
        amended=correction_of(row["decision"]),
        doubted=row["obs_status"] == "U",
        was=None if was is None else wording.format_number(Decimal(was)),
    )
