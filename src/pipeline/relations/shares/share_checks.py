"""Misprints in shares: where the words leave no other part and whole than the two that a share is not of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from pipeline.relations.arithmetic import Equation, accused, allowed_by_ranges, share_of, within_qualifier
from pipeline.relations.figure_index import HALF, PERCENT, Figure, Index, is_additive
from pipeline.relations.label_overlap import bigram_overlap
from pipeline.relations.relation_cues import CUES

_NAMED, _LITTLE, _BESIDE = 4, 10, 5
"""How well part and whole are said that a share is judged by; it is off by a tenth of it at most, unless they
stand among the figures right before it."""
_AGREE = 2
"""Shares of one sentence that must be of one whole for another one to be judged by it."""


def judge_share(share: Figure, part: Figure, whole: Figure, rule: str) -> Equation | None:
    """The share of two figures that the words tie to it, whatever it comes to."""
    found = share_of(share, part, whole, rule)
    if found.verdict != "fails":
        return found
    if within_qualifier(share, found.computed):
        return found._replace(verdict="holds")
    if part.value == whole.value or allowed_by_ranges(share.value, part, whole):
        return None
    if share.value * 2 < found.computed or found.computed * 2 < share.value:
        return None
    return accused(found)


def share_of_named(
    index: Index, share: Figure, name: str, pairs: Sequence[tuple[int, Equation]], broken: Set[int]
) -> Equation | None:
    """全村总收入1177万元，…种植收入743万元，占总收入的62%: a share of the one pair that its words name.

    name: of the whole, by the words of the share; pairs: all that it may be made of, with their scores;
    broken: the figures of what fails already.
    """
    named = [found for fit, found in pairs if fit >= _NAMED]
    if len(named) != 1 or any(found.verdict != "fails" for _, found in pairs):
        return None
    part, whole = named[0].operands
    near = whole.pos < share.pos and abs(named[0].computed - share.value) * _LITTLE <= share.value
    beside = whole.sentence == share.sentence and 0 < share.pos - whole.pos <= _BESIDE
    if (
        part.sentence != share.sentence
        or not (near or beside)
        or not broken.isdisjoint((part.pos, whole.pos))
    ):
        return None
    label = index.label(share)
    if part.pos != share.pos - 1 and not label.startswith(CUES.nested.sub("", index.label(part)) + "占"):
        return None
    is_named = (
        bigram_overlap(name, index.words(whole)) > HALF
        or CUES.share_of_total.search(label)
        or is_whole_right_before(index, share, part, whole)
    )
    return judge_share(share, part, whole, "share of the named") if is_named else None


def is_whole_right_before(index: Index, share: Figure, part: Figure, whole: Figure) -> bool:
    """3806名受访者中，811人…，占16.2%; 512户2047人，…301人，占全村人口的17.4%: the whole is right before."""
    region = CUES.region.search(index.label(share))
    if region:
        return region[0] in index.words(whole)
    beside = (
        whole.pos == part.pos - 1 and part.pos == share.pos - 1 and CUES.bare_share.search(index.label(share))
    )
    return bool(beside and CUES.of_them.search(index.gap(whole, part)))


def shares_among_shares(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """公开258件，占33.9%；不予公开35件，占4.3%；无法提供265件，占32.9%: the others tell the whole."""
    results = {found.total.pos for found in equations if found.relation in ("share", "growth")}
    wholes: dict[int, Counter[int]] = {}
    parts: dict[int, Figure] = {}
    labels: set[tuple[int, str]] = set()
    for found in equations:
        if found.relation == "share" and found.verdict != "fails":
            wholes.setdefault(found.total.sentence, Counter())[found.operands[1].pos] += 1
            parts[found.total.pos] = found.operands[0]
            labels.add((found.operands[1].pos, index.label(found.total)))
    for share in index.families.get(PERCENT, ()):
        label, common = index.label(share), wholes.get(share.sentence)
        at, count = common.most_common(1)[0] if common else (-1, 0)
        enough = count >= _AGREE - (CUES.share_of_total.search(label) is not None)
        if not enough or share.pos in results or index.is_change(share) or CUES.some_else.search(label):
            continue
        part, whole = _listed_part(index, share, parts, (at, label) in labels), index.figures[at]
        if part is None or part.pos == at or part.family != whole.family or index.opens_sublist(part):
            continue
        one = judge_share(share, part, whole, "share among shares")
        if one:
            yield one


def _listed_part(index: Index, share: Figure, parts: Mapping[int, Figure], same_label: bool) -> Figure | None:
    """The part right before a bare 占, or one in the others' words, or that in its place of a list."""
    before, following = index.previous(share), parts.get(share.pos + 1)
    if (
        before
        and (
            same_label
            or CUES.bare_share.search(index.label(share))
            or CUES.share_of_total.search(index.label(share))
        )
        and is_additive(before.family)
    ):
        return before
    if following and index.label(index.figures[share.pos + 1]) == "" and following.rank:
        return index.families[following.family][following.rank - 1]
    return None


def share_by_rate(index: Index, share: Figure) -> Equation | None:
    """交办问题125个，已整改117个，整改率达到96.3%: whole and part right before, the part of the name."""
    match = CUES.rate_of_done.search(index.label(share))
    if match is None or share.pos < 2:
        return None
    whole, part = index.figures[share.pos - 2], index.figures[share.pos - 1]
    if part.family != whole.family or not is_additive(part.family) or whole.value <= 0:
        return None
    if any(map(index.is_change, (part, whole))) or part.sentence != share.sentence:
        return None
    denied = not match["plan"] and "不" + match["stem"][-2:] in index.label(part)
    if denied and part.value < whole.value and CUES.total.search(index.label(whole)):
        rest = part._replace(value=whole.value - part.value)  # 抽检700批次，不合格12批次，合格率98.3%
        return judge_share(share, rest, whole, "rate of the rest")
    if whole.sentence != share.sentence:
        return None
    if match["plan"]:
        named = match["plan"] in index.label(whole) and match["plan"] not in index.label(part)
    else:
        named = part.value <= whole.value and _done(match["stem"], index.label(part), index.words(whole))
    found = judge_share(share, part, whole, "rate of them") if named else None
    loose = found and found.verdict == "fails" and index.opens_sublist(whole)
    return None if loose else found


def _done(stem: str, label: str, whole: str) -> bool:
    """Whether a part bears the rate's name and its whole's noun at most: 审结, 亏损企业 of 亏损面."""
    rest = CUES.done_filler.sub("", label).translate({ord(character): None for character in stem})
    return any(character in label for character in stem) and (not rest or (stem in label and rest in whole))
