"""Tables in text: rows of a label and figures, below a header that bears units.

Annual reports, bulletins and the pages of a PDF set tables as lines of cells (separated by spaces,
tabs or |), or with one cell a line. What is found here are a table's rows, columns and header, as
spans of the flow; `fill` gives each figure the unit of its column, its row or the caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

Span = tuple[int, int]
"""begin, stop: offsets into the flow's text"""

_ENDS_IN_FIGURE = re.compile(r"[\d%‰|│—-][ |│]*(?:\n|$)", re.ASCII)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CELL = re.compile(r"[^ |│]+(?: (?=[（(])[^ |│]+)?")
_FIGURE = re.compile(r"[-+±–—]?\d[\d,]*(?:\.\d+)?[%‰]?", re.ASCII)
_BLANK = re.compile(r"[-—–/…*]+|\.{2,}|无|空")
_RULED = re.compile(r"[-—=+|│ :]+")
_PROSE = re.compile(r"[。；！？]|，[^ |│]")
_CAPTION = re.compile(r"单位[:：] ?(?P<unit>[^\s）)|│]+)|^ *表 ?[\d一二三四五六七八九十]+")
_LONGEST_CELL = 30
_LONGEST_LINE = 400
_LONGEST_CAPTION = 60
_LEAST = 3
"""Lines of a table that could not be made out."""


class Cell(NamedTuple):
    """A figure's cell: its characters, and its place among the figures of its table."""

    begin: int
    stop: int
    row: int
    column: int


class Row(NamedTuple):
    """A row: its label, the unit in a separate column, the row's number before the label."""

    label: Span
    unit: Span | None
    number: Span | None


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in the flow.

    rows, columns: by `Cell.row` and `Cell.column`; a column is the spans of its header, the upper
    line first, or () where it has none. caption: the line above that says 单位 or 表1.
    """

    begin: int
    stop: int
    caption: Span | None
    columns: tuple[tuple[Span, ...], ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the flow as cells; `labels` of them stand before the first figure."""

    begin: int
    stop: int
    cells: tuple[Span, ...]
    labels: int
    figures: tuple[Span, ...]
    index: Span | None
    """The number of the row, before its label."""
    numbers: int
    """Of the figures, those that are no blanks."""

    @property
    def is_row(self) -> bool:
        return bool(self.numbers and self.labels)


def find_tables(text: str) -> list[TextTable]:
    """The tables of a flow's text, in order and disjoint. Takes time linear in the text."""
    if "\n" not in text or not _ENDS_IN_FIGURE.search(text):
        return []
    lines = [_line(text, m) for m in _LINE.finditer(text)]
    found: list[TextTable] = []
    for in_table, group in groupby(lines, key=lambda line: line is not None):
        if in_table:
            run = [line for line in group if line and not _RULED.fullmatch(text, line.begin, line.stop)]
            found.extend(list(_by_rows(text, run)) or list(_by_cells(text, run)))
    return found


def unparsed_tables(text: str) -> list[Span]:
    """Runs of lines that are set like a table and make none: their figures have no column and no row."""
    if "\n" not in text or not _ENDS_IN_FIGURE.search(text):
        return []
    tables = find_tables(text)
    found: list[list[int]] = []
    at = 0
    for begin, stop in (m.span() for m in _LINE.finditer(text) if _is_set_in_cells(text, m)):
        while at < len(tables) and tables[at].stop <= begin:
            at += 1
        if at < len(tables) and tables[at].begin <= begin:
            continue
        if found and not text[found[-1][1] : begin].strip():
            found[-1][1:] = [stop, found[-1][2] + 1]
        else:
            found.append([begin, stop, 1])
    return [(begin, stop) for begin, stop, lines_in in found if lines_in >= _LEAST]


def _is_set_in_cells(text: str, m: re.Match[str]) -> bool:
    line = _line(text, m)
    return line is not None and sum(_kind(text, cell) == "figure" for cell in line.cells) > 1


def _line(text: str, m: re.Match[str]) -> _Line | None:
    """A line as cells; None for prose and what else is no part of a table."""
    begin, stop = m.span()
    if stop - begin > _LONGEST_LINE or _PROSE.search(text, begin, stop):
        return None
    cells = tuple(c.span() for c in _CELL.finditer(text, begin, stop))
    if not cells or max(b - a for a, b in cells) > _LONGEST_CELL:
        return None
    kinds = [_kind(text, cell) for cell in cells]
    index = cells[0] if len(kinds) > 2 and kinds[0] and not kinds[1] else None
    first = next((n for n, kind in enumerate(kinds) if kind and (n or not index)), len(kinds))
    rest = kinds[first:]
    if not all(rest):  # a remark after the figures, or more labels between them
        return _Line(begin, stop, cells, len(cells), (), None, 0)
    return _Line(begin, stop, cells, first, cells[first:], index, rest.count("figure"))


def _kind(text: str, cell: Span) -> str:
    if _FIGURE.fullmatch(text, *cell):
        return "figure"
    return "blank" if _BLANK.fullmatch(text, *cell) else ""


# ---------------------------------------------------------------- a row a line


