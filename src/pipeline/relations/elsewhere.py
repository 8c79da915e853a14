"""Levels that no structure ties to their change: after it, in another sentence, with others between.

Every figure around that is said to be of another period, or that the words compare with, is tried.
"""

from __future__ import annotations

from pipeline.relations import cues
from pipeline.relations.figures import HALF, PERCENT, POINTS, Figure, Page, adds
from pipeline.relations.levels import OF_POINTS, Pair, from_to, is_times, years_between
from pipeline.relations.names import alike

_BACK, _ON, _SENTENCES = 8, 8, 2
"""Figures and sentences around a change in which its two levels stand."""
_THAN = cues.cue(
    r"(?P<who>[^，。；：\d]*?)(?:(?<![同环])比(?![重例率])|较|高于|低于|快于|高出|超过)(?P<what>[^，。；\d同]{2,14}?)(?:[多少高低增减上下扩收提][^，。；\d]{0,5}|水平)?$",
    "西区园区比东区少",
    "同比增长",
)
"""The label of a change against something named."""
_EARLIER = cues.cue(
    r"去年|上年|前年|上[月周季]|前一[周月天日]|同期|往年|上[届次]|首日|昨日|原有?|年初", "前一周", "一周"
)
_BEYOND = cues.cue(r"^(?:高出|高于|高过|超出|超过|多于|低于|少于|不及)$", "低于", "低于全省")
"""The whole label of a figure that a level is above or below."""
_CLAUSE, _APART_AT_MOST = 40, 20
"""Characters before a change that may name what it is compared with; years between its two levels."""
_OTHERS = cues.cue(r"整体|全国|全省|全市|全县|全区|平均", "全国", "全部")
"""What a part is compared with: a whole, of the headline or around it."""
_HEADLINE, _TRIED = 3, 2
"""Percentages that a text begins with; levels that one change is tried with."""


def elsewhere(page: Page, change: Figure) -> list[tuple[int, Pair]]:
    """The pairs around a change with how well its words tell the earlier one, from 3 to 0; the best first."""
    after = page.figures[change.at + 1 : change.at + 3]
    same = [f for f in after if f.family == change.family and f.sentence == change.sentence]
    if len(same) == 2 and from_to(page, *same):
        return [(4, Pair(after[1], after[0], "level elsewhere"))]
    ranked = []
    for now in _levels(page, change):
        for other in _others(page, now, change):
            later = _EARLIER.search(page.label(now)) and not _EARLIER.search(page.label(other))
            one, two = (other, now) if later else (now, other)
            ranked.append((_fit(page, other, now, change), Pair(one, two, "level elsewhere")))
    return sorted(ranked, key=lambda one: -one[0])


def _levels(page: Page, change: Figure) -> list[Figure]:
    """The levels that a change may be of: named before 比, or the nearest before it in its sentence."""
    own = OF_POINTS.get(change.family, change.family)
    near = page.near(change, _BACK)
    if near and _against(page.label(near[0])):  # 860批2580人次，比去年同期的1020批下降15.7%
        return [f for f in near[1:] if f.family == near[0].family and not page.changes(f)][:_TRIED]
    versus = _THAN.search(page.label(change))
    who = versus["who"].removesuffix("增速").removesuffix("增幅") if versus else ""
    if len(who) > 1:
        named = [f for f in near if f.family == own and alike(who, page.words(f)) >= HALF]
        if named:
            return named[:1]
    levels = (f for f in near if change.family in OF_POINTS or not page.changes(f))
    loose = change.family == PERCENT or is_times(change)
    return [f for f in levels if (adds(f.family) if loose else f.family == own)][:1]


def _against(label: str) -> bool:
    """Whether it is that of a figure which another one is compared with: 比去年同期的, 低于."""
    return cues.THAN.search(label) is not None or _BEYOND.search(label) is not None


def _others(page: Page, now: Figure, change: Figure) -> list[Figure]:
    """What a level may be compared with: figures around it, and the headline where the whole is meant."""
    family = page.families[now.family]
    near = family[max(0, now.rank - _BACK) : now.rank + 1 + _ON]
    near = [f for f in near if abs(f.sentence - change.sentence) <= _SENTENCES]
    if change.family == POINTS and _OTHERS.search(page.label(change)):
        near = list(dict.fromkeys((*near, *family[:_HEADLINE])))
    points = change.family in OF_POINTS
    near = [f for f in near if f.at != now.at and f.value > 0 and (points or not page.changes(f))]
    return [f for f in near if page.changes(f) == page.changes(now) or f.at == change.at - 1]


def _fit(page: Page, other: Figure, now: Figure, change: Figure) -> int:
    """How well the words say that one figure is what another is compared with, from 0 to 3."""
    label, own = page.label(other), page.label(change)
    was = _EARLIER.search(label) or _EARLIER.search(page.label(now))
    if other.at == change.at - 1 and _against(label):
        return 3
    if was and _EARLIER.search(own):
        return 3  # 比上年增加5家，去年为43家
    begin = max(page.reading.flow.sentences[change.sentence][0], change.begin - _CLAUSE)
    before = page.text[begin : change.begin]
    versus, reference = _THAN.search(before), _OTHERS.search(label)
    what = _OTHERS.sub("", versus["what"]).removesuffix("增速") if versus else ""
    if len(what) > 1 and alike(what[:4], page.words(other)) >= HALF:
        return 3
    headline = other.rank < _HEADLINE and _OTHERS.search(own)
    whole = headline or (reference is not None and reference[0] in before)
    named = change.family in OF_POINTS and bool(whole)
    earlier = was is not None or 0 < abs(years_between(page, now, other)) < _APART_AT_MOST
    one, two = other.mention.subject, now.mention.subject
    return 2 * (earlier or named) + (one is not None and two is not None and one[-2:] == two[-2:])
