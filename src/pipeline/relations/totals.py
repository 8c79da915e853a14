"""Totals that stand apart from their parts: with other figures between, after them, paragraphs off.

Parts stand one after the other in a track: the figures of one family, or those of them that bear one
name (投诉件 of every channel). What a stretch of a track comes to is looked up among the family's
figures; `evidence` weighs the digits that agree against the figures that stand nearer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.relations.arithmetic import Finding
from pipeline.relations.cues import CUES, last_row
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.evidence import APART, believed
from pipeline.relations.figures import PERCENT, Figure, Page, adds
from pipeline.relations.label_overlap import shared
from pipeline.relations.lists import REACH, Parts, ends_with, parts_of, signed, stretches

_CHANGE = "±"
"""The name of changes, before their unit: they are added to one another as levels are."""
_ROUNDED = 100
"""Totals are looked up within a hundredth, which rounding moves none by that has digits enough."""
_NEAREST = 8
"""Figures of one value that are tried as a total."""
_AROUND = 6
"""Figures before and after a total, and sentences, among which two of several may come to it."""
_APART = 2
"""Sentences from one part to the next, at most."""
_FAR = 64
"""Figures of its family between a total and its parts, at most."""


def totals(page: Page, owner: Mapping[int, int]) -> Iterator[Finding]:
    """Every sum whose total stands apart. owner: each part's total as found so far, by `Figure.at`."""
    seen: set[tuple[int, ...]] = set()
    owner = dict(owner)
    for family, figures in page.families.items():
        if not adds(family) and family != PERCENT:
            continue
        index = sorted((figure.value, figure.rank) for figure in figures)
        for name, track in _tracks(page, figures):
            for begin in reversed(range(len(track) - 1)):
                if not name and not _begins(page, track, begin, owner):
                    continue
                items = track[begin : begin + REACH]
                found = _total(page, name, items, owner, index)
                key = tuple(part.at for part in found.stated) if found else ()
                if found and key not in seen:
                    seen.add(key)
                    if not name and found.total.at < found.stated[0].at:
                        owner.update((part.at, found.total.at) for part in found.stated)
                    yield found
        if adds(family):
            yield from _of_two(page, figures, owner)


def _of_two(page: Page, figures: Sequence[Figure], owner: Mapping[int, int]) -> Iterator[Finding]:
    """Every figure with two near it that come to it, whatever stands between them.

    结余305.19万元，提取26.63万元，基金165.08万元，可用140.11万元.
    The nearer they stand, the fewer digits it takes.
    """
    free = [f for f in figures if f.at not in owner and f.value > 0 and not page.aside(f)]
    for at, total in enumerate(free):
        near = free[max(0, at - _AROUND) : at + 1 + _AROUND]
        of_value = {f.value: f for f in near if abs(f.sentence - total.sentence) <= _AROUND}
        for one in of_value.values():
            other = of_value.get(total.value - one.value)
            if other is not None and other.at > one.at:
                ranks = sorted((one.rank, other.rank, total.rank))
                parts = parts_of(total, (one, other))
                found = believed(page, total, parts, APART, (ranks[2] - ranks[0]) ** 2)
                if found:
                    yield found


