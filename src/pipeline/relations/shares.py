"""Shares: 占X的N%, with the part and the whole that stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.relations import cues
from pipeline.relations.arithmetic import (
    Finding,
    exactly_printed,
    narrow,
    share_of,
)
from pipeline.relations.figures import HALF, PERCENT, Figure, Page, adds
from pipeline.relations.misstated import judged, misstated, misstated_beside
from pipeline.relations.names import alike
from pipeline.relations.structures import runs

REACH = 40
"""Figures before a share among which its part and whole are looked for."""
WHOLES = 6
"""Wholes that a share is tried with."""
FEW = 20
"""A share with this many places is believed where its whole is the larger figure right before."""
TELLING = 100
"""A share with fewer places than this is believed only where its whole is plain."""

_SHARE = re.compile(
    r"(?P<part>[^，,；;。]*?)(?:分别)?(?:约|共|均|各|仅|已|总共)?占(?:到|了|据|全部)?(?P<whole>[^，,；;。]*?)"
    r"(?:的)?(?:比重|比例|份额|比率|占比)?(?:分别|高达|达到|超过|已|均|将|约|近|仅|超|达|为|是|到|了|的|也)*$"
)
_AMOUNTS_TO = cues.cue(
    r"(?P<part>)(?:相当于|只有|仅为|约为|为|是)(?P<whole>[^，,；;。\d]{2,12})的$",
    "仅为平均水平的",
    "较平均水平的",
)
_PART_OF = re.compile(r"(?P<part>[^，,；;。]*?)(?:所)?(?:占比|比重|比例)(?P<whole>)[^，,；;。\d]{0,6}$")
_RATE = re.compile(r"(?P<part>[^，,；;。]{2,12}?)率(?P<whole>)(?:为|是|达到|达|约|仅)*$")
_AMONG = re.compile(r"(?:在|于)?(?P<whole>[^，；。]{2,})(?:中|里|当中|之中)(?:的|所)?")
_OF_IT = cues.cue(r"^[^，；。占]{0,8}的$", "村的", "占年度计划的")
"""The label of a share right after its whole."""
_OF_FIGURE = cues.cue(r"^(?:约|仅|只)?(?:占|完成|达到|相当于|为|是)", "占年度计划", "比年度计划")
"""The label of a whole that its share follows."""
_COUNTED = cues.cue(r"(户数?)$|(?:人口|人数)(?:总数)?$", "全村总户数", "全村总产值")
"""The end of a whole that says what its share is counted in."""
_TOTALS = frozenset("总数 总量 总额 总人数 总人口 总户数 数 人数 人口 户数 量 总".split())
"""Names of a whole that say no more than that it is one."""
_ALL = cues.cue(r"总|全[部市县区省国镇乡村校州]", "总人口", "人口")
_FILLER = re.compile(r"[的了为达到约其中全共总计实现完成本\s]")


def shares(page: Page, sums: Sequence[Finding]) -> Iterator[Finding]:
    """Every share whose part and whole the page states."""
    owner = {part.at: found.total for found in reversed(sums) for part in found.stated}
    lists = list(runs(page))
    together = {f.at: (n, percents) for percents in lists for n, f in enumerate(percents)}
    whole_before: tuple[int, Figure] | None = None
    for share in page.families.get(PERCENT, ()):
        found = _of_figure(page, share, owner)
        if found:
            yield found
            continue
        label = page.label(share)
        position, percents = together.get(share.at, (0, (share,)))
        if position and "占" not in label and "比重" not in label:
            label = page.label(percents[0])
        match = _SHARE.search(label) if "占" in label else None
        match = match or (_PART_OF.search(label) if "比" in label else None)
        match = match or (_AMOUNTS_TO.search(label) if label.endswith("的") else None)
        rate = None if match else _RATE.search(label)
        match = match or rate
        if match is None or page.changes(share) or page.changes(percents[0]):
            continue
        whole = match["whole"].removesuffix("比")  # 占比
        said = share.mention.of or ""
        named, of = match["part"], whole or ("" if said.startswith("比") else said)
        among = None if whole else _AMONG.fullmatch(named)
        if among:  # 在全行业收入中占比65%
            named, of = "", among["whole"]
        part = _part(page, share, named, of, position, len(percents))
        if part is None:
            continue
        inherited = whole_before[1] if whole_before and whole_before[0] == share.sentence else None
        if rate and (part.at != share.at - 1 or not page.label(part).endswith(rate["part"].strip())):
            continue
        found = _share(page, share, part, of, owner, inherited)
        if found:
            whole_before = share.sentence, found.stated[1]
            yield found


def _of_figure(page: Page, share: Figure, owner: Mapping[int, Figure]) -> Finding | None:
    """完成投资15.6亿元，占年度计划18亿元的86.7%: the whole stands between 占 and the share."""
    if share.at < 2 or not _OF_IT.search(page.label(share)):
        return None
    whole, part = page.figures[share.at - 1], page.figures[share.at - 2]
    if whole.value <= 0:
        return None
    total = owner.get(part.at)
    if (
        total is not None
        and total.family == whole.family
        and share_of(share, part, whole, "").verdict == "fails"
    ):
        part = total  # 造林5.6万亩，其中人工3.2万亩、飞播2.4万亩，完成年度计划5万亩的112%
    label = page.label(whole)
    if whole.bracket not in (-1, share.bracket):  # 占汽车总产量（9万辆）的40%
        label = cues.CLAUSE.split(page.text[part.stop : page.brackets[whole.bracket][0]])[-1]
    told = _OF_FIGURE.search(label) and part.sentence == share.sentence
    if not told or part.family != whole.family or page.changes(part):
        return None
    return judged(share, part, whole, "share of the figure before")


def _part(page: Page, share: Figure, words: str, whole: str, position: int, count: int) -> Figure | None:
    """The figure whose share is stated: the one the clause names, or the nearest before it."""
    words = _FILLER.sub("", words)
    earlier = page.figures[max(0, share.at - REACH) : share.at]
    amounts = [f for f in earlier if adds(f.family) and not page.changes(f)]
    counted = _COUNTED.search(whole)
    if counted and not words:
        units = "户" if counted[1] else "人名口"
        amounts = [f for f in amounts if (f.mention.unit or "") in units] or amounts
    if count > 1 and not words:
        near = [f for f in amounts if f.sentence == share.sentence]
        group = [f for f in near if near and f.family == near[-1].family][-count:]
        return group[position] if len(group) == count else None
    if len(words) >= 2:
        best = max(
            amounts,
            key=lambda f: (alike(words, page.words(f)), _opens(page, f, words), f.at),
            default=None,
        )
        if best is not None and alike(words, page.words(best)) >= Decimal("0.6"):
            return best
        before = [f for f in amounts if f.sentence == share.sentence and f.bracket == share.bracket]
        label = _FILLER.sub("", page.label(before[-1])) if before else ""
        opened = len(label) > 1 and (label.startswith(words[:2]) or label in words)
        return before[-1] if opened and share.value >= TELLING * share.place else None
    near = [f for f in amounts if f.sentence == share.sentence]
    beside = [f for f in near if f.bracket == share.bracket]  # 76款（其中甲27款、乙49款），占比13.48%
    return (beside or near)[-1] if near else None


def _opens(page: Page, figure: Figure, words: str) -> bool:
    """Whether a figure's label begins with these words (税收, not 非税收入)."""
    return _FILLER.sub("", page.label(figure)).startswith(words)


