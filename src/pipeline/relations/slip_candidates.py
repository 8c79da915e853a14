"""Suspects: what a figure may have been printed for, as the figures around it suggest.

A list misses its total by what a slip makes, a percentage is one slip from what two figures come to.
These are suggestions only: whether the text states the equation, `misprints` asks the finders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import sub
from typing import NamedTuple

from pipeline.relations.arithmetic import HUNDRED, exactly_printed, increase, ratio
from pipeline.relations.cues import CUES
from pipeline.relations.digit_slips import MOVES, gross, likely, slip, swaps, unit, ways
from pipeline.relations.figures import ONE, PERCENT, ZERO, Figure, Page, adds
from pipeline.relations.levels import OF_POINTS, is_change
from pipeline.relations.lists import outer

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
"""Each part's total, both as places in `Page.figures`."""


class Suspect(NamedTuple):
    """A figure with the value that it may have been printed for."""

    figure: Figure
    meant: Decimal
    weight: Decimal
    """How many values the result could have had in print for each slip that could have been tried."""
    first: int
    last: int
    """The sentences that the figures stand in."""


class Known(NamedTuple):
    """What the finders say of a page's figures, by their places in `Page.figures`."""

    confirmed: Collection[int]
    """Figures that some equation holds with."""
    explained: Collection[int]
    """Results of the shares, changes and averages that were found."""
    owner: _Owner
    """Each part's total."""


def suspects(page: Page, known: Known) -> Iterator[Suspect]:
    """What each figure that no equation holds with may have been printed for. Linear in the figures."""
    for figure in page.figures:
        if figure.value > 0 and exactly_printed(figure):
            if adds(figure.family):
                for items in _lists(page, figure, known.owner):
                    yield from _of_a_sum(figure, items, known)
            if figure.at not in known.explained:
                yield from _of_a_pair(page, figure, known)
    yield from _of_all(page, known)


def _lists(page: Page, total: Figure, owner: _Owner) -> Iterator[list[Figure]]:
    """The figures after a total and before it that may be its parts, read in several ways."""
    family, rank = page.families[total.family], total.rank
    after = _like(page, total, family[rank + 1 : rank + 1 + _ITEMS])
    before = _like(page, total, family[max(0, rank - _ITEMS) : rank][::-1])
    own = [f for f in after if f.bracket == total.bracket]
    yield from _distinct(
        [f for f in after if f.bracket == after[0].bracket],
        own,
        list(outer(page, own, owner)),
        own[1:],
        [f for f in before if f.bracket == total.bracket],
        *(own[n:] for n in _starts(page, own)),
    )


def _starts(page: Page, items: Sequence[Figure]) -> list[int]:
    """Where the first sentences and clauses after a semicolon begin in a list."""
    return [n for n in range(1, len(items)) if page.break_after(items[n - 1]) < items[n].begin][:_STARTS]


