"""The account of numerals, taken a second time: no digit of a text goes unmentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_DIGITS = re.compile(r"\d+")
"""Digits of every script; the fullwidth ones are digits too."""


def unclaimed(
    texts: Mapping[str, str], documents: Iterable[str], starts: Iterable[int], ends: Iterable[int]
) -> dict[str, list[tuple[int, int]]]:
    """Digits that no numeral covers, as (start, end), by document; documents without any are left out.

    documents, starts, ends: the numerals, one entry each, in any order.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for document, start, end in zip(documents, starts, ends, strict=True):
        spans.setdefault(document, []).append((start, end))
    found = ((name, list(_open(text, sorted(spans.get(name, ()))))) for name, text in texts.items())
    return {name: left for name, left in found if left}


def _open(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of digits outside the spans, which are in order."""
    number = 0
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        while start < end:
            while number < len(spans) and spans[number][1] <= start:
                number += 1
            if number == len(spans) or spans[number][0] >= end:
                yield start, end
                break
            if spans[number][0] > start:
                yield start, spans[number][0]
            start = spans[number][1]
