"""Markup: from an HTML tree to text, a line a paragraph, tables as tables.

A table's row is a line, its cells apart by ` | `, its head the first line: as people write
tables into text, and as they are read from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree, html

from pipeline.texts.decode import UnreadableError

NO_ARTICLE = "holds no article that can be told from its surroundings; save its text as .txt"

CELL = " | "
"""Between the cells of a row."""

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section summary table "
    "tbody td tfoot th thead title tr ul item list row cell quote".split()
)  # the last ones are trafilatura's
_BREAKS = frozenset(("br", "lb"))
_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")
_INVISIBLE = (
    "script style noscript template iframe object embed svg math video audio canvas button select option "
    "textarea input del s strike rt rp link".split()
)
"""Elements that show no text of the article's, or text that was struck out."""

_SPACE = re.compile(r"[ \t\f\v]+")
_CHINESE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_SOURCE_BREAK = re.compile(rf"(?<={_CHINESE})[ \t]*\v[ \t\v]*(?={_CHINESE})")
"""A line break of the markup (\v) within Chinese text: browsers show a space there that nobody wrote."""

_WIDEST_SPAN = 50
"""Columns over which one cell may reach."""

_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?)?"""
_MOST_ATTRIBUTES = 500
_TAG = re.compile(
    r"(?s:<!--.*?(?:-->|\Z)|<(?P<unread>script|style)\b.*?(?:</(?P=unread)|\Z))"
    rf"|(?P<kept><[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{_MOST_ATTRIBUTES}}}+)(?:{_ATTRIBUTE})*+",
    re.I,
)
"""A tag, with what is kept of it; comments and scripts are stepped over. Each character is looked at once."""


def parse(markup: str) -> Any:
    """The tree of a page, without what shows no text. Raises `UnreadableError` where there is none.

    Of a tag's attributes the first 500 are read: libxml2 takes for each as long as for all before it.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    markup = _TAG.sub(lambda tag: tag["kept"] or tag[0], markup)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError(NO_ARTICLE) from error
    etree.strip_elements(root, *_INVISIBLE, with_tail=False)
    return root


def render(root: Any) -> str:
    """The text of an element."""
    return "\n".join(_lines("".join(_pieces(root))))


def inline_text(root: Any) -> str:
    """An element's text on one line."""
    return " ".join(_lines("".join(_pieces(root, tables=False))))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line := _SPACE.sub(" ", _SOURCE_BREAK.sub("", line)).strip(" "):
            yield line


def _pieces(root: Any, *, tables: bool = True) -> Iterator[str]:
    """Text, with line feeds where a line ends."""
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            rows = _rows(element) if tables and tag == "table" else None
            if rows is not None:
                yield "\n" + "\n".join(map(_row, rows))
                walker.skip_subtree()
                continue
            if tag in _BLOCKS or tag in _BREAKS:
                yield "\n"
            if element.text:
                yield element.text if tag == "pre" else _mark_breaks(element.text)
        else:
            if tag in _BLOCKS:
                yield "\n"
            if element is not root and element.tail:
                yield _mark_breaks(element.tail)


def _mark_breaks(text: str) -> str:
    return text.replace("\r", "\v").replace("\n", "\v")


def _rows(table: Any) -> list[list[str]] | None:
    """The cells of a table of data; None of one that lays out a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows = [_cells(row) for row in table.iter(*_ROWS)]
    rows = [row for row in rows if any(row)]
    if sum(sum(map(bool, row)) > 1 for row in rows) < 2:
        return None
    return rows


def _cells(row: Any) -> list[str]:
    """A row's cells. A head over several columns is repeated over each, a figure is not."""
    cells: list[str] = []
    for cell in row.iterchildren(*_CELLS):
        text = next(_lines("\v".join(_lines("".join(_pieces(cell, tables=False))))), "")
        try:
            columns = min(max(1, int(cell.get("colspan", 1))), _WIDEST_SPAN)
        except ValueError:
            columns = 1
        cells += [text, *[text if not re.search(r"\d", text) else ""] * (columns - 1)]
    return cells


def _row(cells: Iterable[str]) -> str:
    return CELL.join(cell.replace("|", "／") for cell in cells)


def row_line(cells: Iterable[str]) -> str:
    """A row of cells as a line of text, empty where they all are."""
    texts = [" ".join(cell.split()) for cell in cells]
    return _row(texts) if any(texts) else ""
