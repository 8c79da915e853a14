"""Differences: by how much two figures differ, or what is left of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.relations import cues
from pipeline.relations.accounts import OPENING
from pipeline.relations.arithmetic import Finding, accusation
from pipeline.relations.figures import PERCENT, POINTS, Figure, Page
from pipeline.relations.growth import FROM_TO, years_between
from pipeline.relations.growth import from_to as grown_from_to

_NET = cues.cue(
    r"自然增长|自然减少|超额|净增|净减|净[流迁转调]|所有者权益|净资产|顺差|逆差|差额|结余|盈余|相差|还剩|结存|净利",
    "贸易顺差",
    "贸易总额",
)
_LEFT = cues.cue(
    r"(?:未[^，；。\d]{1,6}|尚欠|还欠|缺口|尚缺|仍缺|还差|尚余)$", "已征未转土地", "未来三年内计划新建的"
)
"""The end of the label of what is left of one figure without another."""
_MORE = cues.cue(r"^(?:高|多|低|少)(?:出|了)?$", "高出", "提高")
"""Between the bracket and by how much the figure is above or below the one in it."""
_BALANCE = cues.cue(
    r"^(?:年终|年末|当年|本年|滚存)?(?:结余|盈余|节余)(?:资金)?(?:为|达)?$", "年终结余", "上年结余"
)
_INCOME = cues.cue(r"收入", "总收入", "总支出")
_ONE_KIND = re.compile(r"(?P<year>全年|本年|当年|年内|今年)?(?P<what>[^/]*)/(?:(?P=what))?")
"""What is left of 全年总收入 and 总支出: they are of one account."""
_OUTLAY = cues.cue(r"支出", "总支出", "总收入")
_RATES = {
    "births": cues.cue(r"出生率", "人口出生率", "出生人口"),
    "deaths": cues.cue(r"死亡率", "死亡率为", "死亡人口"),
    "natural": cues.cue(r"自然增长率", "自然增长率为", "净增长率"),
}
_OVER = cues.cue(r"^(?:高出|高于|高过|超出|超过|多于|比|较)", "高出全县平均", "占全县")
_UNDER = cues.cue(r"^(?:低于|少于|不及)", "低于全省平均", "高于全省平均")
_OF_GOAL = cues.cue(r"^的[^，；。]{0,10}$", "的控制目标", "提高")
_APART = cues.cue(r"相差|差距|之差", "两者相差", "相比")
_TIMED = cues.cue(r"^(?:去年|上年|今年|本年|上月|本月|本期|上期)[^，]{0,4}$", "去年", "前年招生计划数")

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
    verdict, slack = "holds" if not residual else "rounding", upper.slack + lower.slack + total.slack
    if 0 < residual <= slack and slack * 2 > total.value > 0:
        return None  # 8亿 less 7.8亿: rounding swallows what is left
    if residual > slack:
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
    other = page.figures[figure.at - 1]
    near = [f for f in page.near(other, 3) if f.family == other.family]
    levels = (f for f in near if f.at == other.at - 1 or not page.changes(f))
    mine = next(levels, None)
    if mine is None or other.bracket in (-1, figure.bracket):
        return None
    begin, stop, _ = page.brackets[other.bracket]
    inner, clause = page.text[begin + 1 : stop - 1], cues.CLAUSE.split(page.text[mine.stop : begin])
    gap = page.text[stop : figure.begin]
    if (
        (gap and not _MORE.search(gap))
        or not 0 < len(clause) <= 2 + (other.at - mine.at > 1)
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
    label = page.name(figure)
    left = _LEFT.search(label) is not None
    net = left or bool(_NET.search(label))
    if figure.rank < 2 or figure.value < 3 * figure.place or not (net or page.changes(figure)):
        return None
    near = [f for f in page.near(figure, 8) if f.family == figure.family and not page.changes(f)]
    near = [f for f in near if f.bracket == figure.bracket][:2]
    if len(near) < 2:
        return None
    second, first = near
    if left and (cues.TOTAL.search(page.label(first)) or page.nests(second) or _done(page, second, label)):
        return None  # a whole and its two parts
    upper, lower = (first, second) if first.value >= second.value else (second, first)
    beside = second.at == first.at + 1 and _only_years(page, second, figure)
    if net:
        return subtracted(upper, lower, figure, "net", beside and _balances(page, first, second, figure))
    bare = beside and cues.BARE_CHANGE.search(page.label(figure)) is not None
    if bare and cues.THAN.search(page.label(second)):
        down = page.direction(figure) < 0
        return subtracted(*((second, first) if down else (first, second)), figure, "than", True)
    from_to = grown_from_to(page, first, second)
    labels = page.label(first), page.label(second)
    years = abs(years_between(page, first, second)) if beside else 0
    if not from_to and not years and not any(map(cues.BEFORE.search, labels)):
        return None
    timed = all(map(_TIMED.search, labels))
    near_enough = abs(upper.value - lower.value - figure.value) * _NEAR <= figure.value
    told = bare and (from_to or (timed and near_enough))
    return subtracted(upper, lower, figure, "from, to" if from_to else "by how much", told)


def _done(page: Page, figure: Figure, left: str) -> bool:
    """已开发8.6公顷，未开发11.4公顷: what was done and what was not."""
    done, undone = page.name(figure).rpartition("已"), left.rpartition("未")
    return bool(done[1] and undone[1] and done[2] == undone[2])


def _only_years(page: Page, figure: Figure, change: Figure) -> bool:
    """Whether nothing but a span of years stands between a figure and a change: 十年增加1.4万人."""
    return all(f.mention.kind == "duration" for f in page.figures[figure.at + 1 : change.at])


def _balances(page: Page, first: Figure, second: Figure, figure: Figure) -> bool:
    """总收入26.4亿元，总支出25.1亿元，结余1.3亿元."""
    income, outlay = page.label(first), page.label(second)
    before = page.families[first.family][max(0, first.rank - 2) : first.rank]
    if any(OPENING.search(page.label(f)) for f in before):
        return False  # 年初结余86万元，收入420万元，支出385万元，年末结余121万元
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
    near = [f for f in page.near(points, 5) if f.family == PERCENT]
    if len(near) < 2:
        return None
    other, mine = near[0], near[1]
    if other.at == points.at - 1 and _OF_GOAL.search(page.label(points)):
        goals = (_beyond_goal(page, points, level, other) for level in near[1:])
        return next(filter(None, goals), None)
    if _APART.search(page.label(points)) and mine.at == other.at - 1:
        upper, lower = (other, mine) if other.value > mine.value else (mine, other)
        told = cues.CLAUSE.search(page.label(points)) is None and page.label(points).startswith("两者")
        return subtracted(upper, lower, points, "apart", told)
    if mine.at < points.at - 3:
        return None
    if not page.changes(points):
        return None
    beside = other.at == points.at - 1 and mine.at == other.at - 1
    if beside and cues.THAN.search(page.label(other)) and cues.BARE_CHANGE.search(page.label(points)):
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


def _beyond_goal(page: Page, points: Figure, mine: Figure, other: Figure) -> Finding | None:
    """失业率3.2%，低于4.5%的控制目标1.3个百分点."""
    over, under = _OVER.search(page.label(other)), _UNDER.search(page.label(other))
    if not over and not under:
        return None
    upper, lower = (other, mine) if under else (mine, other)
    return subtracted(upper, lower, points, "than a goal", False)
