"""Sums: totals with their parts, found from where they stand and what stands between them.

Five structures are looked at, each with one list of candidates a total, so that the
search is linear: what stands in the brackets after a total, the figures that follow
it, the figures before it, a sentence of parts whose total was named earlier, and the
figures that bear the total's noun. A list that adds up is evidence in itself, and
the more digits agree the stronger it is; the fewer there are, the plainer the
structure has to be (`_NEEDED`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding, added
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figures import ZERO, Figure, Page, adds
from pipeline.relations.lists import REACH, Parts, ends_with, fitting, times_each
from pipeline.relations.wholes import broken, summed_up

REACH_BACK = 512
"""Figures that a list may have before a total that says it sums up."""
SENTENCES = 2
"""Sentences after its total's that a list may go on for."""

_NEEDED = {
    "brackets": 2,
    "brackets, some": 60,
    "cue": 4,
    "cue, some": 60,
    "cue, on": 20,
    "cue, on, some": 300,
    "plain": 15,
    "plain, some": 300,
    "plain, on": 500,
    "plain, on, some": 2000,
    "sums up": 4,
    "adds up": 10,
    "adds up, some": 500,
    "total before": 20,
    "total before, some": 500,
    "list before": 300,
    "list before, some": 3000,
    "between": 1000,
    "sentence": 60,
    "sentence, some": 1000,
    "same noun": 30,
    "same noun, cue": 8,
}
"""How many values the total could have had in print, at least, for each structure."""

_ROUNDED = 5
"""How much more it takes to believe a list that fits only within rounding and that no word introduces."""

_CUED = ("sums up", "brackets", "cue")
"""Structures in which words or brackets say that these are parts."""

_OPENS = cues.cue(r"[。；\n]\s*(?:其中|这些|包括|分别)[^。；]{0,12}$", "。其中，甲县", "，其中甲县")
"""Between a total and its parts: the next sentence opens with them."""

_Owner = dict[int, int]
"""Each part's total, both as places in `Page.figures`."""


def sums(page: Page) -> Iterator[Finding]:
    """Every sum that the page states, inner lists before the lists around them."""
    owner: _Owner = {}
    for total in reversed(page.figures):
        if not adds(total.family) or total.value <= 0:
            continue
        found = _with_parts(page, total, owner)
        if found is not None:
            if found.verdict != "possible":
                for part in found.stated:
                    owner.setdefault(part.at, total.at)
            yield found
    yield from _by_sentence(page, owner)
    yield from _same_noun(page, owner)


def _with_parts(page: Page, total: Figure, owner: _Owner) -> Finding | None:
    family, rank = page.families[total.family], total.rank
    inside = _inside(page, total)
    if inside:
        found = _judged(page, total, fitting(page, total, inside, owner), inside, "brackets")
        found = found or broken(page, total, inside, owner, True)
        if found:
            return found
    if rank + 1 < len(family) and family[rank + 1].value <= total.value:
        found = _after(page, total, owner)
        if found:
            return found
    if rank and family[rank - 1].value <= total.value:
        return _before(page, total) or _between(page, total)
    return None


def _between(page: Page, total: Figure) -> Finding | None:
    """A running total between its two parts: 现有276例。累计4545例，治愈4269例."""
    family = page.families[total.family]
    if total.rank + 1 >= len(family) or not cues.TOTAL.search(page.label(total)):
        return None
    right = family[total.rank + 1]
    before = reversed(family[max(0, total.rank - 8) : total.rank])
    left = next((figure for figure in before if figure.bracket == total.bracket), None)
    if left is None or right.sentence != total.sentence or total.sentence - left.sentence > 2:
        return None
    come_to, slack = left.value + right.value, left.slack + right.slack + total.slack
    if abs(come_to - total.value) > slack:
        return None
    parts = Parts((left, right), (left.value, right.value), come_to, slack, True)
    return _believed(page, total, parts, "between")


def _inside(page: Page, total: Figure) -> list[Figure]:
    """The figures of its family in the brackets that open after a total."""
    if total.at + 1 >= len(page.figures):
        return []
    bracket = page.figures[total.at + 1].bracket
    if bracket in (-1, total.bracket):
        return []
    begin, _, parent = page.brackets[bracket]
    if parent != total.bracket or begin < total.stop or cues.CLAUSE.search(page.text, total.stop, begin):
        return []
    following = page.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    return [figure for figure in following if figure.bracket == bracket]


def _after(page: Page, total: Figure, owner: _Owner) -> Finding | None:
    following = page.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    last = total.sentence + SENTENCES
    near = takewhile(lambda figure: figure.sentence <= last, following)
    items = [figure for figure in near if figure.bracket == total.bracket]
    if len(items) < 2 or page.changes(total) or cues.COORDINATED.fullmatch(page.gap(total, items[0])):
        return None
    parts = fitting(page, total, items, owner)
    if parts.fits:
        cue = cues.PARTS.search(page.gap(total, parts.figures[0]))
        found = _judged(page, total, parts, items, "cue" if cue else "plain")
        if found or not cue:
            return found
    return broken(page, total, items, owner, False)


def _judged(
    page: Page, total: Figure, parts: Parts, items: Sequence[Figure], structure: str
) -> Finding | None:
    if not parts.fits:
        return None
    last = parts.figures[-1]
    rule = structure
    told = structure == "cue" and _OPENS.search(page.gap(total, parts.figures[0]))
    if last.sentence != total.sentence and structure != "brackets" and not told:
        rule += ", on"
    if not ends_with(page, last, items):
        rule += ", some"
    return _believed(page, total, parts, rule)


