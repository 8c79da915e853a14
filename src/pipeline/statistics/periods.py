"""When a figure holds: what a time expression means, given the issue date and what was spoken of before."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipeline.statistics.festivals import MONTHS, festival, nearest
from pipeline.statistics.spans import Period, back_from, day, days, months, shifted
from pipeline.statistics.timewords import EXPRESSION, NUMBER

Holidays = Mapping[str, Mapping[int, tuple[date, date]]]
"""First and last day of a public holiday, by its name and year."""

_DIGITS = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2, "本年": 0, "本年度": 0}
_DAYS = {"昨天": -1, "昨日": -1, "前天": -2, "前日": -2, "明天": 1, "明日": 1} | dict.fromkeys(
    ("今天", "今日", "当前", "目前", "现在", "如今", "截至目前", "截止目前", "迄今"), 0
)
_REPORTED = 4
"""Until this month, 全年 without more is the year before: its figures are just out."""


def resolve(
    text: str,
    issued: date | None,
    context: Period | None = None,
    *,
    ahead: bool = False,
    holidays: Holidays | None = None,
) -> Period | None:
    """What a time expression means, or None where it cannot be told.

    issued: the document's date, for 今年, 昨日, 7月8日. context: the period spoken of
    before, for 7日, 当日, 年末. ahead: the sentence speaks of what is to come, so that a
    month without its year is the next one and not the last.
    """
    match = EXPRESSION.match(text.strip())
    return meaning(match, issued, context, ahead, holidays or {}) if match and match[0] else None


def meaning(
    match: re.Match[str], issued: date | None, context: Period | None, ahead: bool, holidays: Holidays
) -> Period | None:
    """What a match of `EXPRESSION` in its text means; see `resolve`."""
    said = _Said(match.groupdict(), match[0], issued, context, ahead, holidays)
    try:
        return next((rule(said) for name, rule in _RULES.items() if match[name]), None)
    except (ValueError, OverflowError):  # 2月30日: a date that is none
        return None


class _Said(NamedTuple):
    """A matched expression and what it is relative to."""

    parts: Mapping[str, str | None]
    text: str
    issued: date | None
    context: Period | None
    ahead: bool
    holidays: Holidays

    def number(self, name: str) -> int:
        return _number(self.parts[name] or "")

    @property
    def anchor(self) -> date | None:
        """The day that a bare day or month hangs on: the context's last, or else the issue date."""
        return self.context.last if self.context else self.issued

    def year(self, month: int = 0) -> int:
        """The year said, or the one meant; ValueError where that cannot be told."""
        parts = self.parts
        if written := parts["year"]:
            return int(written) if written.isdigit() else int("".join(str(_DIGITS[c]) for c in written))
        word = parts["rel"] or ""
        base = self.issued if word in _YEARS else self.anchor
        if base is None:
            raise ValueError("no date to count from")
        if word == "全年" and base == self.issued and base.month <= _REPORTED and not self.ahead:
            return base.year - 1
        if word:
            return base.year + _YEARS.get(word, {"上年": -1, "次年": 1, "翌年": 1}.get(word, 0))
        if self.issued and month and not self.context:
            return self.issued.year - (month > self.issued.month and not self.ahead)
        if self.issued and month and self.context and self.context.last.year == self.issued.year:
            return self.issued.year - (month > self.issued.month and not self.ahead)
        return base.year


@lru_cache(maxsize=256)
def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.partition("十")
    if ten:
        return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
    return _DIGITS[written]


def _iso(said: _Said) -> Period:
    year, month, dom = (int(part) for part in re.findall(r"\d+", said.text)[:3])
    return _timed(date(year, month, dom), said.parts["clock"])


def _timed(of: date, clock: str | None) -> Period:
    return Period(f"{of}T{clock.zfill(5)}", of, of) if clock else day(of)


def _clock(said: _Said, hour: str, minute: str) -> str | None:
    if not said.parts[hour] or said.number(hour) > 23:
        return None
    return f"{said.number(hour):02}:{said.parts[minute] or '00'}"


def _plan(said: _Said) -> Period:
    """十四五 is 2021 to 2025, the fourteenth five-year plan."""
    start = 1981 + 5 * (10 + said.number("plan") - 6)
    return months(start, 1, start + 4, 12) if "末" not in said.text else months(start + 4, 1, start + 4, 12)


def _since(said: _Said) -> Period | None:
    return days(date(said.issued.year, 1, 1), said.issued) if said.issued else None


def _year_span(said: _Said) -> Period:
    first, last = (int(year) for year in re.findall(r"\d{4}", said.text))
    return months(first, 1, last, 12)


def _half(said: _Said) -> Period:
    first = 1 if said.text.endswith("上半年") else 7
    return months(said.year(first), first, said.year(first), first + 5)


def _quarter(said: _Said) -> Period:
    word = said.parts["q"] or ""
    quarter = next(_number(c) for c in word if c.isdigit() or c in _DIGITS)
    first = 1 if "前" in word else 3 * quarter - 2
    year = said.year(first)
    if said.parts["qend"]:
        return day(_month_end(year, 3 * quarter))
    return months(year, first, year, 3 * quarter)


def _month_span(said: _Said) -> Period:
    numbers = [_number(number) for number in re.findall(NUMBER, said.parts["months"] or "")]
    first, last = (1, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[-1])
    year = said.year(last)
    return months(year - (first > last), first, year, last)


def _month(said: _Said) -> Period:
    parts, month = said.parts, said.number("month")
    year = said.year(month)
    if parts["day"]:
        return _month_day(said, year, month)
    if parts["mend"]:
        return day(_month_end(year, month))
    if parts["third"]:
        first = 1 + 10 * "上中下".index(parts["third"][0])
        return days(
            date(year, month, first), date(year, month, first + 9) if first < 21 else _month_end(year, month)
        )
    return months(year, month, year, month)


