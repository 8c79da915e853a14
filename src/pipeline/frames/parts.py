"""Breakdowns: a place before a figure is a part of what a total counts, not what is counted.

新增境外输入病例9例（上海4例，广东3例，浙江2例）: each figure's subject is the total's, its part the place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.frames.candidates import BEYOND, LEFT, LENT
from pipeline.frames.lattice import Lattice
from pipeline.frames.ranker import Answers
from pipeline.frames.sentences import named
from pipeline.numbers.mention import Mention

_PLACES = np.array([named(tag) for tag in ("ns", "nt", "nrt")], np.uint32)
_ENDINGS = np.array([named(end) for end in "省市县区州镇乡村国旗盟岛洲港"], np.uint32)
_LEADING = np.array([named(word) for word in ("其中", "包括", "含", "来自", "为", "有", "新增")], np.uint32)
_INTO = np.array([named(word) for word in ("其中", "包括", "分别", "含")], np.uint32)


class Part:
    """A figure's part: the words that name it, and the figure whose subject is the whole's."""

    __slots__ = ("end", "start", "whole")

    def __init__(self, start: int, end: int, whole: int) -> None:
        self.start, self.end, self.whole = start, end, whole


def parts(lattice: Lattice, answers: Answers, figures: Sequence[Mention]) -> list[Part | None]:
    """The part that each figure is of; None where it is of none."""
    found: list[Part | None] = []
    bare: list[bool] = []
    kinds = lattice.candidates.kind[answers.chosen].tolist()
    first = set(np.searchsorted(lattice.figures.word, lattice.words.texts).tolist())
    for i, kind in enumerate(kinds):
        place = (
            _place_before(lattice, i) if kind in (LEFT, BEYOND, LENT) and figures[i].kind == "count" else None
        )
        whole = _total(lattice, figures, found, i, place[0]) if place and i not in first else None
        sound = whole is not None and answers.named[whole] >= 0 and not bare[whole]
        bare.append(place is not None and kind == LEFT)
        found.append(Part(*place, whole) if place and whole is not None and sound else None)
    return found


def _place_before(lattice: Lattice, figure: int) -> tuple[int, int] | None:
    """The words right before a figure where they are a place and nothing else of their clause."""
    words = lattice.words
    end = start = int(lattice.figures.word[figure])
    if words.sign[end - 1] == 2 or words.sign[end - 1] == 5:  # 吉林（3宗）, 加拿大 26
        end = start = end - 1
    while words.sign[start - 1] == 0 and words.figure[start - 1] < 0:
        start -= 1
    while start < end and words.word[start] in _LEADING:
        start += 1
    if start == end or end - start > 4:
        return None
    place = words.tag[end - 1] in _PLACES or (end - start <= 2 and words.last[end - 1] in _ENDINGS)
    return (start, end) if place else None


def _total(
    lattice: Lattice, figures: Sequence[Mention], found: Sequence[Part | None], i: int, start: int
) -> int | None:
    """The figure that a place's figure is a part of: the one before where a bracket or 其中 leads from it
    to the list, the total of the one before where that is a part too."""
    if figures[i - 1].unit != figures[i].unit:
        return None
    if (part := found[i - 1]) is not None:
        return part.whole
    words = lattice.words
    begin = int(lattice.figures.word[i - 1])
    between = slice(begin + 1, start)
    opens, closes = (words.sign[between] == 2).sum(), (words.sign[between] == 3).sum()
    opened = bool(opens > closes or np.isin(words.word[between], _INTO).any())
    return i - 1 if opened and words.sentence[begin] == words.sentence[start] else None