def _believed(page: Page, total: Figure, parts: Parts, rule: str, tried: int = 1) -> Finding | None:
    """The finding, where enough digits agree for so plain a structure and so many lists tried."""
    plain = not rule.startswith(_CUED)
    if min(parts.values) <= (parts.slack if plain else total.slack) or (
        plain and len(set(parts.values)) == 1
    ):
        return None  # what rounding swallows, and doubling, is no evidence
    exact = parts.sum == total.value
    unit = max(2 * parts.slack, *(part.place for part in parts.figures))
    unit = total.place if exact and not plain else max(unit, total.place)
    if total.value < _NEEDED[rule] * tried * unit * (1 if exact or not plain else _ROUNDED):
        return None
    if total.mention.unit is None and plain:
        return None  # numbers without a unit are numbering, unless the text says otherwise
    if plain and not _kin(page, total, parts):
        return None
    return added(total, parts, rule, rule in ("brackets", "sums up"))


def _kin(page: Page, total: Figure, parts: Parts) -> bool:
    """Whether parts in another sentence than their total bear its noun, or are said to be its parts."""
    first = parts.figures[0]
    if all(part.sentence == total.sentence for part in parts.figures):
        return True
    lead = page.lead(first)
    if cues.PARTS.search(lead) or dimension_of([page.words(part) for part in parts.figures])[0]:
        return True
    noun = page.words(total)
    pairs = {a + b for a, b in pairwise(noun)}
    return any(a + b in pairs for part in parts.figures for a, b in pairwise(page.words(part)))


def _before(page: Page, total: Figure) -> Finding | None:
    """Parts before their total: 广东3例，上海2例，共5例."""
    label = page.label(total)
    up = bool(cues.SUMS_UP.search(label))
    adds_up = cues.ADDS_UP.search(label)
    before = "adds up" if adds_up else "total before" if cues.TOTAL.search(label) else "list before"
    structure = "sums up" if up else before
    family = page.families[total.family]
    reach = REACH_BACK if up else 24
    figures: list[Figure] = []
    come_to, slack = ZERO, total.slack
    for i in range(total.rank - 1, max(-1, total.rank - 1 - reach), -1):
        figure = family[i]
        if figure.sentence < total.sentence - up:
            break
        if figure.bracket != total.bracket or page.changes(figure):
            continue
        times = times_each(page, figure)
        if come_to + figure.value * times > total.value + slack + figure.slack * times:
            break
        come_to += figure.value * times
        slack += figure.slack * times
        figures.extend([figure] * times)
        if len(figures) > 1 and abs(come_to - total.value) <= slack:
            first = up or not i or bool(cues.BREAK.search(page.text, family[i - 1].stop, figure.begin))
            return _believed(
                page,
                total,
                _backwards(figures, come_to, slack, True),
                structure + ("" if first else ", some"),
            )
    return summed_up(page, total) if up else None


def _backwards(figures: Sequence[Figure], come_to: Decimal, slack: Decimal, fits: bool) -> Parts:
    """The list that was walked from its end, in text order."""
    values = tuple(figure.value for figure in reversed(figures))
    return Parts(tuple(dict.fromkeys(reversed(figures))), values, come_to, slack, fits)


def _by_sentence(page: Page, owner: _Owner) -> Iterator[Finding]:
    """Sentences of parts whose total stands earlier: 按行业分，批发业实现738.4亿元，餐饮业实现64.7亿元."""
    for family, figures in page.families.items():
        if not adds(family):
            continue
        for begin in range(1, len(figures) - 1):
            if figures[begin].sentence > figures[begin - 1].sentence:
                found = _earlier_total(page, figures, begin, owner)
                if found:
                    yield found


def _earlier_total(page: Page, figures: Sequence[Figure], begin: int, owner: _Owner) -> Finding | None:
    first = figures[begin]
    earlier = [f for f in figures[max(0, begin - 12) : begin] if first.sentence - f.sentence <= 6]
    larger = [f for f in reversed(earlier) if f.value > first.value and f.value >= 100 * f.place]
    if not larger:
        return None
    last = first.sentence + 1
    near = takewhile(lambda figure: figure.sentence <= last, figures[begin : begin + REACH])
    items = [figure for figure in near if figure.bracket == first.bracket]
    if len(items) < 2:
        return None
    tried: set[Decimal] = set()
    for total in larger:
        if total.value in tried or len(tried) > 4 or page.changes(total):
            continue
        tried.add(total.value)
        parts = fitting(page, total, items, owner)
        if parts.fits and not any(owner.get(part.at) == total.at for part in parts.figures):
            rule = "sentence" if ends_with(page, parts.figures[-1], items) else "sentence, some"
            return _believed(page, total, parts, rule, len(tried))
    return None


def _same_noun(page: Page, owner: _Owner) -> Iterator[Finding]:
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
            if parts.fits and not any(owner.get(part.at) == total.at for part in parts.figures):
                gap = page.gap(total, parts.figures[0])
                told = cues.NESTED.search(gap) and parts.figures[-1].sentence == total.sentence
                rule = "same noun, cue" if told else "same noun"
                found = _believed(page, total, parts, rule, len(parts.figures) - 1)
                if found:
                    yield found
