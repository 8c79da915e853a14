"""Misprints: a figure that one slip keeps from an equation which the text states.

What the figures around one suggest that it was meant to be (`slip_candidates`) is put in its place, and the
finders run again on the sentences around. An equation that they then find with it is stated by the
text, and does not hold as printed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.numbers.extract import Reading
from pipeline.relations.arithmetic import DIVIDED, HUNDRED, Equation, exactly_printed, percent_increase, ratio
from pipeline.relations.changes.change_search import against_same_period
from pipeline.relations.figure_index import ZERO, Figure, Index
from pipeline.relations.misprints.digit_slips import shifted_places
from pipeline.relations.misprints.slip_candidates import EquationSummary, SlipCandidate, slip_candidates
from pipeline.relations.part_lists import parts_of
from pipeline.relations.relation_cues import CUES
from pipeline.relations.sums.closed_lists import has_other_reading, stated_count
from pipeline.texts.layout import Flow

_AROUND = 1
"""Sentences before and after an equation's that the finders look at besides."""
_MOST = 256
"""Numerals of the sentences that they look at, at most: some run on for pages."""
_NEEDED, _LOOSE, _LOOSEST = 20, 100, 1000
"""How telling a slip must be for the text to be accused, by how the rule ties the figures."""
_SHARES = 3
"""Shares of all, at least: two may be of two things."""
_MANY = 10
"""How much more a value tells that makes one equation more hold."""
_BY_PLACE = re.compile(r"^(?:plain|sentence|total before|rows)(?:$|,(?! cue))|share$|named levels")
"""Rules that go by where figures stand, or by a name that may be of another figure."""
_BY_VALUE = re.compile(r"^sentence$|some|same n|two of|list before|elsewhere")
"""Rules that go by little more than the values."""

_NOTE = 12

_Find = Callable[[Index], list[Equation]]


class _Mended(NamedTuple):
    """A value that a figure may have been printed for, with the equations that it makes hold, as printed."""

    suspect: SlipCandidate
    equations: list[Equation]


def misprints(index: Index, equations: Sequence[Equation], find: _Find) -> Iterator[Equation]:
    """Every equation that one slip breaks. equations: those found so far; find: all finders."""
    sound = [found for found in equations if found.verdict != "fails"]
    confirmed = {figure.pos for found in sound for figure in found.figures}
    results = {found.total.pos for found in equations if found.relation in (*DIVIDED, "difference")}
    total_of = {f.pos: found.total.pos for found in sound if found.relation == "sum" for f in found.operands}
    by_number = {figure.number: figure for figure in index.figures}
    mended = [
        _Mended(one, list(_mended(index, one, by_number, find)))
        for one in _distinct_candidates(slip_candidates(index, EquationSummary(confirmed, results, total_of)))
    ]
    for one in sorted(mended, key=_weight, reverse=True):
        figures = {figure.pos for found in one.equations for figure in found.figures}
        if one.suspect.figure.pos not in confirmed:
            confirmed |= figures
            for found in one.equations:
                verdict = "fails" if _weight(one) >= _needed(found.rule) else "possible"
                rule = "misprint: " + found.rule
                yield found._replace(verdict=verdict, rule=rule, names_whole=verdict == "fails")


def _weight(mended: _Mended) -> Decimal:
    equations = {frozenset(figure.pos for figure in found.figures) for found in mended.equations}
    return mended.suspect.weight * _MANY ** (len(equations) - 1) if equations else ZERO


def _needed(rule: str) -> int:
    return _LOOSEST if _BY_VALUE.search(rule) else _LOOSE if _BY_PLACE.search(rule) else _NEEDED


def _distinct_candidates(found: Iterator[SlipCandidate]) -> list[SlipCandidate]:
    """Each figure with each value once, over all sentences that suggest it."""
    merged: dict[tuple[int, Decimal], SlipCandidate] = {}
    for one in found:
        last = merged.setdefault((one.figure.pos, one.intended), one)
        merged[one.figure.pos, one.intended] = one._replace(
            weight=max(one.weight, last.weight),
            first=min(one.first, last.first),
            last=max(one.last, last.last),
        )
    return list(merged.values())


def _mended(
    index: Index, candidate: SlipCandidate, by_number: Mapping[int, Figure], find: _Find
) -> Iterator[Equation]:
    """The equations that hold with the value that a figure may have been printed for, as they are printed."""
    excerpt = _excerpt(index, candidate)
    if excerpt is None:
        return
    excerpt_index, before = excerpt
    for found in find(excerpt_index):
        numbers = [figure.number + before for figure in found.figures]
        if found.verdict == "holds" and found.relation != "repeat" and candidate.figure.number in numbers:
            printed = _as_printed(found, candidate, by_number, numbers)
            if printed and not _is_rounding(printed) and not _is_not_meant(index, printed):
                yield printed


