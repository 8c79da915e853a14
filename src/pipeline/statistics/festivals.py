"""The days of the festivals of the lunar calendar and of 清明, by year: festivals.tsv, 1980 to 2040."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries

MONTHS = {"元旦": 1, "春节": 2, "清明": 4, "端午": 6, "中秋": 9, "国庆": 10}
"""The festivals, each with the month that it mostly falls in."""
_FIXED = {"元旦": (1, 1), "国庆": (10, 1)}
"""Month and day of those of the solar calendar."""


_FAR = 183
"""Days from the issue date on which no festival is meant that has no year."""


def nearest(spans: Iterable[tuple[date, date]], issued: date | None) -> tuple[date, date] | None:
    """Of a festival's days in some years those that a text of this date means; None where all are far."""
    found = list(spans)
    if not issued or len(found) < 2:
        return next(iter(found), None)
    first, last = min(found, key=lambda span: abs(span[0] - issued))
    return (first, last) if abs(first - issued).days <= _FAR else None


def festival(name: str, year: int) -> date | None:
    """The day of a festival in a year; None where the table does not have it."""
    return date(year, *_FIXED[name]) if name in _FIXED else _festivals().get((name, year))


@cache
def _festivals() -> Mapping[tuple[str, int], date]:
    """The day of each festival, by its name and year."""
    return {
        (name, int(entry["year"])): date.fromisoformat(entry[name])
        for entry in read_entries(files(__package__) / "festivals.tsv")
        for name in entry.keys() - {"year"}
    }
