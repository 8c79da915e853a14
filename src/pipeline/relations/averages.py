"""Averages: one figure of the text over another, named after what it is counted by.

户均2.09万元, 平均每期120人次, 亩产420公斤, 每股53.6元. Operands are looked for among the figures
before it: what it is counted by has the named unit, what is shared out has the average's own.
A price or a rate may stand before its product: 每亩租金820元，年租金41万元.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, accusation, exactly_printed, percent_verdict, ratio
from pipeline.relations.figures import ONE, PERCENT, POINTS, ZERO, Figure, Page, adds

REACH = 10
"""Figures before an average among which its operands are looked for."""
_SENTENCES = 2
"""Sentences before the average's in which they may stand."""
_AROUND = 4
"""Figures around a price among which its count and its product are looked for."""
_DIGITS = 100
"""Values that a product could have had in print, at least."""
_NEEDED = 10
"""Values that an average could have had in print, at least, for each pair tried, and once more."""

_PERIOD = cues.cue(r"[去今上本前当明]年|[上本]月|同期", "去年分红", "分红")
_NEAR = 5
"""An average that is off is accused within a fifth of it: farther off, it is of other figures."""

_PER = cues.cue(
    r"(?:平均每|每)(?P<per>[^，。；：\d均每]{1,14})$|(?P<all>[户人亩班日天月年村校株头台辆件期场次股])均[^，。；：\d]{0,10}$"
    r"|平均(?P<area>[亩单]产)(?:量)?(?:为|达|达到)?$",
    "户均分红",
    "平均年龄",
)
"""Before an average: what it is counted by."""
_MOVED = cues.cue(r"增|减|降|升|多|少|高|低|比|较|上年|去年|以上|达标|超过", "户均增收", "户均收入")
"""Averages of changes and of other periods, which levels do not give."""
_COUNTED = {
    "人": "人 名 位 口", "日": "天 日", "天": "天 日", "月": "个月 月", "年": "年", "单": "亩",
    "家": "户 家", "户": "户 家", "次": "次 场 期", "场": "场 场次", "村": "个 村",
}  # fmt: skip
"""Units by the first character of what an average is by; of anything else, its own."""
_THINGS = frozenset("个名位座家所")
"""Words after which a noun says what is counted."""
_TONNES = {("measure t", "measure kg"): Decimal(1000), ("measure t", "measure g"): Decimal(1000000)}
"""How many of the average's unit the amount's is."""


def averages(page: Page) -> Iterator[Finding]:
    """Every average whose two operands stand before it."""
    for figure in page.figures:
        if figure.family in (PERCENT, POINTS):
            continue
        match = _PER.search(page.label(figure))
        if match is None or page.changes(figure) or _MOVED.search(match[0]):
            continue
        per = match["per"] or match["all"] or match["area"]
        found = _average(page, figure, per) or _product(page, figure, per)
        if found:
            yield found


def _product(page: Page, figure: Figure, per: str) -> Finding | None:
    """流转土地500亩，每亩租金820元，年租金41万元: exactly so many times as much, around it."""
    own = figure.family.split("/")[0]
    around = [
        f for f in page.figures[max(0, figure.at - _AROUND) : figure.at + 1 + _AROUND] if f.at != figure.at
    ]
    around = [f for f in around if f.sentence == figure.sentence and f.value > ONE]
    if figure.value <= figure.place:
        return None
    for lower in (f for f in around if _counts(page, f, per, True)):
        for upper in (f for f in around if f.family == own and f.value > figure.value):
            exact = upper.value == lower.value * figure.value and lower.value > 2 * lower.place
            if exact and upper.value >= _DIGITS * min(upper.place, figure.place):
                return Finding(
                    "ratio",
                    (upper.value, lower.value),
                    (upper, lower),
                    figure,
                    figure.value,
                    "holds",
                    "each",
                    False,
                )
    return None


def _counts(page: Page, figure: Figure, per: str, loose: bool = False) -> bool:
    """Whether a figure counts what an average is by: 亩, 户, 个大棚. loose: any 个 will do."""
    unit = figure.mention.unit or ""
    noun = per[1:].removesuffix("的人口为")
    if per[0] in _THINGS and len(noun) > 1:
        named = noun[:2] in page.words(figure) + page.text[figure.stop : figure.stop + 4]
        return (unit == per[0] and (named or loose)) or (noun.startswith("家庭") and unit == "户")
    return bool(unit) and (unit in _COUNTED.get(per[0], "").split() or per.startswith(unit))


def _average(page: Page, figure: Figure, per: str) -> Finding | None:
    own = figure.family.split("/")[0]
    near = [
        f
        for f in reversed(page.figures[max(0, figure.at - REACH) : figure.at])
        if figure.sentence - f.sentence <= _SENTENCES and f.value > 0 and not page.changes(f)
    ]
    lowers = [f for f in near if f.value != ONE and _counts(page, f, per)]
    uppers = [f for f in near if adds(f.family) and _times(f, own)]
    tried = 1
    for lower in lowers[:3]:
        for upper in uppers[:4]:
            if upper.at == lower.at:
                continue
            found = _divided(upper, lower, figure, _times(upper, own))
            tried += 1
            if found.verdict == "holds" and figure.value >= _NEEDED * tried * figure.place:
                return found
    return _accused(page, figure, lowers, uppers, own)


def _accused(
    page: Page, figure: Figure, lowers: Sequence[Figure], uppers: Sequence[Figure], own: str
) -> Finding | None:
    """为4户脱贫户分红54013.256元，户均分红13503.314元: both right before it, of one noun."""
    if not lowers or not uppers or len({f.value for f in uppers}) > 1 or len(lowers) > 1:
        return None
    lower, upper = lowers[0], uppers[0]
    if {lower.at, upper.at} != {figure.at - 1, figure.at - 2} or lower.sentence != figure.sentence:
        return None
    noun, label = upper.mention.subject, page.label(figure)
    if not noun or noun[-2:] not in label or not exactly_printed(figure, lower, upper):
        return None
    if any(map(_PERIOD.search, (page.label(upper), page.label(lower), label))):
        return None  # 去年分红56万元，今年户均分红7200元
    found = _divided(upper, lower, figure, _times(upper, own))
    off = abs(figure.value - found.computed)
    if found.verdict != "fails" or off * _NEAR > figure.value:
        return None
    return found._replace(verdict=accusation(figure, (upper, lower), off) or "possible", whole=True)


def _times(amount: Figure, own: str) -> Decimal:
    return ONE if amount.family == own else _TONNES.get((amount.family, own), ZERO)


def _divided(upper: Figure, lower: Figure, figure: Figure, times: Decimal) -> Finding:
    computed = ratio(upper.value * times, lower.value)
    low = ratio((upper.value - upper.slack) * times, lower.value + lower.slack)
    high = ratio((upper.value + upper.slack) * times, max(lower.value - lower.slack, lower.place))
    verdict = percent_verdict(figure, computed, low, high)
    if verdict == "rounding" and exactly_printed(figure) and (high - low) * 20 <= figure.value:
        verdict = "holds" if low <= figure.value <= high else verdict
    values = (upper.value * times, lower.value)
    return Finding("ratio", values, (upper, lower), figure, computed, verdict, "average", False)
