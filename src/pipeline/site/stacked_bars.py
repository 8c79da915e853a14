"""A whole and its parts as stacked bars, of a wide dataset that declares which columns make up which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.statistics.catalog.entries import Dataset
from pipeline.tables.wording import Lang, format_number, format_period

_LEFT, _ROOM, _RISE = 84.0, 208.0, 30
"""Where bars begin, how long the whole is, and how far apart they are, of 360 SVG units."""
_DIGIT = 7.2
_REGIONS, _DATES = 12, 6
"""Regions that are shown, and dates of each: the newest."""
_ROWS = (
    'SELECT * FROM "{0}" WHERE "{1}" > 0 AND time_period IS NOT NULL '
    "QUALIFY row_number() OVER (PARTITION BY ref_area ORDER BY time_period DESC, document_id) <= "
    f"{_DATES} ORDER BY max(time_period) OVER (PARTITION BY ref_area) DESC, ref_area, time_period DESC, "
    f"document_id LIMIT {_REGIONS * _DATES}"
)


@dataclass(frozen=True, slots=True)
class PartBar:
    """A part in its bar. label: its number, empty where there is no room; href: its sentence, or empty."""

    x: float
    width: float
    tone: int
    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class WholeBar:
    """A whole at a date."""

    y: int
    period: str
    total: str
    parts: tuple[PartBar, ...]


@dataclass(frozen=True, slots=True)
class RegionBars:
    """A region's bars; each is as long as the whole, so that parts are compared as shares of it."""

    area: str | None
    bars: tuple[WholeBar, ...]
    height: int


def rows_of_parts(declared: Dataset | None, columns: Sequence[str], queries: Queries) -> list[dict[str, Any]]:
    """The rows that are drawn, by region; none of a dataset that declares no parts, or has other columns."""
    if not declared or not declared.residual:
        return []
    whole, parts = declared.residual.whole, declared.residual.parts
    return queries.all(_ROWS.format(declared.id, whole)) if {whole, *parts} <= {*columns} else []


def stacked_bars(
    declared: Dataset | None,
    rows: Sequence[Mapping[str, Any]],
    links: Mapping[tuple[int, str], str],
    lang: Lang,
) -> Mapping[str, Any] | None:
    """The bars of these rows by region, with the titles of the whole and its parts; None without rows.

    links: of each row's number and column.
    """
    if not rows or not declared or not declared.residual:
        return None
    titles = {column.name: column.title[lang] for column in declared.columns}
    whole, parts = declared.residual.whole, {part: titles[part] for part in declared.residual.parts}
    regions: list[RegionBars] = []
    for area, group in groupby(enumerate(rows), key=lambda item: item[1]["ref_area"]):
        bars: list[WholeBar] = []
        for number, row in group:
            date, total = format_period(row["time_period"], lang), format_number(row[whole])
            hrefs = {part: links.get((number, part), "") for part in parts}
            part_bars = tuple(_part_bars(row, row[whole], parts, hrefs, date))
            bars.append(WholeBar(_RISE * len(bars) + 4, date, total, part_bars))
        regions.append(RegionBars(area, tuple(bars), _RISE * len(bars) + 2))
    return {"whole": titles[whole], "parts": [*parts.values()], "regions": regions}


def _part_bars(
    row: Mapping[str, Any], whole: Decimal, parts: Mapping[str, str], hrefs: Mapping[str, str], date: str
) -> Iterator[PartBar]:
    length = max(whole, sum((row[part] for part in parts if row[part]), Decimal(0)))
    x = _LEFT
    for tone, (part, title) in enumerate(parts.items()):
        value = row[part]
        if value and value > 0:
            width = float(value / length) * _ROOM
            label = format_number(value) if width > _DIGIT * len(format_number(value)) + 4 else ""
            text = f"{date}: {title} {format_number(value)} / {format_number(whole)}"
            yield PartBar(round(x, 1), round(width, 1), tone, label, text, hrefs[part])
            x += width
