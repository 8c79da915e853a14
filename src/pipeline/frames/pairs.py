"""Words for two nouns: in 产销量分别为12万辆和11万辆 the first figure is of 产量, the second of 销量."""

from __future__ import annotations

import re

PAIRS = {
    "产销量": ("产量", "销量"),
    "产销": ("产量", "销量"),
    "存贷款": ("存款", "贷款"),
    "进出口": ("进口", "出口"),
    "城乡居民": ("城镇居民", "农村居民"),
    "城乡低保": ("城市低保", "农村低保"),
    "收支": ("收入", "支出"),
}
"""The two nouns of each word, longer words first."""
_PAIR = re.compile("|".join(PAIRS))
_EACH = re.compile(r"分别[^，。；]*$")
_REACH = 24
"""The number of characters before a figure in which 分别 is sought."""


def follows_respectively(text: str, begin: int) -> bool:
    """Whether 分别 precedes the figure at an offset in its clause."""
    return _EACH.search(text, max(0, begin - _REACH), begin) is not None


def noun_of_pair(noun: str, rank: int) -> str:
    """The noun of one of two adjacent figures. noun: their common noun; rank: 0 or 1."""
    return _PAIR.sub(lambda found: PAIRS[found.group()][rank], noun, count=1)
