"""The coverage of numerals, looked at a second time: every numeral character stands in one mention.

It is looked at over all texts at once, laid end to end: a corpus has as many mentions as a
table has rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.texts.decode import code_points

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

_NUMERAL = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两]")
"""Digits of every script, the fullwidth ones among them, and number words."""


class JoinedTexts:
    """Texts laid end to end, as numbers of their characters, with a line end after each."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Lay out decoded texts by document_id."""
        self.names = list(texts)
        self._texts = list(texts.values())
        self.lengths: Whole = np.array([len(text) for text in self._texts], np.int64)
        self.first: Whole = np.array(list(accumulate((self.lengths + 1).tolist(), initial=0)), np.int64)
        """Where each text begins; then where another would."""

    @cached_property
    def characters(self) -> npt.NDArray[np.uint32]:
        """The numbers of all characters."""
        return code_points("".join(f"{text}\n" for text in self._texts))

    def numbers(self, documents: Any) -> Whole:
        """The numbers of documents, an Arrow array of ids, from 0; -1 for those without a text."""
        import pyarrow as pa
        import pyarrow.compute as pc

        places = pc.index_in(documents, pa.array(self.names, pa.string())).fill_null(-1)
        return np.asarray(places.to_numpy(zero_copy_only=False), np.int64)


def uncovered(
    joined: JoinedTexts, documents: Whole, starts: Whole, ends: Whole
) -> dict[str, list[tuple[int, int]]]:
    """Numeral characters that no mention covers, as (start, end), by document; those without are left out.

    documents: of each mention the number of its text, or -1. starts, ends: offsets into it.
    """
    left = _numerals(joined.characters)
    left &= ~_covered(joined, documents, starts, ends)
    edges = np.flatnonzero(np.diff(left, prepend=False, append=False))
    begins, stops = edges[::2], edges[1::2]
    numbers = np.searchsorted(joined.first, begins, "right") - 1
    begins, stops = begins - joined.first[numbers], stops - joined.first[numbers]
    found: dict[str, list[tuple[int, int]]] = {}
    for number, *run in zip(numbers.tolist(), begins.tolist(), stops.tolist(), strict=True):
        found.setdefault(joined.names[number], []).append((run[0], run[1]))
    return found


def quoted(joined: JoinedTexts, documents: Whole, starts: Whole, ends: Whole, texts: Sequence[str]) -> Truth:
    """Whether each mention's text is what stands there.

    documents: of each mention the number of its text, or -1. starts, ends: offsets into it.
    """
    lengths = np.array([len(text) for text in texts], np.int64)
    holds: Truth = (documents >= 0) & (starts >= 0) & (ends - starts == lengths)
    holds[holds] = ends[holds] <= joined.lengths[documents[holds]]
    rows = np.flatnonzero(holds)
    said = code_points("".join(texts[row] for row in rows.tolist()))
    lengths = lengths[rows]
    # The characters of all quotes, one after another; each is as far into its quote as into its passage.
    into = np.arange(len(said)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    there = np.repeat(joined.first[documents[rows]] + starts[rows], lengths) + into
    holds[np.repeat(rows, lengths)[joined.characters[there] != said]] = False
    return holds


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


def _numerals(characters: npt.NDArray[np.uint32]) -> Truth:
    """Which of the characters are numerals; each is asked once, however often it comes."""
    known = np.bincount(characters) > 0
    known[known] = [bool(_NUMERAL.match(chr(each))) for each in np.flatnonzero(known).tolist()]
    return np.asarray(known[characters])


def _covered(joined: JoinedTexts, documents: Whole, starts: Whole, ends: Whole) -> Truth:
    """Which of the characters some mention covers."""
    read = documents >= 0
    first, lengths = joined.first[documents[read]], joined.lengths[documents[read]]
    begun, ended = (first + np.clip(bound[read], 0, lengths) for bound in (starts, ends))
    real, open_ = begun < ended, np.zeros(joined.first[-1] + 1, np.int32)
    np.add.at(open_, begun[real], 1)
    np.subtract.at(open_, ended[real], 1)
    return np.asarray(np.cumsum(open_, out=open_)[:-1] > 0)
