"""Ratios: A is N times B, or has grown N times."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, ratio
from pipeline.relations.figures import ONE, ZERO, Figure, Page, adds
from pipeline.relations.growth import from_to

_IS_OF = cues.cue(r"^(?:是|为|相当于|约合)", "是去年", "去年是")
"""Before the figure that another is N times of."""
_MORE = cues.cue(r"^(?:高|多|增加|增长|提高)(?:出|了)?$", "高出", "提高到")
_RATE = cues.cue(r"倍[数率](?:为|达)?$", "认购倍数", "倍增")
_IS = cues.cue(r"是|为|达|相当于|约合", "是去年", "比去年")


def ratios(page: Page) -> Iterator[Finding]:
    """Every 倍 whose two figures stand before it in the sentence."""
    yield from _converted(page)
    for times in page.figures:
        if times.mention.unit == "倍" and times.value > 0:
            found = _times(page, times)
            if found:
                yield found


_ALSO = cues.cue(r"^(?:(?:约|近|将近|即|也即|也就是|合|折合|相当于)[^，。；\d]{0,8})?$", "将近", "其中耕地")
"""Between the bracket and the same amount in another unit."""
_SAME = cues.cue(r"^(?:合|折合|即)$", "合", "约")
"""Words that say that it is the same amount, exactly."""
_NEAR = 5
_UNITS = {("har", "{mu}"): Decimal(15), ("{mu}", "har"): Decimal(15)}
"""How many of the smaller unit the larger one is."""


def _converted(page: Page) -> Iterator[Finding]:
    """120公顷（1800亩）: one amount in two units."""
    for figure, other in pairwise(page.figures):
        if other.bracket in (-1, figure.bracket) or figure.value <= 0 or other.value <= 0:
            continue
        units = figure.family.removeprefix("measure "), other.family.removeprefix("measure ")
        begin, stop, _ = page.brackets[other.bracket]
        if units not in _UNITS or begin != figure.stop or stop - 1 != other.stop:
            continue
        if not _ALSO.search(page.text[begin + 1 : other.begin]):
            continue
        upper, lower = (other, figure) if units[0] == "har" else (figure, other)
        computed, times = ratio(upper.value, lower.value), _UNITS[units]
        off = abs(upper.value - lower.value * times)
        verdict: str | None = "rounding" if off else "holds"
        if off > upper.slack + lower.slack * times:
            told = _SAME.search(page.text[begin + 1 : other.begin]) and off * _NEAR <= upper.value
            verdict = accusation(other, (upper, lower), off / times) if told else None
        if verdict is None:
            continue
        yield Finding(
            "ratio", (upper.value, lower.value), (upper, lower), other, computed, verdict, "one amount",
            verdict == "fails", times,
        )  # fmt: skip


def _times(page: Page, times: Figure) -> Finding | None:
    """今年8400件，是去年3500件的2.4倍; grown 10.8 times is a ratio of 11.8."""
    near = [f for f in page.near(times, 6) if adds(f.family) and not page.changes(f)]
    pair = next(((a, b) for a, b in pairwise(near) if a.family == b.family and b.value and a.value), None)
    if pair is None:
        return None
    grown = page.changes(times) or _MORE.search(page.label(times)) is not None
    label = page.label(times)
    if (
        not grown
        and not _IS.search(label)
        and not _IS.search(page.label(pair[0]))
        and not _RATE.search(label)
    ):
        return None
    beside = pair[0].at == times.at - 1 and pair[1].at == times.at - 2
    told = beside and bool(cues.THAN.search(page.label(pair[0])) or _IS_OF.search(page.label(pair[0])))
    told = told or (beside and grown and from_to(page, pair[1], pair[0]))
    stated = times.value + ONE if grown else times.value
    for now, before in (pair, pair[::-1]):
        computed = ratio(now.value, before.value)
        few = times.value < 10 * times.place
        if computed == stated if few else abs(computed - stated) <= times.slack:
            if few and not told:
                continue
            values, rule = (now.value, before.value), "grown by times" if grown else "times"
            return Finding("ratio", values, (now, before), times, computed, "holds", rule, False, stated)
    return _accused(times, pair[1], pair[0]) if told and not grown else None


def _accused(times: Figure, now: Figure, before: Figure) -> Finding | None:
    """是去年3500件的3.4倍: fails where it is not the ratio, nor one more or one less."""
    computed = ratio(now.value, before.value)
    stated = times.value
    if any(abs(computed - (stated + more)) <= times.slack for more in (-ONE, ZERO, ONE)):
        return None
    if stated > 2 * computed or computed > 2 * stated or stated < 10 * times.place:
        return None
    verdict = accusation(times, (now, before), abs(stated - computed))
    if verdict is None:
        return None
    values = (now.value, before.value)
    return Finding(
        "ratio", values, (now, before), times, computed, verdict, "times", verdict == "fails", stated
    )
