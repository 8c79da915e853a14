"""Rows: figures under one name in row after row, below a total of each name.

事故37起，死亡33人。其中，交通运输业30起，死亡26人。商贸业5起，死亡5人。建筑业2起，死亡2人. One column that
comes to its total is evidence for the others of the same rows; one that does not, beside it, is a misprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.relations.arithmetic import Finding, accused, added
from pipeline.relations.figures import Figure, Page, adds
from pipeline.relations.lists import parts_of, signed
from pipeline.relations.totals import names

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


def rows(page: Page, known: Sequence[Finding]) -> Iterator[Finding]:
    """Every column beside one whose sum holds. known: the sums so far."""
    totals = {found.total.at for found in known}
    parts = {part.at for found in known for part in found.stated}
    below = {
        (found.total.at, tuple(map(page.break_after, found.stated)))
        for found in known
        if found.verdict in ("holds", "rounding") and found.total.at < found.stated[0].at
    }
    for at, ends in sorted(below):
        if len(set(ends)) == len(ends) > 1:
            for found in _beside(page, page.figures[at], ends):
                again = found.verdict == "fails" and found.total.at in totals
                if not again and not parts.issuperset(f.at for f in found.stated):
                    totals.add(found.total.at)
                    yield found


def _beside(page: Page, total: Figure, ends: Sequence[int]) -> Iterator[Finding]:
    """What the columns of the totals beside one come to in its rows."""
    begins = [page.row(end) for end in ends]
    for other in page.figures[max(0, total.at - _BESIDE) : total.at + 1 + _BESIDE]:
        beside = other.sentence == total.sentence and other.begin < begins[0] and other.at != total.at
        if not beside or not adds(other.family) or page.aside(other) != page.aside(total):
            continue
        for name in (*sorted(names(page, other)), _ONLY):
            cells = [_cell(page, other, name, begin, end) for begin, end in zip(begins, ends, strict=True)]
            figures = [cell for cell in cells if isinstance(cell, Figure)]
            if None in cells or len(figures) < 2:
                continue
            sign = page.direction(other) or 1
            values = [
                signed(page, figure) * sign if page.changes(figure) else figure.value for figure in figures
            ]
            found = added(other, parts_of(other, figures, values), "rows", False)
            off = abs(other.value - found.computed)
            if found.verdict != "fails" and other.value >= (_FEW if name else _SOME) * other.place:
                yield found
                break
            joint = all(_joint(f, page) for f in (other, *figures))  # 95件134人
            if (name or joint) and 0 < off * _NEAR <= other.value and (joint or len(ends) >= _MANY):
                wrong = accused(found._replace(rule="whole: rows"))
                if wrong:
                    yield wrong
                    break


def _joint(figure: Figure, page: Page) -> bool:
    """Whether it stands right after the figure before it."""
    return figure.at > 0 and page.figures[figure.at - 1].stop == figure.begin


def _cell(page: Page, total: Figure, name: str, begin: int, end: int) -> Figure | str | None:
    """The figure of a column in a row; "" where the row says that there is none of it."""
    row = [f for f in page.between(begin, end) if f.mention.unit == total.mention.unit]
    alike = [f for f in row if page.aside(f) == page.aside(total)]
    cells = [f for f in alike if name in names(page, f)] if name else alike
    if len(cells) == 1:
        return cells[0]
    return "" if name and not cells and any(word + name in page.text[begin:end] for word in _NONE) else None
