"""Lists: the figures that may be the parts of a total, with what 其中 inside a list takes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.relations import cues
from pipeline.relations.figures import ZERO, Figure, Page

REACH = 96
"""Figures that a list may have after its total."""


_NO_PART = cues.cue(r"^(?:完成|占|达到|相当于|为|是|比|较|同比|去年|上年)", "完成年度计划", "天然林")
"""Before a figure that is compared with the whole."""
_JOINTS = frozenset("、和与及")


class Parts(NamedTuple):
    """A list of parts: the figures, their values (各N written out), what they come to."""

    figures: tuple[Figure, ...]
    values: tuple[Decimal, ...]
    sum: Decimal
    slack: Decimal
    """How far the sum may be off the total because both are rounded in print."""
    fits: bool


def parts_of(total: Figure, figures: Sequence[Figure], values: Sequence[Decimal] = ()) -> Parts:
    """These figures, once each, as the parts of a total, whatever they (or these values) come to."""
    values = tuple(values or (figure.value for figure in figures))
    come_to, slack = sum(values, ZERO), sum((figure.slack for figure in figures), total.slack)
    return Parts(tuple(figures), values, come_to, slack, abs(come_to - total.value) <= slack)


def fitting(page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int]) -> Parts:
    """The first stretch of a list that comes to the total, or as much of it as does not exceed it.

    Figures after 其中 inside the list belong to the part before: they are left out to
    the next break, or one of them is, or none, whichever fits.
    """
    first, nested = _walked(page, total, items, owner, "break")
    if nested and not first.fits:
        for cover in ("one", "none"):
            other, _ = _walked(page, total, items, owner, cover)
            if other.fits:
                return other
    return first


def _walked(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], cover: str
) -> tuple[Parts, bool]:
    parts: list[Figure] = []
    values: list[Decimal] = []
    taken: set[int] = set()
    come_to, slack = ZERO, total.slack
    if items and items[0].place < total.place:
        slack = total.place  # cut, not rounded: 105.655公里 and 44.509公里 are 150.1公里
    nested, covered = False, -1
    rounded: Parts | None = None
    for figure in items:
        if figure.begin < covered or (taken and owner.get(figure.at) in taken):
            continue
        if parts and figure.value + come_to > total.value + slack + figure.slack and not page.nests(figure):
            break
        if parts and page.nests(figure):
            nested = True
            if cover == "break":
                covered = page.break_after(figure)
            if cover != "none":
                continue
        if page.aside(figure):
            continue
        times = times_each(page, figure)
        come_to += figure.value * times
        slack += figure.slack * times
        if come_to > total.value + slack:
            come_to -= figure.value * times
            break
        parts.append(figure)
        taken.add(figure.at)
        values.extend([figure.value] * times)
        if len(values) > 1 and abs(come_to - total.value) <= slack:
            fit = Parts(tuple(parts), tuple(values), come_to, slack, True)
            if come_to == total.value:
                return fit, nested
            off = total.value - come_to
            if rounded is None or abs(off) <= abs(total.value - rounded.sum):
                rounded = fit  # a part more may make it exact
    return rounded or Parts(tuple(parts), tuple(values), come_to, slack, False), nested


_OPENS = cues.cue(r"[。；\n]\s*其中[^。；]{0,12}$", "。其中城镇人口", "，其中城镇人口")


def whole_list(page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int]) -> Parts:
    """The list to the end of the total's sentence, whatever it comes to."""
    parts: list[Figure] = []
    values: list[Decimal] = []
    taken: set[int] = set()
    come_to, slack, covered = ZERO, total.slack, -1
    levels = (figure for figure in items if not page.aside(figure))
    first = next(levels, total)
    opens = first.sentence == total.sentence + 1 and _OPENS.search(page.lead(first)) is not None
    for figure in items:
        if figure.sentence != total.sentence + opens:
            if figure.sentence == total.sentence:
                continue
            break
        if figure.begin < covered or owner.get(figure.at) in taken or page.aside(figure):
            continue
        if parts and page.nests(figure):
            covered = page.break_after(figure)
            continue
        times = times_each(page, figure)
        parts.append(figure)
        taken.add(figure.at)
        values.extend([figure.value] * times)
        slack += figure.slack * times
        come_to += figure.value * times
        if come_to > 2 * total.value:
            break
    return Parts(tuple(parts), tuple(values), come_to, slack, abs(come_to - total.value) <= slack)


def times_each(page: Page, figure: Figure) -> int:
    """How many bear the figure each: 波黑、卢森堡、葡萄牙各1人 are three."""
    begin = figure.begin
    if page.text.find("各", max(0, begin - 4), begin) < 0:
        return 1
    match = cues.EACH.search(page.text, max(0, begin - 100), begin)
    if not match:
        return 1
    after = page.figures[figure.at + 1] if figure.at + 1 < len(page.figures) else None
    if after is not None and after.family == figure.family and page.gap(figure, after) in _JOINTS:
        return 1  # 金、银、铜牌各19枚、21枚、23枚
    before = page.figures[figure.at - 1] if figure.at else None
    if before is not None and before.begin >= match.start("names") and before.stop >= match.end("names") - 2:
        return int(before.value) if ZERO < before.value <= REACH and before.value % 1 == 0 else 1
    return len(cues.LISTED.findall(match["names"])) + 1


def ends_with(page: Page, last: Figure, items: Sequence[Figure]) -> bool:
    """Whether the list ends where a part stands, so that no figure of it is left out."""
    after = (figure for figure in items if figure.begin > last.begin and not page.aside(figure))
    following = next(after, None)
    if following is None or following.mention.unit != last.mention.unit:
        return True  # 作案6起，其中盗窃4起、抢劫2起，抓获6人
    if _NO_PART.search(page.label(following)):
        return True
    return bool(cues.BREAK.search(page.text, last.stop, following.begin)) or page.nests(following)
