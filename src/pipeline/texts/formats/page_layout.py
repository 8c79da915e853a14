"""Page layout: from the characters of a printed page to its lines in reading order.

Characters make runs, runs side by side make lines. Where a gutter without text goes down
between prose on both sides, they are columns, and the left one is read to its end first.
A line in another type size than the one above, as a title's, begins with a line feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

GAP = "  "
"""Between runs of a line that stand apart, as the cells of a table do."""

_WIDEST_GAP = 1.2
"""Heights of a character, between characters of one line that are no neighbours."""
_COLUMN_LINES = 4
"""Lines of prose on either side of a gutter that make columns."""
_COLUMN_WIDTH = 9
"""Characters that a column's lines have in the middle, at least: cells are shorter."""

_SIZE_RATIO = 1.15
"""Times that one line's characters are as high as those of another, where the two are no one paragraph."""

_MOST_LINES = 1000
"""Lines of a page that is looked at for columns."""


class Glyph(NamedTuple):
    """A character and its box, in points from the page's lower left."""

    char: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class _Run:
    """Characters next to each other."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 0.0
    """Height of its first Han character, whose box is the same in every font; 0 where it has none."""

    @property
    def height(self) -> float:
        return self.top - self.bottom


def lines(glyphs: Iterable[Glyph]) -> list[str]:
    """The lines of a page, in reading order, none of them blank."""
    rows = _rows([run for run in _runs(glyphs) if run.text.strip()])
    texts: list[str] = []
    before = 0.0
    for row in _in_order(rows, 0):
        size = max(run.size for run in row)
        other_size = texts and size and before and max(size, before) > _SIZE_RATIO * min(size, before)
        texts.append("\n" * bool(other_size) + GAP.join(run.text.strip() for run in row))
        before = size or before
    return texts


def _runs(glyphs: Iterable[Glyph]) -> Iterator[_Run]:
    """Neighbouring characters, as long as they follow each other on one line."""
    run: _Run | None = None
    for glyph in glyphs:
        if glyph.char in "\r\n":
            if run:
                yield run
            run = None
            continue
        if glyph.char.isspace() or glyph.right <= glyph.left:  # a space's box says nothing
            if run:
                run.text += glyph.char
            continue
        if run and _follows(run, glyph):
            run.text += glyph.char
            run.left, run.right = min(run.left, glyph.left), max(run.right, glyph.right)
            run.bottom, run.top = min(run.bottom, glyph.bottom), max(run.top, glyph.top)
            run.size = run.size or _size(glyph)
        else:
            if run:
                yield run
            run = _Run(*glyph, _size(glyph))
    if run:
        yield run


def _size(glyph: Glyph) -> float:
    return glyph.top - glyph.bottom if "\u4e00" <= glyph.char <= "\u9fff" else 0.0


def _follows(run: _Run, glyph: Glyph) -> bool:
    height = min(run.height, glyph.top - glyph.bottom)
    near = -0.5 * height <= glyph.left - run.right <= _WIDEST_GAP * max(run.height, glyph.top - glyph.bottom)
    return near and min(run.top, glyph.top) - max(run.bottom, glyph.bottom) > 0.3 * height


def _rows(runs: list[_Run]) -> list[list[_Run]]:
    """Runs by the line that they stand on, from the top down; within one from the left."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: -(run.top + run.bottom)):
        middle = (run.top + run.bottom) / 2
        if rows and rows[-1][0].bottom <= middle <= rows[-1][0].top:
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def _in_order(rows: Sequence[list[_Run]], depth: int) -> Iterator[list[_Run]]:
    """Rows as they are read: bands of columns one column after the other."""
    at = 0
    while at < len(rows):
        gutter, stop = _band(rows, at) if depth < 3 and len(rows) < _MOST_LINES else (0.0, at)
        if stop > at:
            for side in (True, False):
                column = [[run for run in row if (run.right < gutter) is side] for row in rows[at:stop]]
                yield from _in_order([row for row in column if row], depth + 1)
            at = stop
        else:
            yield rows[at]
            at += 1


def _band(rows: Sequence[list[_Run]], at: int) -> tuple[float, int]:
    """The gutter of columns that begin with a row, and the row after them; `at` where there are none."""
    row = rows[at]
    for before, after in pairwise(row):
        gutter = (before.right + after.left) / 2
        stop = at
        while stop < len(rows) and not any(run.left < gutter < run.right for run in rows[stop]):
            stop += 1
        band = rows[at:stop]
        if all(_is_prose(band, gutter, side) for side in (True, False)):
            return gutter, stop
    return 0.0, at


def _is_prose(band: Sequence[list[_Run]], gutter: float, side: bool) -> bool:
    """Whether what stands on one side of a gutter are lines of a text."""
    sizes = [sum(len(run.text) for run in row if (run.right < gutter) is side) for row in band]
    filled = [size for size in sizes if size]
    return len(filled) >= _COLUMN_LINES and median(filled) >= _COLUMN_WIDTH
