"""Totals that stand apart from their parts: with other figures between, after them, paragraphs off.

Parts stand one after the other in a track: the figures of one family, or those of them that bear one
name (投诉件 of every channel). What a stretch of a track comes to is looked up among the family's
figures; `evidence` weighs the digits that agree against the figures that stand nearer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.relations.arithmetic import Equation
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figure_index import PERCENT, Figure, Index, is_additive
from pipeline.relations.label_overlap import share_bigram
from pipeline.relations.part_lists import REACH, Parts, ends_list, parts_of, prefixes, signed
from pipeline.relations.relation_cues import CUES, last_row
from pipeline.relations.sums.evidence import APART, supported_sum

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


def totals(index: Index, total_of: Mapping[int, int]) -> Iterator[Equation]:
    """Every sum whose total stands apart. total_of: each part's total as found so far, by `Figure.pos`."""
    seen: set[tuple[int, ...]] = set()
    total_of = dict(total_of)
    for family, figures in index.families.items():
        if not is_additive(family) and family != PERCENT:
            continue
        by_value = sorted((figure.value, figure.rank) for figure in figures)
        for name, track in _tracks(index, figures):
            for begin in reversed(range(len(track) - 1)):
                if not name and not _begins(index, track, begin, total_of):
                    continue
                items = track[begin : begin + REACH]
                found = _total(index, name, items, total_of, by_value)
                key = tuple(part.pos for part in found.operands) if found else ()
                if found and key not in seen:
                    seen.add(key)
                    if not name and found.total.pos < found.operands[0].pos:
                        total_of.update((part.pos, found.total.pos) for part in found.operands)
                    yield found
        if is_additive(family):
            yield from _of_two(index, figures, total_of)


def _of_two(index: Index, figures: Sequence[Figure], total_of: Mapping[int, int]) -> Iterator[Equation]:
    """Every figure with two near it that come to it, whatever stands between them.

    结余305.19万元，提取26.63万元，基金165.08万元，可用140.11万元.
    The nearer they stand, the fewer digits it takes.
    """
    free = [f for f in figures if f.pos not in total_of and f.value > 0 and index.is_level(f)]
    for at, total in enumerate(free):
        near = free[max(0, at - _AROUND) : at + 1 + _AROUND]
        of_value = {f.value: f for f in near if abs(f.sentence - total.sentence) <= _AROUND}
        for one in of_value.values():
            other = of_value.get(total.value - one.value)
            if other is not None and other.pos > one.pos:
                ranks = sorted((one.rank, other.rank, total.rank))
                parts = parts_of(total, (one, other))
                found = supported_sum(index, total, parts, APART, (ranks[2] - ranks[0]) ** 2)
                if found:
                    yield found


