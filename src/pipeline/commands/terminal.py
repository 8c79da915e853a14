"""Tables of Chinese text on a terminal: widths in columns, alignment, colour where there is any."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from pipeline.language import language


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up with spaces to so many columns, before it with `right`; cut where it is wider."""
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 1).rstrip()}…"
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def aligned(rows: Sequence[Sequence[str]], widest: int = 32, right: Collection[int] = ()) -> Iterator[str]:
    """Rows as lines, their columns one below the other and each at most so wide.

    right: the columns that are set flush right, by number.
    """
    widths = [min(widest, max(map(cell_len, column))) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            pad(cell, width, right=number in right)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


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
    from pipeline.tables.vocabulary import code_name

    return code_name(vocabulary, value).zh
