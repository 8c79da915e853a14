"""Sums: totals with their parts, found from where they stand and what stands between them.

Each structure has one list of candidates a total, so that the search is linear: what
stands in the brackets after it, the figures that follow it, the figures before it; then
totals that stand apart (`totals`). Whether a list is believed, `evidence` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipeline.relations.arithmetic import Finding
from pipeline.relations.closed_lists import broken, named_again, summed_up
from pipeline.relations.cues import CUES
from pipeline.relations.dimensions import dimension_of
from pipeline.relations.evidence import believed
from pipeline.relations.figures import Figure, Page, adds
from pipeline.relations.lists import REACH, Parts, ends_with, fitting, side_by_side, stretches
from pipeline.relations.totals import totals

REACH_BACK = 512
"""Figures that a list may have before a total that says it sums up."""
BACK = 4
"""Sentences before a total that is named again (三区合计投入资金) in which its parts may stand."""
SENTENCES = 2
"""Sentences after its total's that a list may go on for."""


_Owner = dict[int, int]
"""Each part's total, both as places in `Page.figures`."""


def sums(page: Page) -> Iterator[Finding]:
    """Every sum that the page states, inner lists before the lists around them."""
    owner: _Owner = {}
    for total in reversed(page.figures):
        if not adds(total.family) or total.value <= 0:
            continue
        for found in _with_parts(page, total, owner):
            if found.verdict != "possible":
                for part in found.stated:
                    owner.setdefault(part.at, total.at)
            yield found
    yield from totals(page, owner)


def _with_parts(page: Page, total: Figure, owner: _Owner) -> Iterator[Finding]:
    """What stands in brackets after a total or follows it, and what it sums up besides."""
    family, rank = page.families[total.family], total.rank
    inside, found = _inside(page, total), None
    if inside:
        begin = page.brackets[inside[0].bracket][0]
        apart = CUES.clause.search(page.text, total.stop, begin)  # 15例，均为境外输入（广东6例，上海9例）
        structure = "cue" if apart else "brackets"
        found = _judged(page, total, fitting(page, total, inside, owner), inside, structure)
        found = found or (None if apart else broken(page, total, inside, owner, True))
    if not found and rank + 1 < len(family) and family[rank + 1].value <= total.value:
        found = _after(page, total, owner)
    if found:
        yield found
    if rank and family[rank - 1].value <= total.value and (not found or CUES.total.search(page.label(total))):
        before = _before(page, total)
        if before:
            yield before


def _inside(page: Page, total: Figure) -> list[Figure]:
    """The figures of its family in the brackets that open after a total."""
    if total.at + 1 >= len(page.figures):
        return []
    bracket = page.figures[total.at + 1].bracket
    if bracket in (-1, total.bracket):
        return []
    begin, _, parent = page.brackets[bracket]
    if parent != total.bracket or begin < total.stop or CUES.row_end.search(page.text, total.stop, begin):
        return []
    following = page.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    return [figure for figure in following if figure.bracket == bracket]


def _after(page: Page, total: Figure, owner: _Owner) -> Finding | None:
    following = page.families[total.family][total.rank + 1 : total.rank + 1 + REACH]
    last = total.sentence + SENTENCES
    near = takewhile(lambda figure: figure.sentence <= last, following)
    items = [figure for figure in near if figure.bracket == total.bracket]
    if len(items) < 2 or page.changes(total) or CUES.coordinated.fullmatch(page.gap(total, items[0])):
        return None
    for listed, structure in _lists(page, total, items):
        parts = fitting(page, total, listed, owner)
        if parts and (listed is items or parts.sum == total.value):
            rest = CUES.others.search(page.label(parts.figures[-1]))
            cue = rest or CUES.parts.search(page.gap(total, parts.figures[0]))
            plain = "plain, named" if _named(page, total, parts) else "plain"
            found = _judged(page, total, parts, listed, structure or ("cue" if cue else plain))
            if found or not cue:
                return found
            break
    return broken(page, total, items, owner, False)


