"""Determiners: words that state a number and are no number words: 半年, 数天, 几名, 首批.

The table is data/determiners.tsv: a word, what it does, and what stands to its left and right where
it does so (cells of `side_pattern`). Lines are in order, the first that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.numbers import numerals
from pipeline.numbers.side_pattern import SidePattern


class Determiner(NamedTuple):
    """A determiner in a text: what it does, and where it and the text around it begin and stop."""

    does: str
    begin: int
    stop: int


class Determiners:
    """The determiners of a grammar; immutable."""

    __slots__ = ("_lines", "start")

    def __init__(self, lines: Iterable[Mapping[str, str]]) -> None:
        self._lines: dict[str, list[tuple[str, SidePattern, SidePattern]]] = {}
        for line in lines:
            left, right = SidePattern(line["left"], left=True), SidePattern(line["right"], left=False)
            self._lines.setdefault(line["word"], []).append((line["does"], left, right))
        words = (
            f"{word}(?={'|'.join(right.source for _, _, right in lines)})"
            for word, lines in self._lines.items()
        )
        self.start = re.compile("|".join((f"[{numerals.SIGNS}]", *words)))
        """What a scan over a text stops at: a numeral may begin here."""

    def at(self, text: str, at: int) -> Determiner | None:
        """The determiner that stands at `at`, or None."""
        for does, left, right in self._lines.get(text[at], ()):
            stop, begin = right.after(text, at + 1), left.before(text, at)
            if stop is not None and begin is not None:
                return Determiner(does, begin, stop)
        return None

    def __contains__(self, char: str) -> bool:
        return char in self._lines
