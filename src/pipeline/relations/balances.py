"""Balances: what is left of one figure without another, what lacks to it, what came and went.

结余, 顺差, 缺口, 自然增长: the difference of the two figures before it or after it;
年初结余, 收入, 支出, 年末结余: an account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, subtracted, sum_verdict
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figures import PERCENT, POINTS, ZERO, Figure, Page, adds

_NET = cues.cue(
    r"自然增长|自然增加|自然减少|超额|净增|净减|净[流迁转调]|所有者权益|净资产|顺差|逆差|差额|结余|盈余|还剩|结存|净利|结转下年|^结转|节约|节省|节支|核减|审减",
    "贸易顺差",
    "贸易总额",
)
_LEFT = cues.cue(
    r"(?:未[^，；。\d]{1,6}|尚欠|还欠|缺口|尚缺|仍缺|还差|尚余)$",
    "已征未转土地",
    "未来三年内计划新建的",
)
"""The end of the label of what is left of one figure without another."""
_STILL = cues.cue(r"(?:尚有|还有|仍有|尚余|还剩|余款|剩余款)[^，；。\d]{0,8}$", "尚有各类未结案", "其余")
"""The same, which is said to be what is left of the two figures before it."""
_APART = cues.cue(
    r"(?:减|降|缩减|减少|下降)(?:至|到|为)[^，。；\d]{0,6}$|(?:因此|因而|这样|故)[^，。；\d]{0,20}$|赤字"
    r"|现有(?:确诊|住院|在院|在治)?[^，；。\d]{0,4}$",
    "失联人数减至",
    "减少",
)
"""The same, where its two figures stand apart from it."""
_CARRIED = cues.cue(r"结转下年|^结转|年终结余|收支相抵", "结转下年", "结余资金")
"""Before what the totals of both sides leave."""
_SUMMED = cues.cue(r"(?:合计|总计|总量)[为达]?$", "支出合计", "支出")
_GAP = cues.cue(r"^的?(?:供给|资金|用地|学位)?(?:缺口|差距|差额)", "的缺口", "的供给")
"""After what lacks."""
_BACK, _ON, _FAR, _SENTENCES = 8, 3, 24, 2
"""Figures of its kind before, after and far before what is left, and sentences, among which its two stand."""
_DIGITS = 60
"""Values that what is left could have had in print, at least, where they do not stand right before it."""

_BALANCE = cues.cue(
    r"^(?:年终|年末|当年|本年|滚存)?(?:结余|盈余|节余)(?:资金)?(?:为|达)?$", "年终结余", "上年结余"
)
_INCOME = cues.cue(r"收入", "总收入", "总支出")
_OUTLAY = cues.cue(r"支出", "总支出", "总收入")
_ONE_KIND = re.compile(r"(?P<year>全年|本年|当年|年内|今年)?(?P<what>[^/]*)/(?:(?P=what))?")
"""What is left of 全年总收入 and 总支出: they are of one account."""
_DEATHS = cues.cue(r"死亡率", "死亡率", "死亡")

_OPENING = cues.cue(
    r"(?:上年|年初|期初|上期|上月|月初|去年|往年|上届)[^，；。\d]{0,4}(?:结余|结转|结存|余额|存[栏量]|库存|旧存)|^旧存|原有"
    r"|(?:[年期月季]初|[上去]年[末底]|上[期月季]末)[^，；。\d]{0,6}$",
    "年初结余",
    "年末结余",
)
"""Before what was there at first."""
_CAME = cues.cue(
    r"收入|新收|收[到购]|受理|购[入进]|入库|增加|[调转]入|新增|新招|入职|引进|繁育|补栏|进账",
    "本年收入",
    "本年支出",
)
_WENT = cues.cue(
    r"支出|办结|审结|结案|出库|减少|[调转]出|开支|发放|销售|使用|离职|退休|辞职|淘汰|出栏",
    "本年支出",
    "本年收入",
)
_FLOWS, _FLOW_DIGITS = 6, 10
"""Figures that came or went, at most; values that what is left could have had, for each way to sign these."""
_CLOSING = cues.cue(
    r"^(?:目前|[年期月季][末底]|年终|现有?|尚有|累计|滚存|本期)?(?:结余|未结|结存|余额|库存|存栏|旧存)[^，；。\d]{0,3}$"
    r"|^(?:现有|今?[年期月季][末底]|尚有)[^，；。\d]{0,6}$",
    "年末结余",
    "结余资金使用",
)
_BARE = cues.cue(
    r"^(?:当年|本年|本期|全年|本月)?(?:总?收入|总?支出|新收|办结|审结|入库|出库)(?:案件)?$",
    "本年收入",
    "税收收入",
)
"""The whole label of what came or went: nothing of it is left out."""


def balances(page: Page) -> Iterator[Finding]:
    """Every account, and every difference of two figures that no change states."""
    for figure in page.figures:
        if figure.family in (PERCENT, POINTS):
            continue
        found = (
            _account(page, figure) if adds(figure.family) and _CLOSING.search(page.label(figure)) else None
        )
        found = found or _beside(page, figure) or _apart(page, figure)
        if found:
            yield found


def _beside(page: Page, figure: Figure) -> Finding | None:
    """The difference of the two figures of its kind before it in its sentence."""
    name = page.name(figure)
    said = _NET.search(name) or _STILL.search(name)
    if figure.value < 3 * figure.place or not (said or _LEFT.search(name)):
        return None
    near = [f for f in page.near(figure, _BACK) if f.family == figure.family and not page.changes(f)]
    near = [f for f in near if f.bracket == figure.bracket][:2]
    if _CARRIED.search(name):
        before = page.families[figure.family][max(0, figure.rank - _FAR) : figure.rank]
        sides = [f for f in reversed(before) if _SUMMED.search(page.label(f))][:2]
        near = sides if len(sides) == 2 else near
    if len(near) < 2:
        return None
    second, first = near
    shared = page.nests(second) or cues.TOTAL.search(page.label(first))
    if not said and (shared or dimension_of([page.name(second), name])[0]):
        return None  # a whole and its two parts
    if _DEATHS.search(page.label(second)) and "负" in name:
        return subtracted(first, second, figure._replace(value=-figure.value), "net", True)
    upper, lower = (first, second) if first.value >= second.value else (second, first)
    return subtracted(upper, lower, figure, "net", _balanced(page, first, second, figure))


def _apart(page: Page, figure: Figure) -> Finding | None:
    """What is left or lacks, said apart from the two figures of its kind that it is the difference of."""
    net = _NET.search(page.name(figure))
    said = net or _APART.search(page.label(figure)) or _GAP.search(page.tail(figure))
    if not said or not adds(figure.family) or figure.value < _DIGITS * figure.place:
        return None
    near = [
        f
        for f in page.families[figure.family][max(0, figure.rank - _BACK) : figure.rank + 1 + _ON * (not net)]
        if f is not figure and abs(f.sentence - figure.sentence) <= _SENTENCES and not page.changes(f)
    ]
    of_value = {f.value: f for f in near}
    for upper in sorted(near, key=lambda f: abs(f.rank - figure.rank)):
        lower = of_value.get(upper.value - figure.value)
        if lower is not None and lower is not upper and not cues.SUMS_UP.search(page.label(upper)):
            return subtracted(upper, lower, figure, "what is left", False)
    return None


def _balanced(page: Page, first: Figure, second: Figure, figure: Figure) -> bool:
    """总收入26.4亿元，总支出25.1亿元，结余1.3亿元."""
    income, outlay = page.label(first), page.label(second)
    if _DEATHS.search(outlay):
        return "出生率" in income and "自然增长率" in page.label(figure) and figure.at - first.at <= 4
    if figure.at - first.at > 2:
        return False
    before = page.families[first.family][max(0, first.rank - 2) : first.rank]
    if any(_OPENING.search(page.label(f)) for f in before):
        return False  # 年初结余86万元，收入420万元，支出385万元，年末结余121万元
    return bool(
        _BALANCE.search(page.label(figure))
        and _INCOME.search(income)
        and _OUTLAY.search(outlay)
        and _ONE_KIND.fullmatch(_INCOME.sub("", income) + "/" + _OUTLAY.sub("", outlay))
    )


def _account(page: Page, closing: Figure) -> Finding | None:
    """年初结余86万元，本年收入420万元，本年支出385万元，年末结余121万元."""
    near = page.families[closing.family][max(0, closing.rank - 1 - _FLOWS) : closing.rank]
    opens = [n for n, figure in enumerate(near) if _OPENING.search(page.label(figure))]
    stated = tuple(near[opens[-1] :]) if opens else ()
    if len(stated) < 3 or closing.sentence - stated[0].sentence > 1:
        return None
    labels = [page.label(flow) for flow in stated[1:]]
    ways = list(product(*map(_signs, labels)))
    accounts = [_signed(stated, signs, closing) for signs in ways]
    if len(ways) > 1 or accounts[0].verdict == "holds":
        enough = closing.value >= _FLOW_DIGITS * len(ways) * closing.place
        return next((one for one in accounts if enough and one.verdict == "holds"), None)
    (found,) = accounts
    off = abs(closing.value - found.computed)
    if found.verdict == "rounding":
        return found if len(labels) == 2 else None
    if (
        not all(map(_BARE.search, labels))
        or off * 2 > closing.value
        or closing.at - stated[0].at > len(stated)
    ):
        return None
    verdict = accusation(closing, stated, off)
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


def _signed(stated: Sequence[Figure], signs: Sequence[int], closing: Figure) -> Finding:
    """What was there at first, with what came and less what went."""
    opening, *flows = stated
    values = (opening.value, *(flow.value * sign for flow, sign in zip(flows, signs, strict=True)))
    come_to, slack = sum(values, ZERO), sum((figure.slack for figure in stated), closing.slack)
    verdict = sum_verdict(come_to, closing.value, slack)
    return Finding("sum", values, tuple(stated), closing, come_to, verdict, "account", False)


def _signs(label: str) -> tuple[int, ...]:
    """1 for what came, -1 for what went; both where the label does not say."""
    came, went = bool(_CAME.search(label)), bool(_WENT.search(label))
    return (1, -1) if came == went else (1,) if came else (-1,)
