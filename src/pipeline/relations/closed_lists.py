"""Wholes: where the text says that a list names every part, so that a sum that is off is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, accusation, added
from pipeline.relations.dimensions import dimension_of, is_sibling
from pipeline.relations.figures import PERCENT, ZERO, Figure, Page
from pipeline.relations.lists import Parts, parts_of, whole_list

_NEAR = {
    "rest": 5,
    "exceeds": 5,
    "exceeds, listed": 25,
    "brackets": 10,
    "after a colon": 5,
    "closed": 10,
    "closed, introduced": 3,
    "noun left out": 20,
    "sums up": 12,
    "sums up, counted": 3,
    "rest, no total": 20,
    "listed": 100,
    "others": 10,
    "first of them": 1,
}
"""How near a list must come that is said to be the whole: within a fifth of the total, a twentieth …
Farther off, it is likelier that the words were misread than that the figures are wrong."""

MORE = cues.cue(r"[，、；](?:其[余他它]|另|还有)[^，。；\d]*[，。；]", "，其余为灵活就业。", "，其余186件。")
"""After a last part: there are others, which no figure tells."""
ADDED = cues.cue(r"加上|连同|连带", "加上上年结转两项合计", "两项合计")
"""Before a total: it sums up more than its parts."""
_PLUS = cues.cue(r"^加上?", "加上上解支出", "上解支出")
"""Before a figure that is added to the one before it."""
_MEMBERS = 8
"""Parts among which members of one dimension are looked for."""
_BACK = 6
"""Earlier figures of the family that the list could be the parts of instead."""


def broken(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], inside: bool
) -> Finding | None:
    """The finding for a list said to be the whole that does not add up."""
    if page.changes(total):
        return None
    run = _run(page, items)
    found = _broken(page, total, items, owner, inside)
    return found or (_broken(page, total, run, owner, inside) if 1 < len(run) < len(items) else None)


def _run(page: Page, items: Sequence[Figure]) -> Sequence[Figure]:
    """The first parts that bear members of one dimension: 水田960亩、旱田6498亩、果园320亩."""
    named = takewhile(lambda part: not cues.BESIDES.search(page.label(part)), items[:_MEMBERS])
    labels = [page.label(part) + page.tail(part) for part in named]
    count = next((n for n in range(2, len(labels) + 1) if not dimension_of(labels[:n])[0]), len(labels) + 1)
    return items[: count - 1]


def _broken(
    page: Page, total: Figure, items: Sequence[Figure], owner: Mapping[int, int], inside: bool
) -> Finding | None:
    parts = whole_list(page, total, items, owner)
    far = abs(total.value - parts.sum) * min(_NEAR.values()) > total.value
    if len(parts.values) < 2 or parts.fits or far:
        return None
    return accused(page, total, parts, _says_whole(page, total, parts, inside))


def accused(page: Page, total: Figure, parts: Parts, how: str | None) -> Finding | None:
    """The finding for a sum that is off: fails where every figure is exact and no other reading holds."""
    off = abs(total.value - parts.sum)
    if how is None or off * _NEAR[how] > total.value or otherwise(page, total, parts, how):
        return None
    found = added(total, parts, "whole: " + how, True)
    verdict = accusation(total, parts.figures, off)
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


def otherwise(page: Page, total: Figure, parts: Parts, how: str) -> bool:
    """Whether the list comes to another figure, or to this one without a part or with one skipped.

    The part that 其中 introduces is a part in every reading.
    """
    family, first, last = page.families[total.family], parts.figures[0], parts.figures[-1]
    begin = max(0, min(first.rank, total.rank) - _BACK)
    earlier = [f.value for f in family[begin : first.rank] if f.at != total.at]
    after = [f.value for f in family[last.rank + 1 : last.rank + 2] if f.at != total.at]
    if any(value in (parts.sum, parts.sum + total.value) for value in (*earlier, *after)):
        return True
    inner = {f.at for f in parts.figures}
    skipped = [f.value for f in family[first.rank : last.rank] if f.at not in inner]
    changed = [parts.sum + value for value in (*skipped, *after)]
    if len(parts.values) > 2 and how != "after a colon":
        changed += [parts.sum - value for value in parts.values[how == "first of them" :]]
    return any(abs(total.value - value) <= parts.slack for value in changed)


def _says_whole(page: Page, total: Figure, parts: Parts, inside: bool) -> str | None:
    """How the text says that these parts are all of the total, or None."""
    figures = parts.figures
    gap = page.gap(total, figures[0])
    named = [page.label(part) + page.tail(part) for part in figures]
    if figures[0].sentence == total.sentence and any(cues.REST.search(page.label(f)) for f in figures):
        return _rest(page, total, figures, gap)
    if any(map(cues.BESIDES.search, named)) or MORE.match(page.text, figures[-1].stop):
        return None
    exclusive, whole = dimension_of(named)
    own = page.label(total) + page.tail(total)
    if exclusive and not cues.OF_A_WHOLE.search(own) and is_sibling(own, named):
        return None  # 来信13件，来电17件，来访12件，网上6件: 来电 is one of them
    if _shares_of_all(page, figures):
        return "closed"
    if exclusive and whole:
        sure = cues.NESTED.search(gap) and figures[0].at == total.at + 1 and side_by_side(figures)
        return "closed, introduced" if sure else "closed"
    if exclusive and parts.sum > total.value and figures[0].at == total.at + 1:
        first = cues.NESTED.search(gap) and len(figures) > 2 and parts.sum - parts.values[0] == total.value
        return "first of them" if first else "exceeds"
    if len(figures) > 2 and _OTHER.search(page.label(figures[-1])) and side_by_side((total, *figures)):
        return "others"
    return _listed(page, total, parts, exclusive, inside)


def _shares_of_all(page: Page, figures: Sequence[Figure]) -> bool:
    """Whether each part's share follows it and these come to 100%: 31.33亿，占94.1%；1.96亿，占5.9%."""
    shares = [page.figures[figure.at + 1] for figure in figures if figure.at + 1 < len(page.figures)]
    if any(share.family != PERCENT or not page.label(share).startswith("占") for share in shares):
        return False
    return len(shares) == len(figures) and sum((share.value for share in shares), ZERO) == HUNDRED


