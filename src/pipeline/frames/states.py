"""States: the predicate that distinguishes figures of one subject: 新增, 完成, 死亡, 办结.

It is a verb of verbs.tsv right before the subject or the figure, or a predicate of the persons or things
counted right after the figure (3人死亡).
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.frames.cuewords import governing_verbs
from pipeline.numbers.mention import Mention

_PREDICATE = re.compile(
    "当场|不幸|已|全部|"
    "(治愈出院|治愈|出院|死亡|受伤|重伤|轻伤|失踪|遇难|身亡|失联|被困|获救|受灾|倒塌|受损|赞成|反对|弃权|办结|竣工|开工|完工|到场)"
)
_NO_STATES = frozenset("增加 承载 利用 提出 涉及 包括 包含 达到 超过 取得 挂牌".split())
"""Governing verbs that are no states; nor are those that end in 有."""
_REACH = 12
"""The number of characters in which a state is sought."""
_BETWEEN = re.compile(r"(?:了|各类|约|近|超过?|逾|各|全国|全省|全市|全县|全区)*\Z")


@cache
def _verbs() -> re.Pattern[str]:
    verbs = (verb for verb in governing_verbs() if verb not in _NO_STATES and not verb.endswith("有"))
    longest_first = sorted(verbs, key=lambda verb: (-len(verb), verb))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})")


def state_of(text: str, figure: Mention, floor: int, head: tuple[int, int] | None) -> str | None:
    """The state of a figure.

    floor: the begin of its sentence. head: the characters of its subject.
    """
    if figure.kind == "duration":
        return None
    at = head[0] if head and head[1] <= figure.begin else figure.begin
    before = _BETWEEN.sub("", text[max(floor, at - _REACH) : at])
    for match in _verbs().finditer(before):
        if match.end() == len(before):
            return match.group()
    after = text[figure.stop : figure.stop + _REACH]
    place = 0
    while predicate := _PREDICATE.match(after, place):
        if predicate[1]:
            return predicate[1]
        place = predicate.end()
    return None
