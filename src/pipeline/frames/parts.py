"""Breakdowns: what stands before a figure is a part of what a total counts, not what is counted.

新增境外输入病例9例（上海4例，广东3例，浙江2例）: each figure's subject is the total's, its part the place.
按地域分，城镇实现747亿元，增长16.5%: a category goes into the subject (城镇社会消费品零售总额), so that no
part passes for the whole; what grows has the part of the figure that lends it its subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from pipeline.frames.candidates import BEYOND, LEFT, LENT
from pipeline.frames.lattice import Lattice
from pipeline.frames.ranker import Answers
from pipeline.frames.sentences import named
from pipeline.numbers.mention import Mention
from pipeline.tsv import read_entries


def _ids(names: Iterable[str]) -> frozenset[int]:
    return frozenset(map(named, names))


_PLACES = _ids(("ns", "nt", "nrt"))
_CATEGORIES = _ids("n vn b j nz nx l i ns nt s f".split())
_PREDICATES = _ids(("v", "vi", "vn"))
_ENDINGS = _ids("省市县区州镇乡村国旗盟岛洲港")
_REACH = 8
"""Words before a figure among which a part is sought."""
_LONGEST = 4
_BACK = 4
"""Figures back, growth and shares among them, in which a total is sought."""


@cache
def words_with(role: str) -> frozenset[str]:
    """The words of parts.tsv with a role.

    class: names a part only together with its whole (女性 of 教师); whole: sets no part off; leads, follows:
    stands before or behind a part in its clause; into: leads from a total to its parts.
    """
    entries = read_entries(files(__package__) / "parts.tsv")
    return frozenset(entry["word"] for entry in entries if entry["role"] == role)


@cache
def _with(role: str) -> frozenset[int]:
    return _ids(words_with(role))


@dataclass(frozen=True, slots=True)
class Part:
    """A figure's part: the words that name it and the figure whose subject is the whole's.

    category: whether it is one, which the subject names too. befell: whether what the whole has for a subject
    befell those who are counted (119人受伤，包括瑞士71人), so that the part's own words are its subject.
    """

    start: int
    end: int
    whole: int
    category: bool = False
    befell: bool = False


def parts(lattice: Lattice, answers: Answers, figures: Sequence[Mention]) -> list[Part | None]:
    """The part that each figure is of; None where it is of none."""
    found: list[Part | None] = []
    bare: list[bool] = []
    kinds = lattice.candidates.kind[answers.chosen].tolist()
    lenders = lattice.candidates.lender[answers.chosen].tolist()
    sources = answers.named.tolist()
    first = set(np.searchsorted(lattice.figures.word, lattice.words.texts).tolist())
    for i, (kind, figure) in enumerate(zip(kinds, figures, strict=True)):
        sought = kind in _SOUGHT and figure.kind in _LEVELS
        start, end = _clause_before(lattice, i) if sought else (0, 0)
        place = _is_place(lattice, start, end) and figure.kind == "count"
        if not place:
            start, end = _category(lattice, start, end, alone=kind == LEFT)
        whole = _total(lattice, figures, found, i, start) if end > start and i not in first else None
        sound = whole is not None and sources[whole] >= 0 and not bare[whole]
        bare.append(place and kind == LEFT)
        if whole is not None and sound:
            befell = kind != LENT and _is_predicate(lattice, sources[whole])
            found.append(Part(start, end, whole, not place, befell))
        else:
            follows = kind == LENT and end == start and figure.kind == "percent"
            found.append(found[lenders[i]] if follows else None)  # the part's own growth or share
    return found


_SOUGHT = (LEFT, BEYOND, LENT)
_LEVELS = ("count", "money", "measure")


def _is_predicate(lattice: Lattice, row: int) -> bool:
    """Whether a subject is what befell people, no noun: 确诊 of 累计确诊26宗, 其中西城区3宗."""
    rows = lattice.candidates
    return int(lattice.words.tag[max(int(rows.end[row]), int(rows.tail_end[row])) - 1]) in _PREDICATES


def _is_place(lattice: Lattice, start: int, end: int) -> bool:
    """Whether words are a place."""
    words = lattice.words
    its = words.word[start:end].tolist()
    if not 0 < len(its) <= _LONGEST or _with("class").issuperset(its) or not _with("whole").isdisjoint(its):
        return False
    ends = end - start <= 2 and int(words.last[end - 1]) in _ENDINGS
    return ends or int(words.tag[end - 1]) in _PLACES


def _category(lattice: Lattice, start: int, end: int, *, alone: bool) -> tuple[int, int]:
    """Of a figure's clause the words that are a noun, perhaps with a verb behind them that leads to the
    figure; none where they are no category.

    alone: whether the figure has these words as its subject, so that they must be a class.
    """
    if end - start > _REACH:
        return start, start
    its = lattice.words.word[start:end].tolist()
    while its and its[-1] in _with("follows"):
        its.pop()
    end = start + len(its)
    tags = lattice.words.tag[start:end].tolist()
    sound = 0 < len(its) <= _LONGEST and _CATEGORIES.issuperset(tags) and _with("whole").isdisjoint(its)
    return (start, end) if sound and (not alone or _with("class").issuperset(its)) else (start, start)


def _clause_before(lattice: Lattice, figure: int) -> tuple[int, int]:
    """The words between the last sign or figure and a figure, without those that lead to a list."""
    words = lattice.words
    end = int(lattice.figures.word[figure])
    floor = max(0, end - _REACH - 2)
    signs, figures = words.sign[floor:end].tolist(), words.figure[floor:end].tolist()
    if signs and signs[-1] in (2, 5):  # 吉林（3宗）, 加拿大 26
        end -= 1
        signs.pop()
        figures.pop()
    start = end
    while signs and signs.pop() == 0 and figures.pop() < 0:
        start -= 1
    for word in words.word[start:end].tolist():
        if word not in _with("leads"):
            break
        start += 1
    return start, end


def _total(
    lattice: Lattice, figures: Sequence[Mention], found: Sequence[Part | None], i: int, start: int
) -> int | None:
    """The figure that a part's figure is a part of: the level before, where a bracket, 其中 or 按 leads from
    it to the list; the total of the level before where that is a part too."""
    last = next((j for j in range(i - 1, max(-1, i - _BACK), -1) if figures[j].kind != "percent"), i - 1)
    if last < 0 or figures[last].unit != figures[i].unit:
        return None
    if (part := found[last]) is not None:
        return part.whole
    words = lattice.words
    begin = int(lattice.figures.word[last])
    signs = words.sign[begin + 1 : start].tolist()
    led = not _with("into").isdisjoint(words.word[begin + 1 : start].tolist())
    near = int(words.sentence[start] - words.sentence[begin]) <= led  # 总额803亿元。按地域分，城镇747亿元
    return last if near and (led or signs.count(2) > signs.count(3)) else None
