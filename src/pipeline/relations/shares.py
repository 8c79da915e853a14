"""Shares and rates: a percentage that one figure of the page is of another.

占全省的12.7%, 普高录取率60%, 完成年度计划18亿元的86.7%, 分别占总数的59.1%和48.7%. The words before a share
and its frame name its part and its whole; what they leave open, the place says: a bare 占 is of the
figure right before it, shares in a row are of the figures in a row, of the whole that the share before
them was of. The pairs of figures that these may be are weighed by `pairs`; where none holds, `share_checks`
says whether the words leave no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from math import prod
from typing import NamedTuple

from pipeline.relations.arithmetic import HUNDRED, Finding, share_of
from pipeline.relations.composition import runs
from pipeline.relations.cues import CUES, last_clause
from pipeline.relations.figures import HALF, PERCENT, Figure, Page, adds
from pipeline.relations.label_overlap import alike, shared
from pipeline.relations.operand_pairs import BESIDE, NAMED, around, believed
from pipeline.relations.share_checks import judged, of_others, of_the_named, of_them, rate_of_them
from pipeline.relations.totals import names

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


def shares(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every share whose part and whole the page states. known: what is found already."""
    explained = {found.total.at for found in known if found.relation in ("share", "growth")}
    owner = {part.at: f.total for f in reversed(known) if f.relation == "sum" for part in f.stated}
    row = {f.at: (n, percents) for percents in runs(page) for n, f in enumerate(percents)}
    broken = {figure.at for found in known if found.verdict == "fails" for figure in found.figures}
    wholes: dict[tuple[str, str], Figure] = {}
    found: list[Finding] = []
    left: list[Figure] = []
    for share in page.families.get(PERCENT, ()):
        position, percents = row.get(share.at, (0, (share,)))
        label = page.label(share)
        if position and not CUES.share.search(label):
            label = page.label(percents[0])
        if share.at in explained or share.value <= 0 or any(map(page.changes, (share, percents[0]))):
            continue
        if not CUES.share.search(label) and not CUES.share_of_figure.search(label):
            continue
        words = _words(share, label)
        one = _of_figure(page, share, owner)
        if one is None:
            parts = _parts(page, share, words, position, len(percents), owner)
            pairs = list(_pairs(page, share, words, parts, owner, wholes))
            one = believed(share, pairs)
            if one is None and len(percents) == 1:
                one = rate_of_them(page, share)
            one = one or of_the_named(page, share, words.whole, pairs, broken)
        if one is None:
            left.append(share)
        else:
            found.append(one)
            whole = one.stated[1]
            wholes[words.whole, whole.family] = wholes["", whole.family] = whole
    found += _together(page, left)
    yield from found
    yield from of_others(page, [*known, *found])


def _together(page: Page, shares: Sequence[Figure]) -> Iterator[Finding]:
    """131人获得金牌，有19个“05后”占比15%，有22个“00后”占比17%: each right after its part, all of one whole.

    What they are of may be counted in another word than the parts.
    """
    for _, group in groupby(shares, key=lambda share: share.sentence):
        row = [(f, page.figures[f.at - 1]) for f in group if f.at and page.tail(page.figures[f.at - 1])]
        row = [(f, part) for f, part in row if part.family.startswith("count ") and part.bracket == f.bracket]
        if len(row) < _FEWEST:
            continue
        parts = {part.at for _, part in row}
        near = [f for f in around(page, row[0][0]) if f.family.startswith("count ") and f.at not in parts]
        weight = prod(f.value / f.place for f, _ in row)
        for tried, whole in enumerate(near, 1):
            found = [share_of(f, part, whole, "shares of one whole") for f, part in row]
            if all(one.verdict == "holds" for one in found) and weight >= _TOGETHER * tried:
                yield from found
                break


def _words(share: Figure, label: str) -> _Words:
    rate, of = CUES.rate.search(label), CUES.share_of.search(label)
    said = share.mention.of or ""
    if of is None:
        stem = CUES.share_filler.sub("", rate["stem"]) if rate else ""
        return _Words(stem, CUES.share_filler.sub("", said), stem)
    part, whole = of["part"], of["whole"] or of["other"] or ("" if said.startswith("比") else said)
    among = None if of["whole"] else CUES.in_whole.fullmatch(part)
    if among:  # 在全行业收入中占比65%
        part, whole = "", among["whole"]
    return _Words(
        CUES.share_filler.sub("", part), CUES.total_suffix.sub("", CUES.share_filler.sub("", whole))
    )


def _of_figure(page: Page, share: Figure, owner: Mapping[int, Figure]) -> Finding | None:
    """完成投资15.6亿元，占年度计划18亿元的86.7%: the whole stands between 占 and the share."""
    if share.at < 2 or not CUES.share_of_figure.search(page.label(share)):
        return None
    whole, part = page.figures[share.at - 1], page.figures[share.at - 2]
    if whole.value <= 0:
        return None
    total = owner.get(part.at)
    if total and total.family == whole.family and share_of(share, part, whole, "").verdict == "fails":
        part = total  # 造林5.6万亩，其中人工3.2万亩、飞播2.4万亩，完成年度计划5万亩的112%
    label = page.label(whole)
    if whole.bracket not in (-1, share.bracket):  # 占汽车总产量（9万辆）的40%
        label = last_clause(page.text[part.stop : page.brackets[whole.bracket][0]])
    placed = CUES.whole_of_share.search(label) and part.sentence == share.sentence
    if not placed or part.family != whole.family or page.changes(part):
        return None
    return judged(share, part, whole, "share of the figure before")


