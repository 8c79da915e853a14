"""Tables of Chinese text on a terminal: widths in columns, alignment, colour where there is any."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence

from pipeline.language import language

_WIDE = frozenset("WF")
_NO_WIDTH = frozenset(("Mn", "Me", "Cf"))


def width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in _NO_WIDTH else 1 + (unicodedata.east_asian_width(c) in _WIDE)
        for c in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up with spaces to so many columns, before it with `right`."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def clip(text: str, columns: int) -> str:
    """The text, cut with an ellipsis where it takes more columns."""
    if width(text) <= columns:
        return text
    kept, used = 0, 1
    while used + width(text[kept]) <= columns:
        used += width(text[kept])
        kept += 1
    return f"{text[:kept]}…"


def columns(rows: Sequence[Sequence[str]], widest: int = 32) -> list[int]:
    """How wide each column of some rows has to be, at most `widest`."""
    return [min(widest, max(map(width, column))) for column in zip(*rows, strict=True)]


def coloured() -> bool:
    """Whether stdout is a terminal whose user has not asked for plain text (NO_COLOR)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: int) -> str:
    """The text in the styles of ECMA-48's SGR: 1 bold, 2 dim, 4 underlined, 36 cyan."""
    return f"\x1b[{';'.join(map(str, styles))}m{text}\x1b[0m"


def term(vocabulary: str, value: str) -> str:
    """A code of the program's (released, warning, new) as people read it: in English it is its own name."""
    if language() == "en":
        return value
    from pipeline.tables.vocabulary import word

    return word(vocabulary, value).zh


def joined(cells: Iterable[str]) -> str:
    """A row's cells as one line, without space at its end."""
    return "  ".join(cells).rstrip()
