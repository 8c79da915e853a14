"""Quotients that are told by name: a percentage whose part and whole stand anywhere around it.

普高录取率60%, 存贷比72.4%, 占计划的90%，今年计划改造4万户. Of the pairs around a result those come first
that its words name, then those that stand nearest; a pair is believed where the result has digits
enough for so loose a tie and for as many pairs as were tried before it (`believed`).
A rate that is off is accused where whole, part and rate stand side by side and bear its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, share_of
from pipeline.relations.figures import HALF, PERCENT, ZERO, Figure, Page, adds
from pipeline.relations.misstated import judged, made_otherwise
from pipeline.relations.names import alike, shared

BACK, ON, FAR = 12, 4, 40
"""Figures before and after a result among which its two stand; before it, where its whole is named."""
_EARLIER, _LATER = 3, 1
"""Sentences before and after the result's that these may stand in."""
NAMED, BESIDE = 2, 1
"""How well one of the two is told: by its name, or by where it stands."""
_NEEDED = (1000, 300, 60, 12, 5)
"""Values that a result could have had in print, at least, by how well its two figures are told together."""
_AGREE = 2
"""Shares of one sentence that must be of one whole for another one to be judged by it."""
_BARE = cues.cue(r"^(?:约|仅|只)?(?:占|占比)(?:为|达到?|的?比[例重]为?)?$", "占", "占全国")
"""The whole label of a share that names neither part nor whole."""
_EXACT, _EVEN = 10, 3
"""How much more a result tells that comes out exactly, of figures with three digits or of round ones."""

_QUOTIENT = cues.cue(
    r"占|(?<![利税费汇])率[^，。；\d]{0,6}$|利[润税]率|比(?:重|例)?[为是达到]*$|面[为是达到]*$|(?:为|完成)[^，。；\d]{0,12}的$|^完成$",
    "普高录取率",
    "同比增长",
)
"""The label of a percentage that one figure is of another."""
_RATE = cues.cue(r"^(?P<stem>[^，。；\d占]+?)(?:率|面|比例?)[^率面比]{0,4}$", "亏损面为", "亏损企业")
_OF = cues.cue(
    r"(?P<part>.*?)(?:占(?!比)|完成|为)(?P<whole>.+?)的?(?:比重|比例)?[为是达到约]*$",
    "占全社会用电量的",
    "占比",
)
_WORDS = re.compile(r"其中|平均|(?<=[^，]{2})总|达到|全部|总计|实现|[的了为达约共仅]")

_DONE = cues.cue(
    r"^(?P<stem>[^，,；;。的]{1,4})[率面](?:为|是|达|达到|仅|约)*$|^(?:完成|为|达到?)(?:年初|年度|全年|年)?(?P<plan>预算|计划|目标|任务)数?的$",
    "整改率达到",
    "同比增长",
)
"""The whole label of a rate that is named after what was done or after the plan."""
_FILLER = cues.cue(r"其中|已经?|实际?|审|了|全部|共|完成|按时|及时|均|有|的|为|人[口数员]", "其中已", "女生")
"""Words beside what was done, in the label of a part."""


