"""The day on which what tolls are of happened: 18日 of 18日下午发生火灾, whenever the toll was counted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from pipeline.statistics.period import Period, day
from pipeline.statistics.period_resolver import PeriodResolver
from pipeline.texts.layout import Flow

_HAPPENED = re.compile(
    r"(?:发生|突发|爆发)(?![一-龥]{1,4}的)|遭(?:遇|受|到)?(?!返)|引发|坠毁|坠落|袭击|登陆|坍塌|垮塌|起火|着火|爆炸|沉没|倾覆|相撞|脱轨"
    r"|受[^，。；]{0,12}影响|地震|强震|火灾|事故|洪水|洪灾"
)
_TELLS = re.compile(
    r"[^，。；]{0,3}(?:称|说|讯|消息)|[^，。；]{0,30}(?:称|说|讯|报道|消息|表示|证实|通报|宣布|发布|公布|介绍|显示)[，：]"
)
"""Right after a day: it is that of who tells."""
_REACH, _BACK = 60, 12
"""Characters between a day and what happened on it; sentences before a toll in which the event is sought."""


class Events:
    """When the events of one document happened."""

    def __init__(self, flow: Flow, when: PeriodResolver) -> None:
        self._flow, self._when = flow, when
        self._headlines = [block.begin for block in flow.blocks if block.kind == "headline"]
        self._days: dict[int, list[tuple[int, Period]]] = {}

    def day(self, sentence: int, begin: int) -> Period | None:
        """The day of the event that a figure at `begin` in its sentence is of; None where none is told.

        Sought in what the sentence says before the figure, then in those before it of the same item of news.
        """
        before = [of for at, of in self._happened(sentence) if at < begin]
        if before:
            return before[-1]
        start = self._flow.sentences[sentence][0]
        item = bisect_right(self._headlines, start) - 1
        first = bisect_left(self._flow.sentences, (self._headlines[item], 0)) if item >= 0 else 0
        for index in range(sentence - 1, max(first, sentence - _BACK) - 1, -1):
            if said := self._happened(index):
                return said[-1][1]
        return None

    def _happened(self, sentence: int) -> list[tuple[int, Period]]:
        """Where in a sentence something happened on a day, and the day."""
        if sentence not in self._days:
            span = self._flow.sentences[sentence]
            said = self._when.days_in(sentence)
            found: list[tuple[int, Period]] = []
            for match in _HAPPENED.finditer(self._flow.text, *span) if said else ():
                near = (one for one in said if one.stop <= match.start() <= one.stop + _REACH)
                before = [one for one in near if not _TELLS.match(self._flow.text, one.stop)]
                if before:
                    found.append((match.start(), day(before[-1].period.first)))
            self._days[sentence] = found
        return self._days[sentence]