def _by_rows(text: str, run: Sequence[_Line]) -> Iterator[TextTable]:
    at = 0
    while at < len(run):
        stop = at
        while stop < len(run) and run[stop].is_row and len(run[stop].figures) == len(run[at].figures):
            stop += 1
        if stop > at:
            table = _table_of_rows(text, run, at, stop)
            if table:
                yield table
        at = max(stop, at + 1)


def _table_of_rows(text: str, run: Sequence[_Line], first: int, last: int) -> TextTable | None:
    width = len(run[first].figures)
    header = _header(text, run, first, width)
    above = first - len(header)
    caption = _caption(text, run, above)
    if caption is None and not header and (last - first < 2 or width < 2):
        return None
    if last - first < 2 and not header:
        return None
    rows, cells = [], []
    with_units = _have_units(text, run[first:last])
    for number, line in enumerate(run[first:last]):
        labels = list(line.cells[line.index is not None : line.labels])
        unit = labels.pop() if with_units and len(labels) > 1 else None
        rows.append(Row((labels[0][0], labels[-1][1]), unit, line.index))
        cells += [Cell(*span, number, column) for column, span in enumerate(line.figures)]
    columns = tuple(tuple(head[column] for head in header) for column in range(width))
    begin = caption[0] if caption else run[above].begin
    return TextTable(begin, run[last - 1].stop, caption, columns, tuple(rows), tuple(cells))


def _header(text: str, run: Sequence[_Line], first: int, width: int) -> list[tuple[Span, ...]]:
    """The header's lines above row `first`, each as the cells of its figures' columns."""
    header: list[tuple[Span, ...]] = []
    for at in range(first - 1, max(-1, first - 3), -1):
        line = run[at]
        cells = line.cells
        years = all(text[stop - 1] == "年" or text[stop - 1].isdigit() for _, stop in line.figures)
        if (line.figures and not years) or _CAPTION.search(text, line.begin, line.stop):
            break
        if not width <= len(cells) <= width + 3 or (width == 1 and len(cells) > 3):
            break
        if header and len(cells) > width + 1:
            break
        header.insert(0, cells[len(cells) - width :])
    return header


def _caption(text: str, run: Sequence[_Line], above: int) -> Span | None:
    """The line of the four above the table that names it or its unit."""
    found: Span | None = None
    for line in reversed(run[max(0, above - 3) : above]):
        m = _CAPTION.search(text, line.begin, line.stop)
        if m and line.stop - line.begin <= _LONGEST_CAPTION:
            found = (line.begin, line.stop)
            if m["unit"]:
                break
    return found


def _have_units(text: str, rows: Sequence[_Line]) -> bool:
    """Whether the last label of each row is its unit: 水泥 万吨 426.3."""
    lasts = [text[slice(*row.cells[row.labels - 1])] for row in rows if row.labels > 1]
    return 2 * len(lasts) > len(rows) and all(_LIKE_A_UNIT.fullmatch(last) for last in lasts)


_LIKE_A_UNIT = re.compile(
    r"[百千万亿]{0,2}(?:[元美人户家个吨辆台件项所张份篇次间套亩斤米升度时瓦只头株册部座处名位平方立米公里顷千克兆标箱日年月岁]{1,6}"
    r"|[a-zA-Z/²³]{1,6})(?:/[^ ]{1,4})?|[%‰]|个?百分点"
)


# ---------------------------------------------------------------- a cell a line


def _by_cells(text: str, run: Sequence[_Line]) -> Iterator[TextTable]:
    """A table whose every cell stands on a separate line: labels, then the figures of the row."""
    if any(len(line.cells) > 1 and line.numbers for line in run):
        return
    records: list[tuple[list[Span], list[Span]]] = []
    labels: list[Span] = []
    for line in run:
        span = (line.cells[0][0], line.cells[-1][1])
        if _kind(text, span):
            if not records or labels:
                records.append((labels, []))
                labels = []
            records[-1][1].append(span)
        else:
            labels.append(span)
    table = _table_of_records(text, records)
    if table:
        yield table


def _table_of_records(text: str, records: list[tuple[list[Span], list[Span]]]) -> TextTable | None:
    if records and not records[0][0]:
        records = records[1:]  # figures whose label stands on another page
    if len(records) < 2:
        return None
    width, depth = len(records[-1][1]), len(records[-1][0])
    if depth > 2 or any(len(figures) != width or len(labels) != depth for labels, figures in records[1:]):
        return None
    first, figures = records[0]
    if len(figures) != width or len(first) < depth:
        return None
    head, first = first[: len(first) - depth], first[len(first) - depth :]
    records = [(first, figures), *records[1:]]
    with_unit = depth == 2 and all(_LIKE_A_UNIT.fullmatch(text, *labels[1]) for labels, _ in records)
    caption = next((span for span in head if _CAPTION.search(text, *span)), None)
    head = [span for span in head if span != caption]
    columns = tuple((span,) for span in head[len(head) - width :]) if len(head) >= width else ((),) * width
    rows = tuple(
        Row((labels[0][0], labels[0 if with_unit else -1][1]), labels[1] if with_unit else None, None)
        for labels, _ in records
    )
    cells = tuple(
        Cell(*span, row, column)
        for row, (_, spans) in enumerate(records)
        for column, span in enumerate(spans)
    )
    begin = caption[0] if caption else columns[0][0][0] if columns[0] else rows[0].label[0]
    return TextTable(begin, cells[-1].stop, caption, columns, rows, cells)
