"""Misprints: a figure that one slip keeps from an equation which the text states.

What the figures around one suggest that it was meant to be (`suspects`) is put in its place, and the
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
from pipeline.relations.arithmetic import DIVIDED, HUNDRED, Finding, exactly_printed, increase, ratio
from pipeline.relations.closed_lists import counted, otherwise
from pipeline.relations.cues import CUES
from pipeline.relations.digit_slips import moved_by
from pipeline.relations.figures import ZERO, Figure, Page
from pipeline.relations.level_changes import since_before
from pipeline.relations.lists import parts_of
from pipeline.relations.slip_candidates import Known, Suspect, suspects
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
_BY_PLACE = re.compile(r"^(?:plain|sentence|total before|rows)(?:$|,(?! cue))|points|share$|named levels")
"""Rules that go by where figures stand, or by a name that may be of another figure."""
_BY_VALUE = re.compile(r"^sentence$|some|same n|two of|list before|elsewhere|by name")
"""Rules that go by little more than the values."""

_NOTE = 12

_Find = Callable[[Page], list[Finding]]


class _Restored(NamedTuple):
    """A value that a figure may have been printed for, with the equations that it makes hold, as printed."""

    suspect: Suspect
    findings: list[Finding]


def misprints(page: Page, known: Sequence[Finding], find: _Find) -> Iterator[Finding]:
    """Every equation that one slip breaks. known: what is found already; find: all finders."""
    sound = [found for found in known if found.verdict != "fails"]
    confirmed = {figure.at for found in sound for figure in found.figures}
    explained = {found.total.at for found in known if found.relation in (*DIVIDED, "difference")}
    owner = {f.at: found.total.at for found in sound if found.relation == "sum" for f in found.stated}
    here = {figure.number: figure for figure in page.figures}
    restored = [
        _Restored(one, list(_restored(page, one, here, find)))
        for one in _merged(suspects(page, Known(confirmed, explained, owner)))
    ]
    for one in sorted(restored, key=_telling, reverse=True):
        figures = {figure.at for found in one.findings for figure in found.figures}
        if one.suspect.figure.at not in confirmed:
            confirmed |= figures
            for found in one.findings:
                verdict = "fails" if _telling(one) >= _needed(found.rule) else "possible"
                rule = "misprint: " + found.rule
                yield found._replace(verdict=verdict, rule=rule, whole=verdict == "fails")


def _telling(one: _Restored) -> Decimal:
    equations = {frozenset(figure.at for figure in found.figures) for found in one.findings}
    return one.suspect.weight * _MANY ** (len(equations) - 1) if equations else ZERO


def _needed(rule: str) -> int:
    return _LOOSEST if _BY_VALUE.search(rule) else _LOOSE if _BY_PLACE.search(rule) else _NEEDED


def _merged(found: Iterator[Suspect]) -> list[Suspect]:
    """Each figure with each value once, over all sentences that suggest it."""
    merged: dict[tuple[int, Decimal], Suspect] = {}
    for one in found:
        last = merged.setdefault((one.figure.at, one.meant), one)
        weight, first, end = (
            max(one.weight, last.weight),
            min(one.first, last.first),
            max(one.last, last.last),
        )
        merged[one.figure.at, one.meant] = last._replace(weight=weight, first=first, last=end)
    return list(merged.values())


def _restored(page: Page, one: Suspect, here: Mapping[int, Figure], find: _Find) -> Iterator[Finding]:
    """The equations that hold with the value that a figure may have been printed for, as they are printed."""
    excerpt = _excerpt(page, one)
    if excerpt is None:
        return
    part, before = excerpt
    for found in find(part):
        numbers = [figure.number + before for figure in found.figures]
        if found.verdict == "holds" and found.relation != "repeat" and one.figure.number in numbers:
            printed = _as_printed(found, one, here, numbers)
            if printed and not _excused(printed) and not _otherwise(page, printed):
                yield printed


def _excerpt(page: Page, one: Suspect) -> tuple[Page, int] | None:
    """The sentences around a suspect with the value that it may have been printed for, as a page.

    Returns the page, and how many numerals of the text stand before it; None for more than `_MOST` numerals.
    """
    flow, mentions = page.reading.flow, page.reading.mentions
    first, last = max(0, one.first - _AROUND), min(len(flow.sentences) - 1, one.last + _AROUND)
    begin, stop = flow.sentences[first][0], flow.sentences[last][1]
    before, end = (bisect_left(mentions, n, key=lambda m: m.sentence) for n in (first, last + 1))
    if end - before > _MOST:
        return None
    taken = [
        m._replace(begin=m.begin - begin, stop=m.stop - begin, sentence=m.sentence - first)
        for m in mentions[before:end]
    ]
    at = one.figure.number - before
    place = one.figure.place.scaleb(moved_by(one.figure.value, one.meant))
    taken[at] = taken[at]._replace(value=one.meant, low=one.meant, high=one.meant, place=place)
    sentences = tuple((start - begin, stop - begin) for start, stop in flow.sentences[first : last + 1])
    text = flow.text[begin:stop]
    return Page(Reading(Flow(text, range(len(text) + 1), (), sentences), tuple(taken))), before


def _as_printed(
    found: Finding, one: Suspect, here: Mapping[int, Figure], numbers: Sequence[int]
) -> Finding | None:
    """The equation with the figures as printed; None where its values are not those of its figures.

    numbers: its figures' numbers in the text.
    """
    if found.years > 1 or len(found.values) != len(found.stated) or not here.keys() >= set(numbers):
        return None
    *stated, total = map(here.__getitem__, numbers)
    more = one.figure.value - one.meant
    values = [
        _moved(value, more) if figure is one.figure else value
        for value, figure in zip(found.values, stated, strict=True)
    ]
    if found.relation == "growth" and found.values[1] != found.stated[1].value:
        # The base is by how much less.
        values[1] = values[0] - stated[1].value.copy_sign(found.values[0] - found.values[1])
    result = found.result
    if result is not None and total is one.figure and found.relation != "sum":
        result = _moved(result, more)
    if found.relation in DIVIDED and values[1] <= 0:
        return None
    return found._replace(
        values=tuple(values), stated=tuple(stated), total=total, result=result,
        computed=_computed(found, values),
    )  # fmt: skip


def _moved(value: Decimal, more: Decimal) -> Decimal:
    return value + more if value > 0 else value - more


def _computed(found: Finding, values: Sequence[Decimal]) -> Decimal:
    """What other values come to by the same equation."""
    if found.relation == "sum":
        return sum(values, ZERO)
    if found.relation == "difference":
        return values[0] - sum(values[1:], ZERO)
    if found.relation == "growth":
        return increase(values[0], values[1])
    return found.computed * ratio(values[0], values[1]) / ratio(found.values[0], found.values[1])


def _excused(found: Finding) -> bool:
    """Whether rounding may be why an equation does not hold, or a figure is not meant to be exact."""
    stated, total = found.stated, found.total
    off = abs(found.stated_result - found.computed)
    if found.relation in DIVIDED:
        all_there_is = abs(found.computed) + (HUNDRED if found.relation == "growth" else ZERO)
        slack = total.place + all_there_is * sum((f.slack / f.value for f in stated), ZERO)
    else:
        slack = sum((f.slack for f in stated), total.slack)
    return off <= slack or not exactly_printed(total, *stated)


def _otherwise(page: Page, found: Finding) -> bool:
    """Whether words say that an equation is not meant, or another reading of its figures holds."""
    stated, total = found.stated, found.total
    if found.rule == "grown by":
        begin = page.opening(stated[1])
        opened = CUES.compared_with_last.search(page.text, max(0, begin - _NOTE), begin)
        return not (opened or since_before(page, stated[1], total))
    if found.relation == "share":  # a part larger than its whole is likelier another figure
        return (found.computed > HUNDRED) != (total.value > HUNDRED) or _shares_alike(page, stated[1], total)
    if found.relation != "sum":
        return False
    if found.result is not None:
        return len(stated) < _SHARES
    last = max(stated, key=lambda figure: figure.at)
    more = CUES.unstated_rest.search(page.text, last.stop, page.break_after(last) + 1)
    if more or any(CUES.besides.search(page.label(figure)) for figure in stated):
        return True
    rest = CUES.rest.search(page.label(last)) and not CUES.of_a_whole.search(page.label(total))
    if rest and not CUES.nested.search(page.gap(total, stated[0])):
        return True  # the rest of another whole
    if last.at < total.at and CUES.added_to_parts.search(page.gap(last, total)):
        return True
    return counted(page, total)[0] not in (0, len(stated)) or otherwise(
        page, total, parts_of(total, stated), "misprint"
    )


def _shares_alike(page: Page, whole: Figure, share: Figure) -> bool:
    """Whether a whole has a share of its own in the same words: 甲1280万个，占58.8%；乙493万个，占22.6%."""
    own = page.figures[whole.at + 1 : whole.at + 2]
    return any(one.family == share.family and page.label(one) == page.label(share) for one in own)
