"""Levels: the two figures that a change compares, whatever the change is stated in.

由A增加到B, A，比上年的B, A（上年B）, A。同X的B相比 are read alike before 增加D, 增长N%, 提高N个百分点
and 增长N倍 (`stated`). Where none of these stands, `elsewhere` looks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.relations.cues import CUES, last_clause
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page, adds

_NEAR, _LISTED = 8, 12
"""Figures before a change among which its levels stand, one by one or in a list after 分别."""
_NAME, _YEARS_APART = 24, 20
"""Characters before a figure that its name and period are read from; years that a change may be over."""

_A_SPAN = "duration 年"
OF_POINTS = {POINTS: PERCENT, "percent 个千分点": "percent ‰"}
"""What points are a difference of."""


class Pair(NamedTuple):
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


def is_change(page: Page, figure: Figure) -> bool:
    """Whether a figure states a change of two others: by its words, its unit or where it stands."""
    if is_times(figure) or figure.family in OF_POINTS or page.changes(figure):
        return True
    if figure.family == PERCENT:
        return CUES.yearly.search(page.label(figure)) is not None
    after_bracket = figure.at > 0 and page.figures[figure.at - 1].bracket not in (-1, figure.bracket)
    label = page.label(figure)
    return CUES.apart.search(label) is not None or (
        after_bracket and (not label or bool(CUES.more.search(label)))
    )


def is_bare(page: Page, change: Figure) -> bool:
    """Whether a change's label names nothing of its own."""
    return CUES.bare_change.search(page.label(change).removeprefix("同比")) is not None


def comparable(page: Page, change: Figure, figure: Figure) -> bool:
    """Whether a change may be of this figure, by what they are counted in."""
    points = OF_POINTS.get(change.family)
    if points:
        return figure.family == points
    if is_times(change):
        likely = adds(figure.family)
    elif change.family == PERCENT:
        likely = figure.family not in (PERCENT, POINTS, _A_SPAN)
    else:
        likely = figure.family == change.family and figure.bracket == change.bracket
    return likely and not page.changes(figure)


def stated(page: Page, change: Figure) -> Iterator[Pair]:
    """The pairs before a change in its sentence that its structure ties to it, in order of likelihood.

    年平均增长率为0.07% may open the sentence after that of its levels.
    """
    near = page.near(change, _NEAR)
    if not near and change.at and CUES.yearly.search(page.label(change)):
        last = page.figures[change.at - 1]
        near = [last, *page.near(last, _NEAR)]
    bare, same = is_times(change) or is_bare(page, change), page.label(change).startswith("同比")
    place = _place(page, change)
    yield from _in_brackets(page, change, place)
    levels = [f for f in near if comparable(page, change, f)]
    if levels and levels[0].at == place:
        yield from _compared(page, change, levels[0], bare)
    for now, before in _neighbours(levels):
        beside = now.at == place and before.at == place - 1
        sure = bare and beside
        if from_to(page, before, now):
            plain = change.family != PERCENT or CUES.from_level.search(page.label(before)) is not None
            yield Pair(now, before, "from, to", sure and plain and not same, beside)
        elif beside and CUES.than.search(page.label(now)):
            yield Pair(before, now, "than", bare, beside)
        elif beside and CUES.compared.search(page.label(now)):
            yield Pair(before, now, "than", False, beside)
        elif beside and change.family in OF_POINTS and CUES.of_goal.search(page.label(change)):
            yield from _beyond(page, now, levels)
        elif is_times(change) and beside and CUES.is_of.search(page.label(now)):
            yield Pair(before, now, "than", True, beside)
        elif is_before(page, before, now):
            sure = sure and _one_after_the_other(page, before, now)
            yield Pair(now, before, "the period before", sure, beside)
        elif is_before(page, now, before):
            sure = sure and CUES.was_before.search(page.label(now)) is not None
            yield Pair(before, now, "the period before", sure, beside)
        elif beside and CUES.apart.search(page.label(change)):
            named = page.label(change).startswith("两者") and not CUES.clause.search(page.label(change))
            yield Pair(now, before, "apart", named, beside, 0)
    yield from _one_by_one(page, change)


def _beyond(page: Page, goal: Figure, levels: Sequence[Figure]) -> Iterator[Pair]:
    """增长26.4%，高于年初12%的目标14.4个百分点: any level before may be meant, the nearest one surely."""
    under = CUES.under.search(page.label(goal))
    if under or CUES.over.search(page.label(goal)):
        for now in levels[1:]:
            yield Pair(now, goal, "than", now is levels[1], now is levels[1], -1 if under else 1)