def _tracks(page: Page, figures: Sequence[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """A family's levels, those of them that bear each name, and its changes."""
    levels = [figure for figure in figures if figure.value > 0 and not page.aside(figure)]
    if adds(figures[0].family):
        yield "", levels
    named: dict[str, list[Figure]] = {}
    for figure in (*levels, *(f for f in figures if page.changes(f) and page.direction(f))):
        for name in sorted(names(page, figure)):
            named.setdefault(name, []).append(figure)
    yield from ((name, track) for name, track in named.items() if len(track) > 2)


def names(page: Page, figure: Figure) -> set[str]:
    """What a figure's track may be called: the end of its label, subject or state, its tail's beginning."""
    if figure.family == PERCENT:
        whole = CUES.named_whole.search(page.label(figure))
        return {whole[0]} if whole and not page.changes(figure) else set()
    if page.changes(figure):
        return {_CHANGE + (figure.mention.unit or "")}
    label = CUES.after_name.sub("", page.label(figure))
    framed = ((word or "")[-2:] for word in (figure.mention.subject, figure.mention.state))
    ends = {label[-2:], page.tail(figure)[:2], *framed}
    return {name for name in ends if len(name) == 2} | ({label} if len(label) == 1 else set())


def _begins(page: Page, track: Sequence[Figure], begin: int, owner: Mapping[int, int]) -> bool:
    """Whether a list may begin with a figure: a sentence does, or 13例，男8例，女5例；重症7例，轻症6例."""
    if not begin:
        return True
    before, figure = track[begin - 1], track[begin]
    if figure.sentence > before.sentence or (owner.get(before.at) is not None and figure.at not in owner):
        return True
    gap = page.gap(before, figure)
    return CUES.row_end.search(gap) is not None and (
        not page.nests(figure) or CUES.opens_row.search(gap) is not None
    )


def _total(
    page: Page,
    name: str,
    items: Sequence[Figure],
    owner: Mapping[int, int],
    index: Sequence[tuple[Decimal, int]],
) -> Finding | None:
    """The likeliest total of the stretches that begin with the first of these."""
    best: tuple[int, bool, Finding] | None = None
    family = page.families[items[0].family]
    cover = "none" if name and page.nests(items[0]) else "break"  # 其中财政拨款 of each
    for parts in stretches(page, _together(items, bool(name)), owner, cover):
        if parts.sum > index[-1][0] * 2:
            break
        for rank in _of_value(index, parts):
            found = _judged(page, name, family[rank], parts, items, owner)
            if found and (best is None or found[:2] > best[:2]):
                best = found
    return best[2] if best else None


def _of_value(index: Sequence[tuple[Decimal, int]], parts: Parts) -> Iterator[int]:
    """The ranks of the nearest figures with the parts' sum, before and after them, and of some near it."""
    come_to, first, last = abs(parts.sum), parts.figures[0].rank, parts.figures[-1].rank
    before, after = bisect_left(index, (come_to, first)), bisect_right(index, (come_to, last))
    low = bisect_left(index, (come_to, first - _FAR), max(0, before - _NEAREST), before)
    high = bisect_right(index, (come_to, last + _FAR), after, min(len(index), after + _NEAREST))
    yield from (rank for _, rank in (*index[low:before], *index[after:high]))
    margin = parts.slack + come_to / _ROUNDED
    low = bisect_left(index, (come_to - margin, -1))
    for value, rank in index[low : low + _NEAREST]:
        if value != come_to and value <= come_to + margin:
            yield rank


def _together(items: Sequence[Figure], named: bool) -> Iterator[Figure]:
    """Those that stand near enough to one another to be one list: in one bracket where no name says it."""
    last = items[0]
    for figure in items:
        if figure.sentence - last.sentence > _APART:
            return
        if figure.bracket == items[0].bracket or (named and items[0].bracket >= 0):
            yield figure
            last = figure


def _judged(
    page: Page,
    name: str,
    total: Figure,
    parts: Parts,
    items: Sequence[Figure],
    owner: Mapping[int, int],
) -> tuple[int, bool, Finding] | None:
    """The finding with how much it tells, where digits enough agree for the total's place and name."""
    first, last = parts.figures[0], parts.figures[-1]
    if first.at <= total.at <= last.at or page.aside(total) != name.startswith(_CHANGE):
        return None
    if name.startswith(_CHANGE):
        if signed(page, total) * parts.sum < 0 or not page.direction(total):
            return None
        up = parts.sum > 0
        parts = parts._replace(values=tuple(v if up else -v for v in parts.values), sum=abs(parts.sum))
    elif total.value <= max(parts.values):
        return None
    if abs(total.value - abs(parts.sum)) > parts.slack + total.slack:
        return None
    owners = {owner.get(part.at, -1) for part in parts.figures}
    if total.at in owners or any(at >= 0 and page.figures[at].value == total.value for at in owners):
        return None
    if owner.get(total.at, -2) in owners or (-1 in owners and len(owners) > 1):
        return None  # parts of one whole with it, or parts of a part beside a part
    between = page.families[total.family][min(total.rank, last.rank) + 1 : max(total.rank, first.rank)]
    after = total.at > last.at
    if len(between) > _FAR or (after and not name and not CUES.total.search(page.label(total))):
        return None
    if not _bears(page, total, name):
        return None
    rivals = {
        f.value
        for f in between
        if f.value > max(parts.values) and _bears(page, f, name) and not CUES.before.search(page.label(f))
    }
    tried = 1 + len(rivals)
    rule = "same noun" if name else "sentence"
    if name and len({page.break_after(figure) for figure in (total, *parts.figures)}) > len(parts.figures):
        rule = "rows" if len(parts.figures) > 2 else "two rows"
    if name and _introduced(page, total, parts):
        rule += ", cue"
    lead = last_row(page.lead(first))
    said = [page.label(part) + page.tail(part) for part in parts.figures]
    exclusive = dimension_of(said)[0] or _of_places(page, parts)
    introduced = exclusive or CUES.parts.search(lead) or CUES.others.search(page.label(last))
    before = page.families[total.family][first.rank - 1]
    again = first.rank and owner.get(before.at) == total.at and parts.sum == total.value
    near = exclusive and 0 <= first.sentence - total.sentence <= 1
    if not name and (again or near or (introduced and shared(page.label(total), lead))):
        rule, tried = "sentence, named", 1
    elif not name and introduced:
        rule = "cue, on"
    if not name and not ends_with(page, last, items):
        rule += ", some"
    fit = parts._replace(slack=parts.slack + total.slack)
    found = believed(page, total, fit, rule, tried)
    return (-tried, not after, found) if found else None


def _bears(page: Page, figure: Figure, name: str) -> bool:
    return name in names(page, figure) or (name in page.words(figure) and not page.changes(figure))


def _introduced(page: Page, total: Figure, parts: Parts) -> bool:
    """Whether words say that parts follow their total, or each part is of a place."""
    first = parts.figures[0]
    begin = total.stop if parts.sum == total.value else max(total.stop, page.row(page.break_after(first)))
    if total.at < first.at and CUES.parts.search(page.text, begin, first.begin):
        return True
    return _of_places(page, parts)


def _of_places(page: Page, parts: Parts) -> bool:
    """甲县死亡12人，乙县死亡5人."""
    return all(
        CUES.place.search(page.label(part)) or CUES.place.search(page.label(part)[:-2])
        for part in parts.figures
    )
