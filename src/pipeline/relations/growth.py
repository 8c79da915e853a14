"""Growth: how many percent a figure rose or fell, from the two figures that it compares.

A growth may be read in several ways; the first that holds is the one. It fails only
where the words tie it to the two figures right before it (由A增加到B，增长N%) and no reading holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, percent_verdict, ratio
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page, adds

FROM_TO = cues.cue(
    r"^[^，,；;。]{0,10}(?:增加|增长|增|上升|调升|上调|下调|升|提高|提升|扩大|上涨|涨|发展|减少|缩减|减|下降|降低|降|缩短|缩小|回落|跌|压减|压缩)"
    r"(?:至|到|为)[^，,；;。\d]{0,8}(?:(?:19|20)\d\d年(?:末|底)?的?)?[^，,；;。\d]{0,4}$",
    "增加到2020年的",
    "增加了",
)
"""All that stands between the figure of the period before and this period's."""
_FROM = cues.cue(r"(?:由|从|自)[^，,；;。]{0,24}$", "从上年的", "上年的")
_THAN = cues.cue(r"^(?:比|较)[^，；。]{1,14}的$", "比上年的", "恢复到上年的")
"""The whole label of the period before, this period's figure before it."""
_WAS = cues.cue(r"^(?:而)?(?:去年|上年)(?:同期)?(?:为|是|仅为|只有)?$", "去年同期为", "去年出口")
"""The whole label of the period before, after this one's figure."""
_THAN_NAMED = cues.cue(r"^(?:比|较)", "较峰值", "峰值")

_DIGITS = 30
"""Values that a percentage could have had in print, at least, where its figures are only likely."""


class Reading(NamedTuple):
    """What a percentage may compare."""

    now: Figure
    other: Figure
    """The period before, or the change between the two."""
    before: Decimal
    slack: Decimal
    """Of `before`."""
    rule: str
    stated: bool
    """Whether the words say that it is these two."""
    beside: bool = False
    """Whether they are at least the two figures right before it."""


def growth(page: Page) -> Iterator[Finding]:
    """Every growth in percent whose figures the page states."""
    for percent in page.families.get(PERCENT, ()):
        label = page.label(percent)
        if page.changes(percent) and not cues.AVERAGED.search(label):
            sign = page.direction(percent) or page.direction(page.figures[percent.at - 1])  # 调升至B，调幅N%
            found = _judged(percent, sign, list(_readings(page, percent, sign))) if sign else None
            if found:
                yield found


def _readings(page: Page, percent: Figure, sign: int) -> Iterator[Reading]:
    near = [f for f in page.near(percent, 6) if f.family not in (PERCENT, POINTS)]
    levels = [f for f in near if not page.changes(f)]
    bare = cues.BARE_CHANGE.search(page.label(percent)) is not None
    place = percent.at - 1
    if bare and near and near[0].at == place and cues.BARE_CHANGE.search(page.label(near[0])):
        place -= page.changes(near[0])  # 比上年的3亿元增加0.6亿元，增长20%
    for now, before in pairwise(levels):
        if now.family != before.family:
            continue
        beside = bare and now.at == place and before.at == place - 1
        if FROM_TO.search(page.gap(before, now)):
            told = beside and bool(_FROM.search(page.label(before)))
            yield Reading(now, before, before.value, before.slack, "from, to", told)
        elif beside and _THAN.search(page.label(now)):
            yield Reading(before, now, now.value, now.slack, "than", True)
        elif is_before(page, before, now):
            yield Reading(now, before, before.value, before.slack, "the period before", False, beside)
        elif is_before(page, now, before):
            told = beside and _WAS.search(page.label(now)) is not None
            yield Reading(before, now, now.value, now.slack, "the period before", told, beside)
    if "比" in page.label(percent):
        last = page.figures[max(0, percent.at - 12) : percent.at]
        for before, now in pairwise(f for f in last if f.family not in (PERCENT, POINTS)):
            if now.at == before.at + 1 and now.family == before.family and "分别" in page.label(before):
                yield Reading(now, before, before.value, before.slack, "named one by one", False, True)
    if len(levels) > 1 and bare and levels[0].at == percent.at - 1:
        other, now = levels[0], levels[1]
        if other.family == now.family and _than_bracket(page, percent, other, now):
            yield Reading(now, other, other.value, other.slack, "than the one in brackets", True)
    yield from _grown_by(page, percent, sign, bare)


