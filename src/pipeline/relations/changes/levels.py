"""Levels: the two figures that a change compares, whatever the change is stated in.

由A增加到B, A，比上年的B, A（上年B）, A。同X的B相比 are read alike before 增加D, 增长N%, 提高N个百分点
and 增长N倍 (`adjacent_pairs`). Where none of these stands, `distant_levels` looks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.relations.figure_index import PERCENT, POINTS, Figure, Index, is_additive
from pipeline.relations.relation_cues import CUES, last_clause

_NEAR, _LISTED = 8, 12
"""Figures before a change among which its levels stand, one by one or in a list after 分别."""
_NAME = 24
"""Characters before a figure that its name and period are read from."""
YEARS_APART = 20
"""Years that a change may be over."""

_A_SPAN = "duration 年"
OF_POINTS = {POINTS: PERCENT, "percent 个千分点": "percent ‰"}
"""What points are a difference of."""


class LevelPair(NamedTuple):
    """Two levels that a change may compare."""

    now: Figure
    before: Figure
    rule: str
    sure: bool = False
    """Whether the words leave no other two."""
    beside: bool = False
    """Whether nothing but other changes of them stands between these and the change."""
    sign: int | None = None
    """1 where the first is said to be more, -1 less, 0 where neither; None: as the change's own words say."""


def is_times(figure: Figure) -> bool:
    """Whether a figure is N倍."""
    return figure.mention.unit == "倍"


def is_comparison(index: Index, figure: Figure) -> bool:
    """Whether a figure states a change of two others: by its words, its unit or where it stands."""
    if is_times(figure) or figure.family in OF_POINTS or index.is_change(figure):
        return True
    if figure.family == PERCENT:
        return CUES.yearly.search(index.label(figure)) is not None
    label, previous = index.label(figure), index.previous(figure)
    after_bracket = previous is not None and previous.bracket not in (-1, figure.bracket)
    return CUES.apart.search(label) is not None or (
        after_bracket and (not label or bool(CUES.more.search(label)))
    )


def is_bare(index: Index, change: Figure) -> bool:
    """Whether a change's label names nothing of its own."""
    return CUES.bare_change.search(index.label(change).removeprefix("同比")) is not None


def comparable(index: Index, change: Figure, figure: Figure) -> bool:
    """Whether a change may be of this figure, by what they are counted in."""
    points = OF_POINTS.get(change.family)
    if points:
        return figure.family == points
    if is_times(change):
        likely = is_additive(figure.family)
    elif change.family == PERCENT:
        likely = figure.family not in (PERCENT, POINTS, _A_SPAN)
    else:
        likely = figure.family == change.family and figure.bracket == change.bracket
    return likely and not index.is_change(figure)


def adjacent_pairs(index: Index, change: Figure) -> Iterator[LevelPair]:
    """The pairs before a change in its sentence that its structure ties to it, in order of likelihood.

    年平均增长率为0.07% may open the sentence after that of its levels.
    """
    near, last = index.preceding(change, _NEAR), index.previous(change)
    if not near and last and CUES.yearly.search(index.label(change)):
        near = [last, *index.preceding(last, _NEAR)]
    bare, same = is_times(change) or is_bare(index, change), index.label(change).startswith("同比")
    place = _last_before(index, change)
    yield from _in_brackets(index, change, place)
    levels = [f for f in near if comparable(index, change, f)]
    if levels and levels[0].pos == place:
        yield from _compared(index, change, levels[0], bare)
    for now, before in _neighbours(levels):
        beside = now.pos == place and before.pos == place - 1
        sure = bare and beside
        if from_to(index, before, now):
            plain = change.family != PERCENT or CUES.from_level.search(index.label(before)) is not None
            yield LevelPair(now, before, "from, to", sure and plain and not same, beside)
        elif beside and CUES.than.search(index.label(now)):
            yield LevelPair(before, now, "than", bare, beside)
        elif beside and CUES.compared.search(index.label(now)):
            yield LevelPair(before, now, "than", False, beside)
        elif beside and change.family in OF_POINTS and CUES.of_goal.search(index.label(change)):
            yield from _beyond(index, now, levels)
        elif is_times(change) and beside and CUES.is_of.search(index.label(now)):
            yield LevelPair(before, now, "than", True, beside)
        elif is_before(index, before, now):
            sure = sure and _one_after_the_other(index, before, now)
            yield LevelPair(now, before, "the period before", sure, beside)
        elif is_before(index, now, before):
            sure = sure and CUES.was_before.search(index.label(now)) is not None
            yield LevelPair(before, now, "the period before", sure, beside)
        elif beside and CUES.apart.search(index.label(change)):
            named = index.label(change).startswith("两者") and not CUES.clause.search(index.label(change))
            yield LevelPair(now, before, "apart", named, beside, 0)
    yield from _one_by_one(index, change)


