"""Rates that are made of two figures of the text: 整改率, 城镇化率, 性别比, 户均人口, 每千人床位, 日均.

A table says for each rate what its operands are called and counted in. Operands are the
nearest such figures before the rate; it is found where it is their quotient as printed,
and fails only where both stand right before it and bear its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, percent_range, percent_verdict
from pipeline.relations.figures import PERCENT, Figure, Page
from pipeline.relations.fulfilment import fulfilled, told

REACH = 10
"""Figures before a rate among which its operands are looked for."""
_NEAR = 5
"""A rate that is off is accused within a fifth of it."""
_ALL_OF_THEM = frozenset(["", "总人口", "人口", "常住人口", "城乡居民", "城乡"])
"""Words before the name of a rate that limit it to nobody."""
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

_MOVED_TO = cues.cue(r"^(?:下降|上升|提高|提升|降低|回落|变)(?:为|到|至)$", "下降为", "下降")
_SAYS, _CLOSES = frozenset(["为", "是", "达", "达到"]), frozenset("）)")
_FROM = re.compile(r"由|从")
_GLOSS = re.compile(r"[（(][^（()）]*[）)]")


def rates(page: Page) -> Iterator[Finding]:
    """Every rate whose two operands the page states."""
    for figure in page.figures:
        label = _name(page, figure)
        if not label or page.changes(figure):
            continue
        rate = next((rate for rate in RATES if rate.name.search(label)), None)
        found = _found(page, figure, rate) if rate else None
        if found is None and figure.family == PERCENT:
            found = fulfilled(page, figure)
        if found:
            yield found


def _name(page: Page, figure: Figure) -> str:
    """The words before a rate; of 性别比由106.1下降为104.9 those before the first figure."""
    label = page.label(figure)
    if label in _SAYS and page.text[figure.begin - len(label) - 1 : figure.begin - len(label)] in _CLOSES:
        begin = max(page.reading.flow.sentences[figure.sentence][0], figure.begin - 60)
        return cues.CLAUSE.split(_GLOSS.sub("", page.text[begin : figure.begin]))[-1]
    if not figure.at or not _MOVED_TO.search(label):
        return label
    first = page.figures[figure.at - 1]
    begin = max(page.reading.flow.sentences[figure.sentence][0], first.begin - 60)
    before = _FROM.search(page.text, begin, first.begin)
    if before is None or first.family != figure.family:
        return label
    return cues.CLAUSE.split(_GLOSS.sub("", page.text[begin : before.start()]))[-1]


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
    return (
        _accused(page, figure, rate) if rate.relation == "share" else _accused_ratio(page, figure, rate, near)
    )


def _accused_ratio(page: Page, figure: Figure, rate: Rate, near: Sequence[Figure]) -> Finding | None:
    """男性257000人，女性245000人，性别比为106.9: the only two, right before their rate."""
    lowers = [f for f in near if _fits(page, f, rate.lower, rate.lower_unit)]
    uppers = [f for f in near if _fits(page, f, rate.upper, rate.upper_unit)]
    named = rate.lower.pattern and rate.upper.pattern and len(lowers) == len(uppers) == 1
    if not named or {lowers[0].at, uppers[0].at} != {figure.at - 1, figure.at - 2}:
        return None
    match = rate.name.search(page.label(figure))
    if match is None or page.label(figure)[: match.start()] not in _ALL_OF_THEM:
        return None  # 出生人口性别比
    found = _quotient(uppers[0], lowers[0], figure, rate, "rate")
    off = abs(found.computed - figure.value)
    if found.verdict != "fails" or off * _NEAR > figure.value:
        return None
    verdict = accusation(figure, (uppers[0], lowers[0]), off)
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


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
    return told(page, figure, part, whole, "rate")
