"""Misstated shares: where the words leave no other part and whole than the two that a share is not of."""

from __future__ import annotations

import re
from itertools import permutations

from pipeline.relations import cues
from pipeline.relations.arithmetic import (
    HUNDRED,
    Finding,
    accusation,
    allows,
    meant,
    share_of,
)
from pipeline.relations.figures import HALF, Figure, Page, adds
from pipeline.relations.names import alike

_BARE_SHARE = cues.cue(
    r"^(?:约|共|均|仅|已|大约|分别)?(?:占|所占|比例|比重|[^，]{1,3}率)", "占比为", "优良水质面积比例"
)
"""The label of a share that names no part of its own."""
_OF_THEM = re.compile(r"中|里|其中")
_REGION = cues.cue(r"全[市县区省国镇乡村校州旗院局厂]", "占全村人口", "占总人口")


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
    verdict = accusation(share, (part, whole), abs(share.value - found.computed))
    return found._replace(verdict=verdict, whole=verdict == "fails") if verdict else None


def misstated(page: Page, share: Figure, part: Figure, whole: Figure, words: str) -> Finding | None:
    """A share that is off, where part and whole stand right before it: 3806人中，811人…，占16.2%."""
    if whole.sentence != share.sentence or whole.at >= part.at:
        return None
    if part.at != share.at - 1 and not _named_part(page, share, part, whole):
        return None
    between = page.figures[whole.at + 1 : part.at]
    label, named = page.label(share), alike(words, page.words(whole)) >= HALF
    joined = bool(between) and all(f.family != part.family and not page.changes(f) for f in between)
    region = _REGION.search(words)
    own = bool(region) and region[0] in page.words(whole)  # type: ignore[index]
    if between and not (joined and own):
        return None
    of_them = _OF_THEM.search(page.gap(whole, part)) or "率" in label or own or (named and len(words) > 2)
    other = cues.SOME_ELSE.search(label) or len(words) > 1
    if (
        not of_them
        or (other and not own and not named)
        or not _BARE_SHARE.search(label.removeprefix(page.label(part)))
    ):
        return None
    return judged(share, part, whole, "share of them")


def _named_part(page: Page, share: Figure, part: Figure, whole: Figure) -> bool:
    """男生占全校学生的52%: the share names its part as the text did."""
    label = cues.NESTED.sub("", page.label(part))
    return len(label) > 1 and page.label(share).startswith(label + "占") and whole.at == part.at - 1


def misstated_beside(page: Page, share: Figure, part: Figure, whole: Figure) -> Finding | None:
    """女性占总数的60.0%；党员1876人，占总数的38.0%: its whole is the one that the share before is of."""
    if part.at != share.at - 1 or not _BARE_SHARE.search(page.label(share)) or made_otherwise(page, share):
        return None
    return judged(share, part, whole, "share of them")


def made_otherwise(page: Page, share: Figure) -> bool:
    """Whether two figures near a share make it, or what is missing from 100% of it."""
    near = [f for f in page.near(share, 10) if adds(f.family) and f.value > 0]
    rest = share._replace(value=HUNDRED - share.value)
    pairs = [(a, b) for a, b in permutations(near, 2) if a.family == b.family]
    return any(share_of(one, a, b, "").verdict != "fails" for a, b in pairs for one in (share, rest))
