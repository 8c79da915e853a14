"""Lines: which printed lines are one paragraph, told from their lengths and ends.

A column of hard-wrapped text shows itself by a run of lines of near equal width most
of which end in the middle of a sentence. Each such run (a core) lends its width to
the lines around it; a line as wide as its column that ends unfinished goes on in the
next one, over a page number or a false paragraph break if need be. Text with one
paragraph a line has no core and keeps its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_letters
from typing import NamedTuple

from pipeline.masthead import LIST_MARK, is_furniture, is_masthead, is_page_number

Span = tuple[int, int]

LINE = re.compile(r"[^ \n](?:[^\n]*[^ \n])?")
"""A line of folded text without its indentation and trailing spaces."""

FINAL = frozenset("。！？…!?")
CLOSERS = "”’」』）)》】〉"
_PAUSES = frozenset("；：;:")
_NEVER_FIRST = frozenset("，。、；：！？）》」』”’%‰℃")
_OPEN_ENDED = frozenset("，、（(《“—·")
_PROSE = re.compile(r"[，。、；]|[,.;](?=[ A-Za-z\u4e00-\u9fff])")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS = frozenset(ascii_letters)

_NARROWEST = 20
"""Half-widths: columns are wider than ten characters, table cells and verse mostly not."""
_RAGGED = 8
"""Half-widths by which two neighbouring lines of one column differ at most."""


class Join(NamedTuple):
    """Line `line` goes on in line `into`; the lines between them are page furniture."""

    line: int
    into: int
    space: bool
    """Whether a space stands for the line break (between two Latin words)."""


def finished(text: str, stop: int) -> bool:
    """Whether the line that ends at `stop` ends a sentence, closing marks aside."""
    while stop and text[stop - 1] in CLOSERS:
        stop -= 1
    return stop > 0 and text[stop - 1] in FINAL


def find_joins(text: str, lines: Sequence[Span]) -> list[Join]:
    """The joins of folded text, in order of lines; empty where nothing is wrapped."""
    unfinished = [text[stop - 1] not in FINAL for _, stop in lines]
    if not _may_be_wrapped(text, lines, unfinished):
        return []
    return _Column(text, lines).joins()


def _may_be_wrapped(text: str, lines: Sequence[Span], unfinished: Sequence[bool]) -> bool:
    """The cheap question, for the many texts that are not: two unfinished lines of like length
    in a row, or a line that begins with a mark that never begins one."""
    for i in range(len(lines) - 1):
        if unfinished[i]:
            (begin, stop), (begin2, stop2) = lines[i], lines[i + 1]
            if text[begin2] in _NEVER_FIRST:
                return True
            if unfinished[i + 1] and -_RAGGED <= (stop - begin) - (stop2 - begin2) <= _RAGGED:
                return True
    return False


class _Column:
    """The lines of one text with what is known of each; page numbers are passed over."""

    def __init__(self, text: str, lines: Sequence[Span]) -> None:
        words = [text[begin:stop] for begin, stop in lines]
        self.text = text
        self.index = [i for i, word in enumerate(words) if not is_page_number(word)]
        self.words = [words[i] for i in self.index]
        self.lines = [lines[i] for i in self.index]
        self.widths = [len(word.encode("gb18030", "replace")) for word in self.words]
        self.apart = [is_masthead(word) or is_furniture(word) for word in self.words]
        ends = [0, *(stop for _, stop in self.lines)]
        gaps = [text[end:begin] for end, (begin, _) in zip(ends, self.lines, strict=False)]
        self.blank = [gap.count("\n") > 1 for gap in gaps]
        self.indent = [len(gap) - gap.rfind("\n") - 1 for gap in gaps]
        self._forgive_page_numbers()
        self.column = self._columns()

    def _forgive_page_numbers(self) -> None:
        """The lines before and after a page number are neighbours."""
        for k in range(1, len(self.index)):
            passed = self.index[k] - self.index[k - 1] - 1
            if passed:
                gap = self.text[self.lines[k - 1][1] : self.lines[k][0]]
                self.blank[k] = gap.count("\n") > passed + 3

    def _columns(self) -> list[int]:
        """The width of the column each line stands in, by the nearest core; 0 without one.

        A column reaches from its core to the middle between it and the next, or to the
        first line that is too wide for it.
        """
        column = [0] * len(self.words)
        cores = [core for core in self._runs() if self._is_core(*core)]
        before = [0, *(stop for _, stop in cores)]
        after = [*(start for start, _ in cores), len(column)]
        for (start, stop), last, following in zip(cores, before, after[1:], strict=False):
            widths = sorted(self.widths[start:stop])
            width = widths[(3 * len(widths)) // 4]
            left = start
            while left > (last and (last + start) // 2) and self.widths[left - 1] <= width + _RAGGED:
                left -= 1
            right = stop
            end = following if following == len(column) else (stop + following) // 2
            while right < end and self.widths[right] <= width + _RAGGED:
                right += 1
            column[left:right] = [width] * (right - left)
        return column

    def _runs(self) -> list[Span]:
        """Stretches of neighbouring lines of near equal width."""
        runs: list[Span] = []
        start = 0
        for k in range(1, len(self.words) + 1):
            if (
                k < len(self.words)
                and not self.blank[k]
                and not self.apart[k]
                and abs(self.widths[k] - self.widths[k - 1]) <= _RAGGED
            ):
                continue
            if k - start > 1:
                runs.append((start, k))
            start = k
        return runs

    def _is_core(self, start: int, stop: int) -> bool:
        """Wide enough, mostly broken in mid-sentence, and prose: titles, items and cells are not.

        Two lines alone must both be prose, three and more by half.
        """
        words = self.words[start:stop]
        broken = sum(not finished(word, len(word)) and word[-1] not in _PAUSES for word in words)
        prose = sum(_PROSE.search(word) is not None for word in words)
        items = sum(LIST_MARK.match(word) is not None for word in words)
        return (
            min(self.widths[start:stop]) >= _NARROWEST
            and broken >= 2
            and 2 * broken >= len(words)
            and 2 * prose >= len(words)
            and 3 * items <= len(words)
            and (len(words) > 2 or prose == 2)
        )

    def joins(self) -> list[Join]:
        going = filter(self._goes_on, range(len(self.words) - 1))
        return [Join(self.index[k], self.index[k + 1], self._latin(k)) for k in going]

    def _goes_on(self, k: int) -> bool:
        """Whether line k and the next are one paragraph."""
        if self.apart[k] or self.apart[k + 1]:
            return False
        word, first = self.words[k], self.words[k + 1][0]
        ended = finished(word, len(word))
        if first in _NEVER_FIRST and (first in CLOSERS or not ended):
            return self.widths[k] >= _NARROWEST // 2 or self._subscript(k)
        if not self.column[k]:
            return False
        if self._subscript(k) or self._subscript(k + 1):
            return True
        if self.blank[k + 1]:
            return not ended and self._full(k) and self._over_a_gap(k)
        if not self._full(k):
            return not ended and self._bracket_open(k)
        if ended or LIST_MARK.match(self.words[k + 1]):
            return ended and self._same_paragraph(k)
        return self.indent[k + 1] < self.indent[k] + 4

    def _full(self, k: int) -> bool:
        column = self.column[k]
        return bool(column) and column - max(_RAGGED, column // 10) <= self.widths[k] <= column + _RAGGED

    def _subscript(self, k: int) -> bool:
        """A digit set low or high (the 2 of M2, CO2, m2), which PDF text puts on a line of its own."""
        word = self.words[k]
        return len(word) <= 2 and word.isdigit() and k > 0 and self.words[k - 1][-1] in _LETTERS

    def _same_paragraph(self, k: int) -> bool:
        """After a full line that ends a sentence: the next one is no first line, which is indented or,
        where indentation was lost, two characters short."""
        return (
            self.indent[k + 1] <= self.indent[k]
            and self.column[k + 1] == self.column[k]
            and self.column[k] - 3 < self.widths[k + 1] <= self.column[k] + _RAGGED
        )

    def _over_a_gap(self, k: int) -> bool:
        """A false break at a column's end: running text before it and after it."""
        running = k > 0 and not self.blank[k] and not self.apart[k - 1]
        following = self.words[k + 1]
        goes_on = k + 2 < len(self.words) and not self.blank[k + 2] and not self.apart[k + 2]
        return (
            running
            and (goes_on or finished(following, len(following)))
            and not LIST_MARK.match(following)
            and self.widths[k + 1] <= self.column[k + 1] + _RAGGED
        )

    def _bracket_open(self, k: int) -> bool:
        """A short line whose bracket the next line closes."""
        word, following = self.words[k], self.words[k + 1]
        for left, right in ("（）", "()", "《》"):
            if word.rfind(left) > word.rfind(right):
                shut = following.find(right)
                return shut >= 0 and not 0 <= following.find(left) < shut
        return False

    def _latin(self, k: int) -> bool:
        """Between two Latin words of Latin text; a Chinese column breaks words anywhere."""
        word, following = self.words[k], self.words[k + 1]
        if not (word[-1].isascii() and word[-1] not in "-/" and following[0].isascii()):
            return False
        return 2 * len(_LATIN.findall(word)) > len(word)