def _than_bracket(page: Page, percent: Figure, other: Figure, now: Figure) -> bool:
    """2965人次，较峰值（1.12万人次）下降73.5%."""
    if other.bracket in (-1, percent.bracket) or now.bracket != percent.bracket:
        return False
    begin, stop, _ = page.brackets[other.bracket]
    alone = page.text[begin + 1 : stop - 1].strip() == page.text[other.begin : other.stop]
    clause = cues.CLAUSE.split(page.text[now.stop : begin])
    named = len(clause) == 2 and _THAN_NAMED.search(clause[-1]) is not None
    return alone and named and cues.CLAUSE.search(page.text, stop, percent.begin) is None


def is_before(page: Page, figure: Figure, other: Figure) -> bool:
    """Whether a figure is of the period before another's: 去年, or an earlier year."""
    if cues.BEFORE.search(page.label(figure)):
        return True
    year, another = cues.YEAR.search(page.lead(figure)), cues.YEAR.search(page.lead(other))
    return bool(year and another and int(year[1]) == int(another[1]) - 1)


def _grown_by(page: Page, percent: Figure, sign: int, bare: bool) -> Iterator[Reading]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
    after = page.figures[percent.at + 1 : percent.at + 2]
    around = [*page.near(percent, 3), *(f for f in after if f.sentence == percent.sentence)]
    changed = (f for f in around if adds(f.family) and page.changes(f) and page.direction(f) == sign)
    change = next(changed, None)
    if change is None:
        return
    levels = page.near(min(change, percent, key=lambda f: f.at), 3)
    between = page.figures[change.at + 1 : percent.at]  # 下跌2.04美元，收于62.31美元，跌幅3.17%
    near = (f for f in (*levels, *between) if f.family == change.family and not page.changes(f))
    level = next(near, None)
    if level is None or page.tail(level).startswith("相比"):  # 同上年的B相比，增加D: B is the one before
        return
    beside = bare and change.at == percent.at - 1 and level.at == percent.at - 2
    told = beside and bool(cues.AGAINST_BEFORE.search(page.label(change)))
    slack = level.slack + change.slack
    before = level.value - sign * change.value
    if before > 0:
        yield Reading(level, change, before, slack, "grown by", told)
    if level.value > 0 and cues.BEFORE.search(page.label(level)):  # 去年100所，减少20所
        now = level._replace(value=level.value + sign * change.value)
        yield Reading(now, change, level.value, level.slack, "grown from", False)


def _judged(percent: Figure, sign: int, readings: list[Reading]) -> Finding | None:
    found = [(reading, _grown(percent, sign, reading)) for reading in readings if reading.before > 0]
    for reading, one in found:
        if one.verdict == "fails":
            continue
        digits = percent.value / percent.place
        wide = one.verdict == "rounding" and not _telling(percent, sign, reading)
        few = 5 if reading.beside or reading.rule == "from, to" else _DIGITS
        if reading.stated or (digits >= few and not wide):
            return one if one.computed else None
    for reading, one in found:
        if reading.stated and reading.now.value != reading.before:
            off = abs(percent.value * sign - one.computed)
            verdict = accusation(percent, (reading.now, reading.other), off)
            return one._replace(verdict=verdict, whole=verdict == "fails") if verdict else None
    return None


def _bounds(sign: int, reading: Reading) -> tuple[Decimal, Decimal]:
    """The least and the most growth that the slack of both figures allows."""
    now, before, slack = reading.now, reading.before, reading.slack
    under = before - slack if before > slack else before
    low = ratio((now.value - now.slack - before - slack) * HUNDRED, before + slack)
    return low, ratio((now.value + now.slack - under) * HUNDRED, under)


def _telling(percent: Figure, sign: int, reading: Reading) -> bool:
    low, high = _bounds(sign, reading)
    return (high - low) * 10 <= percent.value


def _grown(percent: Figure, sign: int, reading: Reading) -> Finding:
    computed = ratio((reading.now.value - reading.before) * HUNDRED, reading.before)
    stated = percent._replace(value=percent.value * sign)
    verdict = percent_verdict(stated, computed, *_bounds(sign, reading))
    return Finding(
        "growth", (reading.now.value, reading.before), (reading.now, reading.other), percent, computed,
        verdict, reading.rule, False, stated.value,
    )  # fmt: skip
