"""Changes: growth in percent and by how much, from two figures that the text states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, percent_verdict, ratio
from pipeline.relations.figures import ZERO, Figure, Page, adds

PERCENT = "percent %"
POINTS = "percent 个百分点"

_TO = re.compile(
    r"[^，,；;。]{0,10}(?:增加|增长|增|上升|升|提高|提升|扩大|上涨|涨|减少|缩减|减|下降|降低|降|缩短|缩小|回落|跌|压减|压缩)(?:至|到|为)[^，,；;。\d]{0,6}"
)
_FROM = re.compile(r"(?:由|从|自)[^，,；;。]{0,24}$")
_BEFORE = re.compile(r"去年|上年|前年|上月|上季|同期|往年|上届|上次|前次|昨日|前一|此前|原来|原有|年初|上一")
_PER_YEAR = re.compile(r"年均|月均|日均|平均|可比|实际|不变价|扣除")
_NET = re.compile(r"自然增长|净增|净减|净流|顺差|逆差|差额|结余|盈余|相差|还剩|结存|净利")
_AGAINST = re.compile(r"比|较|由|从")
_IS = re.compile(r"是|为|达|相当于|约合")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_OVER = re.compile(r"高出|高于|低于|超出|快于|慢于|高|低|快|多|少")
_REFERENCE = re.compile(r"整体|全国|全省|全市|平均|总体|全区|全县")


def changes(page: Page) -> Iterator[Finding]:
    """Every growth and difference whose figures the page states."""
    for figure in page.figures:
        if figure.family == PERCENT:
            yield from _growth(page, figure)
        elif figure.family == POINTS:
            yield from _points(page, figure)
        elif figure.mention.unit == "倍":
            yield from _times(page, figure)
        else:
            yield from _difference(page, figure)
    yield from _cancelling(page)


def _direction(page: Page, figure: Figure) -> int:
    """1 where the words before a figure say that it rose, -1 where it fell, 0 where neither."""
    label = page.label(figure)
    up = max((m.end() for m in cues.UP.finditer(label)), default=-1)
    down = max((m.end() for m in cues.DOWN.finditer(label)), default=-1)
    return 0 if up == down else 1 if up > down else -1


def _near(page: Page, figure: Figure, back: int) -> list[Figure]:
    """The figures of the same sentence before one, nearest first."""
    found = []
    for n in range(figure.at - 1, max(-1, figure.at - 1 - back), -1):
        other = page.figures[n]
        if other.sentence != figure.sentence:
            break
        found.append(other)
    return found


def _growth(page: Page, percent: Figure) -> Iterator[Finding]:
    if not page.changes(percent) or _PER_YEAR.search(page.label(percent)):
        return
    sign = _direction(page, percent)
    if not sign:
        return
    for now, before, rule in _periods(page, percent):
        if before.value > 0:
            found = _grown(percent, now.value, before.value, now, before, sign, now.slack, before.slack, rule)
            if found:
                yield found
                return
    yield from _grown_by(page, percent, sign)


def _periods(page: Page, percent: Figure) -> Iterator[tuple[Figure, Figure, str]]:
    """Pairs of figures, this period's and the one's before, that a percentage may compare."""
    near = [f for f in _near(page, percent, 6) if f.family not in (PERCENT, POINTS) and not page.changes(f)]
    for now, before in pairwise(near):
        if now.family != before.family:
            continue
        if _TO.fullmatch(page.gap(before, now)):
            yield now, before, "from, to"
        elif _is_before(page, before, now):
            yield now, before, "the period before"
        elif _is_before(page, now, before):
            yield before, now, "the period before"
    if "比" in page.label(percent):
        last = [
            f for f in page.figures[max(0, percent.at - 12) : percent.at] if f.family not in (PERCENT, POINTS)
        ]
        for before, now in pairwise(last):
            if now.at == before.at + 1 and now.family == before.family and "分别" in page.label(before):
                yield now, before, "named one by one"


def _is_before(page: Page, figure: Figure, other: Figure) -> bool:
    """Whether a figure is of the period before another's: 去年, or an earlier year."""
    lead, others = page.lead(figure), page.lead(other)
    if _BEFORE.search(page.label(figure)):
        return True
    year, another = _YEAR.search(lead), _YEAR.search(others)
    return bool(year and another and int(year[1]) == int(another[1]) - 1)


def _grown(
    percent: Figure, now: Decimal, before: Decimal, first: Figure, second: Figure, sign: int,
    slack: Decimal, slack_before: Decimal, rule: str,
) -> Finding | None:  # fmt: skip
    computed = ratio((now - before) * HUNDRED, before)
    low = ratio((now - slack - before - slack_before) * HUNDRED, before + slack_before)
    under = before - slack_before
    high = ratio((now + slack - under) * HUNDRED, under if under > 0 else before)
    stated = percent._replace(value=percent.value * sign)
    verdict = percent_verdict(stated, computed, low, high)
    if verdict == "fails" or (verdict == "rounding" and (high - low) * 10 > percent.value):
        return None
    return Finding(
        "growth", (now, before), (first, second), percent, computed, verdict, rule, False, stated.value
    )