def _parts(
    page: Page, share: Figure, words: _Words, position: int, count: int, owner: Mapping[int, Figure]
) -> list[tuple[int, Figure]]:
    """The figures that a share may be the part of, with how well each is said."""
    near = [f for f in around(page, share) if adds(f.family) and f.at < share.at]
    own = [f for f in near if f.sentence == share.sentence]
    if count > 1:
        listed_part = _in_row(own, position, count)
        if listed_part:
            return [(NAMED, listed_part)]
    counted = CUES.counted_name.search(words.part or words.whole)
    unit = (counted["unit"] or "人") if counted else ""
    beside = [f for f in own if f.bracket == share.bracket][:1] + own[:1] + own[-1:]
    found = []
    listed = [owner.get(f.at) for f in beside[:1]]  # 劳动人口10926人，其中城区9895人、乡村1031人，占28%
    for part in near:
        bare = not words.part and part in (*beside[:1], *listed)
        of_unit = unit and (part.mention.unit or "") in (unit, "名"[: unit == "人"]) and part in own
        named = bare or of_unit or _bears(page, part, words.part)
        found.append((NAMED if named else BESIDE * (part in beside), part))
    return found


def _in_row(near: Sequence[Figure], position: int, count: int) -> Figure | None:
    """The figure in a share's place of as many figures: 共39.1万起、亡645人，占总数的59.1%和48.7%."""
    group = near[:count]
    if any(left.at != right.at + 1 for left, right in pairwise(group)):
        group = [f for f in near if f.family == near[0].family][:count]
    return group[count - 1 - position] if len(group) == count else None


def _bears(page: Page, figure: Figure, name: str) -> bool:
    words = page.words(figure)
    return len(name) > 1 and (name[:2] in words or alike(name, words) >= _LIKE)


def _pairs(
    page: Page,
    share: Figure,
    words: _Words,
    parts: Sequence[tuple[int, Figure]],
    owner: Mapping[int, Figure],
    wholes: Mapping[tuple[str, str], Figure],
) -> Iterator[tuple[int, Finding]]:
    for fit, part in parts:
        tried: set[int] = {part.at}
        for how, whole in _wholes(page, share, words, part, owner, wholes):
            fits = (whole.value > part.value) == (share.value < HUNDRED)
            if fits and whole.at not in tried and whole.value not in (0, part.value):
                tried.add(whole.at)
                rule = "share, named" if fit + how >= 2 * NAMED else "share"
                yield fit + how, share_of(share, part, whole, rule)


def _wholes(
    page: Page,
    share: Figure,
    words: _Words,
    part: Figure,
    owner: Mapping[int, Figure],
    wholes: Mapping[tuple[str, str], Figure],
) -> Iterator[tuple[int, Figure]]:
    """The figures that a share may be of, with how well each is said, the best first."""
    family = page.families[part.family]
    before = reversed(family[max(0, part.rank - _REACH) : part.rank])
    near = [f for f in around(page, share) if f.family == part.family]
    fitting = [
        f
        for f in dict.fromkeys((*before, *near))
        if f.at != part.at and (f.value > part.value) == (share.value < HUNDRED) and not page.changes(f)
    ]
    for whole in fitting:
        if _is_named(page, whole, words, part) or of_them(page, share, part, whole):
            yield NAMED, whole
    said = "" if words.whole in _TOTALS else words.whole
    for figure in (owner.get(part.at), wholes.get((said, part.family))):
        if figure is not None and figure.family == part.family:
            yield NAMED, figure
    noun, called = part.mention.subject or "", names(page, part)
    likely = [f for f in fitting if f.begin < part.begin][:1] + [f for f in near if f in fitting][:1]
    likely += [f for f in fitting if len(noun) > 1 and noun in page.words(f)][:1]
    likely += [f for f in fitting if CUES.of_a_whole.search(page.label(f))][:1]
    alike_named = [f for f in fitting if called & names(page, f) and f.begin < part.begin]
    likely += alike_named[:1] + alike_named[-1:]
    yield from ((BESIDE, figure) for figure in likely)
    own = [f for f in fitting if f.sentence == part.sentence]
    yield from ((0, f) for f in (*sorted(own, key=lambda f: -f.value)[:1], *fitting[-2:], *near))
    whole = page.figures[part.at - 1]
    if words.rate and whole.family.startswith("count") and part.family.startswith("count"):
        yield BESIDE, whole  # 床位240张，入住老人186名，入住率77.5%


def _is_named(page: Page, whole: Figure, words: _Words, part: Figure) -> bool:
    """Whether a whole bears its name, the end of the rate's (贷款 of 不良贷款率) or its part's noun."""
    said, label = page.words(whole), page.label(whole)
    within = len(label) > 1 and label in words.whole  # 进口866亿元, of 外贸进口总值
    if within or (len(words.whole) > 1 and alike(words.whole, said) > HALF):
        return True
    if len(words.rate) > 3 and shared(words.rate[2:], said):
        return True
    one, other = part.mention.subject or "", whole.mention.subject or ""
    return not words.whole and len(one) > len(other) > 1 and one.endswith(other)
