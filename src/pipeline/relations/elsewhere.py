"""Changes whose earlier level stands elsewhere: after them, in another sentence, with others between.

The structures of `growth` and `differences` come first. What they leave is tried
against every figure around that is said to be of another period, or that the words compare with;
one is believed where the change has digits enough for so loose a tie and for as many as were tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, increase
from pipeline.relations.figures import HALF, PERCENT, POINTS, Figure, Page, adds
from pipeline.relations.growth import from_to, years_between
from pipeline.relations.misstated import alike

_OF_POINTS = {POINTS: PERCENT, "percent 个千分点": "percent ‰"}
"""What points are a difference of."""
_BACK, _ON, _SENTENCES = 8, 8, 2
"""Figures and sentences around a change in which its two levels stand."""
_NEEDED = (100000, 150, 15, 3)
"""Values that a change could have had in print, at least, by how well its earlier level is told."""
_THAN = cues.cue(
    r"(?P<who>[^，。；：\d]*?)(?:(?<![同环])比|较|高于|低于|快于|高出|超过)(?P<what>[^，。；\d同]{2,14}?)(?:[多少高低增减上下扩收提][^，。；\d]{0,5}|水平)?$",
    "西区园区比东区少",
    "同比增长",
)
"""The label of a change against something named."""
_WAS = cues.cue(
    r"去年|上年|前年|上[月周季]|前一[周月天日]|同期|往年|上[届次]|首日|昨日|原有?|年初", "前一周", "一周"
)
_CLAUSE, _APART = 40, 20
"""Characters before a change that may name what it is compared with; years between its two levels."""
_OTHERS = cues.cue(r"整体|全国|全省|全市|全县|全区|平均", "全国", "全部")
"""What a part is compared with: a whole, of the headline or around it."""
_HEADLINE, _TRIED = 3, 2
"""Percentages that a text begins with; levels that one change is tried with."""


def elsewhere(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every change that no structure explains, with the level before it found elsewhere."""
    explained = {found.total.at for found in known if found.relation in ("difference", "growth", "ratio")}
    parts = {f.at for found in known if found.relation == "sum" for f in found.stated}
    for change in page.figures:
        told = change.family in _OF_POINTS or (page.changes(change) and change.at not in parts)
        averaged = change.family == PERCENT and cues.AVERAGED.search(page.label(change))
        if change.at in explained or not told or change.value <= 0 or averaged:
            continue
        found = _found(page, change)
        if found:
            yield found


def _found(page: Page, change: Figure) -> Finding | None:
    pair = _from_to_after(page, change)
    if pair:
        return _holds(page, change, pair[1], pair[0])
    ranked = [
        (_told(page, other, now, change), now, other)
        for now in _levels(page, change)
        for other in _others(page, now, change)
    ]
    for tried, (fit, now, other) in enumerate(sorted(ranked, key=lambda one: -one[0]), 1):
        if change.value < _NEEDED[fit] * tried * change.place:
            continue
        later = _WAS.search(page.label(now)) and not _WAS.search(page.label(other))
        found = _holds(page, change, *((other, now) if later else (now, other)))
        if found:
            return found
    return None


def _others(page: Page, now: Figure, change: Figure) -> list[Figure]:
    """What a level may be compared with: figures around it, and the headline where the whole is meant."""
    family = page.families[now.family]
    near = family[max(0, now.rank - _BACK) : now.rank + 1 + _ON]
    near = [f for f in near if abs(f.sentence - change.sentence) <= _SENTENCES]
    if change.family == POINTS and _OTHERS.search(page.label(change)):
        near = list(dict.fromkeys((*near, *family[:_HEADLINE])))
    points = change.family in _OF_POINTS
    return [f for f in near if f.at != now.at and f.value > 0 and (points or not page.changes(f))]


def _from_to_after(page: Page, change: Figure) -> tuple[Figure, Figure] | None:
    """面积减少12万亩，由68万亩减至56万亩: the two levels right after their change."""
    after = page.figures[change.at + 1 : change.at + 3]
    if len(after) < 2 or any(f.family != change.family or f.sentence != change.sentence for f in after):
        return None
    return (after[0], after[1]) if from_to(page, *after) else None


def _levels(page: Page, change: Figure) -> list[Figure]:
    """The levels that a change may be of: named before 比, or the nearest before it in its sentence."""
    own = _OF_POINTS.get(change.family, change.family)
    near = page.near(change, _BACK)
    if near and cues.THAN.search(page.label(near[0])):  # 860批2580人次，比去年同期的1020批下降15.7%
        return [f for f in near[1:] if f.family == near[0].family and not page.changes(f)][:_TRIED]
    versus = _THAN.search(page.label(change))
    if versus and len(versus["who"]) > 1:
        named = [f for f in near if f.family == own and alike(versus["who"], page.words(f)) >= HALF]
        if named:
            return named[:1]
    levels = (f for f in near if change.family in _OF_POINTS or not page.changes(f))
    return [f for f in levels if (adds(f.family) if change.family == PERCENT else f.family == own)][:1]


def _told(page: Page, other: Figure, now: Figure, change: Figure) -> int:
    """How well the words say that one figure is what another is compared with, from 0 to 3."""
    label, own = page.label(other), page.label(change)
    was = _WAS.search(label) or _WAS.search(page.label(now))
    if other.at == change.at - 1 and cues.THAN.search(label):
        return 3
    if was and _WAS.search(own):
        return 3  # 比上年增加5家，去年为43家
    begin = max(page.reading.flow.sentences[change.sentence][0], change.begin - _CLAUSE)
    before = page.text[begin : change.begin]
    versus, reference = _THAN.search(before), _OTHERS.search(label)
    named = versus is not None and alike(versus["what"][:4], page.words(other)) >= HALF
    headline = other.rank < _HEADLINE and _OTHERS.search(own)
    whole = headline or (reference is not None and reference[0] in before)
    named = named or bool(change.family in _OF_POINTS and whole)
    earlier = was is not None or 0 < abs(years_between(page, now, other)) < _APART
    one, two = other.mention.subject, now.mention.subject
    return 2 * (earlier or named) + (one is not None and two is not None and one[-2:] == two[-2:])


def _holds(page: Page, change: Figure, now: Figure, before: Figure) -> Finding | None:
    """The equation of a change and its two levels, where it comes out as printed."""
    sign, stated = page.direction(change), (now, before)
    if change.family == PERCENT:
        if not before.value:
            return None
        computed = increase(now.value, before.value)
        if not sign or abs(computed - change.value * sign) > change.slack:
            return None
        relation, total = "growth", change.value * sign
    else:
        rose = now.value > before.value
        computed, total, relation = abs(now.value - before.value), change.value, "difference"
        if computed != total or (sign and rose != (sign > 0)):
            return None
        stated = stated if rose else (before, now)
    values = stated[0].value, stated[1].value
    return Finding(relation, values, stated, change, computed, "holds", "level elsewhere", False, total)
