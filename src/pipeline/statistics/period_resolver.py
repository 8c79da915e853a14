"""The period that governs a figure, read off its own sentence, those before it, and the issue date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import NamedTuple

from pipeline.statistics.expressions import Expression, Expressions
from pipeline.statistics.period_words import (
    ADJOINS,
    AHEAD,
    BEGAN,
    DONE,
    FIRST,
    GOAL,
    PRELIMINARY,
    RATIO,
    REVIEW,
    ROUGH,
    SO_FAR,
    SUMMED,
)
from pipeline.statistics.region_words import OF_THAT
from pipeline.statistics.resolved import ResolvedPeriod
from pipeline.statistics.sections import Sections
from pipeline.statistics.spans import Period, day, days, shifted_year
from pipeline.statistics.time_expression import Holidays
from pipeline.texts.layout import Flow

_REACH = 8
"""Characters between a time and a figure that it alone governs."""
_RECENT = 400
"""Days that the one period of a text may be over before the text is of something else."""
_NEAREST = 8
"""Expressions before a figure, in its sentence, of which one may govern it."""
_WINDOW = 400
"""Characters before a figure, in its sentence, in which a word may say that it counts up to now."""
_SAID_DAYS = ("今天", "今日", "昨天", "昨日")


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
        self._flow, self._issued, self._telling = flow, issued, telling
        self._times = times = Expressions(flow.text, issued, holidays)
        self._starts = [block.begin for block in flow.blocks]
        self._read: dict[int, list[Expression]] = {}
        self._carried: dict[int, _Governing | None] = {}
        self._titled = times.named(title) if title else None
        times.reviewed = reviewed = self._titled if title and REVIEW.search(title) else None
        self._sections = Sections(flow, times.named, reviewed)
        self._plans = reviewed and shifted_year(reviewed, 1)
        """What a report that looks back says of what is to come: the year that it is given in."""
        times.go_on(self._titled)

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
        untold = origin == "unknown" or (
            origin == "carried" and SUMMED.search(self._flow.text, opening, begin) is not None
        )
        if section.period and (origin in ("title", "issued") or (years and untold)):
            period, origin = section.period, "title"
        elif ahead and origin == "title" and self._plans:
            period = self._plans
        if period and not ahead and SO_FAR.search(self._flow.text, opening, begin):
            until = self._until_now(period, before)
            if until is not period and until.first.month == until.first.day == 1:
                this_year = until.first.year == until.last.year
                collection = collection or ("year_to_date" if this_year else "since_event")
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
        only = said.pop() if len(said) == 1 else None
        recent = only and self._issued and (self._issued - only.last).days <= _RECENT
        return only if only and self._past(only) and (recent or not self._issued) else None

    def days_in(self, sentence: int) -> list[Expression]:
        """The days that a sentence says, but for those up to which something is counted."""
        self._read_to(sentence)
        text = self._flow.text
        said = (e for e in self._read[sentence] if e.period.code and not e.report and e.collection != "stock")
        return [e for e in said if e.period.span == "day" and text[e.begin - 1 : e.begin] not in ("（", "(")]

    def _past(self, period: Period | None) -> bool:
        return period is None or self._issued is None or period.last < self._issued

    def _governing(self, sentence: int, before: list[Expression], begin: int) -> _Governing:
        strong = [e for e in before if not e.other and not e.report]
        if before and self._adjoins(before[-1], begin):
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

    def _adjoins(self, last: Expression, begin: int) -> bool:
        """Whether a time right before a figure governs it, whatever else is said of the time."""
        text = self._flow.text
        ratio = last.other and RATIO.search(text, max(0, last.begin - _REACH), last.begin)
        return not (last.report or ratio) and ADJOINS.match(text[last.stop : begin][:_REACH]) is not None

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
        if self._flow.text.startswith(OF_THAT, second):
            return True
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
                self._times.go_on(self._titled)
            said = self._times.said(*self._flow.sentences[index])
            strong = [e for e in said if not (e.other or e.report or e.listed)]
            self._read[index] = said
            self._carried[index] = self._carried.get(index - 1) if together else None
            tells = index in self._telling or (strong and self._lasts(strong[-1], index))
            if strong and tells and not self._to_come(strong[-1].period):
                last = strong[-1]
                up_to = any(e.collection == "stock" and e.period.span == "day" for e in strong)
                period = self._until_now(last.period, said) if up_to else last.period
                self._carried[index] = _Governing(period, "carried", last.collection)

    def _lasts(self, said: Expression, sentence: int) -> bool:
        """Whether a sentence without figures says when those behind it hold: a month or more, or 今天."""
        text, opening = self._flow.text, self._flow.sentences[sentence][0]
        today = said.begin == opening and text[said.begin : said.stop] in _SAID_DAYS
        return today or said.period.span not in ("day", "days")

    def _to_come(self, period: Period) -> bool:
        return self._issued is not None and period.last > self._issued and period.span == "day"
