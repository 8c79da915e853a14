"""Lines: which printed lines are one paragraph, inferred from their lengths and ends.

A column of hard-wrapped text shows itself by a run of lines of near equal width most
of which end in the middle of a sentence. Each such run (a core) lends its width to
the lines around it; a line as wide as its column that ends unfinished goes on in the
next one, over a page number or a false paragraph break if need be. Text with one
paragraph a line has no core and keeps its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_letters
from typing import NamedTuple

from pipeline.texts.masthead import LIST_MARK, is_furniture, is_masthead, is_page_number

Span = tuple[int, int]

LINE = re.compile(r"[^ \n](?:[^\n]*[^ \n])?")
"""A line of folded text without its indentation and trailing spaces."""

FINAL = frozenset("。！？…!?")
CLOSERS = "”’」』）)》】〉"
_PAUSES = frozenset("；：;:")
_NEVER_FIRST = frozenset("，。、；：！？）》」』”’%‰℃")
_PROSE = re.compile(r"[，。、；]|[,.;](?=[ A-Za-z\u4e00-\u9fff])")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS = frozenset(ascii_letters)

# Widths count in half-widths: a Han character is two, a digit one.
_NARROWEST = 20
"""Columns are wider than ten characters, table cells and verse mostly not."""
_BROADEST = 160
_RAGGED = 8
"""By how much two neighbouring lines of one column differ at most."""
_INDENT = 4
"""How much shorter a paragraph's first line is, where its indentation was lost."""


class Join(NamedTuple):
    """Line `line` goes on in line `into`; the lines between them are page numbers."""

    line: int
    into: int
    space: bool
    """Whether a space stands for the line break (between two Latin words)."""


def finished(text: str) -> bool:
    """Whether a line ends a sentence, closing marks aside."""
    return text.rstrip(CLOSERS)[-1:] in FINAL


def find_joins(text: str, lines: Sequence[Span]) -> list[Join]:
    """The joins of folded text, in order of lines; empty where nothing is wrapped."""
    if not _may_be_wrapped(text, lines):
        return []
    rows = list(_printed_lines(text, lines))
    _measure(rows)
    joins: list[Join] = []
    starts_paragraph = True
    for n in range(len(rows) - 1):
        joined = _continues(rows, n, starts_paragraph)
        if joined:
            joins.append(
                Join(rows[n].index, rows[n + 1].index, _between_words(rows[n].text, rows[n + 1].text))
            )
        starts_paragraph = not joined
    return joins


def _may_be_wrapped(text: str, lines: Sequence[Span]) -> bool:
    """The cheap question, for the many texts that are not: two unfinished lines of like length
    in a row, or a line that begins with a mark that never begins one."""
    length, unfinished = 0, False
    for begin, stop in lines:
        if unfinished and text[begin] in _NEVER_FIRST:
            return True
        before, length = length, stop - begin
        unfinished_before, unfinished = unfinished, text[stop - 1] not in FINAL
        if unfinished_before and unfinished and -_RAGGED <= before - length <= _RAGGED:
            return True
    return False


@dataclass(slots=True)
class _PrintedLine:
    """A printed line; page numbers are passed over and have none."""

    index: int
    text: str
    width: int
    is_separate: bool
    """A masthead or furniture, never joined."""
    blank: bool
    """Whether a blank line stands before it."""
    indent: int
    ends: bool
    """Whether it ends a sentence."""
    column: int = 0
    """The width of the column it stands in; 0 outside of columns."""
    spread: int = 0
    """By how much the full lines of that column differ among themselves."""

    @property
    def full(self) -> bool:
        return self.column > 0 and -_RAGGED <= self.width - self.column <= _RAGGED


def _printed_lines(text: str, lines: Sequence[Span]) -> Iterator[_PrintedLine]:
    at = passed = 0
    for index, (begin, stop) in enumerate(lines):
        line = text[begin:stop]
        if is_page_number(line):
            passed += 1
            continue
        breaks = text.count("\n", at, begin)
        yield _PrintedLine(
            index=index,
            text=line,
            width=_width(line),
            is_separate=is_masthead(line) or is_furniture(line),
            blank=breaks > (passed + 3 if passed else 1),  # a page number may have blank lines around it
            indent=begin - (text.rfind("\n", at, begin) + 1 or at),
            ends=finished(line),
        )
        at, passed = stop, 0


def _width(text: str) -> int:
    """Half-widths of a line; spaces in a row are what text extraction makes of a wide gap."""
    return len(text.encode("gb18030", "replace")) + 2 * text.count("  ")


