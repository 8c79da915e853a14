"""Rows: figures under one name in row after row, below a total of each name.

事故37起，死亡33人。其中，交通运输业30起，死亡26人。商贸业5起，死亡5人。建筑业2起，死亡2人. One column that
comes to its total is evidence for the others of the same rows; one that does not, beside it, is a misprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.relations.arithmetic import Equation, accused, sum_of
from pipeline.relations.figure_index import Figure, Index, is_additive
from pipeline.relations.part_lists import parts_of, signed
from pipeline.relations.sums.totals import track_names

_BESIDE = 6
"""Figures before and after the total that holds, among which the others stand."""
_FEW = 3
"""Values that a total beside one that holds could have had in print, at least."""
_SOME = 20
"""The same where the figures of a column bear no name, but are the only ones of their unit in their rows."""
_ONLY = ""
"""The name of such a column."""
_NEAR, _MANY = 10, 3
"""A column is accused within a tenth of its total, in three rows at least."""
_NONE = ("无", "未")


def columns(index: Index, equations: Sequence[Equation]) -> Iterator[Equation]:
    """Every column beside one whose sum holds. equations: the sums so far."""
    totals = {found.total.pos for found in equations}
    parts = {part.pos for found in equations for part in found.operands}
    below = {
        (found.total.pos, tuple(map(index.row_end, found.operands)))
        for found in equations
        if found.verdict in ("holds", "rounding") and found.total.pos < found.operands[0].pos
    }
    for at, ends in sorted(below):
        if len(set(ends)) == len(ends) > 1:
            for found in _beside(index, index.figures[at], ends):
                again = found.verdict == "fails" and found.total.pos in totals
                if not again and not parts.issuperset(f.pos for f in found.operands):
                    totals.add(found.total.pos)
                    yield found


def _beside(index: Index, total: Figure, ends: Sequence[int]) -> Iterator[Equation]:
    """What the columns of the totals beside one come to in its rows."""
    begins = [index.row_begin(end) for end in ends]
    for other in index.figures[max(0, total.pos - _BESIDE) : total.pos + 1 + _BESIDE]:
        beside = other.sentence == total.sentence and other.begin < begins[0] and other.pos != total.pos
        if not beside or not is_additive(other.family) or index.is_level(other) != index.is_level(total):
            continue
        for name in (*sorted(track_names(index, other)), _ONLY):
            cells = [_cell(index, other, name, begin, end) for begin, end in zip(begins, ends, strict=True)]
            figures = [cell for cell in cells if isinstance(cell, Figure)]
            if None in cells or len(figures) < 2:
                continue
            sign = index.direction(other) or 1
            values = [
                signed(index, figure) * sign if index.is_change(figure) else figure.value
                for figure in figures
            ]
            found = sum_of(other, parts_of(other, figures, values), "rows", False)
            off = abs(other.value - found.computed)
            if found.verdict != "fails" and other.value >= (_FEW if name else _SOME) * other.place:
                yield found
                break
            joint = all(_joint(f, index) for f in (other, *figures))  # 95件134人
            if (name or joint) and 0 < off * _NEAR <= other.value and (joint or len(ends) >= _MANY):
                wrong = accused(found._replace(rule="whole: rows"))
                if wrong:
                    yield wrong
                    break


def _joint(figure: Figure, index: Index) -> bool:
    """Whether it stands right after the figure before it."""
    before = index.previous(figure)
    return before is not None and before.stop == figure.begin


def _cell(index: Index, total: Figure, name: str, begin: int, end: int) -> Figure | str | None:
    """The figure of a column in a row; "" where the row says that there is none of it."""
    row = [f for f in index.figures_between(begin, end) if f.mention.unit == total.mention.unit]
    alike = [f for f in row if index.is_level(f) == index.is_level(total)]
    cells = [f for f in alike if name in track_names(index, f)] if name else alike
    if len(cells) == 1:
        return cells[0]
    return "" if name and not cells and any(word + name in index.text[begin:end] for word in _NONE) else None
