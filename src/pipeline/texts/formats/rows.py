"""Rows: articles of a table, whatever program wrote it, the first row naming the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.texts.fields import IDS, NAMES, TEXTS, name_of, read_fields
from pipeline.texts.formats import Article, digest

_NO_TEXT_COLUMN = (
    "its first row names no column 正文 (or text); give an article a row, with the columns 标题, 日期, 网址, "
    "正文; a table of figures is read from .docx, .html or .pdf"
)


def names_text(rows: Iterable[Sequence[Any]]) -> bool:
    """Whether the first row that is not empty names a column of texts."""
    first = next((row for row in rows if any(str(cell or "").strip() for cell in row)), ())
    return not TEXTS.isdisjoint(name_of(str(cell or "")) for cell in first)


def of_rows(
    rows: Iterable[tuple[int, Sequence[Any]]], encoding: str | None = None, prefix: str = ""
) -> Iterator[Article]:
    """The articles of numbered rows; empty rows are none.

    prefix: what tells the rows of one sheet from another's.
    """
    columns: list[str] | None = None
    for number, row in rows:
        cells = ["" if cell is None else cell for cell in row]
        if not any(str(cell).strip() for cell in cells):
            continue
        if columns is None:
            columns = [name_of(str(cell)) for cell in cells]
            if not TEXTS.intersection(columns):
                yield Article(record=prefix or None, reason=_NO_TEXT_COLUMN)
                return
        else:
            yield _article(dict(zip(columns, cells, strict=False)), f"{prefix}row {number}", encoding)


def _article(cells: dict[str, Any], record: str, encoding: str | None) -> Article:
    sha256 = digest(json.dumps(cells, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))
    text = next((str(cells[name]) for name in cells if name in TEXTS and str(cells[name]).strip()), "")
    if not text.strip():
        reason = "its text is empty; fill it in, or delete the row"
        return Article(sha256=sha256, record=_name(cells) or record, reason=reason)
    return of_fields(cells, text, record, sha256, encoding)


def of_fields(cells: Mapping[str, Any], text: str, record: str, sha256: str, encoding: str | None) -> Article:
    """An article of a file of many, and the fields that its columns or keys give.

    record: what names it where none of them does.
    """
    fields, faults = read_fields(((key, cell) for key, cell in cells.items() if key in NAMES), strict=False)
    return Article(
        sha256=sha256, text=text, encoding=encoding, record=_name(cells) or fields.get("url") or record,
        fields=fields, notes=faults,
    )  # fmt: skip


def _name(cells: Mapping[str, Any]) -> str | None:
    """The id that an article has among many."""
    for key, cell in cells.items():
        if key in IDS and isinstance(cell, str | int | float) and not isinstance(cell, bool):
            name = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
            if name:
                return name
    return None
