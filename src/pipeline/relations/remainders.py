"""Remainders: what is left of a figure, or lacks to another, said apart from the two.

失联315人。50人已逃脱，失联人数减至265人; 赤字984.7亿元，其中支出2615.4亿元，收入1630.7亿元; a gap.
Found only where the difference is exact to three digits: the words do not say which two.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.relations import cues
from pipeline.relations.arithmetic import Finding
from pipeline.relations.differences import subtracted
from pipeline.relations.figures import Figure, Page, adds

_DIGITS = 100
"""Values that the result could have had in print, at least."""
_SENTENCES = 1
"""Sentences before the result's in which the two may stand."""

_LEFT = cues.cue(r"(?:减|降|缩减|减少|下降)(?:至|到|为)[^，。；\d]{0,6}$", "失联人数减至", "减少")
"""Before what is left."""
_THEREFORE = cues.cue(r"(?:因此|因而|这样|故)[^，。；\d]{0,20}$", "因此总人数为", "因工伤")
_GAP = cues.cue(r"^的?(?:供给|资金|用地|学位)?(?:缺口|差距|差额)", "的缺口", "的供给")
"""After what lacks."""
_BALANCE = cues.cue(r"赤字|逆差|顺差|盈余|结余", "预算赤字", "预算支出")
_PAIRS = (
    (cues.cue(r"支出", "财政支出", "财政收入"), cues.cue(r"收入", "财政收入", "财政支出")),
    (cues.cue(r"出口", "出口", "进口"), cues.cue(r"进口", "进口", "出口")),
)
"""What a balance is made of."""


def remainders(page: Page) -> Iterator[Finding]:
    """Every difference whose result stands apart from its two figures."""
    for figure in page.figures:
        if not adds(figure.family) or figure.value < _DIGITS * figure.place:
            continue
        label = page.label(figure)
        if _BALANCE.search(label):
            found = _balance(page, figure)
        elif _LEFT.search(label) or _THEREFORE.search(label):
            found = _left(page, figure, "what is left")
        elif _GAP.search(page.tail(figure)):
            found = _left(page, figure, "the gap between")
        else:
            continue
        if found:
            yield found


def _left(page: Page, figure: Figure, rule: str) -> Finding | None:
    """The two figures of its kind before it, where they differ by it."""
    before = page.families[figure.family][max(0, figure.rank - 2) : figure.rank]
    if len(before) < 2 or figure.sentence - before[0].sentence > 1 + _SENTENCES:
        return None
    upper, lower = sorted(before, key=lambda f: f.value, reverse=True)
    if upper.value - lower.value != figure.value or any(map(page.changes, before)):
        return None
    return subtracted(upper, lower, figure, rule, False)


def _balance(page: Page, figure: Figure) -> Finding | None:
    """赤字984.7亿元，其中支出2615.4亿元，收入1630.7亿元: the balance before what it is made of."""
    following = page.families[figure.family][figure.rank + 1 : figure.rank + 3]
    if len(following) < 2 or following[1].sentence > figure.sentence + 1:
        return None
    words = [_about(page, one) for one in following]
    named = any(
        (one.search(words[0]) and other.search(words[1])) or (other.search(words[0]) and one.search(words[1]))
        for one, other in _PAIRS
    )
    upper, lower = sorted(following, key=lambda f: f.value, reverse=True)
    if not named or any(map(page.changes, following)) or lower.value <= 0:
        return None
    return subtracted(upper, lower, figure, "balance of", False)


def _about(page: Page, figure: Figure) -> str:
    """What stands between the last figure of its family and this one."""
    before = page.families[figure.family][figure.rank - 1]
    return page.text[max(before.stop, figure.begin - 40) : figure.begin]
