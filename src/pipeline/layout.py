"""Reflow: from lines as printed to blocks and sentences, over a map of offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
    origin: origin[i] is the source offset of text[i]; one entry more than text has
    characters, the last being the source's length. A `range` where nothing moved.
    """

    text: str
    origin: Sequence[int]
    blocks: tuple[Block, ...]
    sentences: tuple[tuple[int, int], ...]

    def source_span(self, begin: int, stop: int) -> tuple[int, int]:
        """Source offsets (start, end) of the flow's characters begin to stop."""
        return self.origin[begin], self.origin[stop - 1] + 1
