"""Slips: the single misprints by which one printed number may have become another.

Who copies a figure swaps two digits that stand side by side, writes another digit for one, leaves one out,
writes one twice, or puts the decimal point, 万 or 亿 in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from pipeline.relations.figure_index import Figure

SWAPPED, CHANGED, DROPPED, DOUBLED, MOVED = "swapped", "changed", "dropped", "doubled", "moved"
_OFF = frozenset((*range(1, 10), *range(18, 90, 9)))
"""What a digit swapped or changed makes a number off by, but for zeros at its end."""
MOVES = (-4, -2, -1, 1, 2, 4)
"""Places that a decimal point, or 万 for 亿, makes a number off by."""
_GROSS = 5
"""How many times as much a digit left out or written twice makes of a number, at least."""


def slip_kind(printed: Decimal, meant: Decimal, place: Decimal) -> str | None:
    """The slip that makes one number of another, both with their last digit at `place`; None for no slip."""
    if shifted_places(printed, meant):
        return MOVED
    one, other = _digits(printed, place), _digits(meant, place)
    if len(one) + 1 == len(other):
        return DROPPED if any(other[:n] + other[n + 1 :] == one for n in range(len(other))) else None
    if len(one) == len(other) + 1:
        twice = (n for n, (left, right) in enumerate(pairwise(one)) if left == right)
        return DOUBLED if any(one[:n] + one[n + 1 :] == other for n in twice) else None
    if len(one) != len(other):
        return None
    at = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(at) == 1:
        return CHANGED
    swapped = len(at) == 2 and at[1] == at[0] + 1 and one[at[0] : at[1] + 1] == other[at[0] : at[1] + 1][::-1]
    return SWAPPED if swapped else None


def shifted_places(printed: Decimal, meant: Decimal) -> int:
    """By how many places the decimal point of a number was moved; 0 where that is not all."""
    places = meant.adjusted() - printed.adjusted()
    return places if places in MOVES and printed.scaleb(places) == meant else 0


def is_digit_slip(off: Decimal) -> bool:
    """Whether a digit swapped or changed may make a number this many of its last places off."""
    digits = str(int(abs(off))).rstrip("0")
    return 0 < len(digits) < 3 and int(digits) in _OFF


def is_gross_slip(printed: Decimal, meant: Decimal) -> bool:
    """Whether the two are as far apart as a digit left out, written twice or a point moved makes them."""
    return meant > printed * _GROSS or printed > meant * _GROSS > 0


def unswapped_values(printed: Decimal, place: Decimal) -> list[Decimal]:
    """Every number of which a swap of two digits may have made this one."""
    digits = _digits(printed, place)
    found = []
    for n, (left, right) in enumerate(pairwise(digits)):
        if left != right and (n or right != "0"):
            weight = place.scaleb(len(digits) - n - 2)
            found.append(printed + 9 * (int(right) - int(left)) * weight)
    return found


def slip_count(how: str, figures: Iterable[Figure]) -> int:
    """How many slips of a kind these figures could have suffered."""
    digits = [len(_digits(figure.value, figure.place)) for figure in figures]
    if how == MOVED:
        return 2 * len(digits)
    if how in (SWAPPED, DOUBLED):
        return max(1, sum(n - 1 for n in digits))
    return sum(10 * (n + 1) if how == DROPPED else 9 * n for n in digits)


def _digits(value: Decimal, place: Decimal) -> str:
    number = value / place
    return str(int(number)) if number == number.to_integral_value() else ""
