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
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, allows, increase, percent_verdict
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page, adds

FROM_TO = cues.cue(
    r"^[^，,；;。]{0,10}(?:增加|增长|增|上升|调升|上调|下调|升|提高|提升|扩大|上涨|涨|发展|减少|缩减|减|下降|降低|降|缩短|缩小|回落|跌|压减|压缩)"
    r"(?:至|到|为)[^，,；;。\d]{0,8}(?:(?:19|20)\d\d年(?:末|底)?的?)?[^，,；;。\d]{0,4}$",
    "增加到2020年的",
    "增加了",
)
"""All that stands between the figure of the period before and this period's."""
_TO = cues.cue(
    r"^[^，,；;。\d]{0,10}(?:至|到|为|达)[^，,；;。\d]{0,8}(?:(?:19|20)\d\d年(?:末|底)?的?)?[^，,；;。\d]{0,4}$",
    "扩产到",
    "，其中",
)
"""The same after 由 or 从, whatever the verb."""
_FROM = cues.cue(r"(?:由|从|自)[^，,；;。]{0,24}$", "从上年的", "上年的")
_WAS = cues.cue(r"^(?:而)?(?:去年|上年)(?:同期)?(?:为|是|仅为|只有)?$", "去年同期为", "去年出口")
"""The whole label of the period before, after this one's figure."""
_THAN_NAMED = cues.cue(r"^(?:比|较)", "较峰值", "峰值")

_SINCE = cues.cue(r"[年月]?[末底初]", "比年初增加", "比上年增加")
"""A change since a day, which is none against the same period."""
_JOINTS = frozenset("、和与及")
_LISTED = 8
_APART = 20
"""Years that may lie between two figures that one growth compares."""
_PERIOD = cues.cue(r"(?:(?:19|20)\d\d|去|今|上|本)年(?:[^，；。]{0,3}末)?", "去年", "年初")
_NAME = 24
"""Characters before a figure that its name and period are read from."""
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
    own = page.label(percent)
    bare = cues.BARE_CHANGE.search(own.removeprefix("同比")) is not None
    place = percent.at - 1
    if bare and near and near[0].at == place and cues.BARE_CHANGE.search(page.label(near[0])):
        place -= page.changes(near[0])  # 比上年的3亿元增加0.6亿元，增长20%
    for now, before in pairwise(levels):
        if now.family != before.family:
            continue
        beside = bare and now.at == place and before.at == place - 1
        if from_to(page, before, now):
            told = beside and not own.startswith("同比") and bool(_FROM.search(page.label(before)))
            yield Reading(now, before, before.value, before.slack, "from, to", told)
        elif now.at == place and before.at == place - 1 and cues.THAN.search(page.label(now)):
            yield Reading(before, now, now.value, now.slack, "than", bare)
        elif is_before(page, before, now):
            told = beside and _one_after_the_other(page, before, now)
            yield Reading(now, before, before.value, before.slack, "the period before", told, beside)
        elif is_before(page, now, before):
            told = beside and _WAS.search(page.label(now)) is not None
            yield Reading(before, now, now.value, now.slack, "the period before", told, beside)
    if "比" in page.label(percent):
        last = page.figures[max(0, percent.at - 12) : percent.at]
        for before, now in pairwise(f for f in last if f.family not in (PERCENT, POINTS)):
            if now.at == before.at + 1 and now.family == before.family and _one_by_one(page, before):
                yield Reading(now, before, before.value, before.slack, "named one by one", False, True)
    if len(levels) > 1 and bare and levels[0].at == percent.at - 1:
        other, now = levels[0], levels[1]
        if other.family == now.family and _than_bracket(page, percent, other, now):
            yield Reading(now, other, other.value, other.slack, "than the one in brackets", True)
    yield from _grown_by(page, percent, sign, bare)


def _one_by_one(page: Page, figure: Figure) -> bool:
    """Whether a figure stands in a list after 分别."""
    for _ in range(_LISTED):
        if "分别" in page.label(figure):
            return True
        before = page.figures[figure.at - 1] if figure.at else figure
        if before is figure or page.gap(before, figure).strip() not in _JOINTS:
            return False
        figure = before
    return False


def _than_bracket(page: Page, percent: Figure, other: Figure, now: Figure) -> bool:
    """2965人次，较峰值（1.12万人次）下降73.5%."""
    if other.bracket in (-1, percent.bracket) or now.bracket != percent.bracket:
        return False
    begin, stop, _ = page.brackets[other.bracket]
    alone = page.text[begin + 1 : stop - 1].strip() == page.text[other.begin : other.stop]
    clause = cues.CLAUSE.split(page.text[now.stop : begin])
    named = len(clause) == 2 and _THAN_NAMED.search(clause[-1]) is not None
    return alone and named and cues.CLAUSE.search(page.text, stop, percent.begin) is None


