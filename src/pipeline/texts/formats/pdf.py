"""PDF: a document's text in reading order, page after page, without what stands on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.errors import one_line
from pipeline.texts.decode import UnreadableError
from pipeline.texts.formats import LEFT_OUT, Article
from pipeline.texts.formats.page_layout import Glyph, lines

_EDGE = 2
"""Lines at the top and at the bottom of a page that may stand on every page."""
_HYPHEN = re.compile(r"(?<=[A-Za-z])[-\u00ad\u2010\ufffe\x02]\n(?=[a-z])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?(\d{1,4})(?:\s*页)?[-—–·\s]*(?:/?\s*共?\s*\d{1,4}\s*页?)?")
_PAGED = re.compile(r"\d{1,4}(?=\s*(?:页|/|$))|^\d{1,4}(?=\s)|(?<=[-—–·第])\s*\d{1,4}")
"""Where a running head has the page's number."""
_MOST_NUMBERS = 8
"""Numbers of a line that are looked at."""
_SCAN = (
    "is a scan without text; recognise it with an OCR program and put the result here, or name one that "
    'prints its text below [read] in wenshu.toml: ocr = ["ocr-command", "-"]'
)


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a PDF. A scan has no text, and is there to be recognised."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        why = "has a password; save it without one" if "password" in str(error).lower() else ""
        raise UnreadableError(why or f"is no PDF that can be opened ({one_line(str(error))})") from error
    try:
        pages = [lines(_glyphs(page)) for page in document]
    except pdfium.PdfiumError as error:
        raise UnreadableError(f"is a damaged PDF ({one_line(str(error))}); save it anew") from error
    finally:
        document.close()
    pages, left_out = _without_heads_and_feet(pages)
    text = _HYPHEN.sub("", "\n".join(line for page in pages for line in page))
    text = _CONTROL.sub("", text)
    if text.strip():
        yield Article(text=text, notes=left_out)
    else:
        yield Article(reason=_SCAN, scan=data)


def _glyphs(page: Any) -> Iterator[Glyph]:
    """The characters of a page in the order in which it draws them, with their places."""
    textpage = page.get_textpage()
    box = raw.FS_RECTF()
    try:
        for number in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(textpage.raw, number)
            if code in (0, 0xFFFE, 0xFFFF):
                code = 0x02
            if raw.FPDFText_GetLooseCharBox(textpage.raw, number, box):
                yield Glyph(chr(code), box.left, box.bottom, box.right, box.top)
            else:
                yield Glyph(chr(code), 0.0, 0.0, 0.0, 0.0)
    finally:
        textpage.close()


def _without_heads_and_feet(pages: Sequence[list[str]]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The pages without running heads, feet and their numbers: the same on three pages, or on all of two."""
    seen: Counter[tuple[bool, str]] = Counter()
    for number, page in enumerate(pages, 1):
        seen.update((top, shape) for top, n in _edges(page) for shape in _shapes(page[n], number))
    least = 3 if len(pages) > 2 else 2
    removed: list[str] = []
    kept = []
    for number, page in enumerate(pages, 1):
        edges = {
            n for top, n in _edges(page)
            if len(pages) > 1 and (
                any(seen[top, shape] >= least for shape in _shapes(page[n], number))
                or _is_number(page[n], number)
            )
        }  # fmt: skip
        removed += (page[n] for n in sorted(edges))
        kept.append([line for n, line in enumerate(page) if n not in edges])
    listed = ", ".join(dict.fromkeys(_PAGED.sub("#", one_line(words.strip()))[:24] for words in removed))
    return kept, (f"{LEFT_OUT}heads and feet of pages: {listed[:200]}",) if removed else ()


def _edges(page: Sequence[str]) -> Iterator[tuple[bool, int]]:
    """The lines at a page's top and bottom; a page of few lines has none to spare."""
    if len(page) > 2 * _EDGE:
        yield from ((True, n) for n in range(_EDGE))
        yield from ((False, n) for n in range(len(page) - _EDGE, len(page)))


def _shapes(line: str, page: int) -> set[str]:
    """What a running head is on every page: all of it, or all but the one number that counts the pages.

    That number is given by how far it is from the page's, so that 第3批 of one page's text and 第8批 of the
    next one's are no running head.
    """
    words = " ".join(line.split())
    counted = (
        f"{words[: match.start()]}{int(match[0]) - page:+}{words[match.end() :]}"
        for match in islice(_PAGED.finditer(words), _MOST_NUMBERS)
    )
    return {words, *counted}


def _is_number(line: str, page: int) -> bool:
    match = _NUMBER.fullmatch(line.strip())
    return match is not None and int(match[1]) == page
