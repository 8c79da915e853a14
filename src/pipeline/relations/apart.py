"""Totals that stand apart from their parts: in an earlier sentence, or with other figures between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import takewhile

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.evidence import believed
from pipeline.relations.figures import ZERO, Figure, Page, adds
from pipeline.relations.lists import REACH, ends_with, fitting, parts_of
from pipeline.relations.names import shared

_FEW, _MANY = 10, 100
"""Values that an earlier total could have had in print, at least: named in the sentence, or not."""


def apart(page: Page, owner: Mapping[int, int]) -> Iterator[Finding]:
    """Every sum whose total stands apart. owner: each part's total as found so far, by `Figure.at`."""
    yield from _by_sentence(page, owner)
    yield from _same_noun(page, owner)
    yield from _same_label(page)


def _by_sentence(page: Page, owner: Mapping[int, int]) -> Iterator[Finding]:
    """Sentences of parts whose total stands earlier: 按行业分，批发业实现738.4亿元，餐饮业实现64.7亿元."""
    for family, figures in page.families.items():
        if not adds(family):
            continue
        for begin in range(1, len(figures) - 1):
            last, figure = figures[begin - 1], figures[begin]
            cut = owner.get(last.at) if figure.at not in owner else None
            if cut is not None or _anew(page, last, figure):
                found = _earlier_total(page, figures, begin, owner, cut)
                if found:
                    yield found


def _anew(page: Page, before: Figure, figure: Figure) -> bool:
    """Whether a list may begin with a figure: a sentence does, or 13例，男8例，女5例；重症7例，轻症6例."""
    if figure.sentence > before.sentence:
        return True
    gap = page.gap(before, figure)
    return cues.BREAK.search(gap) is not None and (not page.nests(figure) or _OPENS.search(gap) is not None)


def _earlier_total(
    page: Page, figures: Sequence[Figure], begin: int, owner: Mapping[int, int], cut: int | None
) -> Finding | None:
    """cut: the total whose parts end right before these, as a place in `Page.figures`."""
    first = figures[begin]
    earlier = [f for f in figures[max(0, begin - 12) : begin] if first.sentence - f.sentence <= 6]
    larger = [f for f in reversed(earlier) if f.value > first.value and f.value >= _FEW * f.place]
    if not larger:
        return None
    last = first.sentence + 1
    near = takewhile(lambda figure: figure.sentence <= last, figures[begin : begin + REACH])
    items = [figure for figure in near if figure.bracket == first.bracket]
    if len(items) < 2:
        return None
    lead = cues.BREAK.split(page.lead(first))[-1]
    named = {f.at for f in larger if shared(page.label(f), lead)}
    beside = named | {f.at for f in larger if f.sentence == first.sentence}
    if _exclusive(page, items[:2]):  # 一期工程设站11座，二期工程设站7座
        beside |= {f.at for f in larger if first.sentence - f.sentence == 1}
    larger = [f for f in larger if f.at in beside or f.value >= _MANY * f.place]
    tried: set[Decimal] = set()
    for total in larger:
        if total.value in tried or len(tried) > 4 or page.changes(total):
            continue
        tried.add(total.value)
        parts = fitting(page, total, items, owner)
        known = any(owner.get(part.at) == total.at for part in parts.figures)
        if parts.fits and not known and not any(map(page.nests, parts.figures[1:])):
            rule = "sentence" if ends_with(page, parts.figures[-1], items) else "sentence, some"
            last_words = page.label(parts.figures[-1])
            again = total.at == cut and parts.sum == total.value
            close = first.sentence - total.sentence <= 1
            cut_again = again or (close and _exclusive(page, parts.figures))
            if cut_again or (total.at in named and cues.OTHERS.search(last_words)):
                rule = "sentence, named"
            return believed(page, total, parts, rule, 1 if cut_again else len(tried))
    return None


def _same_label(page: Page) -> Iterator[Finding]:
    """A total after its parts, under one name: 费用4437元。… 费用3596元。… 费用合计8033元."""
    tracks: dict[tuple[str, str], list[Figure]] = {}
    for figure in page.figures:
        if adds(figure.family) and not page.changes(figure):
            name = _UNNAMED.sub("", page.label(figure))
            if len(name) > 1:
                tracks.setdefault((figure.family, name[-4:]), []).append(figure)
    for track in tracks.values():
        for i in range(2, len(track)):
            total = track[i]
            if track[i - 1].sentence == total.sentence or total.value < _SAME * total.place:
                continue
            before = [f for f in track[max(0, i - 12) : i] if f.sentence < total.sentence]
            found = _added_back(page, total, before)
            if found:
                yield found


def _added_back(page: Page, total: Figure, before: Sequence[Figure]) -> Finding | None:
    """The figures right before a total that come to it exactly."""
    come_to = ZERO
    for n in range(len(before) - 1, -1, -1):
        come_to += before[n].value
        if come_to >= total.value:
            if come_to > total.value or len(before) - n < 2:
                return None
            return added(total, parts_of(total, before[n:]), "same name", False)
    return None


_UNNAMED = cues.cue(r"其中|合计|共计|总计|累计|[为达是约共有]+$", "费用合计", "费用")
_SAME = 1000
"""Values that a total under the name of its parts could have had in print, at least."""


_OPENS = cues.cue(r"[；;]其中", "；其中刑事案件", "，其中刑事案件")
"""Opens a list that may be of a total farther back."""


def _exclusive(page: Page, figures: Sequence[Figure]) -> bool:
    return dimension_of([page.label(figure) for figure in figures])[0]


def _same_noun(page: Page, owner: Mapping[int, int]) -> Iterator[Finding]:
    """Parts that bear their total's noun, others between: 学前教育机构565所 … 市区有学前教育机构300所."""
    tracks: dict[tuple[str, str], list[Figure]] = {}
    for figure in page.figures:
        subject = figure.mention.subject
        if subject and adds(figure.family):
            tracks.setdefault((figure.family, subject[-2:]), []).append(figure)
    for track in tracks.values():
        for i, total in enumerate(track[:-2]):
            if track[i + 1].value >= total.value or page.changes(total):
                continue
            items = [f for f in track[i + 1 : i + 1 + 16] if f.sentence <= total.sentence + 6]
            parts = fitting(page, total, items, owner)
            known = (total.at, owner.get(total.at, -1))  # its own parts, or parts of one whole with it
            if parts.fits and not any(owner.get(part.at) in known for part in parts.figures):
                gap = page.gap(total, parts.figures[0])
                told = cues.NESTED.search(gap) and parts.figures[-1].sentence == total.sentence
                rule = "same noun, cue" if told else "same noun"
                found = believed(page, total, parts, rule, len(parts.figures) - 1)
                if found:
                    yield found
