"""Time periods as SDMX and ISO 8601 write them.

A day is 2020-07-08, a month 2020-07, a quarter 2020-Q3, a half-year 2020-S1, a year
2020; other periods are intervals of the longest of these units that fits,
START/END, both included (2020-01/2020-09 for 前三季度).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """A time period: its code, and its first and last day."""

    code: str
    first: date
    last: date

    @property
    def span(self) -> str:
        """What kind of period it is, one of `SPANS`."""
        return span(self.code)


def span(code: str) -> str:
    """What kind of period a code is of, one of `SPANS`."""
    if "/" in code:
        return {4: "years", 7: "months"}.get(code.index("/"), "days")
    if len(code) == 7:
        return {"Q": "quarter", "S": "half"}.get(code[5], "month")
    return "year" if len(code) == 4 else "day"


SPANS = ("day", "days", "month", "months", "quarter", "half", "year", "years")
"""Kinds of period; the plural ones are intervals of the others."""


_QUARTERS = {
    (1, 12): "",
    (1, 6): "-S1",
    (7, 12): "-S2",
    (1, 3): "-Q1",
    (4, 6): "-Q2",
    (7, 9): "-Q3",
    (10, 12): "-Q4",
}


def day(of: date) -> Period:
    """The period of one day."""
    return Period(of.isoformat(), of, of)


def days(first: date, last: date) -> Period:
    """From one day to another, by the shortest code."""
    if first == last:
        return day(first)
    if first.day == 1 and last == month_end(last.year, last.month):
        return months(first.year, first.month, last.year, last.month)
    return Period(f"{first}/{last}", first, last)


def months(year: int, month: int, last_year: int, last_month: int) -> Period:
    """From one month to another, by the shortest code."""
    first, last = date(year, month, 1), month_end(last_year, last_month)
    if year == last_year and (suffix := _QUARTERS.get((month, last_month))) is not None:
        return Period(f"{year}{suffix}", first, last)
    if (year, month) == (last_year, last_month):
        return Period(f"{year}-{month:02}", first, last)
    if month == 1 and last_month == 12:
        return Period(f"{year}/{last_year}", first, last)
    return Period(f"{year}-{month:02}/{last_year}-{last_month:02}", first, last)


def years(first: int, last: int) -> Period:
    """From one year to another, or one year."""
    return months(first, 1, last, 12)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def shifted(when: date, months: int) -> date:
    """The day so many months later, or the last of a shorter month."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    return date(year, month + 1, min(when.day, month_end(year, month + 1).day))


def back_from(last: date, *, in_months: int = 0, in_days: int = 0) -> Period:
    """The so many months, or days, that end with a day."""
    return days(shifted(last, -in_months) + timedelta(days=1 - in_days), last)


def length(code: str) -> int:
    """Days of the period of a code, first and last included."""
    first, _, last = code.partition("/")
    return (edges(last or first)[1] - edges(first)[0]).days + 1


def edges(code: str) -> tuple[date, date]:
    """First and last day of a code that is no interval. Raises ValueError for any other text."""
    year, part = int(code[:4]), code[5:7]
    if len(code) >= 10:
        return (of := date.fromisoformat(code[:10])), of
    first, last = (1, 12) if not part else _MONTHS.get(part) or (int(part), int(part))
    return date(year, first, 1), month_end(year, last)


_MONTHS = {suffix[1:]: edges for edges, suffix in _QUARTERS.items() if suffix}


def shifted_year(period: Period, by: int) -> Period:
    """The year before or after: a report given in this one looks back on the last."""
    year = period.first.year + by
    return years(year, year)
