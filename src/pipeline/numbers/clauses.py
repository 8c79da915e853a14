"""The clause around a number: how far its words reach to the left and to the right."""

from __future__ import annotations

import re

from pipeline.numbers.phrases import CLOSING, OPENING

_LEFT = re.compile(r"[，。；：！？、（(\n“‘《—,;:!?…】\]│|]")
_RIGHT = re.compile(r"[，。；：！？、（）()\n—,;:!?…【\[│|]")
_GLOSS = re.compile(r"[（(\[][^（）()\[\]\n]{0,24}[）)\]] ?$")


def depth(text: str) -> int:
    """Brackets that a stretch of text opens less those that it closes."""
    return sum(text.count(c) for c in OPENING) - sum(text.count(c) for c in CLOSING)


def without_gloss(left: str) -> str:
    """A stretch of text without the bracket that ends it: 户籍人口（含农垦）."""
    gloss = _GLOSS.search(left)
    return left[: gloss.start()] if gloss else left


def left_edge(left: str) -> int:
    """Where the last clause of a stretch of text begins; a closed bracket is part of it."""
    if not any(c in left for c in CLOSING):
        edge = 0
        for m in _LEFT.finditer(left):
            edge = m.end()
        return edge
    level = 0
    for i in range(len(left) - 1, -1, -1):
        c = left[i]
        if c in CLOSING:
            level += 1
        elif c in OPENING and level:
            level -= 1
        elif not level and _LEFT.match(c):
            return i + 1
    return 0


def right_edge(text: str, at: int, reach: int) -> int:
    """Where the clause that goes on at `at` ends, `reach` at the latest."""
    m = _RIGHT.search(text, at, reach)
    return m.start() if m else reach
