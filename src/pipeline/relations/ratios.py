"""Ratios: A is N times B, or has grown N times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, ratio
from pipeline.relations.figures import ONE, Figure, Page, adds

_IS = cues.cue(r"是|为|达|相当于|约合", "是去年", "比去年")


def ratios(page: Page) -> Iterator[Finding]:
    """Every 倍 whose two figures stand before it in the sentence."""
    for times in page.figures:
        if times.mention.unit == "倍" and times.value > 0:
            found = _times(page, times)
            if found:
                yield found


def _times(page: Page, times: Figure) -> Finding | None:
    """今年8400件，是去年3500件的2.4倍; grown 10.8 times is a ratio of 11.8."""
    near = [f for f in page.near(times, 6) if adds(f.family) and not page.changes(f)]
    pair = next(((a, b) for a, b in pairwise(near) if a.family == b.family and b.value and a.value), None)
    if pair is None or times.value < 10 * times.place:
        return None
    grown = page.changes(times)
    if not grown and not _IS.search(page.label(times)) and not _IS.search(page.label(pair[0])):
        return None
    stated = times.value + ONE if grown else times.value
    for now, before in (pair, pair[::-1]):
        computed = ratio(now.value, before.value)
        if abs(computed - stated) <= times.slack:
            values, rule = (now.value, before.value), "grown by times" if grown else "times"
            return Finding("ratio", values, (now, before), times, computed, "holds", rule, False, stated)
    return None
