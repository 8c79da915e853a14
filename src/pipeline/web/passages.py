"""Text as it is shown: runs of characters, of which some are a figure's and are marked.

The text is untrusted. What is cut out here is plain characters; templates escape them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Figure = TypeVar("Figure")


@dataclass(frozen=True, slots=True)
class Run(Generic[Figure]):
    """Characters that are shown in one way; where they are a figure's, that figure."""

    text: str
    figure: Figure | None = None
    cited: bool = False
    """Whether the page is about this figure among others."""
    quoted: bool = False
    """Whether it stands in a sentence that the page is about."""


Span = tuple[int, int]


def runs(
    begin: int,
    stop: int,
    marks: Iterable[tuple[int, int, Figure]],
    shown: Callable[[int, int], str],
    *,
    cited: Callable[[Figure], bool] = lambda _: False,
    quoted: Iterable[Span] = (),
) -> Iterator[Run[Figure]]:
    """The stretch from begin to stop, cut where a mark or a quoted sentence begins and ends.

    marks: begin, stop and figure of each, disjoint, all beginning inside. shown: the characters
    between two offsets. cited: whether the page is about a figure.
    """
    marks = tuple(marks)
    inside = {mark[0]: mark[2] for mark in marks}
    sentences = [span for span in quoted if span[0] < stop and span[1] > begin]
    edges = {begin, stop, *(edge for left, right, _ in marks for edge in (left, min(right, stop)))}
    edges |= {edge for span in sentences for edge in span if begin < edge < stop}
    for left, right in pairwise(sorted(edges)):
        figure = inside.get(left)
        yield Run(
            shown(left, right),
            figure,
            figure is not None and cited(figure),
            any(first <= left < last for first, last in sentences),
        )
