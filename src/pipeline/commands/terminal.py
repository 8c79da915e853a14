"""Text on a terminal: widths of Chinese characters, aligned columns, colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from pipeline.language import language


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text padded with spaces to a width, or cut to it. right: pad before the text."""
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 1).rstrip()}…"
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def aligned(rows: Sequence[Sequence[str]], max_width: int = 32, right: Collection[int] = ()) -> Iterator[str]:
    """Rows as lines with aligned columns, each at most max_width wide. right: right-aligned ones."""
    widths = [min(max_width, max(map(cell_len, column))) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            pad(cell, width, right=number in right)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def has_colours() -> bool:
    """Whether stdout is a terminal that shows colours, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, *styles: int) -> str:
    """The text in ANSI styles, where stdout shows colours: 1 bold, 2 dim, 31 to 36 colours."""
    return f"\x1b[{';'.join(map(str, styles))}m{text}\x1b[0m" if has_colours() else text


def code_text(vocabulary: str, value: str) -> str:
    """A code (released, warning, new) in the terminal's language; in English the code itself."""
    if language() == "en":
        return value
    from pipeline.tables.vocabulary import code_name

    return code_name(vocabulary, value).zh
