"""Arithmetic on printed figures: exact decimals, with the slack that rounding in print allows."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Context, Decimal
from typing import NamedTuple

from pipeline.relations.figure_index import ONE, ZERO, Figure
from pipeline.relations.part_lists import Parts

_EXACT = Context(prec=60)
HUNDRED = Decimal(100)
DIVIDED = ("share", "growth", "ratio")
"""Relations whose result is a quotient."""


class Equation(NamedTuple):
    """An equation as a rule found it, before it is written out."""

    relation: str
    values: tuple[Decimal, ...]
    operands: tuple[Figure, ...]
    """The figures that the values come from, in the order of the values."""
    total: Figure
    computed: Decimal
    verdict: str
    rule: str
    names_whole: bool
    implied_total: Decimal | None = None
    """The total where no figure states it (changes that cancel: 0; shares of all: 100)."""
    years: int = 1
    """Years that a yearly growth runs over."""

    @property
    def stated_total(self) -> Decimal:
        """What the text says that it comes to."""
        return self.total.value if self.implied_total is None else self.implied_total

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All that it is said of: those stated and the total."""
        return (*self.operands, self.total)


def exactly_printed(*figures: Figure) -> bool:
    """Whether all are stated exactly: no 约, 近, 余."""
    return all(figure.mention.qualifier == "exact" for figure in figures)


def common_last_place(figures: Collection[Figure]) -> Decimal:
    """The last place in which figures that add up agree: two are printed to it, and not all end with 0."""
    ends = [int(figure.value.normalize().as_tuple().exponent) for figure in figures]
    return max(sorted(figure.place for figure in figures)[1], ONE.scaleb(min(ends)))


def accused(found: Equation, off: Decimal | None = None) -> Equation | None:
    """The equation, which is off, with its verdict; None where its figures are too vague to say that.

    fails: every figure is exact, and it is off by a unit of the last place or more, so that
    cutting digits instead of rounding them is no excuse. Where a figure is 约 or 余, what is
    off by a fiftieth or less may be true. off: by how much, if that is not the residual.
    """
    total, stated = found.total, found.stated_total
    if off is None:
        off = abs(stated - found.computed)
        if found.relation in DIVIDED and ZERO <= abs(found.computed) - abs(stated) < total.place:
            return found._replace(verdict="rounding")  # cut, not rounded
    if exactly_printed(*found.figures):
        cut = total.place if total.mention.kind == "percent" else ZERO
        verdict = "fails" if off >= cut else "possible"
    elif off * 50 > total.value:
        verdict = "possible"
    else:
        return None
    return found._replace(verdict=verdict, names_whole=verdict == "fails")


def allowed_by_ranges(percent: Decimal, upper: Figure, lower: Figure, less: Decimal = ZERO) -> bool:
    """Whether the spans that 7000多 and 近9000 state let upper / lower, `less` taken off, be a percentage."""
    if exactly_printed(upper, lower):
        return False
    (least, most), (under, over) = _span(upper), _span(lower)
    if under <= 0:
        return False
    return ratio(least * HUNDRED, over) - less <= percent <= ratio(most * HUNDRED, under) - less


def _span(figure: Figure) -> tuple[Decimal, Decimal]:
    low, high = figure.mention.low, figure.mention.high
    stated = figure.mention.value == figure.value and low is not None and high is not None
    one, other = (low, high) if stated else (figure.value, figure.value)
    return (one or ZERO) - figure.slack, (other or ZERO) + figure.slack


def within_qualifier(total: Figure, computed: Decimal) -> bool:
    """Whether a figure's qualifier allows a value near it: 超六成 of 65.9%."""
    low, high = total.mention.low, total.mention.high
    within = (low is None or low <= computed) and (high is None or computed <= high)
    return total.mention.qualifier != "exact" and within and abs(computed - total.value) <= total.place


def sum_verdict(computed: Decimal, total: Decimal, slack: Decimal) -> str:
    """holds, rounding or fails for figures that add up to `computed`, with all their slack."""
    residual = abs(total - computed)
    return "holds" if not residual else "rounding" if residual <= slack else "fails"


def sum_of(total: Figure, parts: Parts, rule: str, whole: bool) -> Equation:
    """The equation that parts come to a total, with its verdict."""
    verdict = sum_verdict(parts.sum, total.value, parts.slack)
    return Equation("sum", parts.values, parts.figures, total, parts.sum, verdict, rule, whole)


def difference_of(upper: Figure, lower: Figure, total: Figure, rule: str, sure: bool) -> Equation | None:
    """The equation that two figures differ by a third: it fails where `sure` and all three are exact."""
    values, figures = (upper.value, lower.value), (upper, lower)
    computed, slack = upper.value - lower.value, upper.slack + lower.slack + total.slack
    verdict = sum_verdict(computed, total.value, slack)
    if verdict == "rounding" and slack * 2 > total.value > 0:
        return None  # 8亿 less 7.8亿: rounding swallows what is left
    found = Equation("difference", values, figures, total, computed, verdict, rule, False)
    if verdict == "fails":
        return accused(found) if sure else None
    return found


def ratio(upper: Decimal, lower: Decimal) -> Decimal:
    """Sixty digits of upper / lower."""
    return _EXACT.divide(upper, lower)


def percent_increase(now: Decimal, before: Decimal) -> Decimal:
    """How much more than before there is now, in percent of what was before, which is not 0."""
    return ratio((now - before) * HUNDRED, before)


def percent_verdict(total: Figure, computed: Decimal, low: Decimal, high: Decimal) -> str:
    """holds where it is the computed percentage as printed, rounding where slack or cut digits allow it."""
    if abs(total.value - computed) <= total.slack:
        return "holds"
    if low - total.slack <= total.value <= high + total.slack:
        return "rounding"
    least, most = sorted((abs(low), abs(high)))
    cut = least - abs(total.value) < total.place and abs(total.value) <= most
    if cut and (computed < 0) == (total.value < 0) and abs(total.value) >= HUNDRED * total.place:
        return "rounding"  # 17.77% for 17.777…
    return "fails"


def is_precise_share(part: Figure, whole: Figure) -> bool:
    """Whether the two have digits enough that rounding leaves their share within a fifth."""
    if not whole.value:
        return False
    computed, low, high = percent_range(part, whole)
    return (high - low) * 5 <= computed


def percent_range(part: Figure, whole: Figure) -> tuple[Decimal, Decimal, Decimal]:
    """part / whole in percent: as printed, the least and the most that their slack allows."""
    low = max(ZERO, part.value - part.slack)
    under = whole.value - whole.slack
    computed = ratio(part.value * HUNDRED, whole.value)
    least = ratio(low * HUNDRED, whole.value + whole.slack)
    most = ratio((part.value + part.slack) * HUNDRED, under if under > 0 else whole.value)
    return computed, least, most


def share_of(share: Figure, part: Figure, whole: Figure, rule: str) -> Equation:
    """A share with what its part and whole come to, and its verdict."""
    computed, low, high = percent_range(part, whole)
    verdict = percent_verdict(share, computed, low, high)
    return Equation("share", (part.value, whole.value), (part, whole), share, computed, verdict, rule, False)