def _share(
    page: Page, share: Figure, part: Figure, words: str, owner: Mapping[int, Figure], inherited: Figure | None
) -> Finding | None:
    nearest = _nearest(page, part)
    plain, candidates = _wholes(page, share, part, _FILLER.sub("", words), owner, inherited)
    for n, whole in enumerate(candidates):
        found = share_of(share, part, whole, "share")
        if found.verdict == "rounding" and not narrow(part, whole):
            continue
        enough = share.value >= TELLING * share.place or n < plain
        if not enough and share.value >= (FEW // 2 if _ALL.search(words) else FEW) * share.place:
            enough = whole.at == nearest and found.verdict == "holds"
        if found.verdict != "fails" and enough:
            return found
    own = _FILLER.sub("", words)
    bare = not own or own in _TOTALS or (inherited is not None and alike(own, page.words(inherited)) >= HALF)
    if inherited is not None and inherited in candidates and bare:
        return misstated_beside(page, share, part, inherited)
    return misstated(page, share, part, candidates[0], words) if candidates else None


def _nearest(page: Page, part: Figure) -> int:
    """Where the figure stands that a share is of when no word says which: the larger one right before."""
    family = page.families[part.family]
    for figure in reversed(family[max(0, part.rank - 4) : part.rank]):
        if part.sentence - figure.sentence > 1:
            break
        if figure.value > part.value and not page.changes(figure) and figure.bracket == part.bracket:
            return figure.at
    return -1


def _wholes(
    page: Page, share: Figure, part: Figure, words: str, owner: Mapping[int, Figure], inherited: Figure | None
) -> tuple[int, list[Figure]]:
    """What the share may be of, the likeliest first, and how many of them the words name."""
    family = page.families[part.family]
    larger = [
        f
        for f in family[max(0, part.rank - REACH) : part.rank + 3]
        if f.value > 0 and f.value >= part.value and f.at != part.at and f.begin < share.begin
    ]
    later = [
        f
        for f in family[part.rank + 1 : part.rank + 4]
        if f.value > 0 and share.sentence < f.sentence <= share.sentence + 2
    ]
    larger += [f for f in later if len(words) > 1 and alike(words, page.words(f)) >= Decimal("0.6")]
    if not larger:
        return 0, []
    candidates: list[Figure] = []
    plain = 0
    if len(words) >= 2:
        liking = {f.at: alike(words, page.words(f)) for f in larger}
        named = sorted(larger, key=lambda f: (liking[f.at], exactly_printed(f), f.at), reverse=True)
        likely = [f for f in named if liking[f.at] >= HALF]
        candidates += likely[:2]
        plain = len(candidates)
    elif part.at in owner and owner[part.at].family == part.family and owner[part.at].value > 0:
        candidates.append(owner[part.at])
        plain = 1
    if inherited is not None and inherited.family == part.family and (not words or words in _TOTALS):
        candidates.append(inherited)
    before = [f for f in larger if f.begin < part.begin and not page.changes(f)]
    near = [f for f in before if f.sentence == part.sentence]
    most = [max(near, key=lambda f: f.value)] if near else []
    candidates += near[-1:] + most + before[-1:] + before[:1]
    return plain, list(dict.fromkeys(candidates))[:WHOLES]
