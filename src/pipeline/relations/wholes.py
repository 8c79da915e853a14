"""Wholes: where the text says that a list names every part, so that a sum that is off is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added
from pipeline.relations.figures import Figure, Page
from pipeline.relations.lists import Parts, whole_list

_NEAR = {
    "rest": 5,
    "closed": 20,
    "noun left out": 20,
    "brackets": 50,
    "listed": 100,
    "sums up": 100,
    "possible": 50,
}
"""How near a list must come that is said to be the whole: within a fifth of the total, a twentieth …
Farther off, it is likelier that the words were misread than that the figures are wrong."""


def broken(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], inside: bool
) -> Finding | None:
    """A list said to be the whole that does not add up, or a near miss of one that is not."""
    if total.mention.qualifier != "exact" or page.changes(total):
        return None
    parts = whole_list(page, total, items, owner)
    if len(parts.values) < 2 or parts.fits or any(f.mention.qualifier != "exact" for f in parts.figures):
        return None
    return accused(total, parts, _says_whole(page, total, parts.figures, inside))


def accused(total: Figure, parts: Parts, cue: str | None) -> Finding | None:
    """The finding for a sum that is off: fails where a cue says that it is the whole, else possible."""
    off = abs(total.value - parts.sum)
    if cue and off * _NEAR[cue] <= total.value:
        return added(total, parts, "whole: " + cue, True)
    if off * _NEAR["possible"] <= total.value and total.value >= 100 * total.place:
        return added(total, parts, "near miss", False)._replace(verdict="possible")
    return None


def _says_whole(page: Page, total: Figure, parts: Sequence[Figure], inside: bool) -> str | None:
    """How the text says that these parts are all of the total, or None."""
    gap = page.gap(total, parts[0])
    if parts[0].sentence == total.sentence and cues.REST.search(page.label(parts[-1])):
        return "rest" if not any(cues.REST.search(page.label(part)) for part in parts[:-1]) else None
    named = [page.label(part) + page.tail(part) for part in parts]
    for names in cues.CLOSED:
        if len(names) == len(parts) and all(sum(name in words for words in named) == 1 for name in names):
            return "closed"
    some = cues.SOME.search(gap)
    if some or not _side_by_side(total, parts) or any(cues.SOME.search(words) for words in named):
        return None
    if inside:
        return "brackets" if len(parts) > 2 else None
    bare = all(page.label(part) in cues.NO_NOUN for part in parts)
    if bare and page.tail(total) and all(page.tail(part) for part in parts):
        return "noun left out"
    return "listed" if len(parts) > 2 and all(page.label(part) for part in parts) else None


def _side_by_side(total: Figure, parts: Sequence[Figure]) -> bool:
    """Whether no other figure stands between the total and its parts."""
    return parts[0].at == total.at + 1 and all(right.at == left.at + 1 for left, right in pairwise(parts))
