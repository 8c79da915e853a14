"""Totals of things that are counted in several words: 机构1206个，其中医院38所，卫生院92所，诊所1076个."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added, exactly_printed
from pipeline.relations.figures import PERCENT, Figure, Page
from pipeline.relations.lists import Parts, stretches

REACH = 24
"""Figures after a total, or before it, among which its parts stand."""
_NEEDED = 20
"""Values that the total could have had in print, at least."""
_MANY = 200
"""The same where they are not known to count one kind of thing: 3570个班次（加班420车次，…）."""

_COUNTED = {
    "count " + word: kind
    for kind, words in {
        "things": "个 所 家 处 座 间 户 栋 幢 部 台 套 辆 条 支 艘 只 项 件 席 块 批 类 款 种 班 家次"
        " 所（个）",
        "people": "人 人次",
    }.items()
    for word in words.split()
}
"""Families of things and of people: what one total may count in several words."""


def mixed(page: Page, sums: Sequence[Finding]) -> Iterator[Finding]:
    """Every total, with no parts found so far, whose parts are counted in other words."""
    known = {found.total.at for found in sums}
    for total in page.figures:
        if total.at in known or not _counts(total) or total.value < _NEEDED or page.changes(total):
            continue
        fitting = (
            added(total, parts, rule, False) for parts, rule in _lists(page, total) if _fit(total, parts)
        )
        yield from islice(fitting, 1)


def _counts(figure: Figure) -> bool:
    return figure.family.startswith("count ") and exactly_printed(figure)


def _lists(page: Page, total: Figure) -> Iterator[tuple[Parts, str]]:
    """The lists that words or brackets open after a total, and those before one that sums up."""
    after = [
        figure
        for figure in page.figures[total.at + 1 : total.at + 1 + REACH]
        if figure.sentence == total.sentence and figure.family != PERCENT and not page.changes(figure)
    ]
    bracket = after[0].bracket if after else -1
    if bracket > total.bracket or (after and cues.PARTS.search(page.gap(total, after[0]))):
        items = takewhile(_counts, (figure for figure in after if figure.bracket == bracket))
        yield from ((parts, "cue, several words") for parts in stretches(page, items, {}))
    if cues.SUMS_UP.search(page.label(total)):
        near = reversed(page.figures[max(0, total.at - REACH) : total.at])
        own = takewhile(lambda f: f.sentence == total.sentence and not page.changes(f), near)
        for parts in stretches(page, takewhile(_counts, own), {}, "none"):
            yield (
                parts._replace(figures=parts.figures[::-1], values=parts.values[::-1]),
                "sums up, several words",
            )


def _fit(total: Figure, parts: Parts) -> bool:
    """Whether parts in more than the total's own word come to it exactly."""
    families = {figure.family for figure in (total, *parts.figures)}
    kinds = {_COUNTED.get(family, family) for family in families}
    return parts.sum == total.value and len(families) > 1 and (len(kinds) == 1 or total.value >= _MANY)