def _like(page: Page, total: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The figures near a total that are levels where it is one, changes where it is one."""
    aside = page.aside(total)
    return [f for f in figures if abs(f.sentence - total.sentence) <= _LINES and page.aside(f) == aside]


def _distinct(*lists: list[Figure]) -> Iterator[list[Figure]]:
    seen: list[list[Figure]] = []
    for one in lists:
        if len(one) > 1 and one not in seen:
            seen.append(one)
            yield one


def _of_a_sum(total: Figure, items: Sequence[Figure], known: Known) -> Iterator[Suspect]:
    """The slips of total or part by which the first parts of a list miss the total."""
    come_to, place = ZERO, total.place
    for count, item in enumerate(items, 1):
        come_to, place = come_to + item.value, min(place, item.place)
        off = total.value - come_to
        if not exactly_printed(item) or not off or come_to > total.value * _APART * 2:
            return
        small = likely(off / place)
        if count < 2 or not (small or count == len(items) or items[count].sentence != item.sentence):
            continue
        figures = (total, *items[:count])
        open_to = [
            (figure, meant)
            for figure in figures
            if figure.at not in known.confirmed
            and (meant := come_to if figure is total else figure.value + off)
            and (small or gross(figure.value, meant))
        ]
        values = total.value / unit(figures) if open_to else ZERO
        for figure, meant in open_to:
            yield from _suspect(figure, meant, values, figures, known)


def _of_all(page: Page, known: Known) -> Iterator[Suspect]:
    """The slips by which the shares of a sentence miss 100%."""
    for _, row in groupby(page.families.get(PERCENT, ()), lambda share: share.sentence):
        levels = [f for f in row if not page.changes(f)][:_ITEMS]
        for count in range(2, len(levels) + 1):
            figures = levels[:count]
            off = HUNDRED - sum((f.value for f in figures), ZERO)
            if off and likely(off / min(f.place for f in figures)):
                for figure in figures:
                    yield from _suspect(figure, figure.value + off, HUNDRED / unit(figures), figures, known)


def _suspect(
    figure: Figure, meant: Decimal, values: Decimal, tried: Collection[Figure], known: Known
) -> Iterator[Suspect]:
    """The suspect, where a slip leads from one value to the other and few slips would have done as well."""
    if figure.at in known.confirmed or meant <= 0:
        return
    how = slip(figure.value, meant, figure.place)
    weight = values / ways(how, tried) if how else ZERO
    if weight >= LEAST:
        sentences = [f.sentence for f in tried]
        yield Suspect(figure, meant, weight, min(sentences), max(sentences))


def _of_a_pair(page: Page, result: Figure, known: Known) -> Iterator[Suspect]:
    """The slips by which a share, a change or an average is not what two figures around it come to."""
    share, change = result.family == PERCENT, is_change(page, result)
    average = not share and result.place < ONE and CUES.average.search(page.words(result)) is not None
    if result.value < LEAST * result.place or not (share or change or average):
        return
    near = [f for f in page.figures[max(0, result.at - _BACK) : result.at + 1 + _ON] if _usable(f, result)]
    for one in near:
        if share and adds(one.family):
            far = _larger(page, one, result) if one.at < result.at else []
            for other in (*(f for f in near if f.family == one.family and f is not one), *far):
                if change or (one.value < other.value) == (result.value < HUNDRED):
                    yield from _of_a_quotient(_way(page, result, other), result, one, other, known)
        elif change and one.family in (result.family, OF_POINTS.get(result.family)):
            for other in (f for f in near if f.family == one.family and f is not one):
                yield from _of_a_quotient(sub, result, one, other, known)
        elif average and adds(one.family):
            for other in (f for f in near if f.family != one.family and adds(f.family)):
                yield from _of_a_quotient(ratio, result, one, other, known)


def _usable(figure: Figure, result: Figure) -> bool:
    near = figure.at != result.at and abs(figure.sentence - result.sentence) <= _SENTENCES
    return near and figure.value > 0 and exactly_printed(figure)


def _larger(page: Page, part: Figure, result: Figure) -> list[Figure]:
    """Figures farther before a share that its part may be a part of."""
    earlier = page.families[part.family][max(0, part.rank - _FAR) : part.rank]
    return [f for f in earlier if f.at < result.at - _BACK and f.value > part.value and exactly_printed(f)]


def _way(page: Page, result: Figure, other: Figure) -> _Way:
    """How a percentage is made of a figure and another: a growth by it, a growth from it, a share of it."""
    if page.changes(other):
        sign = page.direction(other) or 1
        return lambda now, change: _grown_by(now, sign * change)
    if page.changes(result):
        return lambda now, before: abs(increase(now, before))
    return _share


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return ratio(part * HUNDRED, whole)


def _grown_by(now: Decimal, change: Decimal) -> Decimal:
    return abs(increase(now, now - change)) if now > change else ZERO


def _of_a_quotient(way: _Way, result: Figure, one: Figure, other: Figure, known: Known) -> Iterator[Suspect]:
    figures, values = (result, one, other), result.value / result.place
    computed = way(one.value, other.value)
    if result.at not in known.confirmed and gross(result.value, computed):
        for places in MOVES:
            if abs(result.value.scaleb(places) - computed) <= result.slack.scaleb(places):
                yield from _suspect(result, result.value.scaleb(places), values, figures, known)
    if not result.value < computed * _APART or computed > result.value * _APART:
        return
    if result.at not in known.confirmed:
        meant = round(computed / result.place) * result.place
        yield from _suspect(result, meant, values, figures, known)
    for figure in (one, other):
        if figure.at not in known.confirmed:
            for meant in swaps(figure.value, figure.place):
                operands = (meant, other.value) if figure is one else (one.value, meant)
                if abs(way(*operands) - result.value) <= result.slack:
                    yield from _suspect(figure, meant, values, figures, known)
