"""Wholes: where the text says that a list names every part, so that a sum that is off is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise, takewhile

from pipeline.relations.arithmetic import HUNDRED, Equation, accused, sum_of
from pipeline.relations.dimensions import dimension_of, is_sibling
from pipeline.relations.figure_index import PERCENT, ZERO, Figure, Index
from pipeline.relations.part_lists import Parts, are_adjacent, full_list, parts_of
from pipeline.relations.relation_cues import CUES
from pipeline.relations.sums.evidence import SUM_RULES

_MEMBERS = 8
"""Parts among which members of one dimension are looked for."""
_BACK = 6
"""Earlier figures of the family that the list could be the parts of instead."""


def mismatched_list(
    index: Index, total: Figure, items: Sequence[Figure], total_of: Mapping[int, int], inside: bool
) -> Equation | None:
    """The equation for a list said to be the whole that does not add up."""
    if index.is_change(total):
        return None
    for figures in (items, _members_of_dimension(index, items)):
        parts = full_list(index, total, figures, total_of)
        far = abs(total.value - parts.sum) > total.value
        if len(parts.values) > 1 and not parts.fits and not far:
            found = judge_list(index, total, parts, _closure(index, total, parts, inside))
            if found:
                return found
    return None


def _members_of_dimension(index: Index, items: Sequence[Figure]) -> Sequence[Figure]:
    """The first parts that bear members of one dimension: 水田960亩、旱田6498亩、果园320亩."""
    named = takewhile(lambda part: not CUES.besides.search(index.label(part)), items[:_MEMBERS])
    labels = [*map(index.clause, named)]
    count = next((n for n in range(2, len(labels) + 1) if not dimension_of(labels[:n])[0]), len(labels) + 1)
    return items[: count - 1]


def judge_list(index: Index, total: Figure, parts: Parts, how: str | None) -> Equation | None:
    """The equation for a sum that is off: fails where every figure is exact and no other reading holds."""
    off = abs(total.value - parts.sum)
    if (
        how is None
        or off * SUM_RULES[how].within > total.value
        or has_other_reading(index, total, parts, how)
    ):
        return None
    return accused(sum_of(total, parts, "whole: " + how, True))


def has_other_reading(index: Index, total: Figure, parts: Parts, how: str) -> bool:
    """Whether the list comes to another figure, or to this one without a part or with one skipped.

    The part that 其中 introduces is a part in every reading.
    """
    family, first, last = index.families[total.family], parts.figures[0], parts.figures[-1]
    begin = max(0, min(first.rank, total.rank) - _BACK)
    earlier = [f.value for f in family[begin : first.rank] if f.pos != total.pos]
    after = [f.value for f in family[last.rank + 1 : last.rank + 2] if f.pos != total.pos]
    if any(value in (parts.sum, parts.sum + total.value) for value in (*earlier, *after)):
        return True
    inner = {f.pos for f in parts.figures}
    skipped = [f.value for f in family[first.rank : last.rank] if f.pos not in inner]
    changed = [parts.sum + value for value in (*skipped, *after)]
    if len(parts.values) > 2 and how != "after a colon":
        changed += [parts.sum - value for value in parts.values[how == "first of them" :]]
    return any(abs(total.value - value) <= parts.slack for value in changed)


def _closure(index: Index, total: Figure, parts: Parts, inside: bool) -> str | None:
    """How the text says that these parts are all of the total, or None."""
    figures = parts.figures
    gap = index.gap(total, figures[0])
    named = [*map(index.clause, figures)]
    if figures[0].sentence == total.sentence and any(CUES.rest.search(index.label(f)) for f in figures):
        return _rest(index, total, figures, gap)
    if any(map(CUES.besides.search, named)) or CUES.unstated_rest.match(index.text, figures[-1].stop):
        return None
    exclusive, whole = dimension_of(named)
    total_words = index.clause(total)
    if exclusive and not CUES.of_a_whole.search(total_words) and is_sibling(total_words, named):
        return None  # 来信13件，来电17件，来访12件，网上6件: 来电 is one of them
    if _shares_of_all(index, figures):
        return "closed"
    if exclusive and whole:
        sure = CUES.nested.search(gap) and figures[0].pos == total.pos + 1 and are_adjacent(figures)
        return "closed, introduced" if sure else "closed"
    if exclusive and parts.sum > total.value and figures[0].pos == total.pos + 1:
        first = CUES.nested.search(gap) and len(figures) > 2 and parts.sum - parts.values[0] == total.value
        return "first of them" if first else "exceeds"
    if (
        len(figures) > 2
        and CUES.only_others.search(index.label(figures[-1]))
        and are_adjacent((total, *figures))
    ):
        return "others"
    return _closure_by_place(index, total, parts, exclusive, inside)


def _shares_of_all(index: Index, figures: Sequence[Figure]) -> bool:
    """Whether each part's share follows it and these come to 100%: 31.33亿，占94.1%；1.96亿，占5.9%."""
    shares = [share for figure in figures if (share := index.following(figure))]
    if any(share.family != PERCENT or not index.label(share).startswith("占") for share in shares):
        return False
    return len(shares) == len(figures) and sum((share.value for share in shares), ZERO) == HUNDRED


