"""Breakdowns: what stands before a figure is a part of what a total counts, not what is counted.

新增境外输入病例9例（上海4例，广东3例，浙江2例）: each figure's subject is the total's, its part the place.
按地域分，城镇实现747亿元，增长16.5%: a category goes into the subject (城镇社会消费品零售总额), so that no
part passes for the whole; what grows has the part of the figure that lends it its subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.frames.candidates import BEYOND, LEFT, LENT
from pipeline.frames.lattice import Lattice
from pipeline.frames.ranker import Answers
from pipeline.frames.sentences import Ids, named
from pipeline.numbers.mention import Mention


def _ids(words: str) -> Ids:
    return np.array([named(word) for word in words.split()], np.uint32)


_PLACES = _ids("ns nt nrt")
_CATEGORIES = _ids("n vn b j nz nx l i ns nt s f")
_PREDICATES = _ids("v vi vn")
_ENDINGS = np.array([named(end) for end in "省市县区州镇乡村国旗盟岛洲港"], np.uint32)
_LEADING = _ids("其中 包括 含 来自 为 有 新增")
_TRAILING = _ids("实现 完成 达 达到 为 有 约 近 超 投资")
_NO_CATEGORY = _ids(
    "合计 总计 共计 累计 平均 全年 全市 全省 全县 全区 全国 同期 总额 总量 数量"
    " 规模 金额 面积 余额 增加 增长 其他"
)
"""Words before a figure that set no part off from the whole."""
_CLASSES = _ids(
    "城镇 乡村 农村 城区 城市 男 女 男性 女性 公办 民办 公立 民营 国家级 省级 市级 县级 区级 乡镇级"
    " 大型 中型 小型 微型 正高级 副高级 高级 中级 初级 省内 省外 境内 境外 线上 线下"
)
"""Words that name a part only together with its whole: 女性 of 教师."""
_INTO = _ids("其中 包括 分别 含 按")
_BACK = 4
"""Figures back, growth and shares among them, in which a total is sought."""


@dataclass(frozen=True, slots=True)
class Part:
    """A figure's part: the words that name it, the figure whose subject is the whole's, and whether it is a
    category, which the subject names too."""

    start: int
    end: int
    whole: int
    category: bool = False


def parts(lattice: Lattice, answers: Answers, figures: Sequence[Mention]) -> list[Part | None]:
    """The part that each figure is of; None where it is of none."""
    found: list[Part | None] = []
    bare: list[bool] = []
    kinds = lattice.candidates.kind[answers.chosen].tolist()
    lenders = lattice.candidates.lender[answers.chosen].tolist()
    first = set(np.searchsorted(lattice.figures.word, lattice.words.texts).tolist())
    for i, kind in enumerate(kinds):
        place = _place_before(lattice, i) if _may_be_part(kind, figures[i]) else None
        category = place is None and kind in (LEFT, LENT, BEYOND) and figures[i].kind in _LEVELS
        place = _category_before(lattice, i, alone=kind == LEFT) if category else place
        whole = _total(lattice, figures, found, i, place[0]) if place and i not in first else None
        sound = whole is not None and answers.named[whole] >= 0 and not bare[whole]
        bare.append(place is not None and kind == LEFT and not category)
        if place and whole is not None and sound:
            named_too = category or _is_predicate(lattice, int(answers.named[whole]))
            found.append(Part(*place, whole, named_too))
        else:
            follows = kind == LENT and place is None and figures[i].kind == "percent"
            found.append(found[lenders[i]] if follows else None)  # the part's own growth or share
    return found


_LEVELS = ("count", "money", "measure")


def _may_be_part(kind: int, figure: Mention) -> bool:
    return kind in (LEFT, BEYOND, LENT) and figure.kind == "count"


def _is_predicate(lattice: Lattice, row: int) -> bool:
    """Whether a subject is what befell people, no noun: 确诊 of 累计确诊26宗, 其中西城区3宗."""
    rows = lattice.candidates
    return bool(lattice.words.tag[max(int(rows.end[row]), int(rows.tail_end[row])) - 1] in _PREDICATES)


def _place_before(lattice: Lattice, figure: int) -> tuple[int, int] | None:
    """The words right before a figure where they are a place and nothing else of their clause."""
    words = lattice.words
    start, end = _clause_before(lattice, figure)
    if start == end or end - start > 4:
        return None
    if np.isin(words.word[start:end], _CLASSES).all():
        return None
    place = words.tag[end - 1] in _PLACES or (end - start <= 2 and words.last[end - 1] in _ENDINGS)
    return (start, end) if place else None


def _category_before(lattice: Lattice, figure: int, *, alone: bool) -> tuple[int, int] | None:
    """The words before a figure where they are a noun, perhaps with a verb that leads to the figure.

    alone: whether the figure has these words as its subject, so that they must be a class.
    """
    words = lattice.words
    start, end = _clause_before(lattice, figure)
    while end > start and words.word[end - 1] in _TRAILING:
        end -= 1
    if start == end or end - start > 4 or not np.isin(words.tag[start:end], _CATEGORIES).all():
        return None
    if np.isin(words.word[start:end], _NO_CATEGORY).any():
        return None
    return (start, end) if not alone or np.isin(words.word[start:end], _CLASSES).all() else None


def _clause_before(lattice: Lattice, figure: int) -> tuple[int, int]:
    """The words between the last sign or figure and a figure, without those that lead to a list."""
    words = lattice.words
    end = start = int(lattice.figures.word[figure])
    if words.sign[end - 1] == 2 or words.sign[end - 1] == 5:  # 吉林（3宗）, 加拿大 26
        end = start = end - 1
    while words.sign[start - 1] == 0 and words.figure[start - 1] < 0:
        start -= 1
    while start < end and words.word[start] in _LEADING:
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
    between = slice(begin + 1, start)
    opens, closes = (words.sign[between] == 2).sum(), (words.sign[between] == 3).sum()
    led = bool(np.isin(words.word[between], _INTO).any())
    near = words.sentence[start] - words.sentence[begin] <= led  # 总额803亿元。按地域分，城镇747亿元
    return last if near and (led or opens > closes) else None
