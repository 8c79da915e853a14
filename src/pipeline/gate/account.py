"""The account of numerals, taken a second time: every numeral character stands in exactly one mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

_NUMERAL = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]+")
"""Digits of every script, the fullwidth ones among them, and number words."""


def unclaimed(
    texts: Mapping[str, str], documents: Iterable[str], starts: Iterable[int], ends: Iterable[int]
) -> dict[str, list[tuple[int, int]]]:
    """Numeral characters that no mention covers, as (start, end), by document; those without are left out.

    documents, starts, ends: the mentions, one entry each, in any order.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    said = [row for row in zip(documents, starts, ends, strict=True) if row[0] in texts]
    doubtful = _doubtful(texts, said)
    for document, start, end in said:
        if document in doubtful:
            spans.setdefault(document, []).append((start, end))
    found = (
        (name, list(_open(texts[name], sorted(spans.get(name, ()))))) for name in texts if name in doubtful
    )
    return {name: left for name, left in found if left}


def overlapping(documents: Whole, starts: Whole, ends: Whole) -> npt.NDArray[np.bool_]:
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


def _doubtful(texts: Mapping[str, str], mentions: Sequence[tuple[str, int, int]]) -> set[str]:
    """The documents of which some run of numeral characters is not within one mention."""
    # Laid end to end the documents are one text, of which a look at all runs together is enough.
    names, lengths = list(texts), np.array([len(text) for text in texts.values()], np.int64)
    first = np.concatenate([[0], np.cumsum(lengths + 1)])
    found = [match.span() for match in _NUMERAL.finditer("\n".join(texts.values()))]
    runs = np.array(found, np.int64).reshape(-1, 2)
    number = {name: place for place, name in enumerate(names)}
    document = np.array([number[name] for name, _, _ in mentions], np.int64)
    bounds = np.array([(start, end) for _, start, end in mentions], np.int64).reshape(-1, 2)
    begun, ended = (first[document, None] + np.clip(bounds, 0, lengths[document, None])).T
    order = np.argsort(begun, kind="stable")
    furthest = np.concatenate([[-1], np.maximum.accumulate(ended[order])])
    within = furthest[np.searchsorted(begun[order], runs[:, 0], "right")] >= runs[:, 1]
    return {names[place] for place in np.searchsorted(first, runs[~within, 0], "right") - 1}


def _open(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of numeral characters between the spans, which are in order."""
    at = 0
    for start, end in chain(spans, [(len(text), len(text))]):
        yield from (match.span() for match in _NUMERAL.finditer(text, at, start))
        at = max(at, end)
