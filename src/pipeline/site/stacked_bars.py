"""A whole and its parts as stacked bars: a wide dataset that declares which of its columns make up which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipeline.statistics.catalog_entries import Dataset
from pipeline.tables import Words
from pipeline.tables.wording import Lang, exact, in_language, period

_LEFT, _ROOM, _RISE = 84.0, 208.0, 30
"""Where bars begin, how long the whole is, and how far apart they are, of 360 SVG units."""
_DIGIT = 7.2
REGIONS, DATES = 12, 6
"""Regions that are shown, and dates of each: the newest."""

ROWS = (
    'SELECT * FROM "{0}" WHERE "{1}" > 0 AND time_period IS NOT NULL '
    "QUALIFY row_number() OVER (PARTITION BY ref_area ORDER BY time_period DESC, document_id) <= "
    f"{DATES} ORDER BY max(time_period) OVER (PARTITION BY ref_area) DESC, ref_area, time_period DESC, "
    f"document_id LIMIT {REGIONS * DATES}"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part in its bar. label: its number, empty where there is no room; href: its sentence, or empty."""

    x: float
    width: float
    tone: int
    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A whole at a moment."""

    y: int
    period: str
    total: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """A region's bars; each is as long as the whole, so that parts are compared as shares of it."""

    area: str | None
    bars: tuple[Bar, ...]
    height: int


def titles(declared: Dataset, lang: Lang) -> tuple[str, tuple[str, ...]]:
    """What the whole is called, and what its parts are."""
    names = {c.name: in_language(Words(c.title["zh"], c.title["en"]), lang) for c in declared.columns}
    residual = declared.residual
    assert residual
    return names[residual.whole], tuple(names[part] for part in residual.parts)


def stacks(
    declared: Dataset, rows: Sequence[Mapping[str, Any]], links: Mapping[tuple[int, str], str], lang: Lang
) -> Iterator[Stack]:
    """The bars of each region. rows: of the dataset, by region; links: where a row's figure leads."""
    numbered = list(enumerate(rows))
    residual = declared.residual
    assert residual
    _, names = titles(declared, lang)
    for area, inside in groupby(numbered, key=lambda item: item[1]["ref_area"]):
        bars: list[Bar] = []
        for number, row in inside:
            when, whole = period(row["time_period"], lang), row[residual.whole]
            given = [(name, row[part], part) for name, part in zip(names, residual.parts, strict=True)]
            run = max(whole, sum((value for _, value, _ in given if value), Decimal(0)))
            pieces = tuple(
                _pieces(given, run, when, whole, {p: links.get((number, p), "") for *_, p in given})
            )
            bars.append(Bar(_RISE * len(bars) + 4, when, exact(whole), pieces))
        yield Stack(area, tuple(bars), _RISE * len(bars) + 2)


def _pieces(
    given: Sequence[tuple[str, Decimal | None, str]], run: Decimal, when: str, whole: Decimal,
    links: Mapping[str, str],
) -> Iterator[Piece]:  # fmt: skip
    at = _LEFT
    for tone, (name, value, part) in enumerate(given):
        if not value or value < 0:
            continue
        width = float(value / run) * _ROOM
        label = exact(value) if width > _DIGIT * len(exact(value)) + 4 else ""
        text = f"{when}: {name} {exact(value)} / {exact(whole)}"
        yield Piece(round(at, 1), round(width, 1), tone, label, text, links[part])
        at += width
