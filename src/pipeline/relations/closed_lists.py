"""Wholes: where the text says that a list names every part, so that a sum that is off is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile

from pipeline.relations.arithmetic import HUNDRED, Finding, accused, added
from pipeline.relations.cues import CUES
from pipeline.relations.dimensions import dimension_of, is_sibling
from pipeline.relations.figures import PERCENT, ZERO, Figure, Page
from pipeline.relations.lists import Parts, parts_of, side_by_side, whole_list

_NEAR = {
    "rest": 5,
    "exceeds": 5,
    "exceeds, listed": 25,
    "brackets": 10,
    "after a colon": 5,
    "closed": 10,
    "closed, introduced": 3,
    "noun left out": 20,
    "sums up": 12,
    "sums up, counted": 3,
    "rest, no total": 20,
    "listed": 100,
    "others": 10,
    "first of them": 1,
}
"""How near a list must come that is said to be the whole: within a fifth of the total, a twentieth …
Farther off, it is likelier that the words were misread than that the figures are wrong."""

_MEMBERS = 8
"""Parts among which members of one dimension are looked for."""
_BACK = 6
"""Earlier figures of the family that the list could be the parts of instead."""


def broken(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], inside: bool
) -> Finding | None:
    """The finding for a list said to be the whole that does not add up."""
    if page.changes(total):
        return None
    run = _run(page, items)
    found = _broken(page, total, items, owner, inside)
    return found or (_broken(page, total, run, owner, inside) if 1 < len(run) < len(items) else None)


def _run(page: Page, items: Sequence[Figure]) -> Sequence[Figure]:
    """The first parts that bear members of one dimension: 水田960亩、旱田6498亩、果园320亩."""
    named = takewhile(lambda part: not CUES.besides.search(page.label(part)), items[:_MEMBERS])
    labels = [page.label(part) + page.tail(part) for part in named]
    count = next((n for n in range(2, len(labels) + 1) if not dimension_of(labels[:n])[0]), len(labels) + 1)
    return items[: count - 1]


def _broken(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], inside: bool
) -> Finding | None:
    parts = whole_list(page, total, items, owner)
    far = abs(total.value - parts.sum) * min(_NEAR.values()) > total.value
    if len(parts.values) < 2 or parts.fits or far:
        return None
    return accused_list(page, total, parts, _says_whole(page, total, parts, inside))


def accused_list(page: Page, total: Figure, parts: Parts, how: str | None) -> Finding | None:
    """The finding for a sum that is off: fails where every figure is exact and no other reading holds."""
    off = abs(total.value - parts.sum)
    if how is None or off * _NEAR[how] > total.value or otherwise(page, total, parts, how):
        return None
    return accused(added(total, parts, "whole: " + how, True))


def otherwise(page: Page, total: Figure, parts: Parts, how: str) -> bool:
    """Whether the list comes to another figure, or to this one without a part or with one skipped.

    The part that 其中 introduces is a part in every reading.
    """
    family, first, last = page.families[total.family], parts.figures[0], parts.figures[-1]
    begin = max(0, min(first.rank, total.rank) - _BACK)
    earlier = [f.value for f in family[begin : first.rank] if f.at != total.at]
    after = [f.value for f in family[last.rank + 1 : last.rank + 2] if f.at != total.at]
    if any(value in (parts.sum, parts.sum + total.value) for value in (*earlier, *after)):
        return True
    inner = {f.at for f in parts.figures}
    skipped = [f.value for f in family[first.rank : last.rank] if f.at not in inner]
    changed = [parts.sum + value for value in (*skipped, *after)]
    if len(parts.values) > 2 and how != "after a colon":
        changed += [parts.sum - value for value in parts.values[how == "first of them" :]]
    return any(abs(total.value - value) <= parts.slack for value in changed)


def _says_whole(page: Page, total: Figure, parts: Parts, inside: bool) -> str | None:
    """How the text says that these parts are all of the total, or None."""
    figures = parts.figures
    gap = page.gap(total, figures[0])
    named = [page.label(part) + page.tail(part) for part in figures]
    if figures[0].sentence == total.sentence and any(CUES.rest.search(page.label(f)) for f in figures):
        return _rest(page, total, figures, gap)
    if any(map(CUES.besides.search, named)) or CUES.unstated_rest.match(page.text, figures[-1].stop):
        return None
    exclusive, whole = dimension_of(named)
    own = page.label(total) + page.tail(total)
    if exclusive and not CUES.of_a_whole.search(own) and is_sibling(own, named):
        return None  # 来信13件，来电17件，来访12件，网上6件: 来电 is one of them
    if _shares_of_all(page, figures):
        return "closed"
    if exclusive and whole:
        sure = CUES.nested.search(gap) and figures[0].at == total.at + 1 and side_by_side(figures)
        return "closed, introduced" if sure else "closed"
    if exclusive and parts.sum > total.value and figures[0].at == total.at + 1:
        first = CUES.nested.search(gap) and len(figures) > 2 and parts.sum - parts.values[0] == total.value
        return "first of them" if first else "exceeds"
    if (
        len(figures) > 2
        and CUES.only_others.search(page.label(figures[-1]))
        and side_by_side((total, *figures))
    ):
        return "others"
    return _listed(page, total, parts, exclusive, inside)


def _shares_of_all(page: Page, figures: Sequence[Figure]) -> bool:
    """Whether each part's share follows it and these come to 100%: 31.33亿，占94.1%；1.96亿，占5.9%."""
    shares = [page.figures[figure.at + 1] for figure in figures if figure.at + 1 < len(page.figures)]
    if any(share.family != PERCENT or not page.label(share).startswith("占") for share in shares):
        return False
    return len(shares) == len(figures) and sum((share.value for share in shares), ZERO) == HUNDRED