def _lists(page: Page, total: Figure, items: Sequence[Figure]) -> Iterator[tuple[Sequence[Figure], str]]:
    """The figures that may be its parts: all that follow, those in its own unit, the last one of each clause,
    those after one that others may share in; with the structure where it is not for the words between to say.
    """
    yield items, ""
    own = [figure for figure in items if figure.mention.unit == total.mention.unit]
    if 1 < len(own) < len(items):  # 病例720例，死亡5人。甲类报告8例，死亡1人
        yield own, "plain"
    if CUES.nested.search(page.gap(total, items[0])) and CUES.overlapping.search(page.label(items[0])):
        yield items[1:], "cue, some"  # 劳动力7620人，其中女3718人，农业5228人，工业2392人


def _judged(
    page: Page, total: Figure, parts: Parts | None, items: Sequence[Figure], structure: str
) -> Finding | None:
    if parts is None:
        return None
    last = parts.figures[-1]
    rule = structure
    opens = structure == "cue" and CUES.opens_sentence.search(page.gap(total, parts.figures[0]))
    if last.sentence != total.sentence and structure != "brackets" and not opens:
        rule += ", all" if structure == "plain" and _told_whole(page, total, parts) else ", on"
    if not ends_with(page, last, items):
        rule += ", some"
    return believed(page, total, parts, rule)


def _named(page: Page, total: Figure, parts: Parts) -> bool:
    """9名，男6名，女3名; 8例，甲镇5例，乙镇3例; 6支，4支来自市区，2支来自乡镇: each tells itself apart."""
    labels = [page.label(part) for part in parts.figures]
    apart = all(map(CUES.no_noun.search, labels)) or dimension_of(labels)[0]
    if side_by_side((total, *parts.figures)) and (apart or all(map(CUES.place.search, labels))):
        return True
    subject = total.mention.subject
    return bool(subject) and all(f.mention.subject == subject and f.mention.state for f in parts.figures)


def _told_whole(page: Page, total: Figure, parts: Parts) -> bool:
    """共收到提案318件。立案271件，并案29件，转为来信18件: a total, and what became of all its parts."""
    return len(parts.figures) > 2 and CUES.total.search(page.label(total)) is not None


def _before(page: Page, total: Figure) -> Finding | None:
    """Parts before their total: 广东3例，上海2例，共5例."""
    label = page.label(total)
    up = bool(CUES.sums_up.search(label))
    before = "total before" if CUES.total.search(label) else "list before"
    named = not up and CUES.sums_up_named.search(page.text, max(0, total.begin - 16), total.begin) is not None
    structure = "sums up" if up else "sums up, named" if named else before
    family = page.families[total.family]
    if structure == "list before" and CUES.coordinated.fullmatch(page.gap(family[total.rank - 1], total)):
        return None
    last = total.sentence - (BACK if named else up)
    near = takewhile(
        lambda figure: figure.sentence >= last,
        reversed(family[max(0, total.rank - (REACH_BACK if up else 24)) : total.rank]),
    )
    items = (figure for figure in near if figure.bracket == total.bracket and not page.aside(figure))
    for parts in stretches(page, items, {}, "none"):
        slack = parts.slack + total.slack
        if parts.sum > total.value + slack:
            break
        if abs(parts.sum - total.value) <= slack:
            first = parts.figures[-1]
            before_it = family[first.rank - 1]
            begins = up or not first.rank or before_it.sentence < last
            begins = begins or bool(CUES.row_end.search(page.text, before_it.stop, first.begin))
            listed = Parts(parts.figures[::-1], parts.values[::-1], parts.sum, slack, True)
            return believed(page, total, listed, structure + ("" if begins else ", some"))
    again = named_again(page, total) if named or up else None
    return again or (summed_up(page, total) if up or _says_again(page, total) else None)


def _says_again(page: Page, total: Figure) -> bool:
    """培训分三期，第一期86人，第二期92人，共培训178人: the verb after 共 is that of the parts."""
    match = CUES.sums_up_verb.search(page.label(total))
    return match is not None and match["verb"] in page.text[max(0, total.begin - 80) : total.begin - 4]
