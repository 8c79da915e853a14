"""Totals of things that are counted in several words: 机构1206个，其中医院38所，卫生院92所，诊所1076个."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from pipeline.relations.arithmetic import Equation, accused, exactly_printed, sum_of
from pipeline.relations.figure_index import PERCENT, Figure, Index
from pipeline.relations.part_lists import Parts, parts_of, prefixes
from pipeline.relations.relation_cues import CUES

REACH = 24
"""Figures after a total, or before it, among which its parts stand."""
_NEEDED = 20
"""Values that the total could have had in print, at least."""
_PLAIN = 60
"""The same where no word says that parts follow."""
_MANY = 200
"""The same where they are not known to count one kind of thing: 3570个班次（加班420车次，…）."""

_COUNTED = {
    "count " + word: kind
    for kind, words in {
        "things": "个 所 家 处 座 间 户 栋 幢 部 台 套 辆 条 支 艘 只 项 件 席 块 批 类 款 种 班 家次"
        " 所（个） 议席 席位",
        "people": "人 人次",
    }.items()
    for word in words.split()
}
"""Families of things and of people: what one total may count in several words."""


def mixed_totals(index: Index, sums: Sequence[Equation]) -> Iterator[Equation]:
    """Every total, with no parts found so far, whose parts are counted in other words."""
    equations = {found.total.pos for found in sums}
    for total in index.figures:
        if total.pos in equations or not _counts(total) or total.value < _NEEDED or index.is_change(total):
            continue
        fitting = (
            sum_of(total, parts, rule, False) for parts, rule in _lists(index, total) if _fit(total, parts)
        )
        yield from islice(fitting, 1)


def outcomes(index: Index) -> Iterator[Equation]:
    """Every total of what came out in three ways: 23种商品10涨10降3平; 76金65银91铜，奖牌总数232枚."""
    for match in CUES.outcomes.finditer(index.text):
        figures = index.figures_between(match.start(), match.end())
        if len(figures) == _WAYS:
            yield from islice(_totals_of(index, figures), 1)


def _totals_of(index: Index, figures: Sequence[Figure]) -> Iterator[Equation]:
    """What the outcomes come to, beside them; and the total of medals right after them that they miss."""
    first, last = figures[0].pos, figures[-1].pos
    after = index.figures[last + 1 : last + 1 + _BESIDE]
    for total in (*reversed(index.figures[max(0, first - _BESIDE) : first]), *after):
        if _counts(total) and abs(total.sentence - figures[0].sentence) <= 1:
            found = sum_of(total, parts_of(total, figures), "outcomes", True)
            off = abs(total.value - found.computed)
            if not off:
                yield found
            elif total in after[:1] and CUES.medals.search(index.label(total)) and off * _NEAR <= total.value:
                wrong = accused(found._replace(rule="whole: outcomes"))
                if wrong:
                    yield wrong


_NEAR = 10
"""How near to the total of all medals outcomes must come to be accused: within a tenth."""
_WAYS, _BESIDE = 3, 4
"""Ways in which it came out, and figures before and after these among which their total stands."""


def _counts(figure: Figure) -> bool:
    return figure.family.startswith("count ") and exactly_printed(figure)


def _lists(index: Index, total: Figure) -> Iterator[tuple[Parts, str]]:
    """The lists that words or brackets open after a total, and those before one that sums up."""
    after = [
        figure
        for figure in index.figures[total.pos + 1 : total.pos + 1 + REACH]
        if figure.sentence == total.sentence and figure.family != PERCENT and not index.is_change(figure)
    ]
    if len({figure.family for figure in (total, *after)}) == 1:
        after = []
    bracket = after[0].bracket if after else -1
    if bracket > total.bracket or (after and CUES.parts.search(index.gap(total, after[0]))):
        items = takewhile(_counts, (figure for figure in after if figure.bracket == bracket))
        yield from ((parts, "cue, several words") for parts in prefixes(index, items, {}))
    elif after and total.value >= _PLAIN:
        items = takewhile(_counts, (figure for figure in after if figure.bracket == total.bracket))
        yield from ((parts, "several words") for parts in prefixes(index, items, {}))
    if CUES.sums_up.search(index.label(total)):
        near = reversed(index.figures[max(0, total.pos - REACH) : total.pos])
        own = takewhile(lambda f: f.sentence == total.sentence and not index.is_change(f), near)
        for parts in prefixes(index, takewhile(_counts, own), {}, "none"):
            yield (
                parts._replace(figures=parts.figures[::-1], values=parts.values[::-1]),
                "sums up, several words",
            )


def _fit(total: Figure, parts: Parts) -> bool:
    """Whether parts in more than the total's own word come to it exactly."""
    families = {figure.family for figure in (total, *parts.figures)}
    kinds = {_COUNTED.get(family, family) for family in families}
    return parts.sum == total.value and len(families) > 1 and (len(kinds) == 1 or total.value >= _MANY)
