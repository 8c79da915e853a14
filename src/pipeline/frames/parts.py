"""Breakdowns: the words before a figure name a part of a total and not what is counted.

新增境外输入病例9例（上海4例，广东3例，浙江2例）: each has the subject of the total, and a place as its part.
按地域分，城镇实现747亿元，增长16.5%: a category is added to the subject (城镇社会消费品零售总额), so that no
part is taken for the whole; a growth rate has the part of its lender.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from pipeline.frames.candidates import BEYOND, LEFT, LENT
from pipeline.frames.lattice import Lattice
from pipeline.frames.ranker import Ranking
from pipeline.frames.tokens import hash_name
from pipeline.numbers.mention import Mention
from pipeline.tsv import read_entries


def _ids(names: Iterable[str]) -> frozenset[int]:
    return frozenset(map(hash_name, names))


_PLACES = _ids(("ns", "nt", "nrt"))
_CATEGORIES = _ids("n vn b j nz nx l i ns nt s f".split())
_PREDICATES = _ids(("v", "vi", "vn"))
_ENDINGS = _ids("省市县区州镇乡村国旗盟岛洲港")
_REACH = 8
"""The number of tokens before a figure in which a part is sought."""
_LONGEST = 4
_MAX_FIGURES = 4
"""The number of preceding figures, growth and shares included, in which a total is sought."""


_ENTRIES = tuple(read_entries(files(__package__) / "parts.tsv"))


@cache
def part_words(role: str) -> frozenset[str]:
    """The words of parts.tsv with a role.

    class: names a part only together with its whole (女性 of 教师); whole: never names a part; leads,
    follows: precedes or follows a part in its clause; into: introduces the parts of a total.
    """
    return frozenset(entry["word"] for entry in _ENTRIES if entry["role"] == role)


@cache
def _word_ids(role: str) -> frozenset[int]:
    return _ids(part_words(role))


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a figure: the tokens that name it, and the figure of the whole.

    category: whether it is a category, which is added to the subject. predicate: whether the subject of the
    whole is a predicate (119人受伤，包括瑞士71人), so that the tokens of the part are the subject.
    """

    start: int
    end: int
    whole: int
    category: bool = False
    predicate: bool = False


def find_parts(lattice: Lattice, ranking: Ranking, figures: Sequence[Mention]) -> list[Part | None]:
    """The part of each figure, if any."""
    found: list[Part | None] = []
    bare: list[bool] = []
    kinds = lattice.candidates.kind[ranking.chosen].tolist()
    lenders = lattice.candidates.lender[ranking.chosen].tolist()
    sources = ranking.resolved.tolist()
    first = set(np.searchsorted(lattice.figures.token, lattice.tokens.texts).tolist())
    for i, (kind, figure) in enumerate(zip(kinds, figures, strict=True)):
        sought = kind in _KINDS and figure.kind in _LEVELS
        start, end = _clause_before(lattice, i) if sought else (0, 0)
        place = _is_place(lattice, start, end) and figure.kind == "count"
        if not place:
            start, end = _category(lattice, start, end, alone=kind == LEFT)
        whole = _total(lattice, figures, found, i, start) if end > start and i not in first else None
        sound = whole is not None and sources[whole] >= 0 and not bare[whole]
        bare.append(place and kind == LEFT)
        if whole is not None and sound:
            predicate = kind != LENT and _is_predicate(lattice, sources[whole])
            found.append(Part(start, end, whole, not place, predicate))
        else:
            follows = kind == LENT and end == start and figure.kind == "percent"
            found.append(found[lenders[i]] if follows else None)  # the growth or share of the part
    return found


_KINDS = (LEFT, BEYOND, LENT)
"""Kinds of candidates of figures that may have a part."""
_LEVELS = ("count", "money", "measure")


def _is_predicate(lattice: Lattice, row: int) -> bool:
    """Whether a subject is a predicate and no noun: 确诊 of 累计确诊26宗, 其中西城区3宗."""
    return int(lattice.tokens.tag[lattice.candidates.stop[row] - 1]) in _PREDICATES


def _is_place(lattice: Lattice, start: int, end: int) -> bool:
    """Whether tokens are a place."""
    tokens = lattice.tokens
    names = tokens.word[start:end].tolist()
    if not 0 < len(names) <= _LONGEST:
        return False
    if _word_ids("class").issuperset(names) or not _word_ids("whole").isdisjoint(names):
        return False
    ends = end - start <= 2 and int(tokens.last[end - 1]) in _ENDINGS
    return ends or int(tokens.tag[end - 1]) in _PLACES


def _category(lattice: Lattice, start: int, end: int, *, alone: bool) -> tuple[int, int]:
    """The tokens that name a category, without a verb between them and the figure; an empty span for none.

    alone: whether these tokens are the subject of the figure, so that they must be of the role class.
    """
    if end - start > _REACH:
        return start, start
    names = lattice.tokens.word[start:end].tolist()
    while names and names[-1] in _word_ids("follows"):
        names.pop()
    end = start + len(names)
    tags = lattice.tokens.tag[start:end].tolist()
    sound = 0 < len(names) <= _LONGEST and _CATEGORIES.issuperset(tags)
    sound &= _word_ids("whole").isdisjoint(names)
    return (start, end) if sound and (not alone or _word_ids("class").issuperset(names)) else (start, start)


def _clause_before(lattice: Lattice, figure: int) -> tuple[int, int]:
    """The tokens between the last sign or figure and a figure, without words that introduce a list."""
    tokens = lattice.tokens
    end = int(lattice.figures.token[figure])
    floor = max(0, end - _REACH - 2)
    signs, figures = tokens.sign[floor:end].tolist(), tokens.figure[floor:end].tolist()
    if signs and signs[-1] in (2, 5):  # 吉林（3宗）, 加拿大 26
        end -= 1
        signs.pop()
        figures.pop()
    start = end
    while signs and signs.pop() == 0 and figures.pop() < 0:
        start -= 1
    for word in tokens.word[start:end].tolist():
        if word not in _word_ids("leads"):
            break
        start += 1
    return start, end


def _total(
    lattice: Lattice, figures: Sequence[Mention], found: Sequence[Part | None], i: int, start: int
) -> int | None:
    """The figure of the total: the preceding level, where a bracket, 其中 or 按 introduces the parts, or
    the total of that level where it is a part itself."""
    last = next(
        (j for j in range(i - 1, max(-1, i - _MAX_FIGURES), -1) if figures[j].kind != "percent"), i - 1
    )
    if last < 0 or figures[last].unit != figures[i].unit:
        return None
    if (part := found[last]) is not None:
        return part.whole
    tokens = lattice.tokens
    begin = int(lattice.figures.token[last])
    signs = tokens.sign[begin + 1 : start].tolist()
    led = not _word_ids("into").isdisjoint(tokens.word[begin + 1 : start].tolist())
    near = int(tokens.sentence[start] - tokens.sentence[begin]) <= led  # 总额803亿元。按地域分，城镇747亿元
    return last if near and (led or signs.count(2) > signs.count(3)) else None
