"""Slip candidates: what a figure may have been printed for, as the figures around it suggest.

A list misses its total by what a slip makes, a percentage is one slip from what two figures come to.
These are suggestions only: whether the text states the equation, `misprint_search` asks the finders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import sub
from typing import NamedTuple

from pipeline.relations.arithmetic import (
    HUNDRED,
    common_last_place,
    exactly_printed,
    percent_increase,
    ratio,
)
from pipeline.relations.changes.levels import OF_POINTS, is_comparison
from pipeline.relations.figure_index import ONE, PERCENT, ZERO, Figure, Index, is_additive
from pipeline.relations.misprints.digit_slips import (
    MOVES,
    is_digit_slip,
    is_gross_slip,
    slip_count,
    slip_kind,
    unswapped_values,
)
from pipeline.relations.part_lists import outer_figures
from pipeline.relations.relation_cues import CUES

LEAST = 20
"""Values that the result could have had in print, at least, for each slip that is tried."""
_ITEMS, _LINES, _STARTS = 16, 10, 4
"""Parts of a list, sentences that it may run over, and sentences after its total's that it may begin with."""
_BACK, _ON, _FAR, _SENTENCES = 8, 2, 12, 4
"""Figures before and after a result among which its two stand; of its part's kind, before it; sentences."""
_APART = 10
"""How many times as much a slip makes of a number, at most, but for one that begins with 1."""

_Way = Callable[[Decimal, Decimal], Decimal]
_Owner = Mapping[int, int]
"""Each part's total, both as positions in `Index.figures`."""


class SlipCandidate(NamedTuple):
    """A figure with the value that it may have been printed for."""

    figure: Figure
    intended: Decimal
    weight: Decimal
    """How many values the result could have had in print for each slip that could have been tried."""
    first: int
    last: int
    """The sentences that the figures stand in."""


class EquationSummary(NamedTuple):
    """What the finders say of a text's figures, by their positions in `Index.figures`."""

    confirmed: Collection[int]
    """Figures that some equation holds with."""
    results: Collection[int]
    """Results of the shares, changes and averages that were found."""
    total_of: _Owner
    """Each part's total."""


def slip_candidates(index: Index, equations: EquationSummary) -> Iterator[SlipCandidate]:
    """What each figure that no equation holds with may have been printed for. Linear in the figures."""
    for figure in index.figures:
        if figure.value > 0 and exactly_printed(figure):
            if is_additive(figure.family):
                for items in _lists(index, figure, equations.total_of):
                    yield from _of_a_sum(figure, items, equations)
            if figure.pos not in equations.results:
                yield from _of_a_pair(index, figure, equations)
    yield from _of_all(index, equations)


def _lists(index: Index, total: Figure, total_of: _Owner) -> Iterator[list[Figure]]:
    """The figures after a total and before it that may be its parts, read in several ways."""
    family, rank = index.families[total.family], total.rank
    after = _like(index, total, family[rank + 1 : rank + 1 + _ITEMS])
    before = _like(index, total, index.family_before(total, _ITEMS)[::-1])
    same_bracket = [f for f in after if f.bracket == total.bracket]
    yield from _distinct(
        [f for f in after if f.bracket == after[0].bracket],
        same_bracket,
        list(outer_figures(index, same_bracket, total_of)),
        same_bracket[1:],
        [f for f in before if f.bracket == total.bracket],
        *(same_bracket[n:] for n in _starts(index, same_bracket)),
    )


def _starts(index: Index, items: Sequence[Figure]) -> list[int]:
    """Where the first sentences and clauses after a semicolon begin in a list."""
    return [n for n in range(1, len(items)) if index.row_end(items[n - 1]) < items[n].begin][:_STARTS]