def _closure_by_place(index: Index, total: Figure, parts: Parts, exclusive: bool, inside: bool) -> str | None:
    """How a list says that it is all of the total by where and how its parts stand."""
    figures, gap = parts.figures, index.gap(total, parts.figures[0])
    named = [*map(index.clause, figures)]
    some = CUES.some.search(gap)
    exceeds = total.value < parts.sum and _named_alike(index, total, figures)
    if some or not are_adjacent((total, *figures)) or any(CUES.some.search(words) for words in named):
        if exceeds and not exclusive:
            return "exceeds, listed"
        return None
    if inside:
        named_all = all(map(index.label, figures))
        return "brackets" if named_all and (len(figures) > 2 or exclusive) else None
    one_unit = {part.mention.unit for part in figures} == {total.mention.unit}
    if CUES.colon.search(gap) and one_unit and len(figures) > 2 and all(map(index.label, figures)):
        return "after a colon"
    bare = all(CUES.no_noun.search(index.label(part)) for part in figures)
    if bare and index.text_after(total) and all(index.text_after(part) for part in figures):
        return "noun left out"
    among = CUES.among.search(gap)  # 253个选区中，甲党在116个、乙党在96个领先
    return "listed" if len(figures) > 2 and not among and all(index.label(part) for part in figures) else None


def _named_alike(index: Index, total: Figure, figures: Sequence[Figure]) -> bool:
    """Whether three parts or more stand right after their total, with names of one shape."""
    names = [CUES.nested.sub("", index.label(figure)).strip() for figure in figures]
    sizes = sorted(map(len, names))
    alike = sizes[0] > 1 and (sizes[-1] - sizes[0] < 2 or all(map(CUES.place.search, names)))
    alike = alike and len(names) > 2
    return alike and are_adjacent((total, *figures)) and not any(map(CUES.overlapping.search, names))


def _rest(index: Index, total: Figure, figures: Sequence[Figure], gap: str) -> str | None:
    """其余 is the rest of a whole that the text calls one; elsewhere its whole is not stated."""
    if [part for part in figures if CUES.rest.search(index.label(part))] != [figures[-1]]:
        return None
    if max(part.value for part in figures) >= total.value or not are_adjacent((total, *figures)):
        return None
    label = index.label(total)
    if CUES.nested.search(gap) or CUES.of_a_whole.search(label):
        return "rest"
    states = all(CUES.state_first.search(index.label(part)) for part in figures[:-1])
    return "rest, no total" if states and not CUES.state_first.search(label) else None


def _beside_their_changes(index: Index, figures: Sequence[Figure]) -> bool:
    """Whether nothing but changes of these stands between them."""
    between = (index.figures[left.pos + 1 : right.pos] for left, right in pairwise(figures))
    return not any(map(index.is_level, chain.from_iterable(between)))


_WORDS = 24
"""Characters before a total in which it may say of how many it is."""
_NUMBERS = "两二三四五六七八九"


def stated_count(index: Index, total: Figure) -> tuple[int, str]:
    """How many a total says that it is of, and the noun after it: 两轮合计发现问题; 0 where it says none."""
    begin = index.reading.flow.sentences[total.sentence][0]
    match = CUES.counted_parts.search(index.text, max(begin, total.begin - _WORDS), total.begin)
    if match is None:
        return 0, ""
    return max(2, _NUMBERS.index(match["count"]) + 1), index.text[match.end() : total.begin] or match["what"]


def counted_total(index: Index, total: Figure) -> Equation | None:
    """第一轮发现问题126个，第二轮发现问题98个。两轮合计发现问题224个: as many figures as the total counts."""
    count, noun = stated_count(index, total)
    if not count:
        return None
    figures = [f for f in index.family_before(total, 12) if not index.is_change(f)]
    alike = [f for f in figures if noun and noun[-2:] in index.label(f)][-count:]
    if (
        len(alike) != count
        or total.sentence - alike[0].sentence > count
        or CUES.added_to_parts.search(index.gap(alike[-1], total))
    ):
        return None
    parts = parts_of(total, alike)
    if parts.fits:
        return sum_of(total, parts, "sums up, counted", True)
    exact = alike == figures[-count:] and all(noun in index.label(f) for f in alike)
    return judge_list(index, total, parts, "sums up, counted") if exact else None


def summing_total(index: Index, total: Figure) -> Equation | None:
    """A total right after its parts (密接120人、次密接95人，共225人) that they do not come to."""
    figures: list[Figure] = []
    for figure in reversed(index.family_before(total, 32)):
        stop = figures[-1].begin if figures else total.begin
        if figure.sentence != total.sentence or CUES.row_end.search(index.text, figure.stop, stop):
            break
        if index.is_level(figure):
            figures.append(figure)
    figures.reverse()
    plus = next((n for n, figure in enumerate(figures) if CUES.plus.search(index.label(figure))), 0)
    figures = figures[max(0, plus - 1) :]  # the figure before 加上 is what the others are added to
    labels = [index.label(figure) for figure in figures]
    if len(figures) < 2 or not all(labels) or not _beside_their_changes(index, figures):
        return None
    between = index.figures[figures[-1].pos + 1 : total.pos]  # 三个班共139人
    if len(between) > 1 or any(figure.value != len(figures) for figure in between):
        return None
    wrong = any(f.bracket != total.bracket for f in figures)
    wrong = wrong or any(map(CUES.total.search, labels[1:])) or any(map(CUES.some.search, labels))
    gap = index.gap(figures[-1], total)
    if wrong or index.text_after(total) or CUES.some.search(gap) or CUES.added_to_parts.search(gap):
        return None
    parts = parts_of(total, figures)
    if parts.fits:
        return None
    how = "sums up, counted" if between or stated_count(index, total)[0] == len(figures) else "sums up"
    return judge_list(index, total, parts, how)