def _tracks(index: Index, figures: Sequence[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """A family's levels, those of them that bear each name, and its changes."""
    levels = [figure for figure in figures if figure.value > 0 and index.is_level(figure)]
    if is_additive(figures[0].family):
        yield "", levels
    named: dict[str, list[Figure]] = {}
    for figure in (*levels, *(f for f in figures if index.is_change(f) and index.direction(f))):
        for name in sorted(track_names(index, figure)):
            named.setdefault(name, []).append(figure)
    yield from ((name, track) for name, track in named.items() if len(track) > 2)


def track_names(index: Index, figure: Figure) -> set[str]:
    """What a figure's track may be called: the end of its label, subject or state, its tail's beginning."""
    if figure.family == PERCENT:
        whole = CUES.named_whole.search(index.label(figure))
        return {whole[0]} if whole and not index.is_change(figure) else set()
    if index.is_change(figure):
        return {_CHANGE + (figure.mention.unit or "")}
    label = CUES.after_name.sub("", index.label(figure))
    framed = ((word or "")[-2:] for word in (figure.mention.subject, figure.mention.state))
    ends = {label[-2:], index.text_after(figure)[:2], *framed}
    return {name for name in ends if len(name) == 2} | ({label} if len(label) == 1 else set())


def _begins(index: Index, track: Sequence[Figure], begin: int, total_of: Mapping[int, int]) -> bool:
    """Whether a list may begin with a figure: a sentence does, or 13例，男8例，女5例；重症7例，轻症6例."""
    if not begin:
        return True
    before, figure = track[begin - 1], track[begin]
    if figure.sentence > before.sentence or (before.pos in total_of and figure.pos not in total_of):
        return True
    gap = index.gap(before, figure)
    opens = not index.opens_sublist(figure) or CUES.opens_row.search(gap) is not None
    return opens and CUES.row_end.search(gap) is not None


def _total(
    index: Index,
    name: str,
    items: Sequence[Figure],
    total_of: Mapping[int, int],
    by_value: Sequence[tuple[Decimal, int]],
) -> Equation | None:
    """The likeliest total of the stretches that begin with the first of these."""
    best: tuple[int, bool, Equation] | None = None
    family = index.families[items[0].family]
    cover = "none" if name and index.opens_sublist(items[0]) else "break"  # 其中财政拨款 of each
    for parts in prefixes(index, _together(items, bool(name)), total_of, cover):
        if parts.sum > by_value[-1][0] * 2:
            break
        for rank in _of_value(by_value, parts):
            found = _judged(index, name, family[rank], parts, items, total_of)
            if found and (best is None or found[:2] > best[:2]):
                best = found
    return best[2] if best else None


def _of_value(by_value: Sequence[tuple[Decimal, int]], parts: Parts) -> Iterator[int]:
    """The ranks of the nearest figures with the parts' sum, before and after them, and of some near it."""
    come_to, first, last = abs(parts.sum), parts.figures[0].rank, parts.figures[-1].rank
    before, after = bisect_left(by_value, (come_to, first)), bisect_right(by_value, (come_to, last))
    low = bisect_left(by_value, (come_to, first - _FAR), max(0, before - _NEAREST), before)
    high = bisect_right(by_value, (come_to, last + _FAR), after, min(len(by_value), after + _NEAREST))
    yield from (rank for _, rank in (*by_value[low:before], *by_value[after:high]))
    margin = parts.slack + come_to / _ROUNDED
    low = bisect_left(by_value, (come_to - margin, -1))
    for value, rank in by_value[low : low + _NEAREST]:
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
    index: Index,
    name: str,
    total: Figure,
    parts: Parts,
    items: Sequence[Figure],
    total_of: Mapping[int, int],
) -> tuple[int, bool, Equation] | None:
    """The equation with how much it tells, where digits enough agree for the total's place and name."""
    first, last = parts.figures[0], parts.figures[-1]
    if first.pos <= total.pos <= last.pos or index.is_level(total) == name.startswith(_CHANGE):
        return None
    if name.startswith(_CHANGE):
        if signed(index, total) * parts.sum < 0 or not index.direction(total):
            return None
        up = parts.sum > 0
        parts = parts._replace(values=tuple(v if up else -v for v in parts.values), sum=abs(parts.sum))
    elif total.value <= max(parts.values):
        return None
    if abs(total.value - abs(parts.sum)) > parts.slack + total.slack:
        return None
    owners = {total_of.get(part.pos, -1) for part in parts.figures}
    if total.pos in owners or any(at >= 0 and index.figures[at].value == total.value for at in owners):
        return None
    if total_of.get(total.pos, -2) in owners or (-1 in owners and len(owners) > 1):
        return None  # parts of one whole with it, or parts of a part beside a part
    between = index.families[total.family][min(total.rank, last.rank) + 1 : max(total.rank, first.rank)]
    after = total.pos > last.pos
    if len(between) > _FAR or (after and not name and not CUES.total.search(index.label(total))):
        return None
    if not _bears(index, total, name):
        return None
    rivals = {
        f.value
        for f in between
        if f.value > max(parts.values) and _bears(index, f, name) and not CUES.before.search(index.label(f))
    }
    tried = 1 + len(rivals)
    rule = "same noun" if name else "sentence"
    if name and len({index.row_end(figure) for figure in (total, *parts.figures)}) > len(parts.figures):
        rule = "rows" if len(parts.figures) > 2 else "two rows"
    if name and _introduced(index, total, parts):
        rule += ", cue"
    lead = last_row(index.text_before(first))
    labels = [*map(index.clause, parts.figures)]
    exclusive = dimension_of(labels)[0] or _of_places(index, parts)
    introduced = exclusive or CUES.parts.search(lead) or CUES.others.search(index.label(last))
    before = index.families[total.family][first.rank - 1]
    again = first.rank and total_of.get(before.pos) == total.pos and parts.sum == total.value
    near = exclusive and 0 <= first.sentence - total.sentence <= 1
    if not name and (again or near or (introduced and share_bigram(index.label(total), lead))):
        rule, tried = "sentence, named", 1
    elif not name and introduced:
        rule = "cue, on"
    if not name and not ends_list(index, last, items):
        rule += ", some"
    fit = parts._replace(slack=parts.slack + total.slack)
    found = supported_sum(index, total, fit, rule, tried)
    return (-tried, not after, found) if found else None


def _bears(index: Index, figure: Figure, name: str) -> bool:
    return name in track_names(index, figure) or (name in index.words(figure) and not index.is_change(figure))


def _introduced(index: Index, total: Figure, parts: Parts) -> bool:
    """Whether words say that parts follow their total, or each part is of a place."""
    first = parts.figures[0]
    begin = total.stop if parts.sum == total.value else max(total.stop, index.row_begin(index.row_end(first)))
    if total.pos < first.pos and CUES.parts.search(index.text, begin, first.begin):
        return True
    return _of_places(index, parts)


def _of_places(index: Index, parts: Parts) -> bool:
    """甲县死亡12人，乙县死亡5人."""
    return all(
        CUES.place.search(index.label(part)) or CUES.place.search(index.label(part)[:-2])
        for part in parts.figures
    )
