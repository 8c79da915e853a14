"""Sheets of an XLSX file: typed cells, headers that stay in sight, filters, and pages that print.

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
"""Rows that a sheet holds below its header; more of them go on in another sheet."""
_TEXT = 32_767
"""Characters (of UTF-16) that a cell holds."""
_DIGITS = 15
"""Significant digits that a spreadsheet's numbers keep."""
_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about the days before."""
_LINKS = 65_000
"""Rows of a sheet in which links are written; below them cells have the text alone."""
_MOST_LINES = 12
"""Lines that a row shows."""
_LINE_HEIGHT = 17
"""In points."""


class SheetColumn(NamedTuple):
    """A column of a sheet."""

    title: str
    width: int
    """In characters; a Chinese one counts for two."""
    folded: bool = False
    """Hidden, until the reader unfolds it."""
    number: bool = False
    """Holds numbers: its title is on the right."""
    wrapped: bool = False
    """Its texts are broken into lines."""


class Link(NamedTuple):
    """A cell that leads to a URL, to a file by its path from the workbook, or to a sheet."""

    text: str
    target: str
    """As xlsxwriter takes it: a URL, external:PATH or internal:'SHEET'!A1."""

    @classmethod
    def to_file(cls, text: str, place: str) -> Link:
        """A link to a file by its URL or path."""
        return cls(text, place if "://" in place else f"external:{place}")

    @classmethod
    def to_sheet(cls, name: str) -> Link:
        return cls(name, f"internal:'{name}'!A1")


class WorkbookWriter:
    """A workbook whose sheets are written one after another, each from its first row to its last."""

    def __init__(self, path: Path, title: str, day: date) -> None:
        """day: the file's date of creation; no other moment is in it."""
        from xlsxwriter import Workbook

        self._book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent.parent)})
        self._book.set_properties({"title": title, "created": datetime.combine(day, time())})
        line = {"bottom": 1, "bottom_color": "#D5DBE1", "valign": "top"}
        text = {**line, "align": "left", "indent": 1}
        header = {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        self._header = self._book.add_format({**header, "align": "left", "indent": 1})
        self._number_header = self._book.add_format({**header, "align": "right"})
        self._text = self._book.add_format(text)
        self._wrapped = self._book.add_format({**text, "text_wrap": True})
        self._link = self._book.add_format({**text, "font_color": "#0563C1", "underline": 1})
        self._title = self._book.add_format({"bold": True, "font_size": 16})
        self._date = self._book.add_format({**text, "num_format": "yyyy-mm-dd"})
        self._number = cache(
            lambda places: self._book.add_format({**line, "num_format": _number_format(places)})
        )
        self._names: list[str] = []

    def name(self, title: str) -> str:
        """Reserve a name for a sheet: one that a spreadsheet takes, and that no other sheet has."""
        self._names.append(sheet_name(title, self._names))
        return self._names[-1]

    def add(self, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows below their header; into as many sheets as they need."""
        sheet, row = self._add_sheet(name, columns), 0
        formats = [self._wrapped if column.wrapped else self._text for column in columns]
        for cells in rows:
            if row == ROWS:
                sheet.autofilter(0, 0, row, len(columns) - 1)
                sheet, row = self._add_sheet(self.name(name), columns), 0
            row += 1
            if (lines := _lines(columns, cells)) > 1:
                sheet.set_row(row, _LINE_HEIGHT * lines)
            for number, (cell, cell_format) in enumerate(zip(cells, formats, strict=False)):
                self._write(sheet, row, number, cell, cell_format)
        sheet.autofilter(0, 0, row, len(columns) - 1)

    def add_cover(
        self,
        name: str,
        title: str,
        facts: Sequence[Sequence[Any]],
        header: Sequence[str],
        contents: Iterable[Sequence[Any]],
        widths: Sequence[int],
    ) -> None:
        """Write the first sheet: a title, facts, and a table of contents below its header."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, title, self._title)
        for row, cells in enumerate(facts, 1):
            self._write_cover_row(sheet, row, cells, widths)
        top = len(facts) + 2
        for column, cell in enumerate(header):
            sheet.write_string(top, column, cell, self._number_header if column == 1 else self._header)
        for row, cells in enumerate(contents, top + 1):
            self._write_cover_row(sheet, row, cells, widths)

    def _write_cover_row(
        self, sheet: Worksheet, row: int, cells: Sequence[Any], widths: Sequence[int]
    ) -> None:
        """Write a row whose last cell is wrapped."""
        if not cells:
            return
        # Not every program makes a row as high as its wrapped text.
        sheet.set_row(row, _LINE_HEIGHT * -(-_display_width(cells[-1]) // (widths[-1] - 4)))
        for column, cell in enumerate(cells):
            if cell is not None:
                last = column == len(widths) - 1
                self._write(sheet, row, column, cell, self._wrapped if last else self._text)

    def close(self) -> None:
        """Put the file together; OSError where the disk is full."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # whose argument is the OSError
            raise error.args[0] from error

    def _add_sheet(self, name: str, columns: Sequence[SheetColumn]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        for number, column in enumerate(columns):
            options = {"level": 1, "hidden": True} if column.folded else {}
            sheet.set_column(number, number, column.width, None, options)
            header = self._number_header if column.number else self._header
            sheet.write_string(0, number, column.title, header)
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Any, text_format: Any) -> None:
        """Write a cell by its type."""
        if isinstance(cell, Link) and row <= _LINKS:
            sheet.write_url(row, column, cell.target, self._link, cell.text)
        elif isinstance(cell, Link):
            sheet.write_string(row, column, cut(cell.text), text_format)
        elif cell is None:
            sheet.write_blank(row, column, None, text_format)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, text_format)
        elif isinstance(cell, date):
            if cell < _FIRST_DAY:
                sheet.write_string(row, column, cell.isoformat(), text_format)
            else:
                sheet.write_datetime(row, column, cell, self._date)
        elif isinstance(cell, int | Decimal):
            self._write_number(sheet, row, column, Decimal(cell))
        else:
            sheet.write_string(row, column, cut(cell), text_format)

    def _write_number(self, sheet: Worksheet, row: int, column: int, number: Decimal) -> None:
        number = number.normalize()
        _, digits, exponent = number.as_tuple()
        assert isinstance(exponent, int)
        if len(digits) > _DIGITS:
            sheet.write_string(row, column, f"{number:f}")
        else:
            sheet.write_number(row, column, number, self._number(max(-exponent, 0)))


def _lines(columns: Sequence[SheetColumn], cells: Sequence[Any]) -> int:
    """The lines of the highest wrapped text: not every program makes a row that high by itself."""
    heights = (
        sum(-(-_display_width(line) // (column.width - 3)) or 1 for line in cell.splitlines())
        for column, cell in zip(columns, cells, strict=False)
        if column.wrapped and isinstance(cell, str) and len(cell) > column.width // 3
    )
    return min(max(heights, default=1), _MOST_LINES)


def _number_format(places: int) -> str:
    """The format of numbers with so many decimal places: thousands apart, and every place shown."""
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _display_width(text: str) -> int:
    """The width of a text in characters; a Chinese one counts for two."""
    return (len(text.encode("utf-8", "replace")) + len(text)) // 2


def cut(text: str) -> str:
    """The text, cut to the length that a cell holds."""
    if len(text) <= _TEXT // 2 or len(text.encode("utf-16-le")) // 2 <= _TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * (_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name of at most 31 allowed characters that is not taken, letter case ignored."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '") or "-"
    lower = {other.lower() for other in taken}
    short, number = name[:31], 1
    while short.lower() in lower:
        number += 1
        short = f"{name[: 30 - len(str(number))]}_{number}"
    return short