def _grown_by(page: Page, percent: Figure, sign: int) -> Iterator[Finding]:
    """Income 18.95, up 25.2%, 3.8 more: the period before is the difference."""
    around = [
        *_near(page, percent, 3),
        *(f for f in page.figures[percent.at + 1 : percent.at + 2] if f.sentence == percent.sentence),
    ]
    deltas = [f for f in around if adds(f.family) and page.changes(f) and _direction(page, f) == sign]
    for delta in deltas[:1]:
        level = next(
            (
                f
                for f in _near(page, min(delta, percent, key=lambda f: f.at), 3)
                if f.family == delta.family and not page.changes(f)
            ),
            None,
        )
        if level is None:
            return
        before = level.value - sign * delta.value
        if before <= 0 or percent.value / percent.place < 30:
            return
        slack = level.slack + delta.slack
        found = _grown(percent, level.value, before, level, delta, sign, level.slack, slack, "grown by")
        if found and found.computed:
            yield found


def _difference(page: Page, figure: Figure) -> Iterator[Finding]:
    """By how much two figures of one sentence differ, or what is left of one."""
    if figure.rank < 2:
        return
    net = bool(_NET.search(page.label(figure)))
    if not net and not page.changes(figure):
        return
    near = [f for f in _near(page, figure, 8) if f.family == figure.family and not page.changes(f)][:2]
    if len(near) < 2:
        return
    second, first = near
    if not net and not (
        _TO.fullmatch(page.gap(first, second))
        or _BEFORE.search(page.label(first))
        or _BEFORE.search(page.label(second))
    ):
        return
    upper, lower = (first, second) if first.value >= second.value else (second, first)
    computed = upper.value - lower.value
    residual = abs(computed - figure.value)
    rule, slack = "net" if net else "by how much", upper.slack + lower.slack + figure.slack
    if figure.value < 3 * figure.place:
        return
    verdict = "rounding" if residual else "holds"
    if residual > slack:
        # Right after the two that it compares, and near: a slip of the pen, not another difference.
        exact = all(f.mention.qualifier == "exact" for f in (upper, lower, figure))
        beside = second.at == first.at + 1 and figure.at <= second.at + 2
        if not exact or not beside or residual * 20 > figure.value:
            return
        verdict = "fails"
    yield Finding(
        "difference",
        (upper.value, lower.value),
        (upper, lower),
        figure,
        computed,
        verdict,
        rule,
        verdict == "fails",
    )


def _times(page: Page, times: Figure) -> Iterator[Finding]:
    """今年8400件，是去年3500件的2.4倍: the two figures before it, and how many times the one is the other."""
    near = [f for f in _near(page, times, 6) if adds(f.family) and not page.changes(f)]
    pair = next(((a, b) for a, b in pairwise(near) if a.family == b.family and b.value and a.value), None)
    if pair is None or times.value <= 0:
        return
    grown = bool(page.changes(times))
    if not grown and not _IS.search(page.label(times)) and not _IS.search(page.label(pair[0])):
        return
    for now, before in (pair, pair[::-1]):
        computed = ratio(now.value, before.value) - grown
        if abs(computed - times.value) <= times.slack and times.value >= 10 * times.place:
            rule = "grown by times" if grown else "times"
            yield Finding(
                "ratio", (now.value, before.value), (now, before), times, computed, "holds", rule, False
            )
            return


def _points(page: Page, points: Figure) -> Iterator[Finding]:
    """高出整体增速7.7个百分点: against the headline's growth."""
    label = page.label(points)
    near = [f for f in _near(page, points, 3) if f.family == PERCENT]
    if (
        len(near) > 1
        and page.changes(points)
        and _AGAINST.search(page.text[max(0, near[1].begin - 16) : points.begin])
    ):
        upper, lower = sorted(near[:2], key=lambda f: f.value, reverse=True)
        if upper.value - lower.value == points.value:
            yield Finding(
                "difference", (upper.value, lower.value), (upper, lower), points, points.value, "holds",
                "by how many points", False,
            )  # fmt: skip
            return
    if not _OVER.search(label) or not _REFERENCE.search(label):
        return
    if not near:
        return
    mine = near[0]
    for other in page.families[PERCENT][:3]:
        if other.at < mine.at:
            residual = abs(mine.value - other.value) - points.value
            if not residual:
                upper, lower = (mine, other) if mine.value > other.value else (other, mine)
                yield Finding(
                    "difference",
                    (upper.value, lower.value),
                    (upper, lower),
                    points,
                    points.value,
                    "holds",
                    "against the whole",
                    False,
                )
                return


def _cancelling(page: Page) -> Iterator[Finding]:
    """Shares that rose and fell by as much: one sentence's changes in points cancel."""
    by_sentence: dict[int, list[Figure]] = {}
    for points in page.families.get(POINTS, ()):
        by_sentence.setdefault(points.sentence, []).append(points)
    for group in by_sentence.values():
        if not 3 <= len(group) <= 8 or not any("比重" in page.label(f) for f in group):
            continue
        signs: list[int] = []
        for f in group:
            signs.append(_direction(page, f) or (signs[-1] if signs else 0))
        up = [f for f, sign in zip(group, signs, strict=True) if sign > 0]
        down = [f for f, sign in zip(group, signs, strict=True) if sign < 0]
        first, rest = (up, down) if len(up) == 1 else (down, up)
        if len(first) == 1 and len(rest) > 1 and first[0].value == sum((f.value for f in rest), ZERO):
            values = tuple(f.value for f in (*first, *rest))
            yield Finding(
                "difference",
                values,
                (*first, *rest),
                group[-1],
                ZERO,
                "holds",
                "changes of all shares",
                True,
                ZERO,
            )
