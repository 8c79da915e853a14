"""Coverage of numerals: every numeral character of a text is in exactly one mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Span = tuple[int, int]

_NUMERALS = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+")
"""Digits of every script, fullwidth digits included, and number words."""


def uncovered(text: str, spans: Iterable[Span]) -> list[Span]:
    """The runs of numeral characters of a text that are in none of the spans."""
    found: list[Span] = []
    at = 0
    for start, end in (*sorted(span for span in spans if span[0] < span[1]), (len(text), len(text))):
        found += (match.span() for match in _NUMERALS.finditer(text, at, max(at, start)))
        at = max(at, end)
    return found


def overlapping(documents: Integers, starts: Integers, ends: Integers) -> Booleans:
    """Whether each mention starts before an earlier mention of the same document has ended.

    documents: the number of each mention's document, from 0; the mentions may be in any order.
    """
    # With the documents laid end to end, a running maximum over one text is enough.
    offsets = documents * (ends.max(initial=0) + 1)
    order = np.lexsort((ends, starts, documents))
    begins, last_ends = (offsets + starts)[order], np.maximum.accumulate((offsets + ends)[order])
    found = np.zeros(len(order), bool)
    found[order[1:]] = begins[1:] < last_ends[:-1]
    return found
