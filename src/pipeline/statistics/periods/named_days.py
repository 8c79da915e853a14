"""The days of festivals and public holidays, and those that national censuses and land surveys are of.

festivals.tsv has 清明 and the festivals of the lunar calendar, 1980 to 2040; censuses.tsv the censuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries

Holidays = Mapping[str, Mapping[int, tuple[date, date]]]
"""First and last day of a public holiday, by its name and year."""

MONTHS = {"元旦": 1, "春节": 2, "清明": 4, "端午": 6, "中秋": 9, "国庆": 10}
"""The festivals, each with the month that it mostly falls in."""
_FIXED = {"元旦": (1, 1), "国庆": (10, 1)}
"""Month and day of those of the solar calendar."""
_MAX_DAYS = 183
"""Days between the issue date and a festival without a year that may be meant, at most."""


def nearest(spans: Iterable[tuple[date, date]], issued: date | None) -> tuple[date, date] | None:
    """Of a festival's days in several years those nearest to the issue date; None where all are far."""
    found = list(spans)
    if not issued or len(found) < 2:
        return next(iter(found), None)
    first, last = min(found, key=lambda span: abs(span[0] - issued))
    return (first, last) if abs(first - issued).days <= _MAX_DAYS else None


def festival(name: str, year: int) -> date | None:
    """The day of a festival in a year; None where the table does not have it."""
    return date(year, *_FIXED[name]) if name in _FIXED else _festivals().get((name, year))


def census(text: str) -> date | None:
    """The day that 第七次全国人口普查 or 七普 is of; None where the table does not have it."""
    name, number = text[-4:], text.removeprefix("第")[0]
    return _censuses().get(("人口普查" if name.endswith("普") else name, number))


@cache
def _festivals() -> Mapping[tuple[str, int], date]:
    """The day of each festival, by its name and year."""
    return {
        (name, int(entry["year"])): date.fromisoformat(entry[name])
        for entry in read_entries(files(__package__) / "festivals.tsv")
        for name in entry.keys() - {"year"}
    }


@cache
def _censuses() -> Mapping[tuple[str, str], date]:
    """The day of each census, by its name and its round."""
    entries = read_entries(files(__package__) / "censuses.tsv")
    return {(entry["census"], entry["round"]): date.fromisoformat(entry["day"]) for entry in entries}
