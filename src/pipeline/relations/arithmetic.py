"""Arithmetic on printed figures: exact decimals, with the slack that rounding in print allows."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import NamedTuple

from pipeline.relations.figures import ZERO, Figure
from pipeline.relations.lists import Parts

_EXACT = Context(prec=60)
HUNDRED = Decimal(100)


class Finding(NamedTuple):
    """An equation as a rule found it, before it is written out."""

    relation: str
    values: tuple[Decimal, ...]
    stated: tuple[Figure, ...]
    """The figures that the values come from, in the order of the values."""
    total: Figure
    computed: Decimal
    verdict: str
    rule: str
    whole: bool
    result: Decimal | None = None
    """The total where no figure states it (changes that cancel: 0; shares of all: 100)."""


def sum_verdict(computed: Decimal, total: Decimal, slack: Decimal) -> str:
    """holds, rounding or fails for figures that add up to `computed`, with all their slack."""
    residual = abs(total - computed)
    return "holds" if not residual else "rounding" if residual <= slack else "fails"


def added(total: Figure, parts: Parts, rule: str, whole: bool) -> Finding:
    """The finding that parts come to a total, with its verdict."""
    verdict = sum_verdict(parts.sum, total.value, parts.slack)
    return Finding("sum", parts.values, parts.figures, total, parts.sum, verdict, rule, whole)


def ratio(upper: Decimal, lower: Decimal) -> Decimal:
    """Sixty digits of upper / lower."""
    return _EXACT.divide(upper, lower)


def percent_verdict(total: Figure, computed: Decimal, low: Decimal, high: Decimal) -> str:
    """holds where the percentage is the computed one as printed, rounding where only slack allows it."""
    if abs(total.value - computed) <= total.slack:
        return "holds"
    if low - total.slack <= total.value <= high + total.slack:
        return "rounding"
    return "fails"


def percent_range(part: Figure, whole: Figure) -> tuple[Decimal, Decimal, Decimal]:
    """part / whole in percent: as printed, the least and the most that their slack allows."""
    low = max(ZERO, part.value - part.slack)
    under = whole.value - whole.slack
    computed = ratio(part.value * HUNDRED, whole.value)
    least = ratio(low * HUNDRED, whole.value + whole.slack)
    most = ratio((part.value + part.slack) * HUNDRED, under if under > 0 else whole.value)
    return computed, least, most
