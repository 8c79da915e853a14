"""Shares and rates: a percentage that one figure of the text is of another.

占全省的12.7%, 普高录取率60%, 完成年度计划18亿元的86.7%, 分别占总数的59.1%和48.7%. The words before a share
and its frame name its part and its whole; what they leave open, the place says: a bare 占 is of the
figure right before it, shares in a row are of the figures in a row, of the whole that the share before
them was of. The pairs of figures that these may be are weighed by `operand_pairs`; where none holds,
`share_checks` says whether the words leave no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from math import prod
from typing import NamedTuple

from pipeline.relations.arithmetic import HUNDRED, Equation, share_of
from pipeline.relations.figure_index import HALF, PERCENT, Figure, Index, is_additive
from pipeline.relations.label_overlap import bigram_overlap, share_bigram
from pipeline.relations.operand_pairs import BESIDE, NAMED, best_supported, levels_around
from pipeline.relations.relation_cues import CUES, last_clause
from pipeline.relations.shares.share_checks import (
    is_whole_right_before,
    judge_share,
    share_by_rate,
    share_of_named,
    shares_among_shares,
)
from pipeline.relations.sums.totals import track_names

_REACH = 40
"""Figures of its family before a part among which its whole is looked for."""
_LIKE = Decimal("0.6")
"""How much of its name a figure bears, at least, to be named by it."""

_FEWEST, _TOGETHER = 2, 1000
"""Shares that are of one whole, at least, and values that they could have had in print together."""

_TOTALS = frozenset(" 数 总人数 总人口 总户数 人数 人口 户数 全年 全部".split(" "))
"""Names of a whole that say no more than that it is one."""


class _Words(NamedTuple):
    """What the words of a share name: its part and its whole; of a rate, the end of what it is a rate of."""

    part: str
    whole: str
    rate: str = ""


def shares(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """Every share whose part and whole the text states. equations: those found so far."""
    results = {found.total.pos for found in equations if found.relation in ("share", "growth")}
    total_of = {part.pos: f.total for f in reversed(equations) if f.relation == "sum" for part in f.operands}
    row = {f.pos: (n, percents) for percents in index.percent_rows for n, f in enumerate(percents)}
    broken = {figure.pos for found in equations if found.verdict == "fails" for figure in found.figures}
    wholes: dict[tuple[str, str], Figure] = {}
    found: list[Equation] = []
    left: list[Figure] = []
    for share in index.families.get(PERCENT, ()):
        position, percents = row.get(share.pos, (0, [share]))
        label = index.label(share)
        if position and not CUES.share.search(label):
            label = index.label(percents[0])
        if share.pos in results or share.value <= 0 or any(map(index.is_change, (share, percents[0]))):
            continue
        if not CUES.share.search(label) and not CUES.share_of_figure.search(label):
            continue
        words = _words(share, label)
        one = _of_figure(index, share, total_of)
        if one is None:
            parts = _parts(index, share, words, position, len(percents), total_of)
            pairs = list(_pairs(index, share, words, parts, total_of, wholes))
            one = best_supported(share, pairs)
            if one is None and len(percents) == 1:
                one = share_by_rate(index, share)
            one = one or share_of_named(index, share, words.whole, pairs, broken)
        if one is None:
            left.append(share)
        else:
            found.append(one)
            whole = one.operands[1]
            wholes[words.whole, whole.family] = wholes["", whole.family] = whole
    found += _together(index, left)
    yield from found
    yield from shares_among_shares(index, [*equations, *found])


def _together(index: Index, shares: Sequence[Figure]) -> Iterator[Equation]:
    """131人获得金牌，有19个“05后”占比15%，有22个“00后”占比17%: each right after its part, all of one whole.

    What they are of may be counted in another word than the parts.
    """
    for _, group in groupby(shares, key=lambda share: share.sentence):
        row = [
            (f, part)
            for f in group
            if (part := index.previous(f)) and part.family.startswith("count ")
            if part.bracket == f.bracket and index.text_after(part)
        ]
        if len(row) < _FEWEST:
            continue
        parts = {part.pos for _, part in row}
        near = [
            f for f in levels_around(index, row[0][0]) if f.family.startswith("count ") and f.pos not in parts
        ]
        weight = prod(f.value / f.place for f, _ in row)
        for tried, whole in enumerate(near, 1):
            found = [share_of(f, part, whole, "shares of one whole") for f, part in row]
            if all(one.verdict == "holds" for one in found) and weight >= _TOGETHER * tried:
                yield from found
                break


def _words(share: Figure, label: str) -> _Words:
    rate, of = CUES.rate.search(label), CUES.share_of.search(label)
    framed = share.mention.of or ""
    if of is None:
        stem = CUES.share_filler.sub("", rate["stem"]) if rate else ""
        return _Words(stem, CUES.share_filler.sub("", framed), stem)
    part, whole = of["part"], of["whole"] or of["other"] or ("" if framed.startswith("比") else framed)
    among = None if of["whole"] else CUES.in_whole.fullmatch(part)
    if among:  # 在全行业收入中占比65%
        part, whole = "", among["whole"]
    return _Words(
        CUES.share_filler.sub("", part), CUES.total_suffix.sub("", CUES.share_filler.sub("", whole))
    )


def _of_figure(index: Index, share: Figure, total_of: Mapping[int, Figure]) -> Equation | None:
    """完成投资15.6亿元，占年度计划18亿元的86.7%: the whole stands between 占 and the share."""
    if share.pos < 2 or not CUES.share_of_figure.search(index.label(share)):
        return None
    whole, part = index.figures[share.pos - 1], index.figures[share.pos - 2]
    if whole.value <= 0:
        return None
    total = total_of.get(part.pos)
    if total and total.family == whole.family and share_of(share, part, whole, "").verdict == "fails":
        part = total  # 造林5.6万亩，其中人工3.2万亩、飞播2.4万亩，完成年度计划5万亩的112%
    label = index.label(whole)
    if whole.bracket not in (-1, share.bracket):  # 占汽车总产量（9万辆）的40%
        label = last_clause(index.text[part.stop : index.brackets[whole.bracket][0]])
    placed = CUES.whole_of_share.search(label) and part.sentence == share.sentence
    if not placed or part.family != whole.family or index.is_change(part):
        return None
    return judge_share(share, part, whole, "share of the figure before")


def _parts(
    index: Index,
    share: Figure,
    words: _Words,
    position: int,
    count: int,
    total_of: Mapping[int, Figure],
) -> list[tuple[int, Figure]]:
    """The figures that a share may be the part of, each with its score."""
    near = [f for f in levels_around(index, share) if is_additive(f.family) and f.pos < share.pos]
    in_sentence = [f for f in near if f.sentence == share.sentence]
    if count > 1:
        listed_part = _in_row(in_sentence, position, count)
        if listed_part:
            return [(NAMED, listed_part)]
    counted = CUES.counted_name.search(words.part or words.whole)
    unit = (counted["unit"] or "人") if counted else ""
    beside = [f for f in in_sentence if f.bracket == share.bracket][:1] + in_sentence[:1] + in_sentence[-1:]
    found = []
    listed = [total_of.get(f.pos) for f in beside[:1]]  # 劳动人口10926人，其中城区9895人、乡村1031人，占28%
    for part in near:
        bare = not words.part and part in (*beside[:1], *listed)
        of_unit = unit and (part.mention.unit or "") in (unit, "名"[: unit == "人"]) and part in in_sentence
        named = bare or of_unit or _bears(index, part, words.part)
        found.append((NAMED if named else BESIDE * (part in beside), part))
    return found


def _in_row(near: Sequence[Figure], position: int, count: int) -> Figure | None:
    """The figure in a share's place of as many figures: 共39.1万起、亡645人，占总数的59.1%和48.7%."""
    group = near[:count]
    if any(left.pos != right.pos + 1 for left, right in pairwise(group)):
        group = [f for f in near if f.family == near[0].family][:count]
    return group[count - 1 - position] if len(group) == count else None