def _listed(page: Page, total: Figure, parts: Parts, exclusive: bool, inside: bool) -> str | None:
    """How a list says that it is all of the total by where and how its parts stand."""
    figures, gap = parts.figures, page.gap(total, parts.figures[0])
    named = [page.label(part) + page.tail(part) for part in figures]
    some = cues.SOME.search(gap)
    exceeds = total.value < parts.sum and _parallel(page, total, figures)
    if some or not side_by_side((total, *figures)) or any(cues.SOME.search(words) for words in named):
        if exceeds and not exclusive:
            return "exceeds, listed"
        return None
    if inside:
        named_all = all(map(page.label, figures))
        return "brackets" if named_all and (len(figures) > 2 or exclusive) else None
    one_unit = {part.mention.unit for part in figures} == {total.mention.unit}
    if _COLON.search(gap) and one_unit and len(figures) > 2 and all(map(page.label, figures)):
        return "after a colon"
    bare = all(page.label(part) in cues.NO_NOUN for part in figures)
    if bare and page.tail(total) and all(page.tail(part) for part in figures):
        return "noun left out"
    among = _AMONG.search(gap)  # 253个选区中，甲党在116个、乙党在96个领先
    return "listed" if len(figures) > 2 and not among and all(page.label(part) for part in figures) else None


_AMONG = cues.cue(r"^[^，；。：]{0,8}中，", "选区中，甲党在", "选区，甲党在")
"""After a total: some of it."""
_COLON = cues.cue(r"^[^，；。：]{0,6}：", "成员：教师", "，分别为：教师")
"""After a total: what follows is all of it."""
_OTHER = cues.cue(r"^其[他它][^，；。]{0,2}$", "其他案件", "其他部门移送")
"""The whole label of a last part that nothing is left beside."""


def _parallel(page: Page, total: Figure, figures: Sequence[Figure]) -> bool:
    """Whether three parts or more stand right after their total, with names of one shape."""
    names = [cues.NESTED.sub("", page.label(figure)).strip() for figure in figures]
    sizes = sorted(map(len, names))
    alike = sizes[0] > 1 and (sizes[-1] - sizes[0] < 2 or all(map(PLACE.search, names)))
    alike = alike and len(names) > 2
    return alike and side_by_side((total, *figures)) and not any(map(OVERLAPPING.search, names))


PLACE = cues.cue(r"[镇乡村县区市省盟旗州]$|街道$|农场$|林场$", "三源镇", "三源镇小学")
"""The end of a name of a place: two places of one list share in nothing."""
OVERLAPPING = cues.cue(
    r"[男女老]|少数民族|党员|以上|以下|学历|职称|新|重点|民间|民营|国有|外资|规上|规模|高",
    "民间投资",
    "粮食直补",
)
"""Names of parts that others may share in."""


