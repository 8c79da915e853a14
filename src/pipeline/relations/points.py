"""Percentage points: growth or a share against another one, and changes of shares that cancel."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding
from pipeline.relations.differences import subtracted
from pipeline.relations.figures import PERCENT, POINTS, ZERO, Figure, Page

_OVER = cues.cue(r"高出|高于|低于|超出|快于|慢于|高|低|快|多|少", "高于全省", "全省")
_REFERENCE = cues.cue(r"整体|全国|全省|全市|平均|总体|全区|全县", "高于全省", "高于上年")
_SPEEDS = cues.cue(
    r"(?:增速|增幅|增长|收入)[^，；。]{0,12}(?:高于|快于|低于|慢于|高出|落后)", "增速高于城镇", "高于城镇"
)


def points(page: Page) -> Iterator[Finding]:
    """Every difference in percentage points whose two percentages stand apart from it."""
    for figure in page.families.get(POINTS, ()):
        found = _against_reference(page, figure) or _between_speeds(page, figure)
        if found:
            yield found
    yield from _cancelling(page)


def _against_reference(page: Page, figure: Figure) -> Finding | None:
    """高出整体增速7.7个百分点: against the headline's growth."""
    label = page.label(figure)
    near = [f for f in page.near(figure, 3) if f.family == PERCENT]
    if not near or not _OVER.search(label) or not _REFERENCE.search(label):
        return None
    for other in page.families[PERCENT][:3]:
        if other.at < near[0].at and abs(near[0].value - other.value) == figure.value:
            return _apart(near[0], other, figure, "against the whole")
    return None


def _between_speeds(page: Page, figure: Figure) -> Finding | None:
    """城镇增长5.2%，农村增长7.1%，农村增速高于城镇1.9个百分点: the two growths of the sentence."""
    if not _SPEEDS.search(page.label(figure)):
        return None
    near = [f for f in page.near(figure, 4) if f.family == PERCENT and page.changes(f)]
    if len(near) != 2 or abs(near[0].value - near[1].value) != figure.value:
        return None
    return _apart(near[0], near[1], figure, "one growth above the other")


def _apart(one: Figure, other: Figure, figure: Figure, rule: str) -> Finding | None:
    upper, lower = (one, other) if one.value > other.value else (other, one)
    return subtracted(upper, lower, figure, rule, False)


def _cancelling(page: Page) -> Iterator[Finding]:
    """Shares that rose and fell by as much: one sentence's changes in points cancel."""
    by_sentence: dict[int, list[Figure]] = {}
    for figure in page.families.get(POINTS, ()):
        begin = page.families[POINTS][figure.rank - 1].stop if figure.rank else 0
        if not cues.NESTED.search(page.text, max(begin, figure.begin - 40), figure.begin):
            by_sentence.setdefault(figure.sentence, []).append(figure)
    for group in by_sentence.values():
        if not 3 <= len(group) <= 8 or not any("比重" in page.label(f) for f in group):
            continue
        signs: list[int] = []
        for f in group:
            signs.append(page.direction(f) or (signs[-1] if signs else 0))
        up = [f for f, sign in zip(group, signs, strict=True) if sign > 0]
        down = [f for f, sign in zip(group, signs, strict=True) if sign < 0]
        first, rest = (up, down) if len(up) == 1 else (down, up)
        if len(first) == 1 and len(rest) > 1 and first[0].value == sum((f.value for f in rest), ZERO):
            stated = (*first, *rest)
            values = tuple(f.value for f in stated)
            yield Finding(
                "difference", values, stated, group[-1], ZERO, "holds", "changes of all shares", True, ZERO
            )
