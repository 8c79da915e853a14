"""Rates that are made of two figures of the text: 整改率, 城镇化率, 性别比, 户均人口, 每千人床位, 日均.

A table says for each rate what its operands are called and counted in. Operands are the
nearest such figures before the rate; it is found where it is their quotient as printed,
and fails only where both stand right before it and bear its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, percent_range, percent_verdict
from pipeline.relations.figures import PERCENT, Figure, Page, adds

REACH = 10
"""Figures before a rate among which its operands are looked for."""
_SURE = 200
"""Values that a rate could have had in print, at least, where only its place says what it is of."""
TELLING = 10
"""Values that a rate could have had in print, at least."""


class Rate(NamedTuple):
    """name: the label of the rate; upper, lower: of its operands, with the units that these may have."""

    name: re.Pattern[str]
    upper: re.Pattern[str]
    upper_unit: re.Pattern[str]
    lower: re.Pattern[str]
    lower_unit: re.Pattern[str]
    relation: str
    times: Decimal


def _rate(
    name: str, yes: str, no: str, upper: str, upper_unit: str, lower: str, lower_unit: str,
    relation: str = "ratio", times: int = 1,
) -> Rate:  # fmt: skip
    return Rate(
        cues.cue(name, yes, no), re.compile(upper), re.compile(upper_unit), re.compile(lower),
        re.compile(lower_unit), relation, Decimal(times),
    )  # fmt: skip


_ANY = ""
_PEOPLE = r"[人名员口]$"
_HOUSES = r"户$"
_MONEY = r"元$"
_PEOPLE_OF = r"人口|全村|全镇|全县|全市|全区|全乡|共|户|居民|常住"
_EARNED = r"收入|产值|总值|耕地|GDP|存款|投入|分红"

RATES = (
    _rate(
        r"性别比[^，；。例\d]{0,4}$", "性别比为", "性别比例为",
        "男", _PEOPLE, "女", _PEOPLE, times=100,
    ),
    _rate(
        r"户均(?:人口|人数)|平均每户(?:人口)?(?:为|有)?$", "户均人口", "户均收入",
        _ANY, _PEOPLE, _ANY, _HOUSES,
    ),
    _rate(
        r"每千(?:名)?(?:常住)?(?:人口?|居民)", "每千人拥有床位", "每千名老人",
        _ANY, r"[张床人个名]$", _PEOPLE_OF, _PEOPLE, times=1000,
    ),
    _rate(
        r"每万(?:名)?(?:常住)?(?:人口?|居民)", "每万人拥有", "每千人拥有",
        _ANY, r"[张人个件辆台名]$", _PEOPLE_OF, _PEOPLE, times=10000,
    ),
    _rate(
        rf"人均(?:年)?(?:纯|总)?(?:地区生产总值|生产总值|{_EARNED})?(?:为|达|达到)?$",
        "人均收入", "人均可支配收入",
        _EARNED, r"元$|亩$|公斤$|平方米$", _PEOPLE_OF, _PEOPLE,
    ),
    _rate(
        r"户均(?:增收|收入|补助|分红)(?:为|达|达到)?$", "户均增收", "户均人口",
        r"收入|增收|补助|分红|发放|资金", _MONEY, _ANY, _HOUSES,
    ),
    _rate(r"(?:日均|平均每[日天])[^，；。\d]{0,8}$", "日均", "月均", _ANY, _ANY, _ANY, r"^[天日]$"),
    _rate(r"(?:月均|平均每月)[^，；。\d]{0,8}$", "月均", "日均", _ANY, _ANY, _ANY, r"^个月$"),
    _rate(
        r"(?:收入之比|收入比)[^，；。\d]{0,3}$", "城乡居民收入比为", "收入水平",
        "城镇", _MONEY, "农村|乡村", _MONEY,
    ),
    _rate(
        r"增长面[^，；。\d]{0,4}$", "增长面为", "增长",
        "增长|上升|正增长|保持", _ANY, _ANY, _ANY, "share", 100,
    ),
    _rate(
        r"城镇化率[^，；。\d]{0,4}$", "城镇化率为", "城镇人口",
        "城镇", _PEOPLE, "人口", _PEOPLE, "share", 100,
    ),
)  # fmt: skip
"""For each rate its name with an example and a counterexample, then its operands' words and units."""

