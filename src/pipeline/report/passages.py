"""Text as it is shown: paragraphs in which sentences are told and numerals are marked.

The text is untrusted. What is cut out here is plain characters; templates escape them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from markupsafe import Markup, escape

from pipeline.layout import Flow, reflow
from pipeline.report.night import Document, Numeral

_CONTROLS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_CONTEXT = 240
"""Characters of a paragraph that are shown before and after what is told, in an issue."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph that is shown in one way."""

    text: str
    numeral: Numeral | None = None
    cited: bool = False
    """Whether the numeral is one that the issue is about."""
    told: bool = False
    """Whether it stands in a sentence that the issue is about."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the flow. kind: that of its block."""

    kind: str
    runs: tuple[Run, ...]
    cut_before: bool = False
    cut_after: bool = False


class Pages:
    """A document's text, reflowed once, in the characters of its source."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._flow: Flow = reflow(document.text or "")
        origin = self._flow.origin
        self._marks = [(bisect_left(origin, m.start), bisect_left(origin, m.end), m) for m in document.marks]

    @cached_property
    def _text(self) -> str:
        """The flow's characters as the source has them, not folded."""
        source = self.document.text or ""
        return "".join(
            c if c in " \n" else source[o] for c, o in zip(self._flow.text, self._flow.origin, strict=False)
        )

    @cached_property
    def _paragraphs(self) -> list[tuple[int, int, str]]:
        """Lines of the flow, with the kind of their block, in order."""
        return [
            (begin, stop, block.kind)
            for block in self._flow.blocks
            for begin, stop in _lines(self._flow.text, block.begin, block.stop)
        ]

    def whole(self) -> Iterator[Paragraph]:
        """Every paragraph, every numeral marked."""
        for begin, stop, kind in self._paragraphs:
            yield Paragraph(kind, tuple(self._runs(begin, stop, (), ())))

    def around(self, numerals: Iterable[Numeral]) -> Iterator[Paragraph]:
        """The paragraphs in which these numerals stand, their sentences told."""
        cited = {n.start for n in numerals}
        starts = [begin for begin, _, _ in self._paragraphs]
        places: dict[int, list[int]] = {}
        for begin, _, mark in self._marks:
            if mark.start in cited:
                places.setdefault(bisect_right(starts, begin) - 1, []).append(begin)
        for number, begins in sorted(places.items()):
            if number >= 0:
                yield self._excerpt(number, begins, cited)

    def _excerpt(self, number: int, begins: Sequence[int], cited: Collection[int]) -> Paragraph:
        begin, stop, kind = self._paragraphs[number]
        sentences = [self._sentence(at) for at in begins]
        first = max(begin, min(s for s, _ in sentences) - _CONTEXT, min(begins) - 2 * _CONTEXT)
        last = min(stop, max(e for _, e in sentences) + _CONTEXT, max(begins) + 2 * _CONTEXT)
        first, last = self._unbroken(first), self._unbroken(last)
        runs = tuple(self._runs(first, last, cited, sentences))
        return Paragraph(kind, runs, first > begin, last < stop)

    def _unbroken(self, at: int) -> int:
        """The place itself, or the end of the numeral that it would cut in two."""
        number = bisect_right(self._marks, at, key=lambda mark: mark[0]) - 1
        return max(at, self._marks[number][1]) if number >= 0 and self._marks[number][0] < at else at

    def _sentence(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._flow.sentences, at, key=lambda span: span[0]) - 1
        return self._flow.sentences[max(number, 0)]

    def _runs(
        self, begin: int, stop: int, cited: Collection[int], told: Sequence[tuple[int, int]]
    ) -> Iterator[Run]:
        first = bisect_left(self._marks, begin, key=lambda mark: mark[0])
        last = bisect_left(self._marks, stop, key=lambda mark: mark[0])
        inside = {mark[0]: mark for mark in self._marks[first:last]}
        edges = {begin, stop, *(edge for b, e, _ in inside.values() for edge in (b, min(e, stop)))}
        edges |= {edge for span in told for edge in span if begin < edge < stop}
        for left, right in pairwise(sorted(edges)):
            numeral = inside[left][2] if left in inside else None
            yield Run(
                self._text[left:right],
                numeral,
                numeral is not None and numeral.start in cited,
                any(b <= left < e for b, e in told),
            )


def _lines(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """The lines between begin and stop that hold more than blanks."""
    while begin < stop:
        end = text.find("\n", begin, stop)
        end = stop if end < 0 else end
        if text[begin:end].strip():
            yield begin, end
        begin = end + 1


def visible(text: object, longest: int | None = None) -> Markup:
    """The text as HTML that shows it and does nothing else.

    Characters that are not seen, or that turn the direction of others, are spelt out.
    longest: characters that are shown; how many there are in all is then said.
    """
    said = str(text)
    short = said if longest is None else said[:longest]
    shown = escape(short)
    if not short.isprintable():
        odd = {c for c in short if unicodedata.category(c) in _CONTROLS and c not in "\n\t"}
        for c in sorted(odd):
            shown = Markup(str(shown).replace(c, str(_SPELT.format(ord(c)))))
    return shown if len(short) == len(said) else shown + _CUT.format(f"{len(said):,}")


_SPELT = Markup('<span class="odd">U+{:04X}</span>')
_CUT = Markup(
    '<span class="cut">…<span class="zh" lang="zh">（共 {0} 字）</span>'
    '<span class="en" lang="en"> ({0} characters)</span></span>'
)
