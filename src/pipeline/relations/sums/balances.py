"""Balances: what is left of one figure without another, what lacks to it, what came and went.

结余, 顺差, 缺口, 自然增长: the difference of the two figures before it or after it;
年初结余, 收入, 支出, 年末结余: an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from pipeline.relations.arithmetic import Equation, accused, difference_of, sum_verdict
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figure_index import PERCENT, POINTS, ZERO, Figure, Index, is_additive
from pipeline.relations.relation_cues import CUES

_BACK, _ON, _FAR, _SENTENCES = 8, 3, 24, 2
"""Figures of its kind before, after and far before what is left, and sentences, among which its two stand."""
_DIGITS = 60
"""Values that what is left could have had in print, at least, where they do not stand right before it."""


_FLOWS, _FLOW_DIGITS = 6, 10
"""Figures that came or went, at most; values that what is left could have had, for each way to sign these."""


def balances(index: Index) -> Iterator[Equation]:
    """Every account, and every difference of two figures that no change states."""
    for figure in index.figures:
        if figure.family in (PERCENT, POINTS):
            continue
        found = (
            _account(index, figure)
            if is_additive(figure.family) and CUES.closing_stock.search(index.label(figure))
            else None
        )
        found = found or _beside(index, figure) or _apart(index, figure)
        if found:
            yield found


def _beside(index: Index, figure: Figure) -> Equation | None:
    """The difference of the two figures of its kind before it in its sentence."""
    name = index.name(figure)
    cue = CUES.net.search(name) or CUES.still_left.search(name)
    if figure.value < 3 * figure.place or not (cue or CUES.left_over.search(name)):
        return None
    near = [f for f in index.preceding(figure, _BACK) if f.family == figure.family and not index.is_change(f)]
    near = [f for f in near if f.bracket == figure.bracket][:2]
    if CUES.carried.search(name):
        before = index.family_before(figure, _FAR)
        sides = [f for f in reversed(before) if CUES.summed.search(index.label(f))][:2]
        near = sides if len(sides) == 2 else near
    if len(near) < 2:
        return None
    second, first = near
    shared = index.opens_sublist(second) or CUES.total.search(index.label(first))
    if not cue and (shared or dimension_of([index.name(second), name])[0]):
        return None  # a whole and its two parts
    if "死亡率" in index.label(second) and "负" in name:
        return difference_of(first, second, figure._replace(value=-figure.value), "net", True)
    upper, lower = (first, second) if first.value >= second.value else (second, first)
    return difference_of(upper, lower, figure, "net", _balanced(index, first, second, figure))


def _apart(index: Index, figure: Figure) -> Equation | None:
    """A figure that is left or lacks, apart from the two of its kind that it is the difference of."""
    net = CUES.net.search(index.name(figure))
    cue = net or CUES.left_apart.search(index.label(figure)) or CUES.gap.search(index.text_after(figure))
    if not cue or not is_additive(figure.family) or figure.value < _DIGITS * figure.place:
        return None
    near = [
        f
        for f in index.families[figure.family][
            max(0, figure.rank - _BACK) : figure.rank + 1 + _ON * (not net)
        ]
        if f is not figure and abs(f.sentence - figure.sentence) <= _SENTENCES and not index.is_change(f)
    ]
    of_value = {f.value: f for f in near}
    for upper in sorted(near, key=lambda f: abs(f.rank - figure.rank)):
        lower = of_value.get(upper.value - figure.value)
        if lower is not None and lower is not upper and not CUES.sums_up.search(index.label(upper)):
            return difference_of(upper, lower, figure, "what is left", False)
    return None


def _balanced(index: Index, first: Figure, second: Figure, figure: Figure) -> bool:
    """总收入26.4亿元，总支出25.1亿元，结余1.3亿元."""
    income, outlay = index.label(first), index.label(second)
    if "死亡率" in outlay:
        return "出生率" in income and "自然增长率" in index.label(figure) and figure.pos - first.pos <= 4
    if figure.pos - first.pos > 2:
        return False
    if any(CUES.opening_stock.search(index.label(f)) for f in index.family_before(first, 2)):
        return False  # 年初结余86万元，收入420万元，支出385万元，年末结余121万元
    return bool(
        CUES.balance.search(index.label(figure))
        and "收入" in income
        and "支出" in outlay
        and CUES.one_account.fullmatch(income.replace("收入", "") + "/" + outlay.replace("支出", ""))
    )


def _account(index: Index, closing: Figure) -> Equation | None:
    """年初结余86万元，本年收入420万元，本年支出385万元，年末结余121万元."""
    near = index.family_before(closing, 1 + _FLOWS)
    opens = [n for n, figure in enumerate(near) if CUES.opening_stock.search(index.label(figure))]
    stated = tuple(near[opens[-1] :]) if opens else ()
    if len(stated) < 3 or closing.sentence - stated[0].sentence > 1:
        return None
    labels = [index.label(flow) for flow in stated[1:]]
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
        not all(map(CUES.bare_flow.search, labels))
        or off * 2 > closing.value
        or closing.pos - stated[0].pos > len(stated)
    ):
        return None
    return accused(found)


def _signed(stated: Sequence[Figure], signs: Sequence[int], closing: Figure) -> Equation:
    """What was there at first, with what came and less what went."""
    opening, *flows = stated
    values = (opening.value, *(flow.value * sign for flow, sign in zip(flows, signs, strict=True)))
    come_to, slack = sum(values, ZERO), sum((figure.slack for figure in stated), closing.slack)
    verdict = sum_verdict(come_to, closing.value, slack)
    return Equation("sum", values, tuple(stated), closing, come_to, verdict, "account", False)


def _signs(label: str) -> tuple[int, ...]:
    """1 for what came, -1 for what went; both where the label does not say."""
    came, went = bool(CUES.inflow.search(label)), bool(CUES.outflow.search(label))
    return (1, -1) if came == went else (1,) if came else (-1,)