_OF_PLAN = cues.cue(
    r"(?:完成|为|达到?|占)(?:年初|年度|全年|年|调整后?)?(?P<plan>预算|计划|目标任务|目标|任务)数?的$",
    "完成预算的",
    "完成预算",
)
_BUDGETED = cues.cue(
    r"(?:^|支出|收入|年初|年度)(?:预算|计划)(?:数|投资|收入|支出)?(?:为)?$", "年初预算", "调整预算"
)
_SPENT = cues.cue(r"^(?:决算|实际|完成|执行|支出|实际完成|实际支出)数?(?:为)?$", "决算数", "预算数")
_RATE_OF = cues.cue(
    r"^(?:总体|综合)?(?P<stem>[^，,；;。的占同]{2,8})率(?:分别|高达|达到|已|为|是|达|仅|约)*$",
    "资金到位率",
    "同比增长",
)
"""The whole label of a rate of some of the figures before it."""
_DONE = cues.cue(
    r"^(?P<stem>[^，,；;。的]{1,3})率(?:为|是|达|达到|仅|约)*$", "整改率达到", "法定期限内结案率"
)
"""The whole label of a rate that is named after what was done: 整改率, 合格率."""
_FILLER = cues.cue(r"其中|已经?|实际?|审|了|全部|共|完成|按时|及时|均|有|的|为", "其中已", "女生")
"""Words beside what was done, in the label of a part."""
_LONG_PLAN = cues.cue(r"调整", "调整后预算", "年初预算")


def rates(page: Page) -> Iterator[Finding]:
    """Every rate whose two operands the page states."""
    for figure in page.figures:
        label = page.label(figure)
        if not label or page.changes(figure):
            continue
        rate = next((rate for rate in RATES if rate.name.search(label)), None)
        found = _found(page, figure, rate) if rate else None
        if found is None and figure.family == PERCENT:
            found = _of_plan(page, figure) or _done(page, figure) or _executed(page, figure)
        if found:
            yield found


def _found(page: Page, figure: Figure, rate: Rate) -> Finding | None:
    if figure.value < TELLING * figure.place or (rate.relation == "share") != (figure.family == PERCENT):
        return None
    earlier = page.figures[max(0, figure.at - REACH) : figure.at]
    near = [
        f
        for f in reversed(earlier)
        if not page.changes(f) and f.value > 0 and figure.sentence - f.sentence <= 2
    ]
    for lower in [f for f in near if _fits(page, f, rate.lower, rate.lower_unit)][:3]:
        for upper in [f for f in near if f.at != lower.at and _fits(page, f, rate.upper, rate.upper_unit)][
            :3
        ]:
            if rate.relation == "share" and (upper.family != lower.family or upper.value > lower.value):
                continue
            found = _quotient(upper, lower, figure, rate, "rate")
            if found.verdict == "holds" or (
                found.verdict == "rounding" and figure.value >= 100 * figure.place
            ):
                return found
    return _accused(page, figure, rate) if rate.relation == "share" else None


def _fits(page: Page, figure: Figure, words: re.Pattern[str], unit: re.Pattern[str]) -> bool:
    return bool(unit.search(figure.mention.unit or "") and words.search(page.words(figure)))


def _quotient(upper: Figure, lower: Figure, figure: Figure, rate: Rate, rule: str) -> Finding:
    computed, low, high = (x / HUNDRED * rate.times for x in percent_range(upper, lower))
    verdict = percent_verdict(figure, computed, low, high)
    return Finding(
        rate.relation, (upper.value, lower.value), (upper, lower), figure, computed, verdict, rule, False
    )


def _accused(page: Page, figure: Figure, rate: Rate) -> Finding | None:
    """城镇人口30.1万人，城镇化率为65.2%: whole and part right before, and the label is the rate alone."""
    if figure.at < 2 or len(page.label(figure)) > 8:
        return None
    whole, part = page.figures[figure.at - 2], page.figures[figure.at - 1]
    named = rate.upper.search(page.label(part)) and rate.lower.search(page.words(whole))
    if not named or rate.upper.search(page.label(whole)):
        return None
    return _told(page, figure, part, whole, "rate")


