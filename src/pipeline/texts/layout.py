"""Reflow: from lines as printed to blocks and sentences, over a map of offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap

from pipeline.texts.blocks import blocks, sentences
from pipeline.texts.fold import fold, without
from pipeline.texts.lines import LINE, Join, Span, find_joins

_BREAKS = str.maketrans("", "", "\r\n \t\u3000\u00a0\u200b\ufeff")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the flow that belongs together.

    kind: masthead, headline, body, table or furniture (page numbers, bylines).
    begin, stop: offsets into `Flow.text`.
    """

    kind: str
    begin: int
    stop: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A text as it reads, with the way back to the characters it came from.

    text: joined over hard-wrapped lines and folded one character to one character
    (fullwidth digits, letters and signs to ASCII; traditional to simplified script).
    A line feed in it always ends a line that was not joined: a boundary.
    origin: origin[i] is the source offset of text[i]; one entry more than text has
    characters, the last being the source's length. A `range` where nothing moved.
    blocks: in order, disjoint; indentation and line feeds lie between them.
    sentences: (begin, stop) in `text`, in order; they tile the blocks.
    asides: source spans (start, end) of page numbers that interrupt a paragraph and
    are therefore not in `text`.
    """

    text: str
    origin: Sequence[int]
    blocks: tuple[Block, ...]
    sentences: tuple[tuple[int, int], ...]
    asides: tuple[tuple[int, int], ...] = ()

    def source_span(self, begin: int, stop: int) -> tuple[int, int]:
        """Source offsets (start, end) of the flow's characters begin to stop."""
        return self.origin[begin], self.origin[stop - 1] + 1

    def written(self, source: str, begin: int, stop: int) -> str:
        """The source's own characters begin to stop: no fold, no line breaks, no page number between."""
        start, end = self.source_span(begin, stop)
        if end - start == stop - begin:
            return source[start:end]
        return "".join(map(source.__getitem__, self.origin[begin:stop]))


def unbroken(words: str) -> str:
    """Words without line breaks, spaces and byte order marks, which may stand anywhere in them as written."""
    return words.translate(_BREAKS)


def reflow(text: str) -> Flow:
    """The flow of a decoded text. Takes any str, in time linear in its length."""
    folded, origin = fold(text)
    lines = [match.span() for match in LINE.finditer(folded)]
    asides: tuple[Span, ...] = ()
    joins = find_joins(folded, lines)
    if joins:
        flow, where, lines, asides = _joined(folded, lines, joins)
        asides = tuple((origin[begin], origin[stop - 1] + 1) for begin, stop in asides)
        origin = [origin[i] for i in where]
        folded = flow
    pieces = blocks(folded, lines)
    return Flow(folded, origin, tuple(starmap(Block, pieces)), tuple(sentences(folded, pieces)), asides)


def _joined(
    text: str, lines: Sequence[Span], joins: Iterable[Join]
) -> tuple[str, list[int], list[Span], tuple[Span, ...]]:
    """The text without the line breaks of `joins`: itself, its offsets, paragraphs, the lines passed over."""
    characters = list(text)
    gaps: list[Span] = []
    asides: list[Span] = []
    for join in joins:
        begin, stop = lines[join.line][1], lines[join.into][0]
        asides.extend(lines[join.line + 1 : join.into])
        if join.space:
            characters[begin] = " "
            begin += 1
        gaps.append((begin, stop))
    flow, origin = without("".join(characters), gaps)
    return flow, origin, [match.span() for match in LINE.finditer(flow)], tuple(asides)
