"""Sums: totals with their parts, found from where they stand and what stands between them.

Each structure has one list of candidates a total, so that the search is linear: what
stands in the brackets after it, the figures that follow it, the figures before it; then
totals that stand apart (`totals`). Whether a list is believed, `evidence` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipeline.relations.arithmetic import Equation
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.figure_index import Figure, Index, is_additive
from pipeline.relations.part_lists import REACH, Parts, are_adjacent, ends_list, fitting_parts, prefixes
from pipeline.relations.relation_cues import CUES
from pipeline.relations.sums.closed_lists import counted_total, mismatched_list, summing_total
from pipeline.relations.sums.evidence import supported_sum
from pipeline.relations.sums.totals import totals

REACH_BACK = 512
"""Figures that a list may have before a total that says it sums up."""
BACK = 4
"""Sentences before a total that is named again (三区合计投入资金) in which its parts may stand."""
SENTENCES = 2
"""Sentences after its total's that a list may go on for."""


_Owner = dict[int, int]
"""Each part's total, both as positions in `Index.figures`."""


def sums(index: Index) -> Iterator[Equation]:
    """Every sum that the text states, inner lists before the lists around them."""
    total_of: _Owner = {}
    for total in reversed(index.figures):
        if not is_additive(total.family) or total.value <= 0:
            continue
        for found in _with_parts(index, total, total_of):
            if found.verdict != "possible":
                for part in found.operands:
                    total_of.setdefault(part.pos, total.pos)
            yield found
    yield from totals(index, total_of)


def _with_parts(index: Index, total: Figure, total_of: _Owner) -> Iterator[Equation]:
    """What stands in brackets after a total or follows it, and what it sums up besides."""
    family, rank = index.families[total.family], total.rank
    inside, found = _inside(index, total), None
    if inside:
        begin = index.brackets[inside[0].bracket][0]
        apart = CUES.clause.search(index.text, total.stop, begin)  # 15例，均为境外输入（广东6例，上海9例）
        structure = "cue" if apart else "brackets"
        found = _judged(index, total, fitting_parts(index, total, inside, total_of), inside, structure)
        found = found or (None if apart else mismatched_list(index, total, inside, total_of, True))
    if not found and rank + 1 < len(family) and family[rank + 1].value <= total.value:
        found = _after(index, total, total_of)
    if found:
        yield found
    if (
        rank
        and family[rank - 1].value <= total.value
        and (not found or CUES.total.search(index.label(total)))
    ):
        before = _before(index, total)
        if before:
            yield before


def _inside(index: Index, total: Figure) -> list[Figure]:
    """The figures of its family in the brackets that open after a total."""
    after = index.following(total)
    if after is None or after.bracket in (-1, total.bracket):
        return []
    begin, _, parent = index.brackets[after.bracket]
    if parent != total.bracket or begin < total.stop or CUES.row_end.search(index.text, total.stop, begin):
        return []
    following = index.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    return [figure for figure in following if figure.bracket == after.bracket]


def _after(index: Index, total: Figure, total_of: _Owner) -> Equation | None:
    following = index.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    last = total.sentence + SENTENCES
    near = takewhile(lambda figure: figure.sentence <= last, following)
    items = [figure for figure in near if figure.bracket == total.bracket]
    if len(items) < 2 or index.is_change(total) or CUES.coordinated.fullmatch(index.gap(total, items[0])):
        return None
    for listed, structure in _lists(index, total, items):
        parts = fitting_parts(index, total, listed, total_of)
        if parts and (listed is items or parts.sum == total.value):
            rest = CUES.others.search(index.label(parts.figures[-1]))
            cue = rest or CUES.parts.search(index.gap(total, parts.figures[0]))
            plain = "plain, named" if _named(index, total, parts) else "plain"
            found = _judged(index, total, parts, listed, structure or ("cue" if cue else plain))
            if found or not cue:
                return found
            break
    return mismatched_list(index, total, items, total_of, False)


