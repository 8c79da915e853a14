"""One amount in two units: 120公顷（1800亩）."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.relations.arithmetic import Equation, accused, ratio
from pipeline.relations.figure_index import Index
from pipeline.relations.relation_cues import CUES

_NEAR = 5
_UNITS = {("har", "{mu}"): Decimal(15), ("{mu}", "har"): Decimal(15)}
"""How many of the smaller unit the larger one is."""


def conversions(index: Index) -> Iterator[Equation]:
    """120公顷（1800亩）: one amount in two units."""
    for figure, other in pairwise(index.figures):
        if other.bracket in (-1, figure.bracket) or figure.value <= 0 or other.value <= 0:
            continue
        units = figure.family.removeprefix("measure "), other.family.removeprefix("measure ")
        begin, stop, _ = index.brackets[other.bracket]
        if units not in _UNITS or begin != figure.stop or stop - 1 != other.stop:
            continue
        if not CUES.other_unit.search(index.text[begin + 1 : other.begin]):
            continue
        upper, lower = (other, figure) if units[0] == "har" else (figure, other)
        computed, times = ratio(upper.value, lower.value), _UNITS[units]
        values, off = (upper.value, lower.value), abs(upper.value - lower.value * times)
        found = Equation(
            "ratio", values, (upper, lower), other, computed, "rounding" if off else "holds", "one amount",
            False, times,
        )  # fmt: skip
        if off <= upper.slack + lower.slack * times:
            yield found
        elif CUES.same_amount.search(index.text[begin + 1 : other.begin]) and off * _NEAR <= upper.value:
            wrong = accused(found, off / times)
            if wrong:
                yield wrong
