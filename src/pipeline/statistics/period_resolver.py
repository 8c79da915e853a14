"""The period that governs a figure, read off its own sentence, those before it, and the issue date."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import NamedTuple

from pipeline.statistics.period_words import (
    ADJOINS,
    AHEAD,
    AS_OF_DAY,
    BEGAN,
    CAUSE,
    COMPARED,
    DONE,
    FIRST,
    FROM,
    GOAL,
    LISTED,
    OTHER,
    PRELIMINARY,
    REPORTED,
    REVIEW,
    ROUGH,
    SINCE,
    SO_FAR,
    TO,
)
from pipeline.statistics.periods import Holidays, meaning
from pipeline.statistics.resolved import ResolvedPeriod
from pipeline.statistics.sections import Sections
from pipeline.statistics.spans import Period, day, days, shifted_year
from pipeline.statistics.timewords import EXPRESSION
from pipeline.texts.layout import Flow

_LEFT, _REACH = 8, 8
"""Characters before and behind a time that say what it is of."""
_NEAREST = 8
"""Expressions before a figure, in its sentence, of which one may govern it."""
_WINDOW = 400
"""Characters before a figure, in its sentence, in which a word may say that it counts up to now."""
_FIGURE = re.compile(r"\d")
"""Between two times: they are no ends of one interval (从2012年的1万元增长到2023年的)."""

_UNKNOWN = Period("", date.min, date.min)

_SO_FAR_WORDS = ("截至目前", "截止目前", "迄今", "目前", "当前")


class Expression(NamedTuple):
    """A time that a sentence says."""

    begin: int
    stop: int
    period: Period
    """With no code where it cannot be told."""
    other: bool
    """The other side of a comparison: governs only the number right after it."""
    report: bool
    """The day of an announcement: governs where nothing else does."""
    listed: bool
    """It governs and cannot be told: 两年来, or the last of several in a row (一、二、三季度)."""
    collection: str | None = None
    """As in `ResolvedPeriod`."""


class _Governing(NamedTuple):
    period: Period | None
    origin: str
    collection: str | None = None


class PeriodResolver:
    """When the figures of one document hold.

    issued: the document's date. title: its title, whose period governs where the text
    names none. telling: the sentences that state figures; only from these is a period
    carried on to the next sentence.
    """

    def __init__(
        self,
        flow: Flow,
        issued: date | None,
        *,
        title: str | None = None,
        telling: Collection[int] = (),
        holidays: Holidays | None = None,
    ) -> None:
        self._flow, self._issued, self._telling, self._holidays = flow, issued, telling, holidays or {}
        self._starts = [block.begin for block in flow.blocks]
        self._read: dict[int, list[Expression]] = {}
        self._carried: dict[int, _Governing | None] = {}
        self._titled = self._spoken(title) if title else None
        self._reviewed = self._titled if title and REVIEW.search(title) else None
        self._sections = Sections(flow, self._spoken, self._reviewed)
        self._plans = self._reviewed and shifted_year(self._reviewed, 1)
        """What a report that looks back says of what is to come: the year that it is given in."""
        self._anchor = self._titled

    def at(self, sentence: int, begin: int, clause: str, *, planned: bool = False) -> ResolvedPeriod:
        """When the figure at `begin` holds.

        clause: what its clause says, for the words that make it a plan or an estimate. planned: it is
        known for a plan.
        """
        self._read_to(sentence)
        before = self._read[sentence]
        before = before[: bisect_right(before, begin, key=lambda e: e.stop)][-_NEAREST:]
        opening = max(self._flow.sentences[sentence][0], begin - _WINDOW)
        period, origin, collection = self._event(self._governing(sentence, before, begin), opening, begin)
        goal = GOAL.search(self._flow.text, opening, begin)
        section = self._sections.at(begin)
        own = origin in ("said", "unknown") or collection == "event"
        ahead = goal is not None or AHEAD.search(clause) is not None
        ahead = ahead or (planned and not DONE.search(clause))
        ahead = ahead or (section.plans and not (own and self._past(period)))
        years = section.period is not None and section.period.span == "years"
        if section.period and (origin in ("title", "issued") or (years and origin == "unknown")):
            period, origin = section.period, "title"
        elif ahead and origin == "title" and self._plans:
            period = self._plans
        if period and not ahead and SO_FAR.search(self._flow.text, opening, begin):
            until = self._until_now(period, before)
            if until is not period and until.first.month == until.first.day == 1:
                collection = collection or "year_to_date"
            period = until
        if ahead or (period and self._issued and period.first > self._issued):
            return ResolvedPeriod(period, "F", collection, origin)
        rough = ROUGH.search(clause) or PRELIMINARY.search(self._flow.text, opening, begin)
        return ResolvedPeriod(period, "E" if rough else "A", collection, origin)

    @cached_property
    def only(self) -> Period | None:
        """The one past period, longer than a day, of which the document's figures are said to be; or None."""
        said: set[Period] = set()
        for sentence in sorted(self._telling):
            self._read_to(sentence)
            plain = (e for e in self._read[sentence] if not (e.other or e.report or e.listed))
            said |= {e.period for e in plain if e.period.span not in ("day", "days")}
        return said.pop() if len(said) == 1 and all(map(self._past, said)) else None

    def days_in(self, sentence: int) -> list[Expression]:
        """The days that a sentence says, but for those up to which something is counted."""
        self._read_to(sentence)
        text = self._flow.text
        said = (
            e
            for e in self._read[sentence]
            if e.period.code and e.collection != "stock" and text[e.begin - 1 : e.begin] not in ("（", "(")
        )
        return [e for e in said if e.period.span == "day"]

    def _past(self, period: Period | None) -> bool:
        return period is None or self._issued is None or period.last < self._issued

    def _governing(self, sentence: int, before: list[Expression], begin: int) -> _Governing:
        strong = [e for e in before if not e.other and not e.report]
        if (
            before
            and ADJOINS.match(self._flow.text[before[-1].stop : begin][:_REACH])
            and not before[-1].report
        ):
            strong = before[-1:]
        if strong:
            last = strong[-1]
            return (
                _Governing(None, "unknown")
                if last.listed
                else _Governing(last.period, "said", last.collection)
            )
        if self._together(sentence) and (carried := self._carried.get(sentence - 1)):
            return carried
        if self._titled:
            return _Governing(self._titled, "title")
        if weak := [e.period for e in before if e.report]:
            return _Governing(weak[-1], "issued")
        return _Governing(day(self._issued), "issued") if self._issued else _Governing(None, "unknown")

    def _event(self, governing: _Governing, opening: int, begin: int) -> _Governing:
        """What a figure that counts from an event on, or within one, holds for: never a plain day or year."""
        text = self._flow.text
        if FIRST.search(text, opening, begin):
            first = governing.collection == "event" and governing.period
            return _Governing(first or None, governing.origin if first else "unknown", "event")
        if not governing.collection and BEGAN.search(text, opening, begin):
            period, origin, _ = governing
            return _Governing(period and day(period.last), origin, "since_event")
        return governing

    def _until_now(self, period: Period, before: list[Expression]) -> Period:
        """A period that is not over ends on the day up to which it is counted: 截至11月14日，今年…."""
        if not self._issued or not period.first <= self._issued < period.last:
            return period
        stated = [e.period for e in before if e.period.span == "day"]
        until = stated[-1].last if stated and stated[-1].last >= period.first else self._issued
        return days(period.first, until)

    def _together(self, sentence: int) -> bool:
        """Whether a sentence and the one before it stand in the same block."""
        if not sentence:
            return False
        (first, _), (second, _) = self._flow.sentences[sentence - 1 : sentence + 1]
        return bisect_right(self._starts, first) == bisect_right(self._starts, second)

    def _read_to(self, sentence: int) -> None:
        """Read the sentences of the block up to this one, once: what 当日 means hangs on what came before."""
        first = sentence
        while first not in self._read and self._together(first):
            first -= 1
        for index in range(first, sentence + 1):
            if index in self._read:
                continue
            together = self._together(index)
            if not together:
                self._anchor = self._titled
            said = self._expressions(*self._flow.sentences[index])
            strong = [e for e in said if not (e.other or e.report or e.listed)]
            self._read[index] = said
            self._carried[index] = self._carried.get(index - 1) if together else None
            if strong and index in self._telling and not self._to_come(strong[-1].period):
                last = strong[-1]
                up_to = any(e.collection == "stock" and e.period.span == "day" for e in strong)
                period = self._until_now(last.period, said) if up_to else last.period
                self._carried[index] = _Governing(period, "carried", last.collection)

    def _to_come(self, period: Period) -> bool:
        return self._issued is not None and period.last > self._issued and period.span == "day"

    def _expressions(self, begin: int, stop: int) -> list[Expression]:
        text, found = self._flow.text, []
        ahead = AHEAD.search(text, begin, stop) is not None
        started: Period | None = None
        causes = [cause.span() for cause in CAUSE.finditer(text, begin, stop)]
        for match in EXPRESSION.finditer(text, begin, stop):
            lost = match["holiday"] and not self._meaning(match, ahead)
            if match["era"] or lost:
                of = self._reviewed if match[0] == "一年来" else None  # in a report on a year
                found.append(Expression(*match.span(), of or _UNKNOWN, False, False, of is None))
            if not match[0] or not (period := self._meaning(match, ahead)):
                continue
            left, right = (
                text[max(begin, match.start() - _LEFT) : match.start()],
                text[match.end() : match.end() + _REACH],
            )
            collection = self._collected(match, left)
            if (since := SINCE.match(right)) and self._issued and period.first <= self._issued:
                this_year = period.span == "year" and period.first.year == self._issued.year
                collection = "year_to_date" if this_year else "since_event"
                period = days(period.first, self._issued)
            elif collection == "stock" and period.span != "days":
                period = day(period.last) if period.span != "day" else period
            compared = OTHER.search(left) and not (period.span == "days" and left[-1:] in "从自由")
            why = any(first < match.start() < last for first, last in causes)
            other = not since and bool(compared or COMPARED.match(right) or match["same"] or why)
            report = bool(match["day"] or match["word"] or match["iso"]) and (
                left[-1:] in ("(", "（")
                or bool(REPORTED.match(text, match.end(), min(stop, match.end() + 24)))
            )
            if not other and not report and not (self._issued and period.first > self._issued):
                self._anchor = period
            near = bool(found) and not _FIGURE.search(text, found[-1].stop, match.start())
            if near and TO.search(left) and started and started.first <= period.last:
                period = days(started.first, period.last)
                collection = "since_event" if AS_OF_DAY.search(left) else None
            started = period if FROM.search(left) else None
            in_row = found and found[-1].stop == match.start() - 1 and left[-1:] == "、"
            listed = bool(in_row or LISTED.search(left))
            found.append(Expression(match.start(), match.end(), period, other, report, listed, collection))
        return found

    def _collected(self, match: re.Match[str], left: str) -> str | None:
        """How a figure under this expression collects time, where the expression tells."""
        if match["since"]:
            return "year_to_date"
        if match["hfirst"]:
            return "event"
        if match["mend"] or match["qend"] or match["yend"] or match["word"] in _SO_FAR_WORDS:
            return "stock"
        return "stock" if AS_OF_DAY.search(left) else None

    def _meaning(self, match: re.Match[str], ahead: bool = False) -> Period | None:
        return meaning(match, self._issued, self._anchor, ahead, self._holidays)

    def _spoken(self, title: str) -> Period | None:
        """The period that a title names."""
        self._anchor = None
        for match in EXPRESSION.finditer(title):
            if not match[0] or OTHER.search(title[: match.start()]):
                continue
            if period := self._meaning(match):
                return shifted_year(period, -1) if REVIEW.search(title) else period
        return None
