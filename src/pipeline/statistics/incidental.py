"""Incidental counts, which are worth no series."""

from __future__ import annotations

from pipeline.numbers.mention import Mention

_MIN_WORDS = 20
"""Below it a count in Chinese words is incidental, where nothing happened to those who are counted."""
_MIN_BY_UNIT = dict.fromkeys("个 台 只 件 艘 架 款 块 把 张 座 套 条 部 株".split(), 10) | {
    "位": 20,
    "名": 20,
}
"""Below it, by unit, a count is of a few things or people."""
_TOLLS = frozenset("死亡 受伤 重伤 轻伤 失踪 遇难 身亡 失联 被困 获救 治愈 出院 新增 确诊".split())
"""States of people to whom something happened."""


def is_incidental(mention: Mention) -> bool:
    """Whether a count in words is no statistic: 两国, 三个孩子的母亲."""
    if mention.kind != "count" or mention.state in _TOLLS or mention.measure != "level":
        return False
    size = mention.value if mention.value is not None else mention.high
    numeral = mention.text.removesuffix(mention.unit or "")
    return size is not None and size < _MIN_WORDS and not any(char.isdigit() for char in numeral)


def is_few(mention: Mention) -> bool:
    """Whether a plain count is of a few things or people: worth a row only where a concept is of these."""
    minimum = _MIN_BY_UNIT.get(mention.unit or "", 0)
    plain = mention.measure == "level" and not mention.state and not mention.part
    return plain and mention.value is not None and mention.value < minimum
