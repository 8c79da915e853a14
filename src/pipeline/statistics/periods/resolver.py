"""The period of a figure, by its sentence, those before it, title, section and issue date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

from pipeline.statistics.clauses import OF_THAT, continues_block
from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.named_days import Holidays
from pipeline.statistics.periods.period import Period, day, days, shifted_year
from pipeline.statistics.periods.sections import Sections
from pipeline.statistics.periods.sentence_times import StatedTime, TimeReader
from pipeline.texts.layout import Flow
from pipeline.texts.source import Source

_REACH = 8
"""Characters between a time and a figure that it alone governs."""
_RECENT = 400
"""Days that the one period of a text may be over before the text is of something else."""
_NEAREST = 8
"""Expressions before a figure, in its sentence, of which one may govern it."""
_WINDOW = 400
"""Characters before a figure, in its sentence, in which a word may say that it counts up to now."""
_RELATIVE_DAYS = ("今天", "今日", "昨天", "昨日")


class ResolvedPeriod(NamedTuple):
    """When a figure holds, and by what."""

    period: Period | None
    origin: str = "stated"
    """stated in the sentence, carried from the one before, title, issued (the date of issue) or unknown."""
    collection: str | None = None
    """stock, year_to_date, since_event or event, by the time expressions; None where it follows from
    the concept."""
    status: str = "A"
    """SDMX CL_OBS_STATUS: A, E estimated or F forecast."""


class PeriodResolver:
    """When the figures of one document hold.

    source: has the date of issue, and the title, whose period governs where the text names none.
    stating: the sentences that state figures; only from these is a period carried on to the next
    sentence.
    """

    def __init__(self, flow: Flow, source: Source, stating: Collection[int], holidays: Holidays) -> None:
        self._flow, self._issued, self._stating = flow, source.issued, stating
        self._times = times = TimeReader(flow.text, source.issued, holidays)
        self._read: dict[int, list[StatedTime]] = {}
        self._carried: dict[int, ResolvedPeriod | None] = {}
        self._titled = times.period_of(source.title) if source.title else None
        times.reviewed = reviewed = self._titled if CUES.review.search(source.title or "") else None
        self._sections = Sections(flow, times.period_of, reviewed)
        self._plans = reviewed and shifted_year(reviewed, 1)
        """The year of plans in a report that looks back: the year in which it is given."""
        times.begin_block(self._titled)

    def resolve(self, sentence: int, begin: int, clause: str, *, planned: bool = False) -> ResolvedPeriod:
        """When the figure at `begin` holds.

        clause: its clause, for the words that make it a plan or an estimate. planned: whether it is
        known to be a plan.
        """
        self._read_to(sentence)
        before = self._read[sentence]
        before = before[: bisect_right(before, begin, key=lambda e: e.stop)][-_NEAREST:]
        opening = max(self._flow.sentences[sentence][0], begin - _WINDOW)
        governing = self._event(self._governing(sentence, before, begin), opening, begin)
        period, origin, collection, _ = governing
        goal = CUES.goal.search(self._flow.text, opening, begin)
        section = self._sections.at(begin)
        explicit = origin in ("stated", "unknown") or collection == "event"
        ahead = goal is not None or CUES.plan.search(clause) is not None
        ahead = ahead or (planned and not CUES.done.search(clause))
        ahead = ahead or (section.plans and not (explicit and self._is_past(period)))
        years = section.period is not None and section.period.span == "years"
        unclear = origin == "unknown" or (
            origin == "carried" and CUES.summed.search(self._flow.text, opening, begin) is not None
        )
        if section.period and (origin in ("title", "issued") or (years and unclear)):
            period, origin = section.period, "title"
        elif ahead and origin == "title" and self._plans:
            period = self._plans
        if period and not ahead and CUES.so_far.search(self._flow.text, opening, begin):
            until = self._until_now(period, before)
            if until is not period and until.first.month == until.first.day == 1:
                this_year = until.first.year == until.last.year
                collection = collection or ("year_to_date" if this_year else "since_event")
            period = until
        if ahead or (period and self._issued and period.first > self._issued):
            return ResolvedPeriod(period, origin, collection, "F")
        rough = CUES.estimate.search(clause) or CUES.preliminary.search(self._flow.text, opening, begin)
        return ResolvedPeriod(period, origin, collection, "E" if rough else "A")

    @cached_property
    def only(self) -> Period | None:
        """The one past period, longer than a day, that the sentences with figures state; or None."""
        stated: set[Period] = set()
        for sentence in sorted(self._stating):
            self._read_to(sentence)
            governing = (e for e in self._read[sentence] if not (e.other or e.report or e.listed))
            stated |= {e.period for e in governing if e.period.span not in ("day", "days")}
        only = stated.pop() if len(stated) == 1 else None
        recent = only and self._issued and (self._issued - only.last).days <= _RECENT
        return only if only and self._is_past(only) and (recent or not self._issued) else None

    def days_in(self, sentence: int) -> list[StatedTime]:
        """The days that a sentence states, but for those up to which something is counted."""
        self._read_to(sentence)
        text = self._flow.text
        return [
            time
            for time in self._read[sentence]
            if time.period.span == "day" and time.period.code and not time.report
            if time.collection != "stock" and text[time.begin - 1 : time.begin] not in ("（", "(")
        ]

    def _is_past(self, period: Period | None) -> bool:
        return period is None or self._issued is None or period.last < self._issued

    def _governing(self, sentence: int, before: list[StatedTime], begin: int) -> ResolvedPeriod:
        strong = [e for e in before if not e.other and not e.report]
        if before and self._adjoins(before[-1], begin):
            strong = before[-1:]
        if strong:
            last = strong[-1]
            if last.listed:
                return ResolvedPeriod(None, "unknown")
            return ResolvedPeriod(last.period, "stated", last.collection)
        if self._continues(sentence) and (carried := self._carried.get(sentence - 1)):
            return carried
        if self._titled:
            return ResolvedPeriod(self._titled, "title")
        if weak := [e.period for e in before if e.report]:
            return ResolvedPeriod(weak[-1], "issued")
        issued = day(self._issued) if self._issued else None
        return ResolvedPeriod(issued, "issued" if issued else "unknown")

    def _adjoins(self, last: StatedTime, begin: int) -> bool:
        """Whether a time governs a figure because it stands right before it."""
        text = self._flow.text
        ratio = last.other and CUES.ratio_to.search(text, max(0, last.begin - _REACH), last.begin)
        return (
            not (last.report or ratio) and CUES.adjoining.match(text[last.stop : begin][:_REACH]) is not None
        )

    def _event(self, governing: ResolvedPeriod, opening: int, begin: int) -> ResolvedPeriod:
        """What a figure that counts from an event on, or within one, holds for: never a plain day or year."""
        text = self._flow.text
        if CUES.first_day.search(text, opening, begin):
            first = governing.collection == "event" and governing.period
            return ResolvedPeriod(first or None, governing.origin if first else "unknown", "event")
        if not governing.collection and CUES.counts_from_event.search(text, opening, begin):
            last = governing.period and day(governing.period.last)
            return ResolvedPeriod(last, governing.origin, "since_event")
        return governing

    def _until_now(self, period: Period, before: list[StatedTime]) -> Period:
        """A period that is not over ends on the day up to which it is counted: 截至11月14日，今年…."""
        if not self._issued or not period.first <= self._issued < period.last:
            return period
        stated = [e.period for e in before if e.period.span == "day"]
        until = stated[-1].last if stated and stated[-1].last >= period.first else self._issued
        return days(period.first, until)

    def _continues(self, sentence: int) -> bool:
        """Whether a sentence goes on with the one before it: in the same block, or with 其中."""
        of_that = sentence > 0 and self._flow.text.startswith(OF_THAT, self._flow.sentences[sentence][0])
        return of_that or continues_block(self._flow, sentence)

    def _read_to(self, sentence: int) -> None:
        """Read the sentences of the block up to this one, once: what 当日 means depends on those before."""
        first = sentence
        while first not in self._read and self._continues(first):
            first -= 1
        for index in range(first, sentence + 1):
            if index in self._read:
                continue
            continues = self._continues(index)
            if not continues:
                self._times.begin_block(self._titled)
            times = self._times.read(*self._flow.sentences[index])
            strong = [e for e in times if not (e.other or e.report or e.listed)]
            self._read[index] = times
            self._carried[index] = self._carried.get(index - 1) if continues else None
            carried = index in self._stating or (strong and self._lasts(strong[-1], index))
            if strong and carried and not self._to_come(strong[-1].period):
                last = strong[-1]
                up_to = any(e.collection == "stock" and e.period.span == "day" for e in strong)
                period = self._until_now(last.period, times) if up_to else last.period
                self._carried[index] = ResolvedPeriod(period, "carried", last.collection)

    def _lasts(self, time: StatedTime, sentence: int) -> bool:
        """Whether the time of a sentence without figures governs those after it: a month or more, or 今天."""
        text, opening = self._flow.text, self._flow.sentences[sentence][0]
        today = time.begin == opening and text[time.begin : time.stop] in _RELATIVE_DAYS
        return today or time.period.span not in ("day", "days")

    def _to_come(self, period: Period) -> bool:
        return self._issued is not None and period.last > self._issued and period.span == "day"
