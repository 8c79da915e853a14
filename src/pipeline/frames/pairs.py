"""Two nouns in one word: of 产销量分别为12万辆和11万辆 the first figure is of 产量, the second of 销量."""

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
"""The words, longer ones first, with what each stands for."""
_PAIR = re.compile("|".join(PAIRS))
_EACH = re.compile(r"分别[^，。；]*$")
_SEEN = 24
"""Characters before a figure in which 分别 is sought."""


def is_each(text: str, begin: int) -> bool:
    """Whether 分别 leads to the figure that begins there."""
    return _EACH.search(text, max(0, begin - _SEEN), begin) is not None


def dealt(noun: str, rank: int) -> str:
    """The noun of one of two figures in a row, whose noun together is given; rank: 0 or 1."""
    return _PAIR.sub(lambda found: PAIRS[found.group()][rank], noun, count=1)
