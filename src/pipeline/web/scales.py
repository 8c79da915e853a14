"""The axis of values: where it begins, what it is counted in, where its lines are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.tables.wording import Lang, exact, large

_STEPS = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))
_NARROW = Decimal("0.2")
"""Of values that all lie within such a part of the largest, the differences would not be seen from 0."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values.

    values: of its lines, from the bottom. labels: what is written beside them, in `unit`.
    broken: whether it begins elsewhere than at 0, which the drawing then marks.
    """

    values: tuple[Decimal, ...]
    labels: tuple[str, ...]
    unit: str
    broken: bool


def scale(values: Sequence[Decimal], unit: str, lang: Lang, from_zero: bool = False) -> Scale:
    """Round values that take in every one of these, three to seven of them.

    It begins at 0, or has 0 in it where there are values on either side, but for values so near to
    one another that their differences would not be seen: there it is broken. from_zero: it never is, for
    lengths are compared on it.
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
    power, name = large(max(abs(lines[0]), abs(lines[-1])), lang)
    labels = tuple(exact(line.scaleb(-power)) for line in lines)
    return Scale(lines, labels, f"{name}{unit}" if lang == "zh" else f"{name} {unit}".strip(), broken)


def _step(rough: Decimal) -> Decimal:
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * one for one in _STEPS if power * one >= rough)
