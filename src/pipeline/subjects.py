"""Subjects: what a number counts or measures."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.layout import Flow
from pipeline.tokens import Token

Span = tuple[int, int]


def subjects(flow: Flow, found: Sequence[Token]) -> list[Span | None]:
    """The subject of each token, as offsets of the flow; None where it has none."""
    return [None] * len(found)
