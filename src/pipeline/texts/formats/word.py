"""Word documents: paragraphs and tables in their order, as they read with all changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table

from pipeline.errors import one_line
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import Article
from pipeline.texts.formats.archive import refuse_bombs
from pipeline.texts.formats.markup import row_line

_OLD = b"\xd0\xcf\x11\xe0"
_TITLES = re.compile(r"title|heading 1|标题 ?1?$", re.I)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX, _DELETED, _MOVED = qn("w:txbxContent"), qn("w:del"), qn("w:moveFrom")
_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
_WRITTEN = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXT, _RUN_PROPERTIES = qn("w:t"), qn("w:pPr")


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a Word document; its title where a paragraph is styled as one."""
    if data.startswith(_OLD):
        raise UnreadableError("is an old Word document, or has a password; save it as .docx without one")
    refuse_bombs(data)
    try:
        document = Document(BytesIO(data))
        lines, title = _lines(document)
    except Exception as error:  # a damaged package: whatever zipfile, lxml and docx make of it
        what = one_line(str(error))[:100]
        raise UnreadableError(
            f"is no Word document that can be opened ({what}); save it anew as .docx"
        ) from error
    text = "\n".join(lines)
    if not text.strip():
        raise UnreadableError("holds no text; a picture's text is read only where it is typed")
    yield Article(text=text, fields={"title": title} if title else {})


def _lines(document: Any) -> tuple[list[str], str | None]:
    lines: list[str] = []
    title = None
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += _table(block._element)
            continue
        paragraph = [line for line in _paragraph_lines(block._element) if line.strip()]
        style = getattr(block.style, "name", None) or ""
        if title is None and paragraph and len(lines) < 8 and _TITLES.match(style):
            title = " ".join(paragraph[0].split())
        lines += paragraph
    return lines, title


def _table(table: Any) -> Iterator[str]:
    """A table's rows as lines; one that only lays out a page, cell by cell."""
    rows = [[_cell(cell) for cell in row.iter(_CELL)] for row in table.iter(_ROW)]
    nested = any(next(cell.iter(_TABLE), None) is not None for cell in table.iter(_CELL))
    if nested or max(map(len, rows), default=0) < 2:
        for paragraph in table.iter(_PARAGRAPH):
            yield from (line for line in _paragraph_lines(paragraph) if line.strip())
        return
    yield from filter(None, map(row_line, rows))


def _cell(cell: Any) -> str:
    return "".join(
        line.strip() for paragraph in cell.iter(_PARAGRAPH) for line in _paragraph_lines(paragraph)
    )


def _paragraph_lines(paragraph: Any) -> list[str]:
    """A paragraph's lines: what was inserted counts, what was deleted does not; text boxes follow it."""
    written: list[str] = []
    boxes: list[str] = []
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if tag in (_DELETED, _MOVED, _FALLBACK, _RUN_PROPERTIES):
            continue
        if tag == _BOX:
            boxes += (line for inner in element.iter(_PARAGRAPH) for line in _paragraph_lines(inner))
        elif tag == _TEXT:
            written.append(element.text or "")
        elif tag in _WRITTEN:
            written.append(_WRITTEN[tag])
        else:
            waiting += reversed(list(element))
    return [*"".join(written).split("\n"), *boxes]
