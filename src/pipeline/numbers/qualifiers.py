"""Qualifiers: the words that make a number a bound, and the interval they state."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

Interval = tuple[Decimal | None, Decimal | None]

_BEFORE = {
    "nearly": "近 将近 接近 逼近 靠近 临近 趋近 近乎",
    "about": "约 大约 约为 约有 约占 约达 约值 约需 约合 约计 大约为 大约有 大概 大概有 大致 估计约 差不多",
    "over": "超 超过 超过了 超出 超出了 超越 超逾 远超 逾 突破 突破了 过 高于 多于 大于 跨过 迈过 跃过 越过",
    "at_least": "至少 至少有 至少为 至少在 至少达 不少于 不低于 不小于 最少 起码 不下 不下于 不亚于 上",
    "below": "不足 不到 少于 低于 小于 未满 不满 未到 未达 未达到 不及 未超过 尚不足",
    "at_most": "最多 最多有 最多为 不超过 至多 不大于 不多于 不高于 不超 不得超过 不逾 顶多 不突破",
}
# What must not stand before the word: 附近, 节约, 通过, 以上 … are other words.
_VETO = {
    "近": "附最临靠邻亲相贴迫远切就新",
    "约": "节条合公预签制集解纽履违续特邀契誓和失毁爽履婚缔",
    "过": "通经超不渡路越难罪度穿走跑去来开受听看见做到有用说吃打学",
    "超": "赶反高英中",
    "上": "以向网线早晚同身路世地海江马会桌街手天头脸墙纸报书车船山",
    "逾": "不",
    "超过": "不未",
    "突破": "不未",
}
_AFTER = {
    "at_least": "及以上 或以上 以上 及其以上 起",
    "below": "以下 及以下 或以下",
    "at_most": "以内 之内",
    "about": "左右 上下 许 前后",
    "over": "有余 开外",
}

BEFORE = {word: name for name, words in _BEFORE.items() for word in words.split()}
AFTER = {word: name for name, words in _AFTER.items() for word in words.split()}
_LAST = frozenset(word[-1] for word in BEFORE)
_FIRST = frozenset(word[0] for word in AFTER)
_LONGEST = max(map(len, BEFORE))


class Qualifier(NamedTuple):
    """A qualifier word's name (one of `mention.QUALIFIERS`) and where it begins or stops."""

    name: str
    word: str
    at: int


def before(text: str, at: int) -> Qualifier | None:
    """The qualifier that ends where a number begins."""
    if at and text[at - 1] == " ":
        at -= 1
    if not at or text[at - 1] not in _LAST:
        return None
    for length in range(min(_LONGEST, at), 0, -1):
        word = text[at - length : at]
        name = BEFORE.get(word)
        if name:
            left = text[at - length - 1 : at - length]
            return None if left and left in _VETO.get(word, "") else Qualifier(name, word, at - length)
    return None


def after(text: str, at: int) -> Qualifier | None:
    """The qualifier that stands where a number's unit stops; `at` is then its end."""
    if text[at : at + 1] not in _FIRST or at >= len(text):
        return None
    for length in (4, 3, 2, 1):
        word = text[at : at + length]
        name = AFTER.get(word)
        if name:
            return Qualifier(name, word, at + len(word))
    return None


def interval(name: str, value: Decimal, step: Decimal, infix: bool = False) -> Interval:
    """The interval that a qualified value states; None is an open end.

    step: one unit of the last stated place. 160余 is 160 to 170; 近9000 is 8000 to
    9000; 超160 is 160 and more.
    """
    match name:
        case "exact":
            return value, value
        case "over":
            return value, (value + step if infix else None)
        case "nearly":
            return value - step, value
        case "at_least":
            return value, None
        case "below" | "at_most":
            return None, value
    return None, None