def _listed(page: Page, total: Figure, parts: Parts, exclusive: bool, inside: bool) -> str | None:
    """How a list says that it is all of the total by where and how its parts stand."""
    figures, gap = parts.figures, page.gap(total, parts.figures[0])
    named = [page.label(part) + page.tail(part) for part in figures]
    some = CUES.some.search(gap)
    exceeds = total.value < parts.sum and _parallel(page, total, figures)
    if some or not side_by_side((total, *figures)) or any(CUES.some.search(words) for words in named):
        if exceeds and not exclusive:
            return "exceeds, listed"
        return None
    if inside:
        named_all = all(map(page.label, figures))
        return "brackets" if named_all and (len(figures) > 2 or exclusive) else None
    one_unit = {part.mention.unit for part in figures} == {total.mention.unit}
    if CUES.colon.search(gap) and one_unit and len(figures) > 2 and all(map(page.label, figures)):
        return "after a colon"
    bare = all(CUES.no_noun.search(page.label(part)) for part in figures)
    if bare and page.tail(total) and all(page.tail(part) for part in figures):
        return "noun left out"
    among = CUES.among.search(gap)  # 253个选区中，甲党在116个、乙党在96个领先
    return "listed" if len(figures) > 2 and not among and all(page.label(part) for part in figures) else None


def _parallel(page: Page, total: Figure, figures: Sequence[Figure]) -> bool:
    """Whether three parts or more stand right after their total, with names of one shape."""
    names = [CUES.nested.sub("", page.label(figure)).strip() for figure in figures]
    sizes = sorted(map(len, names))
    alike = sizes[0] > 1 and (sizes[-1] - sizes[0] < 2 or all(map(CUES.place.search, names)))
    alike = alike and len(names) > 2
    return alike and side_by_side((total, *figures)) and not any(map(CUES.overlapping.search, names))


