"""A time expression that was found, and what it is relative to: which year, which day it counts from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from pipeline.numbers.numerals import parse_chinese
from pipeline.statistics.spans import Period

Holidays = Mapping[str, Mapping[int, tuple[date, date]]]
"""First and last day of a public holiday, by its name and year."""

_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2, "本年": 0, "本年度": 0}
_REPORTED = 4
"""Until this month, 全年 without more is the year before: its figures are just out."""


class Said(NamedTuple):
    """A matched expression and what it is relative to."""

    parts: re.Match[str]
    issued: date | None
    context: Period | None
    ahead: bool
    holidays: Holidays

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.parts[0]

    def number(self, name: str) -> int:
        """The number that a group of the expression holds."""
        return number_of(self.parts[name] or "")

    @property
    def anchor(self) -> date | None:
        """The day that a bare day or month hangs on: the context's last, or else the issue date."""
        return self.context.last if self.context else self.issued

    def year(self, month: int = 0) -> int:
        """The year said, or the one meant; ValueError where that cannot be told."""
        parts = self.parts
        if written := parts["year"]:
            return number_of(written)
        word = parts["rel"] or ""
        base = self.issued if word in _YEARS else self.anchor
        if base is None:
            raise ValueError("no date to count from")
        if word == "全年" and base == self.issued and base.month <= _REPORTED and not self.ahead:
            return base.year - 1
        if word:
            return base.year + _YEARS.get(word, {"上年": -1, "次年": 1, "翌年": 1}.get(word, 0))
        if self.issued and month and (not self.context or self.context.last.year == self.issued.year):
            return self.issued.year - (month > self.issued.month and not self.ahead)
        return base.year


def number_of(written: str) -> int:
    """A whole number in digits or Chinese; ValueError where it is none."""
    if written.isdigit():
        return int(written)
    read = parse_chinese(written)
    if read is None:
        raise ValueError(f"{written!r} is no number")
    return int(read[0])
