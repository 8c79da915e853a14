"""The sections of a report: the period, and whether it is a plan, of what follows a heading or an opening.

二、“十五五”时期主要目标 makes plans of what follows, for 2026 to 2030; 五年来，… at a paragraph's begin
makes it and the next paragraphs speak of five years, until another heading or opening.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import NamedTuple

from pipeline.statistics.patterns import CUES
from pipeline.statistics.periods.period import Period, years
from pipeline.texts.layout import Block, Flow

_LONGEST = 45
"""Characters of a heading, at most."""


class Section(NamedTuple):
    """What holds for the figures of a section that do not say otherwise themselves."""

    period: Period | None = None
    plans: bool = False


class Sections:
    """The sections of one document."""

    def __init__(
        self, flow: Flow, period_of: Callable[[str], Period | None], reviewed: Period | None
    ) -> None:
        """period_of: gives the period that words name. reviewed: the year that the text reviews, or None."""
        self._sections = list(_sections(flow, period_of, reviewed))

    def at(self, begin: int) -> Section:
        """The section that an offset of the flow lies in."""
        place = bisect_right(self._sections, begin, key=itemgetter(0))
        return self._sections[place - 1][1] if place else Section()


def _sections(
    flow: Flow, period_of: Callable[[str], Period | None], reviewed: Period | None
) -> Iterator[tuple[int, Section]]:
    plans = numbered = False
    for block in flow.blocks:
        text = flow.text[block.begin : min(block.stop, block.begin + _LONGEST + 1)]
        heading = _is_heading(block, text)
        if heading and (section := _heading(text, period_of)):
            plans, numbered = section.plans, CUES.heading.match(text) is not None
            yield block.begin, section
        elif heading and plans and not numbered and not CUES.subheading.match(text):
            plans = False
            yield block.begin, Section()
        elif reviewed and not plans and block.kind == "body" and (opening := CUES.opening_time.match(text)):
            yield block.begin, Section(_opening_period(opening["time"], period_of, reviewed))


def _is_heading(block: Block, text: str) -> bool:
    short = block.stop - block.begin <= _LONGEST and text[-1:] not in "。；，"
    return short and (block.kind == "headline" or CUES.heading.match(text) is not None)


def _heading(text: str, period_of: Callable[[str], Period | None]) -> Section | None:
    """The section of a heading; None where that has neither a time nor plans."""
    names = CUES.heading_of_plans if CUES.heading.match(text) else CUES.headline_of_plans
    ahead, back = (pattern.search(text) is not None for pattern in (names, CUES.heading_of_review))
    if not (ahead or back):
        return None
    several = len(re.findall(r"五”?时期|\d{4}年|以来", text)) > 1
    return Section(None if several else period_of(text), ahead and not back)


def _opening_period(words: str, period_of: Callable[[str], Period | None], reviewed: Period) -> Period | None:
    if "五年" in words:
        return years(reviewed.last.year - 4, reviewed.last.year)
    return reviewed if "一年" in words else period_of(words)