def _rest(page: Page, total: Figure, figures: Sequence[Figure], gap: str) -> str | None:
    """其余 is the rest of a whole that the text calls one; elsewhere its whole is not stated."""
    if not CUES.rest.search(page.label(figures[-1])) or any(
        CUES.rest.search(page.label(part)) for part in figures[:-1]
    ):
        return None
    if max(part.value for part in figures) >= total.value or not side_by_side((total, *figures)):
        return None
    label = page.label(total)
    if CUES.nested.search(gap) or CUES.of_a_whole.search(label):
        return "rest"
    states = all(CUES.state_first.search(page.label(part)) for part in figures[:-1])
    return "rest, no total" if states and not CUES.state_first.search(label) else None


def _beside_their_changes(page: Page, figures: Sequence[Figure]) -> bool:
    """Whether nothing but changes of these stands between them."""
    return all(
        all(map(page.aside, page.figures[left.at + 1 : right.at])) for left, right in pairwise(figures)
    )


_WORDS = 24
"""Characters before a total in which it may say of how many it is."""
_NUMBERS = "两二三四五六七八九"


def counted(page: Page, total: Figure) -> tuple[int, str]:
    """How many a total says that it is of, and the noun after it: 两轮合计发现问题; 0 where it says none."""
    begin = page.reading.flow.sentences[total.sentence][0]
    match = CUES.counted_parts.search(page.text, max(begin, total.begin - _WORDS), total.begin)
    if match is None:
        return 0, ""
    return max(2, _NUMBERS.index(match["count"]) + 1), page.text[match.end() : total.begin] or match["what"]


def named_again(page: Page, total: Figure) -> Finding | None:
    """第一轮发现问题126个，第二轮发现问题98个。两轮合计发现问题224个: as many figures as the total counts."""
    count, noun = counted(page, total)
    if not count:
        return None
    figures = [
        f for f in page.families[total.family][max(0, total.rank - 12) : total.rank] if not page.changes(f)
    ]
    alike = [f for f in figures if noun and noun[-2:] in page.label(f)][-count:]
    if (
        len(alike) != count
        or total.sentence - alike[0].sentence > count
        or CUES.added_to_parts.search(page.gap(alike[-1], total))
    ):
        return None
    parts = parts_of(total, alike)
    if parts.fits:
        return added(total, parts, "sums up, counted", True)
    exact = alike == figures[-count:] and all(noun in page.label(f) for f in alike)
    return accused_list(page, total, parts, "sums up, counted") if exact else None


def summed_up(page: Page, total: Figure) -> Finding | None:
    """A total right after its parts (密接120人、次密接95人，共225人) that they do not come to."""
    family = page.families[total.family]
    figures: list[Figure] = []
    for figure in reversed(family[max(0, total.rank - 32) : total.rank]):
        stop = figures[-1].begin if figures else total.begin
        if figure.sentence != total.sentence or CUES.row_end.search(page.text, figure.stop, stop):
            break
        if not page.aside(figure):
            figures.append(figure)
    figures.reverse()
    plus = next((n for n, figure in enumerate(figures) if CUES.plus.search(page.label(figure))), 0)
    figures = figures[max(0, plus - 1) :]  # the figure before 加上 is what the others are added to
    labels = [page.label(figure) for figure in figures]
    if len(figures) < 2 or not all(labels) or not _beside_their_changes(page, figures):
        return None
    between = page.figures[figures[-1].at + 1 : total.at]  # 三个班共139人
    if len(between) > 1 or any(figure.value != len(figures) for figure in between):
        return None
    wrong = any(f.bracket != total.bracket for f in figures)
    wrong = wrong or any(map(CUES.total.search, labels[1:])) or any(map(CUES.some.search, labels))
    gap = page.gap(figures[-1], total)
    if wrong or page.tail(total) or CUES.some.search(gap) or CUES.added_to_parts.search(gap):
        return None
    parts = parts_of(total, figures)
    if parts.fits:
        return None
    how = "sums up, counted" if between or counted(page, total)[0] == len(figures) else "sums up"
    return accused_list(page, total, parts, how)