def _measure(rows: list[_PrintedLine]) -> None:
    """Give each row the width of its column, by the nearest core.

    A column reaches from its core to the middle between it and the next core, or to the
    first line that is too wide for it.
    """
    cores = [core for core in _runs(rows) if _is_core(rows[slice(*core)])]
    if not cores:
        return _measure_evenly(rows)
    borders = [0, *((above[1] + below[0]) // 2 for above, below in pairwise(cores)), len(rows)]
    for (start, stop), (left, right) in zip(cores, pairwise(borders), strict=True):
        widths = sorted(row.width for row in rows[start:stop])
        width = widths[3 * len(widths) // 4]
        spread = width - widths[len(widths) // 4]
        for way in (range(start, right), range(start - 1, left - 1, -1)):
            for n in way:
                if rows[n].width > width + _RAGGED:
                    break
                rows[n].column, rows[n].spread = width, spread
    return None


def _measure_evenly(rows: list[_PrintedLine]) -> None:
    """Text without a core, of paragraphs of two or three lines: are its longest lines all of one width?"""
    width = max((row.width for row in rows if not row.is_separate), default=0)
    longest = [row for row in rows if row.width >= width - _INDENT - 1 and not row.is_separate]
    if 2 * _NARROWEST <= width <= _BROADEST and len(longest) > 2 and _is_core(longest):
        for row in rows:
            row.column, row.spread = width, 1


def _runs(rows: list[_PrintedLine]) -> Iterator[Span]:
    """Stretches of neighbouring lines of near equal width."""
    start = 0
    for n, (above, below) in enumerate(pairwise(rows), 1):
        if below.blank or below.is_separate or abs(below.width - above.width) > _RAGGED:
            yield start, n
            start = n
    yield start, len(rows)


def _is_core(rows: list[_PrintedLine]) -> bool:
    """Wide enough, mostly broken in mid-sentence, and prose: titles, items and cells are not.

    Two lines alone must both be prose, of more a third.
    """
    broken = sum(not row.ends and row.text[-1] not in _PAUSES for row in rows)
    if broken < 2 or 2 * broken < len(rows) or min(row.width for row in rows) < _NARROWEST:
        return False
    prose = sum(_PROSE.search(row.text) is not None for row in rows)
    items = sum(LIST_MARK.match(row.text) is not None for row in rows)
    return 3 * items <= len(rows) and (3 * prose >= len(rows) if len(rows) > 2 else prose == 2)


def _continues(rows: list[_PrintedLine], n: int, starts_paragraph: bool) -> bool:
    """Whether row n and the next are one paragraph. starts_paragraph: row n begins one."""
    row, following = rows[n], rows[n + 1]
    if row.is_separate or following.is_separate:
        return False
    mark = following.text[0]
    if mark in _NEVER_FIRST and (mark in CLOSERS or not row.ends):
        return row.width >= _NARROWEST // 2 or _is_subscript(rows, n)
    if not row.column:
        return False
    if _is_subscript(rows, n) or _is_subscript(rows, n + 1):
        return True
    if following.blank:
        return row.full and not row.ends and _continues_over_gap(rows, n)
    if not row.full:  # a paragraph never ends with a comma
        return row.text[-1] in "，、" or (not row.ends and _bracket_open(row.text, following.text))
    if row.ends or LIST_MARK.match(following.text):
        return row.ends and _same_paragraph(row, following)
    return following.indent < row.indent + 2 and not (starts_paragraph and _is_title(row))


def _is_title(row: _PrintedLine) -> bool:
    """A first line without a mark in it that is near the column's width, and not exactly."""
    off = min(abs(row.width - row.column), abs(row.width + _INDENT - row.column))
    return off > 1 + row.spread and not _PROSE.search(row.text)


def _same_paragraph(row: _PrintedLine, following: _PrintedLine) -> bool:
    """After a full line that ends a sentence: the next one is no first line, which is indented or,
    where indentation was lost, two characters short."""
    short = following.column - following.width
    return (
        following.indent <= row.indent and following.column == row.column and -_RAGGED <= short < _INDENT - 1
    )


def _continues_over_gap(rows: list[_PrintedLine], n: int) -> bool:
    """A false break at a column's end: running text before it and after it."""
    row, following = rows[n], rows[n + 1]
    running = n > 0 and not row.blank and not rows[n - 1].is_separate
    joined = n + 2 < len(rows) and not rows[n + 2].blank and not rows[n + 2].is_separate
    return (
        running
        and (joined or following.ends)
        and following.width <= following.column + _RAGGED
        and not LIST_MARK.match(following.text)
    )


def _is_subscript(rows: list[_PrintedLine], n: int) -> bool:
    """A digit set low or high (the 2 of M2, CO2, m2), which PDF text puts on a line of its own."""
    text = rows[n].text
    return len(text) <= 2 and text.isdigit() and n > 0 and rows[n - 1].text[-1] in _LETTERS


def _bracket_open(text: str, following: str) -> bool:
    """A short line whose bracket the next line closes."""
    for left, right in ("（）", "()", "《》"):
        if text.rfind(left) > text.rfind(right):
            shut = following.find(right)
            return shut >= 0 and not 0 <= following.find(left) < shut
    return False


def _between_words(text: str, following: str) -> bool:
    """Whether a space belongs between two lines: Latin ones; a Chinese column breaks words anywhere."""
    if not (text[-1].isascii() and text[-1] not in "-/" and following[0].isascii()):
        return False
    return 2 * len(_LATIN.findall(text)) > len(text)