def _bears(index: Index, figure: Figure, name: str) -> bool:
    words = index.words(figure)
    return len(name) > 1 and (name[:2] in words or bigram_overlap(name, words) >= _LIKE)


def _pairs(
    index: Index,
    share: Figure,
    words: _Words,
    parts: Sequence[tuple[int, Figure]],
    total_of: Mapping[int, Figure],
    wholes: Mapping[tuple[str, str], Figure],
) -> Iterator[tuple[int, Equation]]:
    for fit, part in parts:
        tried: set[int] = {part.pos}
        for how, whole in _wholes(index, share, words, part, total_of, wholes):
            fits = (whole.value > part.value) == (share.value < HUNDRED)
            if fits and whole.pos not in tried and whole.value not in (0, part.value):
                tried.add(whole.pos)
                rule = "share, named" if fit + how >= 2 * NAMED else "share"
                yield fit + how, share_of(share, part, whole, rule)


def _wholes(
    index: Index,
    share: Figure,
    words: _Words,
    part: Figure,
    total_of: Mapping[int, Figure],
    wholes: Mapping[tuple[str, str], Figure],
) -> Iterator[tuple[int, Figure]]:
    """The figures that a share may be of, each with its score, the best first."""
    before = reversed(index.family_before(part, _REACH))
    near = [f for f in levels_around(index, share) if f.family == part.family]
    fitting = [
        f
        for f in dict.fromkeys((*before, *near))
        if f.pos != part.pos and (f.value > part.value) == (share.value < HUNDRED) and not index.is_change(f)
    ]
    for whole in fitting:
        if _is_named(index, whole, words, part) or is_whole_right_before(index, share, part, whole):
            yield NAMED, whole
    name = "" if words.whole in _TOTALS else words.whole
    for figure in (total_of.get(part.pos), wholes.get((name, part.family))):
        if figure is not None and figure.family == part.family:
            yield NAMED, figure
    noun, names = part.mention.subject or "", track_names(index, part)
    likely = [f for f in fitting if f.begin < part.begin][:1] + [f for f in near if f in fitting][:1]
    likely += [f for f in fitting if len(noun) > 1 and noun in index.words(f)][:1]
    likely += [f for f in fitting if CUES.of_a_whole.search(index.label(f))][:1]
    alike_named = [f for f in fitting if names & track_names(index, f) and f.begin < part.begin]
    likely += alike_named[:1] + alike_named[-1:]
    yield from ((BESIDE, figure) for figure in likely)
    in_sentence = [f for f in fitting if f.sentence == part.sentence]
    yield from ((0, f) for f in (*sorted(in_sentence, key=lambda f: -f.value)[:1], *fitting[-2:], *near))
    previous = index.previous(part)
    if words.rate and previous and previous.family[:5] == part.family[:5] == "count":
        yield BESIDE, previous  # 床位240张，入住老人186名，入住率77.5%


def _is_named(index: Index, whole: Figure, words: _Words, part: Figure) -> bool:
    """Whether a whole bears its name, the end of the rate's (贷款 of 不良贷款率) or its part's noun."""
    words_of_whole, label = index.words(whole), index.label(whole)
    within = len(label) > 1 and label in words.whole  # 进口866亿元, of 外贸进口总值
    if within or (len(words.whole) > 1 and bigram_overlap(words.whole, words_of_whole) > HALF):
        return True
    if len(words.rate) > 3 and share_bigram(words.rate[2:], words_of_whole):
        return True
    one, other = part.mention.subject or "", whole.mention.subject or ""
    return not words.whole and len(one) > len(other) > 1 and one.endswith(other)
