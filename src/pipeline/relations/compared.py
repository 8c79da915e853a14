"""Comparisons over sentences: a level, the one that it is compared with, and by how much it rose.

A census prints its level in one sentence and compares it in the next:
常住人口为274622人。同2010年的272799人相比，十年增加1823人，增长0.67%，年平均增长0.07%.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, increase, percent_verdict, ratio
from pipeline.relations.differences import subtracted
from pipeline.relations.figures import ONE, PERCENT, Figure, Page, adds

REACH = 6
"""Figures after the one compared with among which its change stands."""
_LONGEST = 60
"""Years that an average growth may be over."""

_WITH = cues.cue(r"^(?:同|与|和|跟|比|较)", "同上次普查的", "上次普查的")
"""Before the figure that a level is compared with."""
_NAMED_WITH = cues.cue(
    r"^(?P<name>[^，；。\d]{2,20})(?:同|与|和)[^，；。]{2,20}的$", "常住人口与上次普查的", "与上次的"
)
_COMPARED = cues.cue(r"^(?:相比|比较|相较)", "相比", "比例")
"""After it."""
_YEARLY = cues.cue(
    r"年(?:平)?均(?:增长|递增|递减|增速|下降)(?:率|速度|幅度)?(?:为|达到?|约)?$", "年平均增长率为", "同比增长"
)
_PERIOD = cues.cue(r"((?:19|20)\d\d)年", "2015年的", "15年的")
_FROM_YEAR = cues.cue(r"(?:由|从|自)[^，；。]*$", "由2015年的", "2015年的")
_TO_YEAR = cues.cue(
    r"(?:增加|增长|增|上升|提高|提升|扩大|减少|下降|降低|降)(?:到|至)[^，；。]*$", "增加到2020年的", "增加了"
)


def compared(page: Page) -> Iterator[Finding]:
    """Every change against a figure in 同X的B相比, whose level stands right before, and averages a year."""
    for other in page.figures[1:]:
        if not adds(other.family) or not _COMPARED.search(page.tail(other)):
            continue
        if _WITH.search(page.label(other)) or _named_with(page, other):
            yield from _with(page, other)
    for percent in page.families.get(PERCENT, ()):
        if _YEARLY.search(page.label(percent)):
            found = _from_year_to_year(page, percent)
            if found:
                yield found


def _named_with(page: Page, other: Figure) -> bool:
    """全市常住人口与上次普查的725482人相比: the name of the level before, once more."""
    match = _NAMED_WITH.search(page.label(other))
    return match is not None and match["name"][-2:] in page.words(page.figures[other.at - 1])


def _with(page: Page, other: Figure) -> Iterator[Finding]:
    now = page.figures[other.at - 1]
    if now.family != other.family or other.sentence - now.sentence > 1 or page.changes(now):
        return
    following = page.figures[other.at + 1 : other.at + 1 + REACH]
    years = next((f for f in following if f.mention.kind == "duration" and f.mention.unit == "年"), None)
    by_how_much = grown = False
    for figure in following:
        if figure.sentence > other.sentence + 1:
            break
        if figure.family == PERCENT and years is not None and _YEARLY.search(page.label(figure)):
            found = _yearly(page, figure, now, other, int(years.value))
            if found:
                yield found
        elif figure.sentence > other.sentence or not page.changes(figure):
            continue
        elif figure.family == PERCENT and not grown:
            grown = True
            found = _grown(page, figure, now, other)
            if found:
                yield found
        elif figure.family == other.family and not by_how_much:
            by_how_much = True
            down = page.direction(figure) < 0
            upper, lower = (other, now) if down else (now, other)
            told = _bare(page, figure, following)
            change = subtracted(upper, lower, figure, "compared with", told)
            if change:
                yield change


def _bare(page: Page, change: Figure, following: Sequence[Figure]) -> bool:
    """Whether a change follows its comparison, nothing but a span of years between."""
    between = [f for f in following if f.at < change.at]
    own = all(f.mention.kind == "duration" for f in between)
    return own and cues.BARE_CHANGE.search(page.label(change)) is not None


def _grown(page: Page, percent: Figure, now: Figure, before: Figure) -> Finding | None:
    sign = page.direction(percent)
    if not sign or not before.value or cues.AVERAGED.search(page.label(percent)):
        return None
    computed = increase(now.value, before.value)
    found = _growth(percent, sign, now, before, computed, "compared with")
    if found.verdict != "fails":
        return found
    verdict = accusation(percent, (now, before), abs(percent.value * sign - computed))
    told = cues.BARE_CHANGE.search(page.label(percent)) and _tells(page, percent, now, before)
    if verdict is None or (verdict == "fails" and not told):
        return None
    return found._replace(verdict=verdict, whole=verdict == "fails")


def _tells(page: Page, percent: Figure, now: Figure, before: Figure) -> bool:
    """Whether the difference of the two stands right before their growth: 减少18622人，下降4.64%."""
    change = page.figures[percent.at - 1]
    return change.family == now.family and change.value == abs(now.value - before.value)


def _from_year_to_year(page: Page, percent: Figure) -> Finding | None:
    """由2015年的40亿元增加到2020年的58亿元，年均增长7.7%."""
    if percent.at < 2:
        return None
    before, now = page.figures[percent.at - 2], page.figures[percent.at - 1]
    if before.family != now.family or before.sentence != percent.sentence or not adds(now.family):
        return None
    first, gap = _FROM_YEAR.search(page.label(before)), _TO_YEAR.search(page.gap(before, now))
    begin, end = (_PERIOD.search(match[0]) if match else None for match in (first, gap))
    if not begin or not end:
        return None
    return _yearly(page, percent, now, before, int(end[1]) - int(begin[1]))


def _yearly(page: Page, percent: Figure, now: Figure, before: Figure, years: int) -> Finding | None:
    """The growth a year that leads from one figure to the other; said only where it holds."""
    if not 1 < years <= _LONGEST or now.value <= 0 or before.value <= 0:
        return None
    sign = page.direction(percent) or 1
    computed = (ratio(now.value, before.value) ** (ONE / Decimal(years)) - ONE) * HUNDRED
    found = _growth(percent, sign, now, before, computed, "growth a year")._replace(years=years)
    return found if found.verdict == "holds" else None


def _growth(percent: Figure, sign: int, now: Figure, before: Figure, computed: Decimal, rule: str) -> Finding:
    stated = percent._replace(value=percent.value * sign)
    verdict = percent_verdict(stated, computed, computed, computed)
    values, figures = (now.value, before.value), (now, before)
    return Finding("growth", values, figures, percent, computed, verdict, rule, False, stated.value)