def _rest(page: Page, total: Figure, figures: Sequence[Figure], gap: str) -> str | None:
    """其余 is the rest of a whole that the text calls one; elsewhere its whole is not stated."""
    if not cues.REST.search(page.label(figures[-1])) or any(
        cues.REST.search(page.label(part)) for part in figures[:-1]
    ):
        return None
    if max(part.value for part in figures) >= total.value or not side_by_side((total, *figures)):
        return None
    label = page.label(total)
    if cues.NESTED.search(gap) or cues.OF_A_WHOLE.search(label):
        return "rest"
    states = all(cues.STATE_FIRST.search(page.label(part)) for part in figures[:-1])
    return "rest, no total" if states and not cues.STATE_FIRST.search(label) else None


def side_by_side(figures: Sequence[Figure]) -> bool:
    """Whether no other figure stands between these."""
    return all(right.at == left.at + 1 for left, right in pairwise(figures))


def _beside_their_changes(page: Page, figures: Sequence[Figure]) -> bool:
    """Whether nothing but changes of these stands between them."""
    return all(
        all(map(page.aside, page.figures[left.at + 1 : right.at])) for left, right in pairwise(figures)
    )


_COUNTED = cues.cue(
    r"(?P<count>[两二三四五六七八九])(?:项|者|类|轮|省|区|县|市|镇|村|家|个|处|期|批)(?P<what>[^，；。\d]{0,6}?)(?:合计|总计|共计?)",
    "两轮督导合计",
    "两轮督导",
)
_WORDS = 24
"""Characters before a total in which it may say of how many it is."""
_NUMBERS = "两二三四五六七八九"


def counted(page: Page, total: Figure) -> tuple[int, str]:
    """How many a total says that it is of, and the noun after it: 两轮合计发现问题; 0 where it says none."""
    begin = page.reading.flow.sentences[total.sentence][0]
    match = _COUNTED.search(page.text, max(begin, total.begin - _WORDS), total.begin)
    if match is None:
        return 0, ""
    return max(2, _NUMBERS.index(match["count"]) + 1), page.text[match.end() : total.begin] or match["what"]


def named_again(page: Page, total: Figure) -> Finding | None:
    """第一轮发现问题126个，第二轮发现问题98个。两轮合计发现问题224个: as many figures as the total counts."""
    count, noun = counted(page, total)
    if not count:
        return None
    figures = [
        f for f in page.families[total.family][max(0, total.rank - 12) : total.rank] if not page.changes(f)
    ]
    alike = [f for f in figures if noun and noun[-2:] in page.label(f)][-count:]
    if (
        len(alike) != count
        or total.sentence - alike[0].sentence > count
        or ADDED.search(page.gap(alike[-1], total))
    ):
        return None
    parts = parts_of(total, alike)
    if parts.fits:
        return added(total, parts, "sums up, counted", True)
    exact = alike == figures[-count:] and all(noun in page.label(f) for f in alike)
    return accused(page, total, parts, "sums up, counted") if exact else None


def summed_up(page: Page, total: Figure) -> Finding | None:
    """A total right after its parts (密接120人、次密接95人，共225人) that they do not come to."""
    family = page.families[total.family]
    figures: list[Figure] = []
    for figure in reversed(family[max(0, total.rank - 32) : total.rank]):
        stop = figures[-1].begin if figures else total.begin
        if figure.sentence != total.sentence or cues.BREAK.search(page.text, figure.stop, stop):
            break
        if not page.aside(figure):
            figures.append(figure)
    figures.reverse()
    plus = next((n for n, figure in enumerate(figures) if _PLUS.search(page.label(figure))), 0)
    figures = figures[max(0, plus - 1) :]  # the figure before 加上 is what the others are added to
    labels = [page.label(figure) for figure in figures]
    if len(figures) < 2 or not all(labels) or not _beside_their_changes(page, figures):
        return None
    between = page.figures[figures[-1].at + 1 : total.at]  # 三个班共139人
    if len(between) > 1 or any(figure.value != len(figures) for figure in between):
        return None
    wrong = any(f.bracket != total.bracket for f in figures)
    wrong = wrong or any(map(cues.TOTAL.search, labels[1:])) or any(map(cues.SOME.search, labels))
    gap = page.gap(figures[-1], total)
    if wrong or page.tail(total) or cues.SOME.search(gap) or ADDED.search(gap):
        return None
    parts = parts_of(total, figures)
    if parts.fits:
        return None
    how = "sums up, counted" if between or counted(page, total)[0] == len(figures) else "sums up"
    return accused(page, total, parts, how)
