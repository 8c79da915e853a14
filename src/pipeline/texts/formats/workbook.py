"""Workbooks of articles (.xlsx, .xls, .ods): a row an article, on any sheet that names a column 正文.

Read by calamine, which takes the cells' values and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pipeline.errors import one_line
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import Article
from pipeline.texts.formats.archive import refuse_bombs
from pipeline.texts.formats.rows import names_text, of_rows


def read(data: bytes, name: str) -> Iterator[Article]:
    """The articles of a workbook's sheets; one without articles is refused."""
    refuse_bombs(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(sheet, book.get_sheet_by_name(sheet)) for sheet in book.sheet_names]
    except PasswordError as error:
        raise UnreadableError("has a password; save it without one") from error
    except CalamineError as error:
        raise UnreadableError(f"is no workbook that can be opened ({one_line(str(error))})") from error
    filled = {sheet: rows for sheet, found in sheets if (rows := found.to_python(skip_empty_area=False))}
    if not filled:
        raise UnreadableError("is empty")
    wanted = {sheet: rows for sheet, rows in filled.items() if names_text(rows)} or dict(
        [*filled.items()][:1]
    )
    for sheet, rows in wanted.items():
        yield from of_rows(enumerate(rows, 1), prefix=f"{sheet} " if len(filled) > 1 else "")
