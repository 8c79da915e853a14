"""Qualifiers: the words that make a number a bound, and the interval they state.

The table is data/qualifiers.tsv: a word, the side of the number that it stands at, what it
means, and the endings of other words (附近, 节约) that it is no qualifier after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

Interval = tuple[Decimal | None, Decimal | None]


class Qualifier(NamedTuple):
    """A qualifier word's name (one of `mention.QUALIFIERS`) and where it begins or stops."""

    name: str
    word: str
    at: int


class _Entry(NamedTuple):
    means: str
    unless: tuple[str, ...]
    even: tuple[str, ...]


class Qualifiers:
    """The qualifiers of a grammar; immutable."""

    __slots__ = ("_after", "_before", "_first", "_last")

    def __init__(self, lines: Iterable[Mapping[str, str]]) -> None:
        self._before: dict[str, _Entry] = {}
        self._after: dict[str, str] = {}
        for line in lines:
            if line["side"] == "after":
                self._after[line["word"]] = line["means"]
            else:
                unless, even = line["unless after"].split(), line["even after"].split()
                self._before[line["word"]] = _Entry(line["means"], tuple(unless), tuple(even))
        self._last = _lengths(self._before, -1)
        self._first = _lengths(self._after, 0)

    def before(self, text: str, at: int) -> Qualifier | None:
        """The longest qualifier that ends where a number begins."""
        if at and text[at - 1] == " ":
            at -= 1
        if not at:
            return None
        for length in self._last.get(text[at - 1], ()):
            begin = at - length
            word = text[begin:at]
            entry = self._before.get(word) if begin >= 0 else None
            if entry:
                if _ends(text, entry.unless, begin) and not _ends(text, entry.even, begin):
                    return None
                return Qualifier(entry.means, word, begin)
        return None

    def after(self, text: str, at: int) -> Qualifier | None:
        """The longest qualifier that stands where a number's unit stops; `at` is then its end."""
        for length in self._first.get(text[at : at + 1], ()):
            word = text[at : at + length]
            means = self._after.get(word)
            if means:
                return Qualifier(means, word, at + length)
        return None


def _lengths(words: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    """How long the words are that have a character at `place`, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[place], set()).add(len(word))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


def _ends(text: str, words: tuple[str, ...], at: int) -> bool:
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
