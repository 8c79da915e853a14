"""A text as pages show it: paragraphs in which numerals are marked and sentences are quoted.

The text is untrusted. What is cut out here is plain characters; templates escape them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, Generic, TypeVar

from pipeline.texts.layout import Flow, reflow

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_CONTEXT = 240
"""Characters of a paragraph that an excerpt shows before and after what is quoted."""
_LONGEST = 2_000
"""Characters of a paragraph that an excerpt shows at most."""


Figure = TypeVar("Figure")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedNumeral:
    """A numeral, as the source view marks it in the text."""

    id: str
    """quantity_id; for what states no quantity, document_id and start. The anchor of its link."""
    document_id: str
    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str | None
    subject: str | None
    rule: str
    quantity: bool
    """Whether it is a row of `quantities`."""
    frame: Mapping[str, Any] | None = None
    """The row of `quantities`: what the figure is about."""


@dataclass(frozen=True, slots=True)
class TextRun(Generic[Figure]):
    """Characters that are shown in one way; those of a figure have it."""

    text: str
    figure: Figure | None = None
    cited: bool = False
    """Whether the page is about this figure among others."""
    quoted: bool = False
    """Whether it is part of a sentence that the page is about."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the reflowed text. kind: that of its block."""

    kind: str
    runs: tuple[TextRun[MarkedNumeral], ...]
    cut_before: bool = False
    cut_after: bool = False


class MarkedText:
    """A document's text, reflowed once, in the characters of its source."""

    def __init__(self, text: str, marks: Iterable[MarkedNumeral]) -> None:
        """marks: in the order of the text."""
        self._source = text
        self._flow: Flow = reflow(text)
        origin = self._flow.origin
        self._marks = [(bisect_left(origin, m.start), bisect_left(origin, m.end), m) for m in marks]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph, with every figure marked."""
        for begin, stop, kind in self._lines:
            yield Paragraph(kind, tuple(self._runs(begin, stop, (), ())))

    def excerpts(self, marks: Iterable[MarkedNumeral]) -> Iterator[Paragraph]:
        """The paragraphs that have these figures, their sentences quoted."""
        cited = {mark.start for mark in marks}
        starts = [begin for begin, _, _ in self._lines]
        by_line: dict[int, list[int]] = {}
        for begin, _, mark in self._marks:
            if mark.start in cited:
                by_line.setdefault(bisect_right(starts, begin) - 1, []).append(begin)
        for number, begins in sorted(by_line.items()):
            if number >= 0:
                yield self._excerpt(number, begins, cited)

    @cached_property
    def _text(self) -> str:
        """The reflowed characters as the source has them, not folded."""
        return "".join(
            c if c in " \n" else self._source[o]
            for c, o in zip(self._flow.text, self._flow.origin, strict=False)
        )

    @cached_property
    def _invisible(self) -> dict[int, str]:
        """Invisible characters that reflowing left out, by the offset of the character before them."""
        found: dict[int, str] = {}
        origin = self._flow.origin
        for match in _INVISIBLE.finditer(self._source):
            offset = bisect_right(origin, match.start()) - 1
            if offset >= 0 and origin[offset] != match.start():
                found[offset] = found.get(offset, "") + match.group()
        return found

    def _characters(self, left: int, right: int) -> str:
        """The text between two offsets, with its invisible characters."""
        if not self._invisible:
            return self._text[left:right]
        return "".join(c + self._invisible.get(left + n, "") for n, c in enumerate(self._text[left:right]))

    @cached_property
    def _lines(self) -> list[tuple[int, int, str]]:
        """Begin, end and kind of block of every line that is not blank."""
        return [
            (begin, stop, block.kind)
            for block in self._flow.blocks
            for begin, stop in _lines(self._flow.text, block.begin, block.stop)
        ]

    def _excerpt(self, number: int, begins: Sequence[int], cited: Collection[int]) -> Paragraph:
        begin, stop, kind = self._lines[number]
        sentences = sorted({self._sentence(at) for at in begins})
        first = max(begin, min(s for s, _ in sentences) - _CONTEXT, min(begins) - 2 * _CONTEXT)
        last = min(stop, max(e for _, e in sentences) + _CONTEXT, max(begins) + 2 * _CONTEXT)
        first, last = self._behind_mark(first), self._behind_mark(min(last, first + _LONGEST))
        runs = tuple(self._runs(first, last, cited, sentences))
        return Paragraph(kind, runs, first > begin, last < stop)

    def _behind_mark(self, offset: int) -> int:
        """The offset, or the end of the figure that a cut there would divide."""
        number = bisect_right(self._marks, offset, key=lambda mark: mark[0]) - 1
        inside = number >= 0 and self._marks[number][0] < offset
        return max(offset, self._marks[number][1]) if inside else offset

    def _sentence(self, offset: int) -> Span:
        number = bisect_right(self._flow.sentences, offset, key=lambda span: span[0]) - 1
        return self._flow.sentences[max(number, 0)]

    def _runs(
        self, begin: int, stop: int, cited: Collection[int], quoted: Sequence[Span]
    ) -> Iterator[TextRun[MarkedNumeral]]:
        first = bisect_left(self._marks, begin, key=lambda mark: mark[0])
        last = bisect_left(self._marks, stop, key=lambda mark: mark[0])
        for run in runs((begin, stop), self._marks[first:last], self._characters, quoted):
            is_cited = run.figure is not None and run.figure.start in cited
            yield TextRun(run.text, run.figure, is_cited, run.quoted)


def runs(
    span: Span,
    marks: Sequence[tuple[int, int, Figure]],
    characters: Callable[[int, int], str],
    quoted: Iterable[Span] = (),
) -> Iterator[TextRun[Figure]]:
    """The stretch of a text, cut where a figure or a quoted sentence begins and ends.

    marks: begin, end and figure of each, without overlap, all beginning inside. characters: those between
    two offsets.
    """
    begin, stop = span
    figures = {left: figure for left, _, figure in marks}
    sentences = [(left, right) for left, right in quoted if left < stop and right > begin]
    edges = {begin, stop, *(edge for left, right, _ in marks for edge in (left, min(right, stop)))}
    edges |= {edge for sentence in sentences for edge in sentence if begin < edge < stop}
    for left, right in pairwise(sorted(edges)):
        is_quoted = any(first <= left < last for first, last in sentences)
        yield TextRun(characters(left, right), figures.get(left), quoted=is_quoted)


def _lines(text: str, begin: int, stop: int) -> Iterator[Span]:
    """The lines between begin and stop that hold more than blanks."""
    while begin < stop:
        end = text.find("\n", begin, stop)
        end = stop if end < 0 else end
        if text[begin:end].strip():
            yield begin, end
        begin = end + 1