def _neighbours(levels: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Each level with the one before it that is counted alike."""
    for at, now in enumerate(levels):
        before = next((f for f in levels[at + 1 :] if f.family == now.family), None)
        if before is not None:
            yield now, before


def _place(page: Page, change: Figure) -> int:
    """Where the last figure before a change stands that is no change of the same two and no span of years."""
    for at in range(change.at - 1, max(0, change.at - 1 - _NEAR), -1):
        figure = page.figures[at]
        if figure.family != _A_SPAN and not (page.changes(figure) and is_bare(page, figure)):
            return at
    return max(0, change.at - 1)


def from_to(page: Page, before: Figure, now: Figure) -> bool:
    """由A增加到B, 从A扩产到B."""
    gap = page.gap(before, now)
    if CUES.changed_to.search(gap):
        return True
    return CUES.from_level.search(page.label(before)) is not None and CUES.to.search(gap) is not None


def is_before(page: Page, figure: Figure, other: Figure) -> bool:
    """Whether a figure is of the period before another's: 去年, or an earlier year."""
    if CUES.before.search(page.label(figure)):
        return True
    return 0 < years_between(page, figure, other) <= _YEARS_APART


def years_between(page: Page, figure: Figure, other: Figure) -> int:
    """By how many years the period named before one figure is later than the one before another."""
    year, another = CUES.year.search(page.lead(figure)), CUES.year.search(page.lead(other))
    return int(another[1]) - int(year[1]) if year and another else 0


def _one_after_the_other(page: Page, before: Figure, now: Figure) -> bool:
    """2019年受理案件860件，2020年受理案件731件: one thing in two years that follow one another."""
    one, other = page.lead(before)[-_NAME:], page.lead(now)[-_NAME:]
    first, second = CUES.year_name.search(one), CUES.year_name.search(other)
    if first is None or second is None or years_between(page, before, now) > 1:
        return False
    return one[first.end() :] == other[second.end() :]


def _in_brackets(page: Page, change: Figure, place: int) -> Iterator[Pair]:
    """9120元，高出全县平均（8347元）773元; 2965人次，较峰值（1.12万人次）下降73.5%."""
    other = page.figures[place]
    if other.bracket in (-1, change.bracket):
        return
    near = (f for f in page.near(other, 3) if f.family == other.family and f.bracket == change.bracket)
    mine = next((f for f in near if f.at == other.at - 1 or not page.changes(f)), None)
    begin, stop, _ = page.brackets[other.bracket]
    alone = page.text[begin + 1 : stop - 1].strip() == page.text[other.begin : other.stop]
    if mine is None or not alone or not comparable(page, change, mine._replace(bracket=change.bracket)):
        return
    clause = CUES.clause.split(page.text[mine.stop : begin])
    said = page.text[stop : page.figures[place + 1].begin]
    if not 0 < len(clause) <= 2 + (other.at - mine.at > 1):
        return
    if said and not CUES.more.search(said) and not CUES.bare_change.search(said):
        return
    under = CUES.under.search(clause[-1]) or CUES.down.search(said)
    if under or CUES.over.search(clause[-1]):
        yield Pair(mine, other, "than the one in brackets", True, True, -1 if under else 1)


def _compared(page: Page, change: Figure, other: Figure, bare: bool) -> Iterator[Pair]:
    """常住人口274622人。同2010年的272799人相比，增加1823人: the level right before."""
    if not other.at or not CUES.compared_after.search(page.tail(other)):
        return
    now = page.figures[other.at - 1]
    if now.family != other.family or other.sentence - now.sentence > 1 or page.changes(now):
        return
    words = last_clause(CUES.gloss.sub("", page.lead(other)))
    match = CUES.named_with.search(words)
    if CUES.with_level.search(words) or (match and match["name"][-2:] in page.words(now)):
        moved = page.figures[change.at - 1]
        shown = moved.family == now.family and moved.value == abs(now.value - other.value)
        sure = bare and (change.family != PERCENT or shown)
        yield Pair(now, other, "compared with", sure, True)


def _one_by_one(page: Page, change: Figure) -> Iterator[Pair]:
    """Two side by side in a list after 分别: 分别为86件、124件，比上年增长44.2%."""
    last = page.figures[max(0, change.at - _LISTED) : change.at]
    counted = change.family not in OF_POINTS and "比" in page.label(change)
    for before, now in pairwise(f for f in last if counted and comparable(page, change, f)):
        beside = now.at == before.at + 1 and CUES.joint.search(page.gap(before, now).strip())
        if beside and "分别" in page.text[max(0, before.begin - _NAME) : before.begin]:
            yield Pair(now, before, "named one by one", False, True)
