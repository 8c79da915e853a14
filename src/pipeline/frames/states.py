"""States: the predicate that tells figures of one subject apart: 新增, 完成, 死亡, 办结.

A verb of verbs.tsv that stands right before the subject or the figure, or what befell those who are
counted, right after it (3人死亡).
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.frames.cuewords import governing
from pipeline.numbers.mention import Mention

_BEFELL = re.compile(
    "当场|不幸|已|全部|"
    "(治愈出院|治愈|出院|死亡|受伤|重伤|轻伤|失踪|遇难|身亡|失联|被困|获救|受灾|倒塌|受损|赞成|反对|弃权|办结|竣工|开工|完工|到场)"
)
_SILENT = frozenset("增加 承载 利用 提出 涉及 包括 包含 达到 超过 取得 挂牌".split())
"""Governing verbs that tell nothing apart; nor do those that end in 有."""
_SEEN = 12
"""Characters in which a state is sought."""
_BETWEEN = re.compile(r"(?:了|各类|约|近|超过?|逾|各|全国|全省|全市|全县|全区)*\Z")


@cache
def _verbs() -> re.Pattern[str]:
    telling = (verb for verb in governing() if verb not in _SILENT and not verb.endswith("有"))
    longest_first = sorted(telling, key=lambda verb: (-len(verb), verb))
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})")


def state_of(text: str, figure: Mention, floor: int, head: tuple[int, int] | None) -> str | None:
    """The state of a figure.

    floor: where its own words begin. head: the characters of its subject.
    """
    if figure.kind == "duration":
        return None
    at = head[0] if head and head[1] <= figure.begin else figure.begin
    before = _BETWEEN.sub("", text[max(floor, at - _SEEN) : at])
    for match in _verbs().finditer(before):
        if match.end() == len(before):
            return match.group()
    after = text[figure.stop : figure.stop + _SEEN]
    place = 0
    while befell := _BEFELL.match(after, place):
        if befell[1]:
            return befell[1]
        place = befell.end()
    return None
