"""Pairs: the two figures around a result that it may be the quotient of.

The pairs come first whose figures the words name, then those that stand nearest; one is believed where
the result has digits enough for so loose a tie and for as many pairs as were tried before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipeline.relations.arithmetic import HUNDRED, Equation, exactly_printed, is_precise_share
from pipeline.relations.figure_index import PERCENT, ZERO, Figure, Index

BACK, ON = 12, 4
"""Figures before and after a result among which its two stand, and pairs that are tried."""
_EARLIER, _LATER = 3, 1
"""Sentences before and after the result's that these may stand in."""
NAMED, BESIDE = 2, 1
"""The score of one of the two: by its name, or by where it stands."""
_NEEDED = (1000, 300, 60, 12, 5)
"""Values that a result could have had in print, at least, by the sum of the scores of its two figures."""
_EXACT, _EVEN = 10, 3
"""How much more a result tells that comes out exactly, of figures with three digits or of round ones."""


def levels_around(index: Index, result: Figure, *, changes: bool = False) -> list[Figure]:
    """The levels around a result, the nearest first, those before it sooner.

    changes: also figures that state changes, which points are a difference of.
    """
    before = index.figures[max(0, result.pos - BACK) : result.pos]
    after = index.figures[result.pos + 1 : result.pos + 1 + ON]
    return [
        f
        for f in (*reversed(before), *after)
        if -_LATER <= result.sentence - f.sentence <= _EARLIER and f.value > 0
        if changes or not index.is_change(f)
    ]


def best_supported(result: Figure, candidates: Iterable[tuple[int, Equation]]) -> Equation | None:
    """The first that holds of the pairs that a result may be made of, the best score first.

    candidates: each pair's score and equation.
    """
    ranked = sorted(candidates, key=lambda one: -one[0])
    distinct: set[tuple[Decimal, ...]] = set()
    for fit, found in ranked[:BACK]:
        distinct.add(found.values)
        tried = len(distinct)
        upper, lower = found.operands
        exact = _EXACT if upper.value >= HUNDRED * upper.place else _EVEN
        difference = found.relation == "difference"
        exact = exact if abs(found.computed) == result.value and not difference else 1
        unit = min(result.place, upper.place, lower.place) if difference else result.place
        weight = result.value / unit * exact
        cut = ZERO <= abs(found.computed) - result.value < result.place
        near = result.family == PERCENT and fit > NAMED and is_precise_share(upper, lower)
        rounded = found.verdict == "rounding" and (cut or near)
        if (rounded or found.verdict == "holds") and weight >= _NEEDED[fit] * tried:
            return found if exactly_printed(lower) else _more_precise(found, ranked)
    return None


def _more_precise(found: Equation, ranked: Sequence[tuple[int, Equation]]) -> Equation:
    """The same of a figure that is printed exactly: 40,312, a sentence before 4万余."""
    upper = found.operands[0]
    precise = (one for _, one in ranked if one.operands[0] is upper and exactly_printed(one.operands[1]))
    return next((one for one in precise if one.verdict == "holds"), found)
