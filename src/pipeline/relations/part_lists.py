"""Lists: the figures that may be the parts of a total, with what 其中 inside a list takes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.relations.figure_index import ZERO, Figure, Index
from pipeline.relations.relation_cues import CUES

REACH = 96
"""Figures that a list may have after its total."""


_MANY, _NEAR = 3, 20
"""Parts, at least, and how near they must come (a twentieth), where their total is not exact."""


class Parts(NamedTuple):
    """A list of parts: the figures, their values (各N written out), what they come to."""

    figures: tuple[Figure, ...]
    values: tuple[Decimal, ...]
    sum: Decimal
    slack: Decimal
    """How far the sum may be off the total because both are rounded in print."""
    fits: bool


def parts_of(total: Figure, figures: Sequence[Figure], values: Sequence[Decimal] = ()) -> Parts:
    """These figures, once each, as the parts of a total, whatever they (or these values) come to."""
    values = tuple(values or (figure.value for figure in figures))
    come_to, slack = sum(values, ZERO), sum((figure.slack for figure in figures), total.slack)
    return Parts(tuple(figures), values, come_to, slack, abs(come_to - total.value) <= slack)


def are_adjacent(figures: Sequence[Figure]) -> bool:
    """Whether no other figure stands between these."""
    return all(right.pos == left.pos + 1 for left, right in pairwise(figures))


def prefixes(
    index: Index, items: Iterable[Figure], total_of: Mapping[int, int], cover: str = "break"
) -> Iterator[Parts]:
    """What the first two of a list come to, the first three …; without the parts of its parts (`outer`)."""
    parts: list[Figure] = []
    values: list[Decimal] = []
    come_to, slack = ZERO, ZERO
    for figure in outer_figures(index, items, total_of, cover):
        times, value = each_count(index, figure), signed(index, figure)
        parts.append(figure)
        values.extend([value] * times)
        come_to += value * times
        slack += figure.slack * times
        if len(values) > 1:
            yield Parts(tuple(parts), tuple(values), come_to, slack, True)


def outer_figures(
    index: Index, items: Iterable[Figure], total_of: Mapping[int, int], cover: str = "break"
) -> Iterator[Figure]:
    """A list without the parts of its parts, which `total_of` says, and 其中 inside the list.

    cover: how far 其中 leaves figures out: to the next break, one of them, or none.
    """
    taken: set[int] = set()
    covered = -1
    for figure in items:
        if figure.begin < covered or total_of.get(figure.pos) in taken:
            continue
        if cover != "none" and taken and index.opens_sublist(figure):
            covered = index.row_end(figure) if cover == "break" else covered
            continue
        taken.add(figure.pos)
        yield figure


def signed(index: Index, figure: Figure) -> Decimal:
    """Its value, below 0 where it states a fall."""
    return -figure.value if index.is_change(figure) and index.direction(figure) < 0 else figure.value


def fitting_parts(
    index: Index, total: Figure, items: Sequence[Figure], total_of: Mapping[int, int]
) -> Parts | None:
    """The first stretch of a list that comes to the total, exactly or as near as rounding lets it."""
    levels = [figure for figure in items if index.is_level(figure)]
    nested = any(map(index.opens_sublist, levels[1:]))
    cut = bool(items) and items[0].place < total.place  # 105.655公里 and 44.509公里 are 150.1公里
    about = total.mention.qualifier != "exact"
    ways = [(cover, total_of) for cover in ("break", "one", "none")[: 3 if nested else 1]]
    if any(figure.pos in total_of for figure in items):
        ways.append(("break", {}))  # 68 = 45 + 15 + 8, by chance, of the 136 that all four come to
    for cover, taken in ways:
        best: Parts | None = None
        for parts in prefixes(index, levels, taken, cover):
            slack, off = _allowed(total, parts, cut), abs(total.value - parts.sum)
            if parts.sum > total.value + slack:
                break
            if off <= slack and (best is None or about or off <= abs(total.value - best.sum)):
                best = parts._replace(slack=slack)  # a part more may make it exact
            if not off:
                return best
        if best:
            return best
    return None


def _allowed(total: Figure, parts: Parts, cut: bool) -> Decimal:
    """How far a list may be off: by rounding, or by a twentieth of a total that is 近, 余 or 约."""
    slack = parts.slack + (total.place if cut else total.slack)
    low, high = total.mention.low, total.mention.high
    within = (low is None or low <= parts.sum) and (high is None or parts.sum <= high)
    one = parts.figures[0].sentence == parts.figures[-1].sentence
    if total.mention.qualifier == "exact" or not (within and one and len(parts.values) >= _MANY):
        return slack
    return max(slack, total.value / _NEAR)  # 近40件，其中来访14件，来信11件，电话9件，网络5件


def full_list(index: Index, total: Figure, items: Sequence[Figure], total_of: Mapping[int, int]) -> Parts:
    """The list to the end of the total's sentence, whatever it comes to."""
    levels = [figure for figure in items if index.is_level(figure)]
    opens = (
        levels[:1]
        and levels[0].sentence == total.sentence + 1
        and CUES.opens_sentence.search(index.text_before(levels[0]))
    )
    sentence = total.sentence + bool(opens)
    whole = parts_of(total, [])
    for parts in prefixes(index, (f for f in levels if f.sentence == sentence), total_of):
        slack = parts.slack + total.slack
        whole = parts._replace(slack=slack, fits=abs(parts.sum - total.value) <= slack)
        if parts.sum > 2 * total.value:
            break
    return whole


def each_count(index: Index, figure: Figure) -> int:
    """How many bear the figure each: 波黑、卢森堡、葡萄牙各1人 are three."""
    begin = figure.begin
    if index.text.find("各", max(0, begin - 4), begin) < 0:
        return 1
    match = CUES.each.search(index.text, max(0, begin - 100), begin)
    if not match:
        return 1
    after = index.following(figure)
    if after is not None and after.family == figure.family and CUES.joint.search(index.gap(figure, after)):
        return 1  # 金、银、铜牌各19枚、21枚、23枚
    before = index.previous(figure)
    if before is not None and before.begin >= match.start("names") and before.stop >= match.end("names") - 2:
        return int(before.value) if ZERO < before.value <= REACH and before.value % 1 == 0 else 1
    return len(CUES.listed.findall(match["names"])) + 1


def ends_list(index: Index, last: Figure, items: Sequence[Figure]) -> bool:
    """Whether the list ends where a part stands, so that no figure of it is left out."""
    after = (figure for figure in items if figure.begin > last.begin and index.is_level(figure))
    following = next(after, None)
    if following is None or following.mention.unit != last.mention.unit:
        return True  # 作案6起，其中盗窃4起、抢劫2起，抓获6人
    if CUES.no_part.search(index.label(following)):
        return True
    return bool(CUES.row_end.search(index.text, last.stop, following.begin)) or index.opens_sublist(following)
