"""Text as it is shown: paragraphs in which sentences are quoted and numerals are marked.

The text is untrusted. What is cut out here is plain characters; templates escape them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.report.night import Numeral
from pipeline.texts.layout import Flow, reflow
from pipeline.web.passages import Run, runs

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_CONTEXT = 240
"""Characters of a paragraph that are shown before and after what is quoted, in an issue."""
_LONGEST = 2_000
"""Characters of a paragraph that an issue shows at most."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the flow. kind: that of its block."""

    kind: str
    runs: tuple[Run[Numeral], ...]
    cut_before: bool = False
    cut_after: bool = False


class Pages:
    """A document's text, reflowed once, in the characters of its source."""

    def __init__(self, text: str, marks: Iterable[Numeral]) -> None:
        """marks: in the order of the text."""
        self._source = text
        self._flow: Flow = reflow(text)
        origin = self._flow.origin
        self._marks = [(bisect_left(origin, m.start), bisect_left(origin, m.end), m) for m in marks]

    @cached_property
    def _text(self) -> str:
        """The flow's characters as the source has them, not folded."""
        return "".join(
            c if c in " \n" else self._source[o]
            for c, o in zip(self._flow.text, self._flow.origin, strict=False)
        )

    @cached_property
    def _unseen(self) -> dict[int, str]:
        """Invisible characters that the flow left out, by the character of the flow that they follow."""
        found: dict[int, str] = {}
        origin = self._flow.origin
        for match in _INVISIBLE.finditer(self._source):
            place = bisect_right(origin, match.start()) - 1
            if place >= 0 and origin[place] != match.start():
                found[place] = found.get(place, "") + match.group()
        return found

    def _shown(self, left: int, right: int) -> str:
        """The text between two offsets of the flow, with nothing unseen left out."""
        if not self._unseen:
            return self._text[left:right]
        return "".join(c + self._unseen.get(left + n, "") for n, c in enumerate(self._text[left:right]))

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
        """The paragraphs in which these numerals stand, their sentences quoted."""
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
        sentences = sorted({self._sentence(at) for at in begins})
        first = max(begin, min(s for s, _ in sentences) - _CONTEXT, min(begins) - 2 * _CONTEXT)
        last = min(stop, max(e for _, e in sentences) + _CONTEXT, max(begins) + 2 * _CONTEXT)
        first, last = self._unbroken(first), self._unbroken(min(last, first + _LONGEST))
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
        self, begin: int, stop: int, cited: Collection[int], quoted: Sequence[tuple[int, int]]
    ) -> Iterator[Run[Numeral]]:
        first = bisect_left(self._marks, begin, key=lambda mark: mark[0])
        last = bisect_left(self._marks, stop, key=lambda mark: mark[0])
        return runs(
            begin, stop, self._marks[first:last], self._shown,
            cited=lambda numeral: numeral.start in cited, quoted=quoted,
        )  # fmt: skip


def _lines(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """The lines between begin and stop that hold more than blanks."""
    while begin < stop:
        end = text.find("\n", begin, stop)
        end = stop if end < 0 else end
        if text[begin:end].strip():
            yield begin, end
        begin = end + 1
