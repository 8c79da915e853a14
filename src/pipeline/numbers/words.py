"""Words that hold a numeral and count nothing: 四川, 一线, 统一.

They come from data/dictionary.tsv (a general dictionary's words that hold a numeral), data/words.tsv
(what that lacks) and the user's lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from pipeline.numbers.entries import entries

_RUN = re.compile(r"[〇零一二三四五六七八九十百千万亿两]+|[0-9]+")


class Word(NamedTuple):
    """What a word is, and whether the user's lexicon says so, against any quantity that it cuts."""

    kind: str
    """name or other"""
    fixed: bool = False


class WordMatch(NamedTuple):
    """A word around a run of number words: its offsets, and what it is."""

    begin: int
    stop: int
    word: Word


class Words:
    """Words that hold a numeral, by their run and the character after it, or by the one before where
    it ends the word; immutable."""

    __slots__ = ("_by_key", "has_figures")

    def __init__(self, words: Mapping[str, Word]) -> None:
        self._by_key: dict[str, list[tuple[str, str, Word]]] = {}
        self.has_figures = False
        for written, word in words.items():
            m = _RUN.search(written)
            if not m:
                continue
            prefix, run, suffix = written[: m.start()], m.group(), written[m.end() :]
            key = run + suffix[0] if suffix else prefix[-1:] + run
            self.has_figures = self.has_figures or run.isascii()
            self._by_key.setdefault(key, []).append((prefix, suffix, word))

    def around(self, text: str, begin: int, stop: int) -> WordMatch | None:
        """The longest word around the numeral text[begin:stop]."""
        best: WordMatch | None = None
        longest = 1
        for key in (text[begin : stop + 1], text[max(0, begin - 1) : stop], text[begin:stop]):
            for prefix, suffix, word in self._by_key.get(key, ()):
                left, right = begin - len(prefix), stop + len(suffix)
                longer = left >= 0 and right - left > longest
                if longer and text.startswith(suffix, stop) and text.startswith(prefix, left):
                    best, longest = WordMatch(left, right, word), right - left
        return best


@cache
def base_words() -> Mapping[str, Word]:
    """The words of data/dictionary.tsv and data/words.tsv."""
    both = (*entries("dictionary"), *entries("words"))
    return MappingProxyType({entry["word"]: Word(entry["kind"]) for entry in both})