def _beyond(index: Index, goal: Figure, levels: Sequence[Figure]) -> Iterator[LevelPair]:
    """增长26.4%，高于年初12%的目标14.4个百分点: any level before may be meant, the nearest one surely."""
    under = CUES.under.search(index.label(goal))
    if under or CUES.over.search(index.label(goal)):
        for now in levels[1:]:
            yield LevelPair(now, goal, "than", now is levels[1], now is levels[1], -1 if under else 1)


def _neighbours(levels: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Each level with the one before it that is counted alike."""
    for at, now in enumerate(levels):
        before = next((f for f in levels[at + 1 :] if f.family == now.family), None)
        if before is not None:
            yield now, before


def _last_before(index: Index, change: Figure) -> int:
    """Where the last figure before a change stands that is no change of the same two and no span of years."""
    for at in range(change.pos - 1, max(0, change.pos - 1 - _NEAR), -1):
        figure = index.figures[at]
        if figure.family != _A_SPAN and not (index.is_change(figure) and is_bare(index, figure)):
            return at
    return max(0, change.pos - 1)


def from_to(index: Index, before: Figure, now: Figure) -> bool:
    """由A增加到B, 从A扩产到B."""
    gap = index.gap(before, now)
    if CUES.changed_to.search(gap):
        return True
    return CUES.from_level.search(index.label(before)) is not None and CUES.to.search(gap) is not None


def is_before(index: Index, figure: Figure, other: Figure) -> bool:
    """Whether a figure is of the period before another's: 去年, or an earlier year."""
    if CUES.before.search(index.label(figure)):
        return True
    return 0 < years_between(index, figure, other) <= YEARS_APART


def years_between(index: Index, figure: Figure, other: Figure) -> int:
    """By how many years the period named before one figure is later than the one before another."""
    year, another = CUES.year.search(index.text_before(figure)), CUES.year.search(index.text_before(other))
    return int(another[1]) - int(year[1]) if year and another else 0


def _one_after_the_other(index: Index, before: Figure, now: Figure) -> bool:
    """2019年受理案件860件，2020年受理案件731件: one thing in two years that follow one another."""
    one, other = index.text_before(before)[-_NAME:], index.text_before(now)[-_NAME:]
    first, second = CUES.year_name.search(one), CUES.year_name.search(other)
    if first is None or second is None or years_between(index, before, now) > 1:
        return False
    return one[first.end() :] == other[second.end() :]


def _in_brackets(index: Index, change: Figure, place: int) -> Iterator[LevelPair]:
    """9120元，高出全县平均（8347元）773元; 2965人次，较峰值（1.12万人次）下降73.5%."""
    other = index.figures[place]
    if other.bracket in (-1, change.bracket):
        return
    near = (f for f in index.preceding(other, 3) if f.family == other.family and f.bracket == change.bracket)
    level = next((f for f in near if f.pos == other.pos - 1 or not index.is_change(f)), None)
    begin, stop, _ = index.brackets[other.bracket]
    alone = index.text[begin + 1 : stop - 1].strip() == index.text[other.begin : other.stop]
    if level is None or not alone or not comparable(index, change, level._replace(bracket=change.bracket)):
        return
    clause = CUES.clause.split(index.text[level.stop : begin])
    after = index.text[stop : index.figures[place + 1].begin]
    if not 0 < len(clause) <= 2 + (other.pos - level.pos > 1):
        return
    if after and not CUES.more.search(after) and not CUES.bare_change.search(after):
        return
    under = CUES.under.search(clause[-1]) or CUES.down.search(after)
    if under or CUES.over.search(clause[-1]):
        yield LevelPair(level, other, "than the one in brackets", True, True, -1 if under else 1)


def _compared(index: Index, change: Figure, other: Figure, bare: bool) -> Iterator[LevelPair]:
    """常住人口274622人。同2010年的272799人相比，增加1823人: the level right before."""
    now = index.previous(other)
    if now is None or not CUES.compared_after.search(index.text_after(other)):
        return
    if now.family != other.family or other.sentence - now.sentence > 1 or index.is_change(now):
        return
    words = last_clause(CUES.gloss.sub("", index.text_before(other)))
    match = CUES.named_with.search(words)
    if CUES.with_level.search(words) or (match and match["name"][-2:] in index.words(now)):
        moved = index.figures[change.pos - 1]
        shown = moved.family == now.family and moved.value == abs(now.value - other.value)
        sure = bare and (change.family != PERCENT or shown)
        yield LevelPair(now, other, "compared with", sure, True)


def _one_by_one(index: Index, change: Figure) -> Iterator[LevelPair]:
    """Two side by side in a list after 分别: 分别为86件、124件，比上年增长44.2%."""
    last = index.figures[max(0, change.pos - _LISTED) : change.pos]
    counted = change.family not in OF_POINTS and "比" in index.label(change)
    for before, now in pairwise(f for f in last if counted and comparable(index, change, f)):
        beside = now.pos == before.pos + 1 and CUES.joint.search(index.gap(before, now).strip())
        if beside and "分别" in index.text[max(0, before.begin - _NAME) : before.begin]:
            yield LevelPair(now, before, "named one by one", False, True)
