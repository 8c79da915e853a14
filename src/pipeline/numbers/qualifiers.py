"""Qualifiers: the words that make a number a bound, and the interval they state.

The table is data/qualifiers.tsv:

word, side    the word, and the side of the number that it stands at
means         one of `mention.QUALIFIERS`, or several: 数百 is some hundreds
unless after  the endings of other words (附近, 节约) that it is no qualifier after
even after    the longer endings that it is one after all: 发放补贴近9亿元
of            what the number must be, any of: a kind; unit, it has one; share, a fraction; multiplied,
              it ends in 百, 万 …; power, it begins so (上万)
right         what must follow a word on the right, as `side_pattern` says
apart         that it may stand apart: 占 (约占党员总数的24.5%), 的 (突破全县总数的5%)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipeline.numbers.entries import word_lengths
from pipeline.numbers.side_pattern import SidePattern

Interval = tuple[Decimal | None, Decimal | None]


class Qualifier(NamedTuple):
    """A line of the table."""

    word: str
    means: str
    unless: tuple[str, ...]
    even: tuple[str, ...]
    of: frozenset[str]
    right: SidePattern

    def fits(self, properties: Container[str]) -> bool:
        """Whether it may stand beside a number of these properties: its kind and the other words of `of`."""
        return not self.of or any(word in properties for word in self.of)


class Qualifiers:
    """The qualifiers of a grammar; immutable."""

    __slots__ = ("_after", "_apart", "_before", "_first", "_last")

    def __init__(self, lines: Iterable[Mapping[str, str]]) -> None:
        self._before: dict[str, Qualifier] = {}
        self._after: dict[str, Qualifier] = {}
        apart: dict[str, list[str]] = {"占": [], "的": []}
        for line in lines:
            word = line["word"]
            side = self._after if line["side"] == "after" else self._before
            side[word] = Qualifier(
                word,
                line["means"],
                tuple(line["unless after"].split()),
                tuple(line["even after"].split()),
                frozenset(line["of"].split()),
                SidePattern(line["right"], left=False),
            )
            for link in line["apart"].split():
                apart[link].append(word)
        self._last = word_lengths(self._before, -1)
        self._first = word_lengths(self._after, 0)
        share, reach = ("|".join(sorted(words, key=len, reverse=True)) for words in apart.values())
        self._apart = re.compile(
            rf"(?P<share>{share})占[^，。；：、！？\d\n]{{1,20}}$"
            rf"|(?P<reach>(?<![不未])(?:{reach}))[^，。；：、！？\d\n]{{2,16}}的$"
        )

    def before(self, text: str, at: int) -> Qualifier | None:
        """The longest qualifier that ends where a number begins."""
        if at and text[at - 1] == " ":
            at -= 1
        if not at:
            return None
        for length in self._last.get(text[at - 1], ()):
            begin = at - length
            found = self._before.get(text[begin:at]) if begin >= 0 else None
            if found:
                other = _endswith(text, found.unless, begin) and not _endswith(text, found.even, begin)
                return None if other else found
        return None

    def apart(self, text: str, at: int) -> Qualifier | None:
        """The qualifier that stands away from the number at `at`: 约占党员总数的24.5%."""
        m = self._apart.search(text, max(0, at - 26), at)
        return self.before(text, m.end(m.lastgroup or 0)) if m else None

    def after(self, text: str, at: int) -> Qualifier | None:
        """The longest qualifier that stands at `at`, where a number's unit stops."""
        for length in self._first.get(text[at : at + 1], ()):
            found = self._after.get(text[at : at + length])
            if found:
                return found if found.right.after(text, at + length) is not None else None
        return None


def _endswith(text: str, words: tuple[str, ...], at: int) -> bool:
    return any(text.endswith(word, max(0, at - len(word)), at) for word in words)


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