def _excerpt(index: Index, candidate: SlipCandidate) -> tuple[Index, int] | None:
    """The sentences around a candidate, with the value that it may have been printed for.

    Returns their index, and how many numerals stand before them; None for more than `_MOST` numerals.
    """
    flow, mentions = index.reading.flow, index.reading.mentions
    first, last = max(0, candidate.first - _AROUND), min(len(flow.sentences) - 1, candidate.last + _AROUND)
    begin, stop = flow.sentences[first][0], flow.sentences[last][1]
    before, end = (bisect_left(mentions, n, key=lambda m: m.sentence) for n in (first, last + 1))
    if end - before > _MOST:
        return None
    excerpt = [
        m._replace(begin=m.begin - begin, stop=m.stop - begin, sentence=m.sentence - first)
        for m in mentions[before:end]
    ]
    place_in_excerpt = candidate.figure.number - before
    place = candidate.figure.place.scaleb(shifted_places(candidate.figure.value, candidate.intended))
    excerpt[place_in_excerpt] = excerpt[place_in_excerpt]._replace(
        value=candidate.intended, low=candidate.intended, high=candidate.intended, place=place
    )
    sentences = tuple((start - begin, stop - begin) for start, stop in flow.sentences[first : last + 1])
    text = flow.text[begin:stop]
    return Index(Reading(Flow(text, range(len(text) + 1), (), sentences), tuple(excerpt))), before


def _as_printed(
    found: Equation, candidate: SlipCandidate, by_number: Mapping[int, Figure], numbers: Sequence[int]
) -> Equation | None:
    """The equation with the figures as printed; None where its values are not those of its figures.

    numbers: its figures' numbers in the text.
    """
    if found.years > 1 or len(found.values) != len(found.operands) or not by_number.keys() >= set(numbers):
        return None
    *stated, total = map(by_number.__getitem__, numbers)
    error = candidate.figure.value - candidate.intended
    values = [
        _moved(value, error) if figure is candidate.figure else value
        for value, figure in zip(found.values, stated, strict=True)
    ]
    if found.relation == "growth" and found.values[1] != found.operands[1].value:
        # The base is by how much less.
        values[1] = values[0] - stated[1].value.copy_sign(found.values[0] - found.values[1])
    result = found.implied_total
    if result is not None and total is candidate.figure and found.relation != "sum":
        result = _moved(result, error)
    if found.relation in DIVIDED and values[1] <= 0:
        return None
    return found._replace(
        values=tuple(values), operands=tuple(stated), total=total, implied_total=result,
        computed=_computed(found, values),
    )  # fmt: skip


def _moved(value: Decimal, error: Decimal) -> Decimal:
    return value + error if value > 0 else value - error


def _computed(found: Equation, values: Sequence[Decimal]) -> Decimal:
    """What other values come to by the same equation."""
    if found.relation == "sum":
        return sum(values, ZERO)
    if found.relation == "difference":
        return values[0] - sum(values[1:], ZERO)
    if found.relation == "growth":
        return percent_increase(values[0], values[1])
    return found.computed * ratio(values[0], values[1]) / ratio(found.values[0], found.values[1])


def _is_rounding(found: Equation) -> bool:
    """Whether rounding may be why an equation does not hold, or a figure is not meant to be exact."""
    stated, total = found.operands, found.total
    off = abs(found.stated_total - found.computed)
    if found.relation in DIVIDED:
        all_there_is = abs(found.computed) + (HUNDRED if found.relation == "growth" else ZERO)
        slack = total.place + all_there_is * sum((f.slack / f.value for f in stated), ZERO)
    else:
        slack = sum((f.slack for f in stated), total.slack)
    return off <= slack or not exactly_printed(total, *stated)


def _is_not_meant(index: Index, found: Equation) -> bool:
    """Whether words say that an equation is not meant, or another reading of its figures holds."""
    stated, total = found.operands, found.total
    if found.rule == "grown by":
        begin = index.clause_begin(stated[1])
        opened = CUES.compared_with_last.search(index.text, max(0, begin - _NOTE), begin)
        return not (opened or against_same_period(index, stated[1], total))
    if found.relation == "share":  # a part larger than its whole is likelier another figure
        return (found.computed > HUNDRED) != (total.value > HUNDRED) or _shares_alike(index, stated[1], total)
    if found.relation != "sum":
        return False
    if found.implied_total is not None:
        return len(stated) < _SHARES
    last = max(stated, key=lambda figure: figure.pos)
    more = CUES.unstated_rest.search(index.text, last.stop, index.row_end(last) + 1)
    if more or any(CUES.besides.search(index.label(figure)) for figure in stated):
        return True
    rest = CUES.rest.search(index.label(last)) and not CUES.of_a_whole.search(index.label(total))
    if rest and not CUES.nested.search(index.gap(total, stated[0])):
        return True  # the rest of another whole
    if last.pos < total.pos and CUES.added_to_parts.search(index.gap(last, total)):
        return True
    return stated_count(index, total)[0] not in (0, len(stated)) or has_other_reading(
        index, total, parts_of(total, stated), "misprint"
    )


def _shares_alike(index: Index, whole: Figure, share: Figure) -> bool:
    """Whether a whole has a share after it in the same words: 甲1280万个，占58.8%；乙493万个，占22.6%."""
    one = index.following(whole)
    return one is not None and one.family == share.family and index.label(one) == index.label(share)
