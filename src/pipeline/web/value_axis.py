"""The axis of values of a plot: its begin, its unit, its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.tables.wording import Lang, axis_unit, format_number

_STEPS = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))
_NARROW = Decimal("0.2")
"""A range of values that is a smaller part of the largest is not plotted from 0."""


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """An axis of values.

    values: of its lines, from the bottom. labels: what is written beside them, in `unit`.
    broken: whether it begins elsewhere than at 0, which the drawing then marks.
    """

    values: tuple[Decimal, ...]
    labels: tuple[str, ...]
    unit: str
    broken: bool


def value_axis(values: Sequence[Decimal], unit: str, lang: Lang, from_zero: bool = False) -> ValueAxis:
    """An axis of three to seven round values, from the lowest of these values to the highest.

    It begins at 0, or has 0 in it where there are values on either side. For values so near to
    one another that their differences would not be seen from 0, it is broken. from_zero: never broken,
    since the lengths of bars are compared on it.
    """
    low, high = min(values), max(values)
    most = max(abs(low), abs(high))
    broken = not from_zero and low != high and (low > 0 or high < 0) and high - low < most * _NARROW
    if not broken:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high += 1
    step = _step((high - low) / 4)
    bottom = (low / step).to_integral_value(ROUND_FLOOR)
    top = (high / step).to_integral_value(ROUND_CEILING)
    lines = tuple(step * (bottom + n) for n in range(int(top - bottom) + 1))
    power, name = axis_unit(max(abs(lines[0]), abs(lines[-1])), lang)
    labels = tuple(format_number(line.scaleb(-power)) for line in lines)
    return ValueAxis(lines, labels, f"{name}{unit}" if lang == "zh" else f"{name} {unit}".strip(), broken)


def _step(rough: Decimal) -> Decimal:
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * one for one in _STEPS if power * one >= rough)
