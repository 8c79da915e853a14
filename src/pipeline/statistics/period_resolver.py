"""The period that governs a figure, read off its own sentence, those before it, and the issue date."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from pipeline.statistics.periods import Holidays, meaning
from pipeline.statistics.spans import Period, day, days, months
from pipeline.statistics.timewords import EXPRESSION
from pipeline.texts.layout import Flow

_AHEAD = re.compile(
    r"计划|规划(?:建设|新增|投资)|拟(?!定|议)|预计|预期|力争|争取|目标|有望|确保|将(?=[于达超新建增改开完实投有在会突继近]|全面|陆续|累计)"
    r"|年底前|年内|即将|近期(?:全部|将|陆续)?开工|待(?:建|开工)"
)
"""What speaks of the future: obs_status F."""

_ROUGH = re.compile(r"初步(?:统计|核算|测算|估|数据|预)|估算|估计|测算|预估|约计|粗略")
"""What speaks of an estimate: obs_status E."""

_PRELIMINARY = re.compile(r"初步(?:统计|核算|测算|估算|预计)")
"""What makes an estimate of all that follows in its sentence."""

_GOAL = re.compile(r"预期目标|目标是|目标为|目标任务是")
"""What makes a plan of all that follows in its sentence."""

_OTHER = re.compile(
    r"(?:比|较|与|和|同|相对|从|由|自|超|超过|不及|高于|低于|多于|少于|相当于)(?:了|前|此前)?$"
)
"""Before an expression: it names what is compared with, or where a change began."""

_COMPARED = re.compile(r"(?:的)?(?:同期|水平|相比|增长|增加|下降|减少|提高|的\d)")
"""After an expression: the same."""

_REVIEW = re.compile(r"政府工作报告|计划执行情况|预算执行情况")
"""Titles with the year in which they were given; they tell of the year before."""

_SO_FAR = re.compile(
    r"累计|截至|截止|目前|以来|迄今|已经?(?=[达超突完有实建开新改接发])|达|超|突破|实现|完成"
)
"""What counts up to now within a period that is not over."""

_FROM, _TO = re.compile(r"[自从]$"), re.compile(r"(?:[至到]|截至)$")

_LISTED = re.compile(r"[\d一二三四]、$")

_SINCE = re.compile(r"(?:以来|至今|起至今|迄今)")
_REPORTED = re.compile(
    r"[)）]?[^，。；]{0,12}?(?:发布|公布|通报|消息|报道|举行|召开|获悉|介绍|表示|印发|报告称|数据显示|透露|宣布|讯|启动|开启|结束|召开)"
)
"""After a day: it is the day of the announcement, not of the figure."""

_ADJOINS = re.compile(r"[的末底初份，,约近达超为]{0,2}$")
_REACH = 8
_NEAREST = 8
"""Expressions before a figure, in its sentence, of which one may govern it."""
_WINDOW = 400
"""Characters before a figure, in its sentence, in which a word may say that it counts up to now."""


_UNKNOWN = Period("", date.min, date.min)

_AS_OF_DAY = re.compile(r"截[至止][到至]?\Z")
"""Before an expression: the figure is that of its last day."""

_SO_FAR_WORDS = ("截至目前", "截止目前", "迄今", "目前", "当前")

_BEGAN = re.compile(
    r"(?<!年)(?<![\d年月日季]初)(?<!今年)(?:[\u4e00-\u9fff”)）]{2})以来|(?:开始|启动|实施|成立|开通|投运|上线)(?:至今|至目前)"
    r"|(?<![一大超])过半"
)
"""What counts from an event on, of no date that is said: 启动以来, 春运过半."""

_FIRST = re.compile(
    r"(?:首[日周月]|第一天|首个交易日)(?!用|报|制)|(?:贺岁|春节|国庆|五一|暑期|清明|元旦|中秋|端午)档"
)
"""Days of an event that are not told."""


class ResolvedPeriod(NamedTuple):
    """When a figure holds, and how that is known."""

    period: Period | None
    status: str
    """SDMX CL_OBS_STATUS: A, E estimated or F to come."""
    collection: str | None = None
    """stock, year_to_date, since_event or event, where the words of time say so; None where the figure's
    own nature decides between a stock and a flow."""
    origin: str = "said"
    """said in the sentence, carried from the one before, title, issued (the date of issue) or unknown."""


class _Expression(NamedTuple):
    begin: int
    stop: int
    period: Period
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
        self._read: dict[int, list[_Expression]] = {}
        self._carried: dict[int, _Governing | None] = {}
        self._titled = self._spoken(title) if title else None
        self._anchor = self._titled

    def at(self, sentence: int, begin: int, clause: str) -> ResolvedPeriod:
        """When the figure at `begin` holds.

        clause: what its clause says, for the words that make it a plan or an estimate.
        """
        self._read_to(sentence)
        before = self._read[sentence]
        before = before[: bisect_right(before, begin, key=lambda e: e.stop)][-_NEAREST:]
        opening = max(self._flow.sentences[sentence][0], begin - _WINDOW)
        period, origin, collection = self._event(self._governing(sentence, before, begin), opening, begin)
        goal = _GOAL.search(self._flow.text, opening, begin)
        ahead = goal is not None or _AHEAD.search(clause) is not None
        if period and not ahead and _SO_FAR.search(self._flow.text, opening, begin):
            until = self._until_now(period, before)
            if until is not period and until.first.month == until.first.day == 1:
                collection = collection or "year_to_date"
            period = until
        if ahead or (period and self._issued and period.first > self._issued):
            return ResolvedPeriod(period, "F", collection, origin)
        rough = _ROUGH.search(clause) or _PRELIMINARY.search(self._flow.text, opening, begin)
        return ResolvedPeriod(period, "E" if rough else "A", collection, origin)

    def _governing(self, sentence: int, before: list[_Expression], begin: int) -> _Governing:
        strong = [e for e in before if not e.other and not e.report]
        if (
            before
            and _ADJOINS.match(self._flow.text[before[-1].stop : begin][:_REACH])
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
        if _FIRST.search(text, opening, begin):
            first = governing.collection == "event" and governing.period
            return _Governing(first or None, governing.origin if first else "unknown", "event")
        if not governing.collection and _BEGAN.search(text, opening, begin):
            period, origin, _ = governing
            return _Governing(period and day(period.last), origin, "since_event")
        return governing

    def _until_now(self, period: Period, before: list[_Expression]) -> Period:
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
                self._carried[index] = _Governing(strong[-1].period, "carried", strong[-1].collection)

    def _to_come(self, period: Period) -> bool:
        return self._issued is not None and period.last > self._issued and period.span == "day"

    def _expressions(self, begin: int, stop: int) -> list[_Expression]:
        text, found = self._flow.text, []
        ahead = _AHEAD.search(text, begin, stop) is not None
        started: Period | None = None
        for match in EXPRESSION.finditer(text, begin, stop):
            lost = match["holiday"] and not self._meaning(match, ahead)
            if match["era"] or lost:
                found.append(_Expression(match.start(), match.end(), _UNKNOWN, False, False, True))
            if not match[0] or not (period := self._meaning(match, ahead)):
                continue
            left, right = (
                text[max(begin, match.start() - 4) : match.start()],
                text[match.end() : match.end() + _REACH],
            )
            collection = self._collected(match, left)
            if (since := _SINCE.match(right)) and self._issued and period.first <= self._issued:
                this_year = period.span == "year" and period.first.year == self._issued.year
                collection = "year_to_date" if this_year else "since_event"
                period = days(period.first, self._issued)
            elif collection == "stock" and period.span != "days":
                period = day(period.last) if period.span != "day" else period
            compared = _OTHER.search(left) and not (period.span == "days" and left[-1:] in "从自由")
            other = not since and bool(compared or _COMPARED.match(right) or match["same"])
            report = bool(match["day"] or match["word"] or match["iso"]) and (
                left[-1:] in ("(", "（")
                or bool(_REPORTED.match(text, match.end(), min(stop, match.end() + 24)))
            )
            if not other and not report and not (self._issued and period.first > self._issued):
                self._anchor = period
            if _TO.search(left) and started and started.first <= period.last:
                period = days(started.first, period.last)
                collection = "since_event" if _AS_OF_DAY.search(left) else None
            started = period if _FROM.search(left) else None
            in_row = found and found[-1].stop == match.start() - 1 and left[-1:] == "、"
            listed = bool(in_row or _LISTED.search(left))
            found.append(_Expression(match.start(), match.end(), period, other, report, listed, collection))
        return found

    def _collected(self, match: re.Match[str], left: str) -> str | None:
        """How a figure under this expression collects time, where the expression tells."""
        if match["since"]:
            return "year_to_date"
        if match["hfirst"]:
            return "event"
        if match["mend"] or match["qend"] or match["yend"] or match["word"] in _SO_FAR_WORDS:
            return "stock"
        return "stock" if _AS_OF_DAY.search(left) else None

    def _meaning(self, match: re.Match[str], ahead: bool = False) -> Period | None:
        return meaning(match, self._issued, self._anchor, ahead, self._holidays)

    def _spoken(self, title: str) -> Period | None:
        """The period that a title names."""
        self._anchor = None
        for match in EXPRESSION.finditer(title):
            if not match[0] or _OTHER.search(title[: match.start()]):
                continue
            if period := self._meaning(match):
                return _year_before(period) if _REVIEW.search(title) else period
        return None


def _year_before(period: Period) -> Period:
    """The year that a report given in this one looks back on."""
    year = period.first.year - 1
    return months(year, 1, year, 12)
