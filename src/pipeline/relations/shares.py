"""Shares: 占X的N%, with the part and the whole that stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.relations import cues
from pipeline.relations.arithmetic import HUNDRED, Finding, percent_range, percent_verdict
from pipeline.relations.figures import ZERO, Figure, Page, adds

PERCENT = "percent %"
REACH = 40
"""Figures before a share among which its part and whole are looked for."""
LISTED = 32
"""Shares that are added up to 100%, at most."""
WHOLES = 4
"""Wholes that a share is tried with."""
TELLING = 100
"""A share with fewer places than this is believed only where its whole is plain."""

_SHARE = re.compile(
    r"(?P<part>[^，,；;。]*?)(?:分别)?(?:约|共|均|各|仅|已|总共)?占(?:到|了|据|全部)?(?P<whole>[^，,；;。]*?)"
    r"(?:的)?(?:比重|比例|份额|比率|占比)?[^，,；;。\d]{0,4}$"
)
_PART_OF = re.compile(r"(?P<part>[^，,；;。]*?)(?:所)?(?:占比|比重|比例)(?P<whole>)[^，,；;。\d]{0,6}$")
_RATE = re.compile(r"(?P<part>[^，,；;。]{2,12}?)率(?P<whole>)(?:为|是|达到|达|约|仅)*$")
_OF_THEM = re.compile(r"中|里|其中")
_FILLER = re.compile(r"[的了为达到约其中全共总计实现完成本\s]")


def shares(page: Page, sums: Sequence[Finding]) -> Iterator[Finding]:
    """Every share whose part and whole the page states."""
    owner = {part.at: found.total for found in reversed(sums) for part in found.stated}
    lists = list(_lists(page))
    for percents in lists:
        yield from _in_order(page, percents, sums)
    together = {f.at: (n, percents) for percents in lists for n, f in enumerate(percents)}
    whole_before: tuple[int, Figure] | None = None
    for share in page.families.get(PERCENT, ()):
        label = page.label(share)
        position, percents = together.get(share.at, (0, (share,)))
        if position and "占" not in label and "比重" not in label:
            label = page.label(percents[0])
        match = _SHARE.search(label) if "占" in label else None
        match = match or (_PART_OF.search(label) if "比" in label else None)
        rate = None if match else _RATE.search(label)
        match = match or rate
        if match is None or cues.CHANGE.search(label):
            continue
        part = _part(page, share, match["part"], position, len(percents))
        if part is None:
            continue
        inherited = whole_before[1] if whole_before and whole_before[0] == share.sentence else None
        if rate and (part.at != share.at - 1 or not page.label(part).endswith(rate["part"].strip())):
            continue
        found = _share(page, share, part, match["whole"], owner, inherited)
        if found:
            whole_before = share.sentence, found.stated[1]
            yield found


def _lists(page: Page) -> Iterator[tuple[Figure, ...]]:
    """Runs of percentages with nothing but a separator between them: 13.2%和11.2%, 25.7:26.8:47.5."""
    run: list[Figure] = []
    for left, right in pairwise(page.families.get(PERCENT, ())):
        run = run or [left]
        if (
            right.at == left.at + 1
            and len(page.gap(left, right).strip()) <= 1
            and right.begin - left.stop <= 3
        ):
            run.append(right)
        else:
            if len(run) > 1:
                yield tuple(run)
            run = []
    if len(run) > 1:
        yield tuple(run)


def _in_order(page: Page, percents: Sequence[Figure], sums: Sequence[Finding]) -> Iterator[Finding]:
    """A ratio of all parts, 25.7:26.8:47.5: it adds up to 100, and each is the share of a part of one sum."""
    if page.gap(percents[0], percents[1]).strip() not in (":", "：", "∶"):
        return
    whole = sum((p.value for p in percents), ZERO)
    if abs(whole - HUNDRED) <= sum((p.slack for p in percents), ZERO):
        yield _all_shares(percents, whole)
    for found in reversed(sums):
        if len(found.stated) == len(percents) and found.total.begin < percents[0].begin:
            each = [
                _verified(p, part, found.total, "ratio of all parts")
                for p, part in zip(percents, found.stated, strict=True)
            ]
            if all(one.verdict != "fails" for one in each):
                yield from each
                return


def _all_shares(percents: Sequence[Figure], whole: Decimal) -> Finding:
    verdict = "holds" if whole == HUNDRED else "rounding"
    values = tuple(p.value for p in percents)
    return Finding(
        "sum", values, tuple(percents), percents[-1], whole, verdict, "shares of all", True, HUNDRED
    )


def shares_of_all(page: Page) -> Iterator[Finding]:
    """Shares named one after the other in a sentence that come to 100%."""
    run: list[Figure] = []
    for share in page.families.get(PERCENT, ()):
        label = page.label(share)
        if ("占" not in label and "比重" not in label) or cues.CHANGE.search(label):
            continue
        if len(run) == LISTED:
            run = []
        if run and (run[-1].sentence != share.sentence or cues.NESTED.search(page.lead(share))):
            run = []
        run.append(share)
        whole = sum((p.value for p in run), ZERO)
        if (
            len(run) > 1
            and abs(whole - HUNDRED) <= sum((p.slack for p in run), ZERO)
            and max(p.place for p in run) < 1
        ):
            yield _all_shares(run, whole)
            run = []


def _part(page: Page, share: Figure, words: str, position: int, count: int) -> Figure | None:
    """The figure whose share is stated: the one the clause names, or the nearest before it."""
    words = _FILLER.sub("", words)
    earlier = page.figures[max(0, share.at - REACH) : share.at]
    amounts = [f for f in earlier if adds(f.family) and not page.changes(f)]
    if count > 1 and not words:
        near = [f for f in amounts if f.sentence == share.sentence]
        group = [f for f in near if near and f.family == near[-1].family][-count:]
        return group[position] if len(group) == count else None
    if len(words) >= 2:
        best = max(
            amounts,
            key=lambda f: (_alike(words, _words(page, f)), _opens(page, f, words), f.at),
            default=None,
        )
        if best is not None and _alike(words, _words(page, best)) >= Decimal("0.6"):
            return best
        return None
    near = [f for f in amounts if f.sentence == share.sentence]
    return near[-1] if near else None


def _opens(page: Page, figure: Figure, words: str) -> bool:
    """Whether a figure's label begins with these words (税收, not 非税收入)."""
    return _FILLER.sub("", page.label(figure)).startswith(words)


