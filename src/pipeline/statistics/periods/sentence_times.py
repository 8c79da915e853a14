"""The times that sentences state, read in their order: what 当日 means depends on those before."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.named_days import Holidays
from pipeline.statistics.periods.period import Period, day, days, shifted_year, years
from pipeline.statistics.periods.time_expressions import find_times
from pipeline.statistics.periods.time_rules import meaning, resolve

_LEFT, _LONGER_LEFT = 8, 14
"""Characters before a time in which cues are searched for."""
_ANNOUNCED = 24
"""Characters behind a day that are searched for the cue of an announcement."""
_FIGURE = re.compile(r"\d")
"""Between two times: they are no ends of one interval (从2012年的1万元增长到2023年的)."""
_UNKNOWN = Period("", date.min, date.min)
_SO_FAR_WORDS = ("截至目前", "截止目前", "迄今", "目前", "当前", "现在", "如今")


class StatedTime(NamedTuple):
    """A time that a sentence states."""

    begin: int
    stop: int
    period: Period
    """With an empty code where it is not known."""
    other: bool
    """The other side of a comparison: governs only the number right after it."""
    report: bool
    """The day of an announcement: governs where nothing else does."""
    listed: bool
    """It governs and is not known: 两年来, or the last of several in a row (一、二、三季度)."""
    collection: str | None = None
    """As in `ResolvedPeriod`."""


class TimeReader:
    """Reads the times of one text's sentences, from the first to the last."""

    def __init__(self, text: str, issued: date | None, holidays: Holidays) -> None:
        self._text, self._issued, self._holidays = text, issued, holidays
        self._anchor: Period | None = None
        self.reviewed: Period | None = None
        """The year that the text reviews, by its title."""

    def begin_block(self, period: Period | None) -> None:
        """Begin a block: 当日 and 年末 are relative to this period until another is stated."""
        self._anchor = period

    def period_of(self, title: str) -> Period | None:
        """The period that a title or heading names."""
        self._anchor = None
        for match in find_times(title):
            if CUES.compared_time.search(title[: match.start()]):
                continue
            if period := self._meaning(match):
                return shifted_year(period, -1) if CUES.review.search(title) else period
        return None

    def read(self, begin: int, stop: int) -> list[StatedTime]:
        """The times that the sentence from begin to stop states."""
        text, found = self._text, list[StatedTime]()
        ahead = CUES.plan.search(text, begin, stop) is not None
        causes = [cause.span() for cause in CUES.cause_of_change.finditer(text, begin, stop)]
        started: Period | None = None
        for match in find_times(text, begin, stop):
            period = self._meaning(match, ahead)
            unknown = not period and (match["holiday"] or match["rel"])  # 今年, of a text without a date
            if match["era"] or unknown:
                found.append(StatedTime(*match.span(), _UNKNOWN, other=False, report=False, listed=True))
            if not period:
                continue
            left = text[max(begin, match.start() - _LEFT) : match.start()]
            first = self._interval_begin(found, started, match.start(), left)
            if first and first.first > period.last:  # 今天到15日: of the month to come
                period = self._meaning(match, ahead=True) or period
            period, collection = self._counted(match, period, first, begin)
            in_cause = any(opening < match.start() < end for opening, end in causes)
            other = in_cause or self._compared(match, period, left)
            report = self._reported(match, left, stop)
            if not other and (not report or match["lone"]) and not self._is_future(period):
                self._anchor = period
            started = period if CUES.interval_begin.search(left) else None
            in_list = bool(found) and found[-1].stop == match.start() - 1 and left[-1:] == "、"
            listed = in_list or CUES.listed.search(left) is not None
            found.append(StatedTime(*match.span(), period, other, report, listed, collection))
        return found

    def _counted(
        self, match: re.Match[str], period: Period, first: Period | None, begin: int
    ) -> tuple[Period, str | None]:
        """The whole period, by the words around it, and how a figure collects it."""
        left = self._text[max(begin, match.start() - _LONGER_LEFT) : match.start()]
        as_of = CUES.as_of.search(left) is not None
        since = self._counts_from(match, left)
        if since and self._issued and period.first <= self._issued:
            this_year = period.span == "year" and period.first.year == self._issued.year
            return days(period.first, self._issued), "year_to_date" if this_year else "since_event"
        if first and first.first <= period.last:
            return days(first.first, period.last), "since_event" if as_of else None
        if CUES.unknown_begin.search(left):
            return day(period.last), "since_event"
        collection = "stock" if as_of else _collected(match)
        if collection == "stock" and period.span not in ("day", "days"):
            period = day(period.last)
        return period, collection

    def _counts_from(self, match: re.Match[str], left: str) -> bool:
        """Whether a time is that from which on something is counted."""
        that = CUES.since_event.match(self._text, match.end()) if CUES.interval_begin.search(left) else None
        return that is not None or CUES.since.match(self._text, match.end()) is not None

    def _compared(self, match: re.Match[str], period: Period, left: str) -> bool:
        """Whether a time is the other side of a comparison."""
        if self._counts_from(match, left):
            return False
        began = period.span == "days" and left[-1:] in "从自由"
        compared = (CUES.compared_time.search(left) and not began) or CUES.comparison_behind.match(
            self._text, match.end()
        )
        return bool(compared or match["same"])

    def _reported(self, match: re.Match[str], left: str, stop: int) -> bool:
        """Whether a day is that of an announcement."""
        if not (match["day"] or match["lone"] or match["word"] or match["iso"]):
            return False
        behind = CUES.reported.match(self._text, match.end(), min(stop, match.end() + _ANNOUNCED))
        bracketed = left[-1:] in ("(", "（") and not match["day2"]  # not 第6周（2月4日至10日）
        return bracketed or behind is not None

    def _is_future(self, period: Period) -> bool:
        return self._issued is not None and period.first > self._issued

    def _interval_begin(
        self, found: list[StatedTime], started: Period | None, begin: int, left: str
    ) -> Period | None:
        """The time with which an interval begins that ends with the one at `begin`."""
        if not found or _FIGURE.search(self._text, found[-1].stop, begin):
            return None
        if found[-1].period.code and CUES.interval_joint.fullmatch(self._text, found[-1].stop, begin):
            return found[-1].period
        return started if CUES.interval_end.search(left) else None

    def _meaning(self, match: re.Match[str], ahead: bool = False) -> Period | None:
        if match["lately"] and self.reviewed and "年" in match[0]:  # 五年来 in a report on a year
            back = resolve(match[0], self.reviewed.last)
            return back and years(back.first.year, back.last.year)
        return meaning(match, self._issued, self._anchor, ahead, self._holidays)


def _collected(match: re.Match[str]) -> str | None:
    """How a figure with this time collects time, by the time itself; else None."""
    if match["since"]:
        return "year_to_date"
    if match["hfirst"]:
        return "event"
    if match["lately"]:
        return "since_event"
    ends = any(match[end] for end in ("mend", "qend", "yend", "census"))
    return "stock" if ends or match["word"] in _SO_FAR_WORDS else None
