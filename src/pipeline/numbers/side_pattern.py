"""A pattern of the text at one side of a number, as a cell of the tables has it.

Alternatives between |, looked up; or a regular expression, which begins with ~. An empty cell is
anything. One space between the number and the words is passed over.
"""

from __future__ import annotations

import re

_REACH = 16
"""Characters to the left that a regular expression may look at."""


class SidePattern:
    """The text at one side of a number: words, or a regular expression."""

    __slots__ = ("ends", "pattern", "source", "words")

    def __init__(self, cell: str, *, left: bool) -> None:
        self.words: tuple[str, ...] = ()
        self.pattern: re.Pattern[str] | None = None
        if cell.startswith("~"):
            self.pattern = re.compile(f"(?:{cell[1:]})$" if left else cell[1:])
        elif cell:
            self.words = tuple(sorted(cell.split("|"), key=len, reverse=True))
        self.source = cell[1:] if self.pattern else "|".join(map(re.escape, self.words))
        """As a regular expression."""
        self.ends = frozenset(word[-1] if left else word[0] for word in self.words)
        """The characters next to the number; empty where any may be."""

    def before(self, text: str, at: int) -> int | None:
        """Where it begins, if it ends at `at` or before a space there."""
        if self.pattern:
            m = self.pattern.search(text, max(0, at - _REACH), at)
            return m.start() if m else None
        for end in (at, at - 1) if text[at - 1 : at] == " " else (at,):
            for word in self.words:
                if text.startswith(word, end - len(word)) and end >= len(word):
                    return end - len(word)
        return None if self.words else at

    def after(self, text: str, at: int) -> int | None:
        """Where it stops, if it begins at `at` or after a space there."""
        if self.pattern:
            m = self.pattern.match(text, at)
            return m.end() if m else None
        for begin in (at, at + 1) if text[at : at + 1] == " " else (at,):
            for word in self.words:
                if text.startswith(word, begin):
                    return begin + len(word)
        return None if self.words else at
