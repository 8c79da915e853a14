"""The coverage of numerals, looked at a second time: every numeral character stands in one mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Span = tuple[int, int]

_NUMERALS = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+")
"""Digits of every script, the fullwidth ones among them, and number words."""


def uncovered(text: str, spans: Iterable[Span]) -> list[Span]:
    """The runs of numeral characters of a text that none of the spans covers."""
    found: list[Span] = []
    at = 0
    for start, end in (*sorted(span for span in spans if span[0] < span[1]), (len(text), len(text))):
        found += (match.span() for match in _NUMERALS.finditer(text, at, max(at, start)))
        at = max(at, end)
    return found


def overlapping(documents: Whole, starts: Whole, ends: Whole) -> Truth:
    """Whether each mention begins before one that stands earlier in its document has ended.

    documents: a number for each document, from 0; the mentions in any order.
    """
    # Laid end to end the documents are one text, in which a running maximum is enough.
    first = documents * (ends.max(initial=0) + 1)
    order = np.lexsort((ends, starts, documents))
    begun, ended = (first + starts)[order], np.maximum.accumulate((first + ends)[order])
    found = np.zeros(len(order), bool)
    found[order[1:]] = begun[1:] < ended[:-1]
    return found
