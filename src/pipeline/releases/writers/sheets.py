"""Sheets of an XLSX file: typed cells, heads that stay, filters, and a page that prints.

Numbers of more than 15 digits are text, since a spreadsheet would round them; text is never a
formula. Rows go to the disk as they are written, so that memory does not grow with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_575
"""Rows that a sheet holds below its head; more of them go on in a sheet of their own."""
_TEXT = 32_767
"""Characters (of UTF-16) that a cell holds."""
_DIGITS = 15
"""Significant digits that a spreadsheet's numbers keep."""
_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about the days before."""


_LINKS = 65_000
"""Links that a sheet holds; cells beyond them have the text alone."""
_HIGHEST = 12
"""Lines that a row shows."""
_LINE = 17
"""Points that a line of text is high."""


class Head(NamedTuple):
    """A column of a sheet."""

    title: str
    width: int
    """In characters; a Chinese one counts for two."""
    folded: bool = False
    """Out of sight, until the reader unfolds it."""
    number: bool = False
    """Stands over numbers, on the right."""
    wrapped: bool = False
    """Its texts are broken into lines."""


class Link(NamedTuple):
    """A cell that leads to a place: a URL, or a path from where the workbook is."""

    text: str
    place: str


class Heads(tuple[str, ...]):
    """A line of a cover that stands over those below it."""

    __slots__ = ()


class Sheets:
    """A workbook whose sheets are written one after another, each from its first row to its last."""

    def __init__(self, path: Path, title: str, day: date) -> None:
        """day: the date that the file bears; no other moment is in it."""
        from xlsxwriter import Workbook

        self._book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent.parent)})
        self._book.set_properties({"title": title, "created": datetime.combine(day, time())})
        rule = {"bottom": 1, "bottom_color": "#D5DBE1", "valign": "top"}
        text = {**rule, "align": "left", "indent": 1}
        head = {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        self._head = self._book.add_format({**head, "align": "left", "indent": 1})
        self._number_head = self._book.add_format({**head, "align": "right"})
        self._top = self._book.add_format(text)
        self._broken = self._book.add_format({**text, "text_wrap": True})
        self._leading = self._book.add_format({**text, "font_color": "#0563C1", "underline": 1})
        self._title = self._book.add_format({"bold": True, "font_size": 16})
        self._day = self._book.add_format({**text, "num_format": "yyyy-mm-dd"})
        self._number = cache(lambda places: self._book.add_format({**rule, "num_format": _form(places)}))
        self._taken: list[str] = []

    def name(self, title: str) -> str:
        """A name for a sheet: one that a spreadsheet takes, and that no other sheet has."""
        self._taken.append(sheet_name(title, self._taken))
        return self._taken[-1]

    def add(self, name: str, heads: Sequence[Head], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet of rows below their heads; as many sheets as they need."""
        sheet, row = self._headed(name, heads), 0
        forms = [self._broken if head.wrapped else self._top for head in heads]
        for cells in rows:
            if row == ROWS:
                sheet.autofilter(0, 0, row, len(heads) - 1)
                sheet, row = self._headed(self.name(name), heads), 0
            row += 1
            if (lines := _lines(heads, cells)) > 1:
                sheet.set_row(row, _LINE * lines)
            for column, (cell, form) in enumerate(zip(cells, forms, strict=False)):
                if isinstance(cell, Link) and row <= _LINKS:
                    sheet.write_url(row, column, _address(cell.place), self._leading, cell.text)
                elif cell is None:
                    sheet.write_blank(row, column, None, form)
                else:
                    self._put(sheet, row, column, cell.text if isinstance(cell, Link) else cell, form)
        sheet.autofilter(0, 0, row, len(heads) - 1)

    def cover(self, name: str, lines: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
        """A sheet to begin with, its title first; a text that is the name of another sheet leads there.

        A line that is a `Heads` stands over those below it.
        """
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if not row:
                    sheet.write_string(row, column, cell, self._title)
                elif isinstance(cells, Heads):
                    sheet.write_string(row, column, cell, self._number_head if column == 1 else self._head)
                elif column == len(widths) - 1 and isinstance(cell, str):
                    # Not every program makes a row as high as what is wrapped in it.
                    sheet.set_row(row, _LINE * -(-_wide(cell) // (widths[-1] - 4)))
                    sheet.write_string(row, column, cell, self._broken)
                elif cell in self._taken:
                    sheet.write_url(row, column, f"internal:'{cell}'!A1", self._leading, cell)
                elif cell is not None:
                    self._put(sheet, row, column, cell, self._top)

    def close(self) -> None:
        """Put the file together; OSError where the disk is full."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # which keeps what went wrong as its argument
            raise error.args[0] from error

    def _headed(self, name: str, heads: Sequence[Head]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        for column, head in enumerate(heads):
            sheet.set_column(
                column, column, head.width, None, {"level": 1, "hidden": True} if head.folded else {}
            )
            sheet.write_string(0, column, head.title, self._number_head if head.number else self._head)
        return sheet

    def _put(self, sheet: Worksheet, row: int, column: int, cell: Any, form: Any = None) -> None:
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, form)
        elif isinstance(cell, date):
            if cell < _FIRST_DAY:
                sheet.write_string(row, column, cell.isoformat(), form)
            else:
                sheet.write_datetime(row, column, cell, self._day)
        elif isinstance(cell, int | Decimal):
            self._put_number(sheet, row, column, Decimal(cell))
        else:
            sheet.write_string(row, column, cut(cell), form)

    def _put_number(self, sheet: Worksheet, row: int, column: int, number: Decimal) -> None:
        number = number.normalize()
        _, digits, exponent = number.as_tuple()
        assert isinstance(exponent, int)
        if len(digits) > _DIGITS:
            sheet.write_string(row, column, f"{number:f}")
        else:
            sheet.write_number(row, column, number, self._number(max(-exponent, 0)))


def _lines(heads: Sequence[Head], cells: Sequence[Any]) -> int:
    """How many lines the highest of the broken texts takes: not every program makes a row that high."""
    broken = (
        sum(-(-_wide(line) // (head.width - 3)) or 1 for line in cell.splitlines())
        for head, cell in zip(heads, cells, strict=False)
        if head.wrapped and isinstance(cell, str) and len(cell) > head.width // 3
    )
    return min(max(broken, default=1), _HIGHEST)


def _address(place: str) -> str:
    """A link's target as xlsxwriter takes it: a path is that of a file beside the workbook."""
    return place if "://" in place else f"external:{place}"


def _form(places: int) -> str:
    """The format of numbers with so many places: thousands apart, and every place shown."""
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _wide(text: str) -> int:
    """How wide a text is, in characters; a Chinese one counts for two."""
    return (len(text.encode("utf-8", "replace")) + len(text)) // 2


def cut(text: str) -> str:
    """The text, cut to what a cell holds."""
    if len(text) <= _TEXT // 2 or len(text.encode("utf-16-le")) // 2 <= _TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * (_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name of at most 31 characters, none of which is forbidden, that is not taken in either case."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '") or "-"
    lower = {other.lower() for other in taken}
    short, number = name[:31], 1
    while short.lower() in lower:
        number += 1
        short = f"{name[: 30 - len(str(number))]}_{number}"
    return short
