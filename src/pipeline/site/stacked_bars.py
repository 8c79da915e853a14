"""A whole and its parts as stacked bars, of a wide dataset that declares which columns make up which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.statistics.catalog_entries import Dataset
from pipeline.tables import Bilingual
from pipeline.tables.wording import Lang, format_number, format_period, in_language

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


@dataclass(frozen=True, slots=True)
class StackedBars:
    """The bars of a dataset."""

    whole: str
    """The title of the column of wholes."""
    parts: tuple[str, ...]
    regions: tuple[RegionBars, ...]


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
) -> StackedBars | None:
    """The bars of these rows; None where there is no row. links: of each row's number and column."""
    if not rows or not declared or not declared.residual:
        return None
    titles = {c.name: in_language(Bilingual(c.title["zh"], c.title["en"]), lang) for c in declared.columns}
    whole, parts = declared.residual.whole, declared.residual.parts
    regions: list[RegionBars] = []
    for area, inside in groupby(enumerate(rows), key=lambda item: item[1]["ref_area"]):
        bars = [
            WholeBar(
                _RISE * position + 4,
                format_period(row["time_period"], lang),
                format_number(row[whole]),
                tuple(_part_bars(row, whole, {part: titles[part] for part in parts}, number, links, lang)),
            )
            for position, (number, row) in enumerate(inside)
        ]
        regions.append(RegionBars(area, tuple(bars), _RISE * len(bars) + 2))
    return StackedBars(titles[whole], tuple(titles[part] for part in parts), tuple(regions))


def _part_bars(
    row: Mapping[str, Any],
    whole: str,
    titles: Mapping[str, str],
    number: int,
    links: Mapping[tuple[int, str], str],
    lang: Lang,
) -> Iterator[PartBar]:
    length = max(row[whole], sum((row[part] for part in titles if row[part]), Decimal(0)))
    x = _LEFT
    for tone, (part, title) in enumerate(titles.items()):
        value = row[part]
        if not value or value < 0:
            continue
        width = float(value / length) * _ROOM
        label = format_number(value) if width > _DIGIT * len(format_number(value)) + 4 else ""
        share = f"{format_number(value)} / {format_number(row[whole])}"
        text = f"{format_period(row['time_period'], lang)}: {title} {share}"
        yield PartBar(round(x, 1), round(width, 1), tone, label, text, links.get((number, part), ""))
        x += width