def _of_plan(page: Page, figure: Figure) -> Finding | None:
    """年初预算12.5亿元，实际完成11.2亿元，完成预算的89.6%."""
    label = page.label(figure)
    match = _OF_PLAN.search(label)
    if match is None or _LONG_PLAN.search(label):
        return None
    near = page.near(figure, 6)
    part = next((f for f in near if adds(f.family) and not page.changes(f)), None)
    if part is None:
        return None
    plans = [
        f for f in near if f.family == part.family and f.at != part.at and match["plan"][:2] in page.label(f)
    ]
    if not plans or match["plan"][:2] in page.label(part):
        return None
    found = _share(figure, part, plans[0], "of the plan")
    if found.verdict != "fails":
        return found
    return _told(page, figure, part, plans[0], "of the plan")


def _done(page: Page, figure: Figure) -> Finding | None:
    """交办问题125个，已整改117个，整改率达到93.6%; 安排2.3亿元，实际支出1.71亿元，执行率74.3%."""
    label = page.label(figure)
    match = _DONE.search(label)
    if match and figure.at > 1:
        whole, part = page.figures[figure.at - 2], page.figures[figure.at - 1]
        if (
            part.family == whole.family
            and part.value <= whole.value
            and _named(match["stem"], page.label(part))
        ):
            found = _share(figure, part, whole, "rate of them")
            if found.verdict == "fails":
                return _told(page, figure, part, whole, "rate of them")
            return found
    if not _RATE_OF.search(label) or figure.value < _SURE * figure.place:
        return None
    near = [f for f in page.near(figure, 4) if adds(f.family) and not page.changes(f)]
    for part, whole in permutations(near, 2):
        if part.family == whole.family and 0 < part.value <= whole.value:
            found = _share(figure, part, whole, "rate of two before it")
            if found.verdict == "holds":
                return found
    return None


def _executed(page: Page, figure: Figure) -> Finding | None:
    """预算1.90亿元，决算2.04亿元，完成107.4%."""
    if page.label(figure) not in ("完成", "完成预算", "为预算", "执行率") or figure.at < 2:
        return None
    whole, part = page.figures[figure.at - 2], page.figures[figure.at - 1]
    if part.family != whole.family or not adds(part.family) or whole.value <= 0:
        return None
    if not _BUDGETED.search(page.label(whole)) or not _SPENT.search(page.label(part)):
        return None
    found = _share(figure, part, whole, "of the budget")
    return found if found.verdict != "fails" else _told(page, figure, part, whole, "of the budget")


def _named(stem: str, label: str) -> bool:
    """Whether a part bears the rate's name and nothing else: 审结 of 结案率, 已整改 of 整改率."""
    rest = _FILLER.sub("", label).translate({ord(character): None for character in stem})
    return not rest and any(character in label for character in stem)


def _share(figure: Figure, part: Figure, whole: Figure, rule: str) -> Finding:
    computed, low, high = percent_range(part, whole)
    verdict = percent_verdict(figure, computed, low, high)
    return Finding("share", (part.value, whole.value), (part, whole), figure, computed, verdict, rule, False)


def _told(page: Page, figure: Figure, part: Figure, whole: Figure, rule: str) -> Finding | None:
    """The accusation, where whole, part and rate stand side by side and no other two make the rate."""
    beside = part.at == figure.at - 1 and whole.at == part.at - 1 and whole.sentence == figure.sentence
    if not beside or part.family != whole.family or page.changes(part) or page.changes(whole):
        return None
    found = _share(figure, part, whole, rule)
    far = figure.value * 2 < found.computed or found.computed * 2 < figure.value
    if found.verdict != "fails" or far or _otherwise(page, figure) or cues.NESTED.search(page.label(whole)):
        return None
    verdict = accusation(figure, (part, whole), abs(figure.value - found.computed))
    return found._replace(whole=verdict == "fails", verdict=verdict) if verdict else None


def _otherwise(page: Page, figure: Figure) -> bool:
    """Whether two figures before a rate make it, or what is missing from 100% of it."""
    near = [f for f in page.near(figure, REACH) if f.family != PERCENT and f.value > 0]
    rest = figure._replace(value=HUNDRED - figure.value)
    pairs = [(a, b) for a, b in permutations(near, 2) if a.family == b.family]
    return any(_share(one, a, b, "").verdict != "fails" for a, b in pairs for one in (figure, rest))
