"""Counts that are said in passing, and worth no series."""

from __future__ import annotations

from pipeline.numbers.mention import Mention

_FEW = 20
"""Below it a count in Chinese words is said in passing, where nothing befell those who are counted."""
_SINGLE = dict.fromkeys("个 台 只 件 艘 架 款 块 把 张 座 套 条 部 株".split(), 10) | {"位": 20, "名": 20}
"""Below it, by unit, things and people are said in passing."""
_BEFELL = frozenset("死亡 受伤 重伤 轻伤 失踪 遇难 身亡 失联 被困 获救 治愈 出院 新增 确诊".split())


def in_passing(mention: Mention) -> bool:
    """Whether a count in words is said in passing: 两国, 三个孩子的母亲."""
    if mention.kind != "count" or mention.state in _BEFELL or mention.measure != "level":
        return False
    size = mention.value if mention.value is not None else mention.high
    numeral = mention.text.removesuffix(mention.unit or "")
    return size is not None and size < _FEW and not any(char.isdigit() for char in numeral)


def is_single(mention: Mention) -> bool:
    """Whether a plain count is of a few things or people: worth a row only where a concept is of these."""
    few = _SINGLE.get(mention.unit or "", 0)
    plain = mention.measure == "level" and not mention.state and not mention.part
    return plain and mention.value is not None and mention.value < few
