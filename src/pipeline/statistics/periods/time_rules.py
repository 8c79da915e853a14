"""The meaning of time expressions, given the issue date and the period before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from pipeline.numbers.numerals import DIGITS
from pipeline.statistics.periods.named_days import MONTHS, Holidays, census, festival, nearest
from pipeline.statistics.periods.period import Period, back_from, day, days, month_end, months, shifted, years
from pipeline.statistics.periods.time_expressions import EXPRESSION, NUMBER, TimeMatch, number_of

_DAYS = {"昨天": -1, "昨日": -1, "前天": -2, "前日": -2, "明天": 1, "明日": 1} | dict.fromkeys(
    ("今天", "今日", "当前", "目前", "现在", "如今", "截至目前", "截止目前", "迄今"), 0
)


def resolve(
    text: str, issued: date | None, context: Period | None = None, *, holidays: Holidays | None = None
) -> Period | None:
    """What a time expression means, or None where that is not known.

    issued: the document's date, for 今年, 昨日, 7月8日. context: the period stated
    before, for 7日, 当日, 年末.
    """
    match = EXPRESSION.match(text.strip())
    return meaning(match, issued, context, False, holidays or {}) if match and match[0] else None


def meaning(
    match: re.Match[str], issued: date | None, context: Period | None, ahead: bool, holidays: Holidays
) -> Period | None:
    """What a match of `EXPRESSION` in its text means; see `resolve`.

    ahead: the sentence speaks of what is to come, so that a month without its year is the next one and not
    the last.
    """
    time = TimeMatch(match, issued, context, ahead, holidays)
    try:
        return next((rule(time) for name, rule in _RULES.items() if match[name]), None)
    except (ValueError, OverflowError):  # 2月30日: a date that is none
        return None


def _census(time: TimeMatch) -> Period | None:
    return day(found) if (found := census(time.parts["census"] or "")) else None


def _iso(time: TimeMatch) -> Period:
    year, month, dom = (int(part) for part in re.findall(r"\d+", time.text)[:3])
    return _timed(date(year, month, dom), time.parts["clock"])


def _timed(of: date, clock: str | None) -> Period:
    return Period(f"{of}T{clock.zfill(5)}", of, of) if clock else day(of)


def _clock(time: TimeMatch, hour: str, minute: str) -> str | None:
    if not time.parts[hour] or time.number(hour) > 23:
        return None
    return f"{time.number(hour):02}:{time.parts[minute] or '00'}"


def _plan(time: TimeMatch) -> Period:
    """十四五 is 2021 to 2025, the fourteenth five-year plan."""
    start = 1981 + 5 * (10 + time.number("plan") - 6)
    return years(start + 4 if "末" in time.text else start, start + 4)


def _since(time: TimeMatch) -> Period | None:
    return days(date(time.issued.year, 1, 1), time.issued) if time.issued else None


def _year_span(time: TimeMatch) -> Period:
    first, last = (int(year) for year in re.findall(r"\d{4}", time.text))
    return years(first, last)


def _half(time: TimeMatch) -> Period:
    first = 1 if time.text.endswith("上半年") else 7
    return months(time.year(first), first, time.year(first), first + 5)


def _quarter(time: TimeMatch) -> Period:
    word = time.parts["q"] or ""
    quarter = next(number_of(c) for c in word if c.isdigit() or c in DIGITS)
    first = 1 if "前" in word else 3 * quarter - 2
    year = time.year(first)
    if time.parts["qend"]:
        return day(month_end(year, 3 * quarter))
    return months(year, first, year, 3 * quarter)


def _month_span(time: TimeMatch) -> Period:
    numbers = [number_of(number) for number in re.findall(NUMBER, time.parts["months"] or "")]
    first, last = (1, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[-1])
    year = time.year(last)
    return months(year - (first > last), first, year, last)


def _month(time: TimeMatch) -> Period:
    parts, month = time.parts, time.number("month")
    year = time.year(month)
    if parts["day"]:
        return _month_day(time, year, month)
    if parts["mend"]:
        return day(month_end(year, month))
    if parts["third"]:
        first = 1 + 10 * "上中下".index(parts["third"][0])
        return days(
            date(year, month, first), date(year, month, first + 9) if first < 21 else month_end(year, month)
        )
    return months(year, month, year, month)


def _month_day(time: TimeMatch, year: int, month: int) -> Period:
    first = date(year, month, time.number("day"))
    if time.parts["day2"]:
        month2 = time.number("month2") if time.parts["month2"] else month
        return days(first, date(year + (month2 < month), month2, time.number("day2")))
    return _timed(first, _clock(time, "hour", "minute"))


def _edge(time: TimeMatch) -> Period:
    """年末 is the year's last day, 年初 its first."""
    year = time.year()
    return day(date(year, 1, 1) if "初" in (time.parts["yend"] or "") else date(year, 12, 31))


