"""Ratios of the three industries: in 三次产业结构比为6:42:52 each figure is the share of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

INDUSTRIES = ("第一产业", "第二产业", "第三产业")
PART = "part of a ratio"
"""The rule of `pipeline.numbers` that reads 6:42:52 as three figures."""
_COLON = re.compile(r" ?[:：∶] ?")
_NAMED = re.compile(
    r"(?:三次产业|三产|[一1]、?[二2]、?[三3]次?产业?|第一、第?二(?:、|和|及)?第?三次?产业)"
    r"[^。；\n:：]{0,8}?(?:结构|比例|比重|占比|之比|比|构成)[^。；\n:：]{0,20}$"
)
_CHANGED = re.compile(r"[^。；\n:：]{0,16}(?:为|到|至|成)(?:\d{4}年)?[末底]?的?")
"""Words between two ratios: 由7:43:50调整为6:42:52."""
_LONGEST = 60


def industry_shares(flow: Flow, figures: Sequence[Mention]) -> Mapping[int, str]:
    """The industry of each figure in such a ratio, by the figure's index."""
    found: dict[int, str] = {}
    stop = -1
    for first in _triples(flow.text, figures):
        begin = figures[first].begin
        before = flow.text[max(0, begin - _LONGEST) : begin]
        changed = stop >= 0 and _CHANGED.fullmatch(flow.text, stop, begin)
        if changed or _NAMED.search(before):
            found.update({first + n: name for n, name in enumerate(INDUSTRIES)})
            stop = figures[first + 2].stop
    return found


def _triples(text: str, figures: Sequence[Mention]) -> Iterator[int]:
    """The first of each three, and not more, figures separated by colons."""
    at = 0
    while at < len(figures):
        last = at
        while last + 1 < len(figures) and _joined(text, figures[last], figures[last + 1]):
            last += 1
        if last - at == 2:
            yield at
        at = last + 1


def _joined(text: str, one: Mention, other: Mention) -> bool:
    return one.rule == other.rule == PART and _COLON.fullmatch(text, one.stop, other.begin) is not None
