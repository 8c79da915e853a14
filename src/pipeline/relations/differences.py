"""Differences: by how much two figures differ, or what is left of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page
from pipeline.relations.growth import FROM_TO

_NET = cues.cue(
    r"自然增长|自然减少|净增|净减|净流|顺差|逆差|差额|结余|盈余|相差|还剩|结存|净利", "贸易顺差", "贸易总额"
)
_MORE = cues.cue(r"^(?:高|多|低|少)(?:出|了)?$", "高出", "提高")
"""Between the bracket and by how much the figure is above or below the one in it."""
_BALANCE = cues.cue(
    r"^(?:年终|年末|当年|本年|滚存)?(?:结余|盈余|节余)(?:资金)?(?:为|达)?$", "年终结余", "上年结余"
)
_INCOME = cues.cue(r"收入", "总收入", "总支出")
_ONE_KIND = re.compile(r"(?P<year>全年|本年|当年|年内|今年)?(?P<what>[^/]*)/(?P=what)")
"""What is left of 全年总收入 and 总支出: they are of one account."""
_OUTLAY = cues.cue(r"支出", "总支出", "总收入")
_RATES = {
    "births": cues.cue(r"出生率", "人口出生率", "出生人口"),
    "deaths": cues.cue(r"死亡率", "死亡率为", "死亡人口"),
    "natural": cues.cue(r"自然增长率", "自然增长率为", "净增长率"),
}
_OVER = cues.cue(r"^(?:高出|高于|高过|超出|超过|多于|比|较)", "高出全县平均", "占全县")
_UNDER = cues.cue(r"^(?:低于|少于|不及)", "低于全省平均", "高于全省平均")
_TIMED = cues.cue(r"^(?:去年|上年|今年|本年|上月|本月|本期|上期)[^，]{0,4}$", "去年", "前年招生计划数")
_THAN = cues.cue(r"^(?:比|较)[^，；。]{1,10}的$", "比上月的", "上月的")

_AGAINST = cues.cue(r"比|较|由|从", "由上年的", "上年的")

_NEAR = 20
"""A difference that its words leave open is accused within a twentieth of it."""


def differences(page: Page) -> Iterator[Finding]:
    """Every difference of two figures that the page states."""
    for figure in page.figures:
        found = _beyond_bracket(page, figure)
        if found is None and figure.family == POINTS:
            found = _points(page, figure)
        elif found is None and figure.family == "percent ‰":
            found = _natural(page, figure)
        elif found is None and figure.family != PERCENT:
            found = _difference(page, figure)
        if found:
            yield found


def subtracted(upper: Figure, lower: Figure, total: Figure, rule: str, told: bool) -> Finding | None:
    """The finding that two figures differ by a third: it fails where `told` and all three are exact."""
    computed = upper.value - lower.value
    residual = abs(computed - total.value)
    verdict = "holds" if not residual else "rounding"
    if residual > upper.slack + lower.slack + total.slack:
        if not told:
            return None
        accused = accusation(total, (upper, lower), residual)
        if accused is None:
            return None
        verdict = accused
    values, stated = (upper.value, lower.value), (upper, lower)
    return Finding("difference", values, stated, total, computed, verdict, rule, verdict == "fails")


def _beyond_bracket(page: Page, figure: Figure) -> Finding | None:
    """9120元，高出全县平均（8347元）773元: the other figure stands in brackets right before."""
    if figure.at < 2:
        return None
    mine, other = page.figures[figure.at - 2], page.figures[figure.at - 1]
    if (
        other.bracket in (-1, figure.bracket)
        or other.family != mine.family
        or mine.sentence != figure.sentence
    ):
        return None
    begin, stop, _ = page.brackets[other.bracket]
    inner, clause = page.text[begin + 1 : stop - 1], cues.CLAUSE.split(page.text[mine.stop : begin])
    gap = page.text[stop : figure.begin]
    if (
        (gap and not _MORE.search(gap))
        or len(clause) > 2
        or inner.strip() != page.text[other.begin : other.stop]
    ):
        return None
    if figure.family != (POINTS if mine.family == PERCENT else mine.family):
        return None
    under = bool(_UNDER.search(clause[-1]) or cues.DOWN.search(gap))
    if _OVER.search(clause[-1]) and not under:
        return subtracted(mine, other, figure, "than the one in brackets", True)
    if under:
        return subtracted(other, mine, figure, "than the one in brackets", True)
    return None


def _difference(page: Page, figure: Figure) -> Finding | None:
    net = bool(_NET.search(page.label(figure)))
    if figure.rank < 2 or figure.value < 3 * figure.place or not (net or page.changes(figure)):
        return None
    near = [f for f in page.near(figure, 8) if f.family == figure.family and not page.changes(f)][:2]
    if len(near) < 2:
        return None
    second, first = near
    upper, lower = (first, second) if first.value >= second.value else (second, first)
    beside = second.at == first.at + 1 and figure.at == second.at + 1
    if net:
        return subtracted(upper, lower, figure, "net", beside and _balances(page, first, second, figure))
    from_to = bool(FROM_TO.search(page.gap(first, second)))
    labels = page.label(first), page.label(second)
    if not from_to and not any(map(cues.BEFORE.search, labels)):
        return None
    bare = beside and cues.BARE_CHANGE.search(page.label(figure)) is not None
    timed = all(map(_TIMED.search, labels))
    near_enough = abs(upper.value - lower.value - figure.value) * _NEAR <= figure.value
    told = bare and (from_to or (timed and near_enough))
    return subtracted(upper, lower, figure, "from, to" if from_to else "by how much", told)


def _balances(page: Page, first: Figure, second: Figure, figure: Figure) -> bool:
    """总收入26.4亿元，总支出25.1亿元，结余1.3亿元."""
    income, outlay = page.label(first), page.label(second)
    return bool(
        _BALANCE.search(page.label(figure))
        and _INCOME.search(income)
        and _OUTLAY.search(outlay)
        and _ONE_KIND.fullmatch(_INCOME.sub("", income) + "/" + _OUTLAY.sub("", outlay))
    )


def _natural(page: Page, figure: Figure) -> Finding | None:
    """出生率8.12‰，死亡率6.05‰，自然增长率2.07‰."""
    if not _RATES["natural"].search(page.label(figure)):
        return None
    near = [f for f in page.near(figure, 6) if f.family == figure.family and not page.changes(f)]
    births = next((f for f in near if _RATES["births"].search(page.label(f))), None)
    deaths = next((f for f in near if _RATES["deaths"].search(page.label(f))), None)
    if births is None or deaths is None or births.at > deaths.at:
        return None
    told = cues.CLAUSE.search(page.label(figure)) is None and figure.at - births.at <= 4
    down = figure._replace(value=-figure.value) if "负" in page.label(figure) else figure
    return subtracted(births, deaths, down, "births less deaths", told)


def _points(page: Page, points: Figure) -> Finding | None:
    """5.2%，比上月的5.0%上升0.2个百分点."""
    near = [f for f in page.near(points, 3) if f.family == PERCENT]
    if len(near) < 2 or not page.changes(points):
        return None
    other, mine = near[0], near[1]
    beside = other.at == points.at - 1 and mine.at == other.at - 1
    if beside and _THAN.search(page.label(other)) and cues.BARE_CHANGE.search(page.label(points)):
        upper, lower = (other, mine) if page.direction(points) < 0 else (mine, other)
        return subtracted(upper, lower, points, "by how many points", True)
    if beside and FROM_TO.search(page.gap(mine, other)) and cues.BARE_CHANGE.search(page.label(points)):
        upper, lower = (mine, other) if page.direction(points) < 0 else (other, mine)
        return subtracted(upper, lower, points, "from, to", True)
    if not _AGAINST.search(page.text[max(0, mine.begin - 16) : points.begin]):
        return None
    upper, lower = (mine, other) if mine.value > other.value else (other, mine)
    if upper.value - lower.value != points.value:
        return None
    return subtracted(upper, lower, points, "by how many points", False)