def quotients(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every percentage that no structure explains and that two figures around it give."""
    explained = {found.total.at for found in known if found.relation in ("share", "growth")}
    told: list[Finding] = []
    for share in page.families.get(PERCENT, ()):
        if share.at in explained or share.value <= 0 or page.changes(share):
            continue
        label = page.label(share)
        found = _told_by_name(page, share, label) if _QUOTIENT.search(label) else None
        found = found or _misstated(page, share, label)
        if found:
            told.append(found)
    yield from told
    yield from _among_others(page, [*known, *told])


def _among_others(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """公开258件，占33.9%；不予公开35件，占4.3%；无法提供265件，占32.9%: the others tell the whole."""
    explained = {found.total.at for found in known if found.relation in ("share", "growth")}
    wholes: dict[int, Counter[int]] = {}
    parts: dict[int, Figure] = {}
    labels: set[tuple[int, str]] = set()
    for found in known:
        if found.relation == "share" and found.verdict != "fails":
            wholes.setdefault(found.total.sentence, Counter())[found.stated[1].at] += 1
            parts[found.total.at] = found.stated[0]
            labels.add((found.stated[1].at, page.label(found.total)))
    for share in page.families.get(PERCENT, ()):
        label, common = page.label(share), wholes.get(share.sentence)
        at, count = common.most_common(1)[0] if common else (-1, 0)
        if count < _AGREE or share.at in explained or page.changes(share) or cues.SOME_ELSE.search(label):
            continue
        part, whole = _listed_part(page, share, parts, (at, label) in labels), page.figures[at]
        if part is None or part.at == at or part.family != whole.family or page.nests(part):
            continue
        one = judged(share, part, whole, "share among shares")
        if one and (one.verdict != "fails" or not made_otherwise(page, share)):
            yield one


def _listed_part(page: Page, share: Figure, parts: Mapping[int, Figure], alike: bool) -> Figure | None:
    """The part right before a bare 占, or one in the others' words, or that in its place of a list."""
    before, following = page.figures[share.at - 1], parts.get(share.at + 1)
    if (alike or _BARE.search(page.label(share))) and adds(before.family):
        return before
    if following and page.label(page.figures[share.at + 1]) == "" and following.rank:
        return page.families[following.family][following.rank - 1]
    return None


def around(page: Page, result: Figure) -> list[Figure]:
    """The levels around a result, the nearest first, those before it sooner."""
    before = page.figures[max(0, result.at - BACK) : result.at]
    after = page.figures[result.at + 1 : result.at + 1 + ON]
    return [
        f
        for f in (*reversed(before), *after)
        if -_LATER <= result.sentence - f.sentence <= _EARLIER and f.value > 0 and not page.changes(f)
    ]


def believed(result: Figure, candidates: Iterable[tuple[int, Finding]]) -> Finding | None:
    """The first that holds of the pairs that a result may be made of, the best told first.

    candidates: each pair's finding with how well its figures are told.
    """
    ranked = sorted(candidates, key=lambda one: -one[0])
    for tried, (fit, found) in enumerate(ranked[:BACK], 1):
        upper = found.stated[0]
        exact = _EXACT if upper.value >= HUNDRED * upper.place else _EVEN
        weight = result.value / result.place * (exact if found.computed == result.value else 1)
        cut = found.verdict == "rounding" and ZERO <= found.computed - result.value < result.place
        if (cut or found.verdict == "holds") and weight >= _NEEDED[fit] * tried:
            return found
    return None


def _told_by_name(page: Page, share: Figure, label: str) -> Finding | None:
    rate, of = _RATE.search(label), _OF.search(label)
    part_name = _WORDS.sub("", of["part"] if of else rate["stem"] if rate else "")
    whole_name = _WORDS.sub("", share.mention.of or (of["whole"] if of else ""))
    stem = part_name if rate and not of else ""
    near = [f for f in around(page, share) if adds(f.family)]
    own = [f for f in near if f.sentence == share.sentence and f.at < share.at]
    earlier = page.figures[max(0, share.at - FAR) : max(0, share.at - BACK)] if whole_name else []
    far = [f for f in reversed(earlier) if adds(f.family) and _names_whole(page, f, whole_name, "")]
    pairs: list[tuple[int, Finding]] = []
    for part in (f for f in near if f.at < share.at):
        told = NAMED if _names_part(page, part, part_name) else BESIDE * (part in (own[:1] + own[-1:]))
        across = rate is not None and told == NAMED and part.family.startswith("count")
        wholes = [
            f
            for f in (*near, *far)
            if (f.value > part.value) == (share.value < HUNDRED)
            and f.value != part.value
            and (f.family == part.family or (across and f.at == part.at - 1 and f.family.startswith("count")))
        ]
        for whole in wholes:
            named = _names_whole(page, whole, whole_name, stem) or (not whole_name and _kin(part, whole))
            beside = BESIDE * (whole is wholes[0] or whole.at == part.at - 1)
            found = share_of(share, part, whole, "told by name")
            pairs.append((told + max(NAMED * named, beside), found))
    return believed(share, pairs)


def _names_part(page: Page, part: Figure, name: str) -> bool:
    words = page.words(part)
    return len(name) > 1 and (name[:2] in words or alike(name, words) >= HALF)


def _names_whole(page: Page, whole: Figure, name: str, stem: str) -> bool:
    """Whether a whole bears its name, or (贷款 of 不良贷款率) the end of the rate's."""
    words = page.words(whole)
    return (len(name) > 1 and alike(name, words) > HALF) or (len(stem) > 3 and shared(stem[2:], words))


def _kin(part: Figure, whole: Figure) -> bool:
    """Whether a part bears its whole's noun and another word: 获奖作品 of 作品."""
    one, other = part.mention.subject, whole.mention.subject
    return one is not None and other is not None and len(one) > len(other) > 1 and one.endswith(other)


def _misstated(page: Page, share: Figure, label: str) -> Finding | None:
    """交办问题125个，已整改117个，整改率达到96.3%: whole and part right before, the part of the name."""
    match = _DONE.search(label)
    if match is None or share.at < 2:
        return None
    whole, part = page.figures[share.at - 2], page.figures[share.at - 1]
    if part.family != whole.family or not adds(part.family) or whole.value <= 0:
        return None
    if any(map(page.changes, (part, whole))) or page.nests(whole) or part.sentence != share.sentence:
        return None
    denied = not match["plan"] and "不" + match["stem"][-2:] in page.label(part)
    if denied and part.value < whole.value and cues.TOTAL.search(page.label(whole)):
        rest = part._replace(value=whole.value - part.value)  # 抽检700批次，不合格12批次，合格率98.3%
        return judged(share, rest, whole, "rate of the rest")
    if whole.sentence != share.sentence:
        return None
    if match["plan"]:
        named = match["plan"] in page.label(whole) and match["plan"] not in page.label(part)
    else:
        named = part.value <= whole.value and _done(match["stem"], page.label(part), page.words(whole))
    return judged(share, part, whole, "rate of them") if named and not made_otherwise(page, share) else None


def _done(stem: str, label: str, whole: str) -> bool:
    """Whether a part bears the rate's name and its whole's noun at most: 审结, 亏损企业 of 亏损面."""
    rest = _FILLER.sub("", label).translate({ord(character): None for character in stem})
    return any(character in label for character in stem) and (not rest or (stem in label and rest in whole))