def _words(page: Page, figure: Figure) -> str:
    return f"{page.label(figure)}{figure.mention.subject or ''}{page.tail(figure)}"


def _alike(words: str, others: str) -> Decimal:
    """How many of the pairs of characters in `words` stand in `others` too, from 0 to 1."""
    pairs = [a + b for a, b in pairwise(words)]
    return Decimal(sum(pair in others for pair in pairs)) / len(pairs) if pairs else ZERO


def _share(
    page: Page, share: Figure, part: Figure, words: str, owner: Mapping[int, Figure], inherited: Figure | None
) -> Finding | None:
    plain, candidates = _wholes(page, share, part, _FILLER.sub("", words), owner, inherited)
    for n, whole in enumerate(candidates):
        found = _verified(share, part, whole, "share")
        if found.verdict != "fails" and (share.value / share.place >= TELLING or (plain and not n)):
            return found
    return _accused(page, share, part, candidates[0]) if candidates else None


def _wholes(
    page: Page, share: Figure, part: Figure, words: str, owner: Mapping[int, Figure], inherited: Figure | None
) -> tuple[bool, list[Figure]]:
    """What the share may be of, the likeliest first, and whether that one is plain."""
    family = page.families[part.family]
    larger = [
        f
        for f in family[max(0, part.rank - REACH) : part.rank + 3]
        if f.value > 0 and f.value >= part.value and f.at != part.at and f.begin < share.begin
    ]
    if not larger:
        return False, []
    candidates: list[Figure] = []
    plain = False
    if len(words) >= 2:
        named = sorted(larger, key=lambda f: (_alike(words, _words(page, f)), f.at), reverse=True)
        alike = [f for f in named if _alike(words, _words(page, f)) >= Decimal("0.5")]
        candidates += alike[:2]
        plain = bool(alike)
    elif part.at in owner and owner[part.at].family == part.family:
        candidates.append(owner[part.at])
        plain = True
    if inherited is not None and inherited.family == part.family and not words:
        candidates.append(inherited)
    before = [f for f in larger if f.begin < part.begin and not page.changes(f)]
    near = [f for f in before if f.sentence == part.sentence]
    candidates += near[-1:] + before[-1:] + before[:1]
    return plain, list(dict.fromkeys(candidates))[:WHOLES]


def _accused(page: Page, share: Figure, part: Figure, whole: Figure) -> Finding | None:
    """A share that is off, where part and whole stand right before it: 3806人中，811人…，占16.2%."""
    if part.at != share.at - 1 or whole.at != part.at - 1 or whole.sentence != share.sentence:
        return None
    of_them = _OF_THEM.search(page.gap(whole, part)) or "率" in page.label(share)
    if not of_them or cues.SOME_ELSE.search(page.label(share)):
        return None
    if any(figure.mention.qualifier != "exact" for figure in (share, part, whole)):
        return None
    found = _verified(share, part, whole, "share of them")
    if share.value * 2 < found.computed or found.computed * 2 < share.value:
        return None
    return found._replace(whole=True)


def _verified(share: Figure, part: Figure, whole: Figure, rule: str) -> Finding:
    computed, low, high = percent_range(part, whole)
    verdict = percent_verdict(share, computed, low, high)
    return Finding("share", (part.value, whole.value), (part, whole), share, computed, verdict, rule, False)