def _like(index: Index, total: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The figures near a total that are levels where it is one, changes where it is one."""
    level = index.is_level(total)
    return [f for f in figures if abs(f.sentence - total.sentence) <= _LINES and index.is_level(f) == level]


def _distinct(*lists: list[Figure]) -> Iterator[list[Figure]]:
    seen: list[list[Figure]] = []
    for one in lists:
        if len(one) > 1 and one not in seen:
            seen.append(one)
            yield one


def _of_a_sum(total: Figure, items: Sequence[Figure], equations: EquationSummary) -> Iterator[SlipCandidate]:
    """The slips of total or part by which the first parts of a list miss the total."""
    come_to, place = ZERO, total.place
    for count, item in enumerate(items, 1):
        come_to, place = come_to + item.value, min(place, item.place)
        off = total.value - come_to
        if not exactly_printed(item) or not off or come_to > total.value * _APART * 2:
            return
        small = is_digit_slip(off / place)
        if count < 2 or not (small or count == len(items) or items[count].sentence != item.sentence):
            continue
        figures = (total, *items[:count])
        values = total.value / common_last_place(figures)
        for figure in figures:
            meant = come_to if figure is total else figure.value + off
            if small or is_gross_slip(figure.value, meant):
                yield from _candidate(figure, meant, values, figures, equations)


def _of_all(index: Index, equations: EquationSummary) -> Iterator[SlipCandidate]:
    """The slips by which the shares of a sentence miss 100%."""
    for _, row in groupby(index.families.get(PERCENT, ()), lambda share: share.sentence):
        levels = [f for f in row if not index.is_change(f)][:_ITEMS]
        for count in range(2, len(levels) + 1):
            figures = levels[:count]
            off = HUNDRED - sum((f.value for f in figures), ZERO)
            if off and is_digit_slip(off / min(f.place for f in figures)):
                for figure in figures:
                    yield from _candidate(
                        figure, figure.value + off, HUNDRED / common_last_place(figures), figures, equations
                    )


def _candidate(
    figure: Figure, meant: Decimal, values: Decimal, tried: Collection[Figure], equations: EquationSummary
) -> Iterator[SlipCandidate]:
    """The candidate, where a slip leads from one value to the other and few slips would have done as well."""
    if figure.pos in equations.confirmed or meant <= 0:
        return
    how = slip_kind(figure.value, meant, figure.place)
    weight = values / slip_count(how, tried) if how else ZERO
    if weight >= LEAST:
        sentences = [f.sentence for f in tried]
        yield SlipCandidate(figure, meant, weight, min(sentences), max(sentences))


def _of_a_pair(index: Index, result: Figure, equations: EquationSummary) -> Iterator[SlipCandidate]:
    """The slips by which a share, a change or an average is not what two figures around it come to."""
    share, change = result.family == PERCENT, is_comparison(index, result)
    average = not share and result.place < ONE and CUES.average.search(index.words(result)) is not None
    if result.value < LEAST * result.place or not (share or change or average):
        return
    near = [f for f in index.figures[max(0, result.pos - _BACK) : result.pos + 1 + _ON] if _usable(f, result)]
    for one in near:
        if share and is_additive(one.family):
            far = _larger(index, one, result) if one.pos < result.pos else []
            for other in (*(f for f in near if f.family == one.family and f is not one), *far):
                if change or (one.value < other.value) == (result.value < HUNDRED):
                    yield from _of_a_quotient(_way(index, result, other), result, one, other, equations)
        elif change and one.family in (result.family, OF_POINTS.get(result.family)):
            for other in (f for f in near if f.family == one.family and f is not one):
                yield from _of_a_quotient(sub, result, one, other, equations)
        elif average and is_additive(one.family):
            for other in (f for f in near if f.family != one.family and is_additive(f.family)):
                yield from _of_a_quotient(ratio, result, one, other, equations)


def _usable(figure: Figure, result: Figure) -> bool:
    near = figure.pos != result.pos and abs(figure.sentence - result.sentence) <= _SENTENCES
    return near and figure.value > 0 and exactly_printed(figure)


def _larger(index: Index, part: Figure, result: Figure) -> list[Figure]:
    """Figures farther before a share that its part may be a part of."""
    earlier = index.family_before(part, _FAR)
    return [f for f in earlier if f.pos < result.pos - _BACK and f.value > part.value and exactly_printed(f)]


def _way(index: Index, result: Figure, other: Figure) -> _Way:
    """How a percentage is made of a figure and another: a growth by it, a growth from it, a share of it."""
    if index.is_change(other):
        sign = index.direction(other) or 1
        return lambda now, change: _grown_by(now, sign * change)
    if index.is_change(result):
        return lambda now, before: abs(percent_increase(now, before))
    return _share


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return ratio(part * HUNDRED, whole)


def _grown_by(now: Decimal, change: Decimal) -> Decimal:
    return abs(percent_increase(now, now - change)) if now > change else ZERO


def _of_a_quotient(
    way: _Way, result: Figure, one: Figure, other: Figure, equations: EquationSummary
) -> Iterator[SlipCandidate]:
    figures, values = (result, one, other), result.value / result.place
    computed = way(one.value, other.value)
    if is_gross_slip(result.value, computed):
        for places in MOVES:
            if abs(result.value.scaleb(places) - computed) <= result.slack.scaleb(places):
                yield from _candidate(result, result.value.scaleb(places), values, figures, equations)
    if not result.value < computed * _APART or computed > result.value * _APART:
        return
    yield from _candidate(result, round(computed / result.place) * result.place, values, figures, equations)
    for figure in (one, other):
        if figure.pos not in equations.confirmed:
            for meant in unswapped_values(figure.value, figure.place):
                operands = (meant, other.value) if figure is one else (one.value, meant)
                if abs(way(*operands) - result.value) <= result.slack:
                    yield from _candidate(figure, meant, values, figures, equations)
