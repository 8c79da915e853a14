"""Totals of things that are counted in several words: 机构1206个，其中医院38所，卫生院92所，诊所1076个."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added, exactly_printed
from pipeline.relations.figures import PERCENT, ZERO, Figure, Page
from pipeline.relations.lists import Parts, times_each

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
        found = _after(page, total) or _before(page, total)
        if found:
            yield found


def _counts(figure: Figure) -> bool:
    return figure.family.startswith("count ") and exactly_printed(figure)


def _after(page: Page, total: Figure) -> Finding | None:
    parts: list[Figure] = []
    bracket = None
    for figure in page.figures[total.at + 1 : total.at + 1 + REACH]:
        if figure.sentence != total.sentence:
            break
        if figure.family == PERCENT or page.changes(figure):
            continue
        if bracket is None:
            opens = cues.PARTS.search(page.gap(total, figure)) or figure.bracket not in (-1, total.bracket)
            if not opens or figure.bracket < total.bracket:
                return None
            bracket = figure.bracket
        if figure.bracket != bracket:
            continue
        if not _counts(figure) or (parts and page.nests(figure)):
            break
        parts.append(figure)
        found = _fits(page, total, parts, "cue, several words")
        if found:
            return found
    return None


def _before(page: Page, total: Figure) -> Finding | None:
    if not cues.SUMS_UP.search(page.label(total)):
        return None
    parts: list[Figure] = []
    for figure in reversed(page.figures[max(0, total.at - REACH) : total.at]):
        if figure.sentence != total.sentence or not _counts(figure) or page.changes(figure):
            break
        parts.insert(0, figure)
        found = _fits(page, total, parts, "sums up, several words")
        if found:
            return found
    return None


def _fits(page: Page, total: Figure, parts: Sequence[Figure], rule: str) -> Finding | None:
    """The finding where parts in more than the total's own word come to it exactly."""
    figures = (total, *parts)
    kinds = {_COUNTED.get(figure.family, figure.family) for figure in figures}
    if len({figure.family for figure in figures}) < 2 or (len(kinds) > 1 and total.value < _MANY):
        return None
    values: list[Decimal] = []
    for part in parts:
        values += [part.value] * times_each(page, part)
    if len(values) < 2 or sum(values, ZERO) != total.value:
        return None
    return added(total, Parts(tuple(parts), tuple(values), total.value, ZERO, True), rule, False)