def _month_day(said: _Said, year: int, month: int) -> Period:
    first = date(year, month, said.number("day"))
    if said.parts["day2"]:
        month2 = said.number("month2") if said.parts["month2"] else month
        return days(first, date(year + (month2 < month), month2, said.number("day2")))
    return _timed(first, _clock(said, "hour", "minute"))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _edge(said: _Said) -> Period:
    """年末 is the year's last day, 年初 its first."""
    year = said.year()
    return day(date(year, 1, 1) if "初" in (said.parts["yend"] or "") else date(year, 12, 31))


def _holiday(said: _Said) -> Period | None:
    names = (said.parts["holiday"] or "").replace("劳动节", "五一")
    known = [by_year for name, by_year in said.holidays.items() if name in names]
    each = ([by_year[year] for by_year in known if year in by_year] for year in _years(said))
    found = [(min(spans)[0], max(last for _, last in spans)) for spans in each if spans]
    if not (near := nearest(found, said.issued)):
        return None
    first, last = near
    if said.parts["hdays"]:
        return days(first, first + timedelta(days=said.number("hdays") - 1))
    if said.parts["hday"] or said.parts["hfirst"]:
        return day(first + timedelta(days=said.number("hday") - 1 if said.parts["hday"] else 0))
    return day(last) if said.parts["hlast"] else days(first, last)


def _years(said: _Said) -> Iterable[int]:
    """The year that is said or spoken of; where none is, those of which a festival may be the nearest."""
    spoken = said.context and said.issued and said.context.last.year != said.issued.year
    if said.parts["year"] or said.parts["rel"] or spoken or not said.issued:
        return (said.year(),)
    return range(said.issued.year - 1, said.issued.year + 2)


def _newyear(said: _Said) -> Period | None:
    """正月初三 and 除夕, by the first day of that lunar year."""
    first = [(found, found) for year in _years(said) if (found := festival("春节", year))]
    if not (near := nearest(first, said.issued)):
        return None
    _, _, number = (said.parts["newyear"] or "").partition("初")
    return day(near[0] + timedelta(days=_number(number) - 1 if number else -1))


def _lately(said: _Said) -> Period | None:
    """三年来, 近10天: so long up to the issue date."""
    if said.issued is None:
        return None
    half, many = "半" in said.text, re.search(NUMBER, said.text)
    number = _number(many[0]) if many else 1
    if "天" in said.text:
        return back_from(said.issued, in_days=number)
    if "周" in said.text:
        return back_from(said.issued, in_days=7 * number)
    if "月" in said.text:
        return back_from(said.issued, in_days=15) if half else back_from(said.issued, in_months=number)
    return back_from(said.issued, in_months=6 if half else 12 * number)


def _festival(said: _Said) -> Period | None:
    """中秋节 of any year is its own day, which is no public holiday's length."""
    name = (said.parts["festival"] or "")[:2]
    return day(found) if (found := festival(name, said.year(MONTHS[name]))) else None


def _same(said: _Said) -> Period | None:
    """同期 of another year: the context's months and days in that year."""
    if not said.context or not (said.parts["year"] or said.parts["rel"]):
        return None
    shift = said.year() - said.context.last.year
    first, last = (shifted(when, 12 * shift) for when in (said.context.first, said.context.last))
    return days(first, last) if "T" not in said.context.code else None


def _whole_year(said: _Said) -> Period:
    return months(said.year(), 1, said.year(), 12)


def _day_span(said: _Said) -> Period | None:
    base = said.anchor
    if base is None:
        return None
    first, last = (_number(number) for number in re.findall(NUMBER, said.parts["days"] or ""))
    return days(base.replace(day=first), base.replace(day=last))


def _lone_day(said: _Said) -> Period | None:
    """7日: of the month spoken of; of the month before where that is still to come."""
    base = said.anchor
    if base is None:
        return None
    dom = said.number("lone")
    if dom > base.day and base == said.issued and not said.ahead:
        base = base.replace(day=1) - timedelta(days=1)
    return _timed(base.replace(day=dom), _clock(said, "lhour", "lmin"))


def _calendar_month(said: _Said) -> Period | None:
    base = said.anchor if said.text == "当月" else said.issued
    if base is None:
        return None
    index = base.year * 12 + base.month - 1 + {"上": -1, "下": 1}.get(said.text[0], 0)
    return months(index // 12, index % 12 + 1, index // 12, index % 12 + 1)


def _word(said: _Said) -> Period | None:
    base = said.issued if said.text in _DAYS else said.anchor
    return day(base + timedelta(days=_DAYS.get(said.text, 0))) if base else None


def _weekday(said: _Said) -> Period | None:
    """星期三: that of the week before the issue date, or the issue date itself."""
    if said.issued is None:
        return None
    wanted = "一二三四五六日".index((said.parts["weekday"] or "").replace("天", "日"))
    return day(said.issued - timedelta(days=(said.issued.weekday() - wanted) % 7))


_RULES: Mapping[str, Callable[[_Said], Period | None]] = {
    "iso": _iso,
    "plan": _plan,
    "since": _since,
    "lately": _lately,
    "years": _year_span,
    "half": _half,
    "q": _quarter,
    "months": _month_span,
    "month": _month,
    "yend": _edge,
    "holiday": _holiday,
    "festival": _festival,
    "newyear": _newyear,
    "same": _same,
    "year": _whole_year,
    "rel": _whole_year,
    "days": _day_span,
    "lone": _lone_day,
    "lunar": _calendar_month,
    "word": _word,
    "weekday": _weekday,
}
"""What each group of `EXPRESSION` means; the first that matched decides."""
