"""Misprints in shares: where the words leave no other part and whole than the two that a share is not of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from pipeline.relations.arithmetic import (
    Finding,
    accused,
    allows,
    meant,
    share_of,
)
from pipeline.relations.cues import CUES
from pipeline.relations.figures import HALF, PERCENT, Figure, Page, adds
from pipeline.relations.label_overlap import alike

_NAMED, _LITTLE, _BESIDE = 4, 10, 5
"""How well part and whole are said that a share is judged by; it is off by a tenth of it at most, unless they
stand among the figures right before it."""
_AGREE = 2
"""Shares of one sentence that must be of one whole for another one to be judged by it."""


def judged(share: Figure, part: Figure, whole: Figure, rule: str) -> Finding | None:
    """The share of two figures that the words tie to it, whatever it comes to."""
    found = share_of(share, part, whole, rule)
    if found.verdict != "fails":
        return found
    if meant(share, found.computed):
        return found._replace(verdict="holds")
    if part.value == whole.value or allows(share.value, part, whole):
        return None
    if share.value * 2 < found.computed or found.computed * 2 < share.value:
        return None
    return accused(found)


def of_the_named(
    page: Page, share: Figure, name: str, pairs: Sequence[tuple[int, Finding]], broken: Set[int]
) -> Finding | None:
    """全村总收入1177万元，…种植收入743万元，占总收入的62%: a share of the one pair that its words name.

    name: what the share is said to be of; pairs: all that it may be made of, with how well each is said;
    broken: the figures of what fails already.
    """
    named = [found for fit, found in pairs if fit >= _NAMED]
    if len(named) != 1 or any(found.verdict != "fails" for _, found in pairs):
        return None
    part, whole = named[0].stated
    near = whole.at < share.at and abs(named[0].computed - share.value) * _LITTLE <= share.value
    beside = whole.sentence == share.sentence and 0 < share.at - whole.at <= _BESIDE
    if part.sentence != share.sentence or not (near or beside) or not broken.isdisjoint((part.at, whole.at)):
        return None
    label = page.label(share)
    if part.at != share.at - 1 and not label.startswith(CUES.nested.sub("", page.label(part)) + "占"):
        return None
    said = (
        alike(name, page.words(whole)) > HALF
        or CUES.share_of_total.search(label)
        or of_them(page, share, part, whole)
    )
    return judged(share, part, whole, "share of the named") if said else None


def of_them(page: Page, share: Figure, part: Figure, whole: Figure) -> bool:
    """3806名受访者中，811人…，占16.2%; 512户2047人，…301人，占全村人口的17.4%: the whole is right before."""
    region = CUES.region.search(page.label(share))
    if region:
        return region[0] in page.words(whole)
    beside = whole.at == part.at - 1 and part.at == share.at - 1 and CUES.bare_share.search(page.label(share))
    return bool(beside and CUES.of_them.search(page.gap(whole, part)))


def of_others(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
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
        enough = count >= _AGREE - (CUES.share_of_total.search(label) is not None)
        if not enough or share.at in explained or page.changes(share) or CUES.some_else.search(label):
            continue
        part, whole = _listed_part(page, share, parts, (at, label) in labels), page.figures[at]
        if part is None or part.at == at or part.family != whole.family or page.nests(part):
            continue
        one = judged(share, part, whole, "share among shares")
        if one:
            yield one


def _listed_part(page: Page, share: Figure, parts: Mapping[int, Figure], alike: bool) -> Figure | None:
    """The part right before a bare 占, or one in the others' words, or that in its place of a list."""
    before, following = page.figures[share.at - 1], parts.get(share.at + 1)
    if (
        alike or CUES.bare_share.search(page.label(share)) or CUES.share_of_total.search(page.label(share))
    ) and adds(before.family):
        return before
    if following and page.label(page.figures[share.at + 1]) == "" and following.rank:
        return page.families[following.family][following.rank - 1]
    return None


def rate_of_them(page: Page, share: Figure) -> Finding | None:
    """交办问题125个，已整改117个，整改率达到96.3%: whole and part right before, the part of the name."""
    match = CUES.rate_of_done.search(page.label(share))
    if match is None or share.at < 2:
        return None
    whole, part = page.figures[share.at - 2], page.figures[share.at - 1]
    if part.family != whole.family or not adds(part.family) or whole.value <= 0:
        return None
    if any(map(page.changes, (part, whole))) or part.sentence != share.sentence:
        return None
    denied = not match["plan"] and "不" + match["stem"][-2:] in page.label(part)
    if denied and part.value < whole.value and CUES.total.search(page.label(whole)):
        rest = part._replace(value=whole.value - part.value)  # 抽检700批次，不合格12批次，合格率98.3%
        return judged(share, rest, whole, "rate of the rest")
    if whole.sentence != share.sentence:
        return None
    if match["plan"]:
        named = match["plan"] in page.label(whole) and match["plan"] not in page.label(part)
    else:
        named = part.value <= whole.value and _done(match["stem"], page.label(part), page.words(whole))
    found = judged(share, part, whole, "rate of them") if named else None
    loose = found and found.verdict == "fails" and page.nests(whole)
    return None if loose else found


def _done(stem: str, label: str, whole: str) -> bool:
    """Whether a part bears the rate's name and its whole's noun at most: 审结, 亏损企业 of 亏损面."""
    rest = CUES.done_filler.sub("", label).translate({ord(character): None for character in stem})
    return any(character in label for character in stem) and (not rest or (stem in label and rest in whole))
