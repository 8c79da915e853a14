"""One amount in two units: 120公顷（1800亩）."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, ratio
from pipeline.relations.figures import Page

_ALSO = cues.cue(r"^(?:(?:约|近|将近|即|也即|也就是|合|折合|相当于)[^，。；\d]{0,8})?$", "将近", "其中耕地")
"""Between the bracket and the same amount in another unit."""
_SAME = cues.cue(r"^(?:合|折合|即)$", "合", "约")
"""Words that say that it is the same amount, exactly."""
_NEAR = 5
_UNITS = {("har", "{mu}"): Decimal(15), ("{mu}", "har"): Decimal(15)}
"""How many of the smaller unit the larger one is."""


def converted(page: Page) -> Iterator[Finding]:
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
            sure = _SAME.search(page.text[begin + 1 : other.begin]) and off * _NEAR <= upper.value
            verdict = accusation(other, (upper, lower), off / times) if sure else None
        if verdict is None:
            continue
        yield Finding(
            "ratio", (upper.value, lower.value), (upper, lower), other, computed, verdict, "one amount",
            verdict == "fails", times,
        )  # fmt: skip