def _lists(index: Index, total: Figure, items: Sequence[Figure]) -> Iterator[tuple[Sequence[Figure], str]]:
    """The figures that may be its parts: all that follow, those in its own unit, the last one of each clause,
    those after one that others may share in; with the structure where it is not for the words between to say.
    """
    yield items, ""
    own = [figure for figure in items if figure.mention.unit == total.mention.unit]
    if 1 < len(own) < len(items):  # 病例720例，死亡5人。甲类报告8例，死亡1人
        yield own, "plain"
    if CUES.nested.search(index.gap(total, items[0])) and CUES.overlapping.search(index.label(items[0])):
        yield items[1:], "cue, some"  # 劳动力7620人，其中女3718人，农业5228人，工业2392人


def _judged(
    index: Index, total: Figure, parts: Parts | None, items: Sequence[Figure], structure: str
) -> Equation | None:
    if parts is None:
        return None
    last = parts.figures[-1]
    rule = structure
    opens = structure == "cue" and CUES.opens_sentence.search(index.gap(total, parts.figures[0]))
    if last.sentence != total.sentence and structure != "brackets" and not opens:
        rule += ", all" if structure == "plain" and _is_announced_total(index, total, parts) else ", on"
    if not ends_list(index, last, items):
        rule += ", some"
    return supported_sum(index, total, parts, rule)


def _named(index: Index, total: Figure, parts: Parts) -> bool:
    """9名，男6名，女3名; 8例，甲镇5例，乙镇3例; 6支，4支来自市区，2支来自乡镇: each tells itself apart."""
    labels = [index.label(part) for part in parts.figures]
    apart = all(map(CUES.no_noun.search, labels)) or dimension_of(labels)[0]
    if are_adjacent((total, *parts.figures)) and (apart or all(map(CUES.place.search, labels))):
        return True
    subject = total.mention.subject
    return bool(subject) and all(f.mention.subject == subject and f.mention.state for f in parts.figures)


def _is_announced_total(index: Index, total: Figure, parts: Parts) -> bool:
    """共收到提案318件。立案271件，并案29件，转为来信18件: a total, and what became of all its parts."""
    return len(parts.figures) > 2 and CUES.total.search(index.label(total)) is not None


def _before(index: Index, total: Figure) -> Equation | None:
    """Parts before their total: 广东3例，上海2例，共5例."""
    label = index.label(total)
    up = bool(CUES.sums_up.search(label))
    before = "total before" if CUES.total.search(label) else "list before"
    named = (
        not up and CUES.sums_up_named.search(index.text, max(0, total.begin - 16), total.begin) is not None
    )
    structure = "sums up" if up else "sums up, named" if named else before
    family = index.families[total.family]
    if structure == "list before" and CUES.coordinated.fullmatch(index.gap(family[total.rank - 1], total)):
        return None
    last = total.sentence - (BACK if named else up)
    near = takewhile(
        lambda figure: figure.sentence >= last,
        reversed(index.family_before(total, REACH_BACK if up else 24)),
    )
    items = (figure for figure in near if figure.bracket == total.bracket and index.is_level(figure))
    for parts in prefixes(index, items, {}, "none"):
        slack = parts.slack + total.slack
        if parts.sum > total.value + slack:
            break
        if abs(parts.sum - total.value) <= slack:
            first = parts.figures[-1]
            before_it = family[first.rank - 1]
            begins = up or not first.rank or before_it.sentence < last
            begins = begins or bool(CUES.row_end.search(index.text, before_it.stop, first.begin))
            listed = Parts(parts.figures[::-1], parts.values[::-1], parts.sum, slack, True)
            return supported_sum(index, total, listed, structure + ("" if begins else ", some"))
    again = counted_total(index, total) if named or up else None
    return again or (summing_total(index, total) if up or _repeats_verb(index, total) else None)


def _repeats_verb(index: Index, total: Figure) -> bool:
    """培训分三期，第一期86人，第二期92人，共培训178人: the verb after 共 is that of the parts."""
    match = CUES.sums_up_verb.search(index.label(total))
    return match is not None and match["verb"] in index.text[max(0, total.begin - 80) : total.begin - 4]
