"""One amount in two units: 120公顷（1800亩）."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.relations.arithmetic import Finding, accusation, ratio
from pipeline.relations.cues import CUES
from pipeline.relations.figures import Page

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
        if not CUES.other_unit.search(page.text[begin + 1 : other.begin]):
            continue
        upper, lower = (other, figure) if units[0] == "har" else (figure, other)
        computed, times = ratio(upper.value, lower.value), _UNITS[units]
        off = abs(upper.value - lower.value * times)
        verdict: str | None = "rounding" if off else "holds"
        if off > upper.slack + lower.slack * times:
            sure = CUES.same_amount.search(page.text[begin + 1 : other.begin]) and off * _NEAR <= upper.value
            verdict = accusation(other, (upper, lower), off / times) if sure else None
        if verdict is None:
            continue
        yield Finding(
            "ratio", (upper.value, lower.value), (upper, lower), other, computed, verdict, "one amount",
            verdict == "fails", times,
        )  # fmt: skip
