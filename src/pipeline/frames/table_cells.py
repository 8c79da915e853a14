"""Frames of the figures of a table: the row's label is the subject, the column's head gives the measure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from pipeline.numbers.mention import Mention
from pipeline.numbers.text_tables import Cell, TextTable, find_tables
from pipeline.texts.layout import Flow

RULE = "cell of a table"
"""The rule of `pipeline.numbers` that reads a table's figure."""
_LEAD = re.compile(
    r"^(?:(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、]|其中[:：]?|[#*·—-]) *)+"
)
_BRACKET = re.compile(r" ?[（(](?:单位[:：])?[百千万亿]{0,2}([^（）()]*)[）)]$")
_NO_SUBJECT = frozenset(("合计", "总计", "小计", "共计", "其他", "其它", "计"))
"""Labels that name no subject."""
_GROWTH = re.compile(r"增长|增速|增幅|涨幅|跌幅|降幅|[升降]率|±|[比较](?:上年|去年|上月)|同比|环比")
_SHARE = re.compile(r"比重|占比|份额")
_YEAR_AGO = re.compile(r"同比|[比较](?:上年|去年)")
_MONTH_AGO = re.compile(r"环比|[比较]上月")
_DOWN = re.compile(r"下降|降幅|跌幅|减少|降率")


class CellFrame(NamedTuple):
    """The frame of a figure by its row and column."""

    subject: str | None
    measure: str
    direction: str | None
    base: str | None


def table_frames(flow: Flow, figures: Sequence[Mention]) -> Mapping[int, CellFrame]:
    """The frame of each figure of a table, by its index."""
    inside = [i for i, figure in enumerate(figures) if figure.rule == RULE]
    if not inside:
        return {}
    cells = {cell.begin: (table, cell) for table in find_tables(flow.text) for cell in table.cells}
    units = {"%", *(figures[i].unit for i in inside)}
    return {
        i: _frame(flow.text, *cells[begin], figures[i], units)
        for i in inside
        if (begin := figures[i].begin) in cells
    }


def _frame(
    text: str, table: TextTable, cell: Cell, figure: Mention, units: Collection[str | None]
) -> CellFrame:
    label = _LEAD.sub("", text[slice(*table.rows[cell.row].label)])
    bracket = _BRACKET.search(label)
    if bracket and bracket[1] in units:  # a unit, not a scope: （规上） stays
        label = label[: bracket.start()]
    subject = "".join(label.split())
    if subject in _NO_SUBJECT:
        subject = ""
    head = "".join(text[slice(*span)] for span in table.columns[cell.column])
    if figure.kind == "percent" and _GROWTH.search(head):
        fell = bool(_DOWN.search(head)) != ((figure.value or 0) < 0)
        base = "yoy" if _YEAR_AGO.search(head) else "mom" if _MONTH_AGO.search(head) else None
        return CellFrame(subject or None, "growth", "down" if fell else "up", base)
    if figure.kind == "percent" and _SHARE.search(head):
        return CellFrame(subject or None, "share", None, None)
    return CellFrame(subject or None, "level", None, None)
