"""Finds where names may begin in a text by their first two characters."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import cast

from pipeline.texts.decode import code_points

_SHORT = 60
"""Characters of a text that are looked at sooner one by one."""


class NameHeads:
    """Finds names' beginnings in a whole text at once.

    Most characters of a text begin some region's name, and few pairs of them do.
    """

    def __init__(self, pairs: Collection[str]) -> None:
        import numpy as np

        self._pairs = frozenset(pairs)
        firsts, seconds = (sorted({pair[place] for pair in pairs}) for place in (0, 1))
        self._first, self._second = np.zeros((2, sys.maxunicode + 1), np.int32)
        width = len(seconds) + 1
        self._first[[ord(char) for char in firsts]] = np.arange(1, len(firsts) + 1) * width
        self._second[[ord(char) for char in seconds]] = np.arange(1, width)
        self._known = np.zeros((len(firsts) + 1) * width, np.bool_)
        self._known[[self._first[ord(pair[0])] + self._second[ord(pair[1])] for pair in pairs]] = True

    def find(self, text: str, begin: int, stop: int) -> Iterable[int]:
        """Where in text[begin:stop] one of the pairs stands."""
        if stop - begin < _SHORT:
            return [at for at in range(begin, stop - 1) if text[at : at + 2] in self._pairs]
        codes = code_points(text[begin:stop])
        found = self._known[self._first[codes[:-1]] + self._second[codes[1:]]].nonzero()[0]
        return cast("list[int]", (found + begin).tolist())