def _holiday(time: TimeMatch) -> Period | None:
    names = (time.parts["holiday"] or "").replace("劳动节", "五一")
    holidays = [by_year for name, by_year in time.holidays.items() if name in names]
    each = ([by_year[year] for by_year in holidays if year in by_year] for year in _years(time))
    found = [(min(spans)[0], max(last for _, last in spans)) for spans in each if spans]
    if not (near := nearest(found, time.issued)):
        return None
    first, last = near
    if time.parts["hdays"]:
        return days(first, first + timedelta(days=time.number("hdays") - 1))
    if time.parts["hday"] or time.parts["hfirst"]:
        return day(first + timedelta(days=time.number("hday") - 1 if time.parts["hday"] else 0))
    return day(last) if time.parts["hlast"] else days(first, last)


def _years(time: TimeMatch) -> Iterable[int]:
    """The year that is written or follows from the context; else the years around the issue date."""
    dated = time.context and time.issued and time.context.last.year != time.issued.year
    if time.parts["year"] or time.parts["rel"] or dated or not time.issued:
        return (time.year(),)
    return range(time.issued.year - 1, time.issued.year + 2)


def _newyear(time: TimeMatch) -> Period | None:
    """正月初三 and 除夕, by the first day of that lunar year."""
    first = [(found, found) for year in _years(time) if (found := festival("春节", year))]
    if not (near := nearest(first, time.issued)):
        return None
    _, _, number = (time.parts["newyear"] or "").partition("初")
    return day(near[0] + timedelta(days=number_of(number) - 1 if number else -1))


def _lately(time: TimeMatch) -> Period | None:
    """三年来, 近10天: so long up to the issue date."""
    if time.issued is None:
        return None
    half, many = "半" in time.text, re.search(NUMBER, time.text)
    number = number_of(many[0]) if many else 1
    if "天" in time.text:
        return back_from(time.issued, in_days=number)
    if "周" in time.text:
        return back_from(time.issued, in_days=7 * number)
    if "月" in time.text:
        return back_from(time.issued, in_days=15) if half else back_from(time.issued, in_months=number)
    return back_from(time.issued, in_months=6 if half else 12 * number)


def _festival(time: TimeMatch) -> Period | None:
    """中秋节 is the one day, not the public holiday."""
    name = (time.parts["festival"] or "")[:2]
    return day(found) if (found := festival(name, time.year(MONTHS[name]))) else None


def _same(time: TimeMatch) -> Period | None:
    """同期 of another year: the context's months and days in that year."""
    if not time.context or not (time.parts["year"] or time.parts["rel"]):
        return None
    shift = time.year() - time.context.last.year
    first, last = (shifted(when, 12 * shift) for when in (time.context.first, time.context.last))
    return days(first, last) if "T" not in time.context.code else None


def _whole_year(time: TimeMatch) -> Period:
    return years(time.year(), time.year())


def _day_span(time: TimeMatch) -> Period | None:
    base = time.anchor
    if base is None:
        return None
    first, last = (number_of(number) for number in re.findall(NUMBER, time.parts["days"] or ""))
    return days(base.replace(day=first), base.replace(day=last))


def _lone_day(time: TimeMatch) -> Period | None:
    """7日: of the month of the context; of the month before where that is still to come."""
    base = time.anchor
    if base is None:
        return None
    dom = time.number("lone")
    if dom > base.day and base == time.issued and not time.ahead:
        base = base.replace(day=1) - timedelta(days=1)
    return _timed(base.replace(day=dom), _clock(time, "lhour", "lmin"))


def _calendar_month(time: TimeMatch) -> Period | None:
    base = time.anchor if time.text == "当月" else time.issued
    if base is None:
        return None
    index = base.year * 12 + base.month - 1 + {"上": -1, "下": 1}.get(time.text[0], 0)
    return months(index // 12, index % 12 + 1, index // 12, index % 12 + 1)


def _word(time: TimeMatch) -> Period | None:
    base = time.issued if time.text in _DAYS else time.anchor
    return day(base + timedelta(days=_DAYS.get(time.text, 0))) if base else None


def _weekday(time: TimeMatch) -> Period | None:
    """星期三: that of the week before the issue date, or the issue date itself."""
    if time.issued is None:
        return None
    wanted = "一二三四五六日".index((time.parts["weekday"] or "").replace("天", "日"))
    return day(time.issued - timedelta(days=(time.issued.weekday() - wanted) % 7))


_RULES: Mapping[str, Callable[[TimeMatch], Period | None]] = {
    "census": _census,
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