def from_to(page: Page, before: Figure, now: Figure) -> bool:
    """由A增加到B, 从A扩产到B."""
    gap = page.gap(before, now)
    if FROM_TO.search(gap):
        return True
    return _FROM.search(page.label(before)) is not None and _TO.search(gap) is not None


def is_before(page: Page, figure: Figure, other: Figure) -> bool:
    """Whether a figure is of the period before another's: 去年, or an earlier year."""
    if cues.BEFORE.search(page.label(figure)):
        return True
    return 0 < years_between(page, figure, other) <= _APART


def _one_after_the_other(page: Page, before: Figure, now: Figure) -> bool:
    """2019年受理案件860件，2020年受理案件731件: one thing in two years that follow one another."""
    one, other = page.lead(before)[-_NAME:], page.lead(now)[-_NAME:]
    first, second = _PERIOD.search(one), _PERIOD.search(other)
    if first is None or second is None or years_between(page, before, now) > 1:
        return False
    return one[first.end() :] == other[second.end() :]


def years_between(page: Page, figure: Figure, other: Figure) -> int:
    """By how many years the period named before one figure is later than the one before another."""
    year, another = cues.YEAR.search(page.lead(figure)), cues.YEAR.search(page.lead(other))
    return int(another[1]) - int(year[1]) if year and another else 0


def _grown_by(page: Page, percent: Figure, sign: int, bare: bool) -> Iterator[Reading]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
    after = [f for f in page.figures[percent.at + 1 : percent.at + 2] if f.sentence == percent.sentence]
    before = page.near(percent, 3)
    own = bool(before) and not page.changes(before[0])  # 31件，同比下降27.91%，同比减少12件
    around = [*after, *before] if own else [*before, *after]
    changed = (f for f in around if adds(f.family) and page.changes(f) and page.direction(f) == sign)
    change = next(changed, None)
    if change is None:
        return
    levels = page.near(min(change, percent, key=lambda f: f.at), 3)
    between = page.figures[change.at + 1 : percent.at]  # 下跌2.04美元，收于62.31美元，跌幅3.17%
    near = [f for f in (*levels, *between) if f.family == change.family and not page.changes(f)]
    if not near or page.tail(near[0]).startswith("相比"):  # 同上年的B相比，增加D: B is the one before
        return
    for level in near[:2]:  # 完成24627万元，为预算60999万元的40.4%，比上年减收1070万元，下降4.2%
        yield from _grown_from(page, percent, sign, bare, level, change)


def _grown_from(
    page: Page, percent: Figure, sign: int, bare: bool, level: Figure, change: Figure
) -> Iterator[Reading]:
    beside = bare and change.at == percent.at - 1 and level.at == percent.at - 2
    told = beside and bool(cues.AGAINST_BEFORE.search(page.label(change)))
    told = told and not (page.label(percent).startswith("同比") and _SINCE.search(page.label(change)))
    slack = level.slack + change.slack
    before = level.value - sign * change.value
    if before > 0:
        yield Reading(level, change, before, slack, "grown by", told, bare and change.at == percent.at - 1)
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
            if reading.other.value == reading.before and allows(
                percent.value * sign, reading.now, reading.other, HUNDRED
            ):
                return None  # 7000多亿元
            off = abs(percent.value * sign - one.computed)
            verdict = accusation(percent, (reading.now, reading.other), off)
            return one._replace(verdict=verdict, whole=verdict == "fails") if verdict else None
    return None


def _bounds(sign: int, reading: Reading) -> tuple[Decimal, Decimal]:
    """The least and the most growth that the slack of both figures allows."""
    now, before, slack = reading.now, reading.before, reading.slack
    under = before - slack if before > slack else before
    low = increase(now.value - now.slack, before + slack)
    return low, increase(now.value + now.slack, under)


def _telling(percent: Figure, sign: int, reading: Reading) -> bool:
    low, high = _bounds(sign, reading)
    return (high - low) * 10 <= percent.value


def _grown(percent: Figure, sign: int, reading: Reading) -> Finding:
    computed = increase(reading.now.value, reading.before)
    stated = percent._replace(value=percent.value * sign)
    verdict = percent_verdict(stated, computed, *_bounds(sign, reading))
    return Finding(
        "growth", (reading.now.value, reading.before), (reading.now, reading.other), percent, computed,
        verdict, reading.rule, False, stated.value,
    )  # fmt: skip
