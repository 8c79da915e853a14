"""Words looked up by how a text ends, or begins, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class WordIndex(Generic[T]):
    """Words, each with a value."""

    def __init__(self) -> None:
        self._values: dict[str, T] = {}
        self._longest = 0

    def add(self, word: str, value: T) -> T:
        """Add a word; the value that it had before, where it was there already (the first one stays)."""
        self._longest = max(self._longest, len(word))
        return self._values.setdefault(word, value)

    def suffixes(self, text: str, begin: int = 0, stop: int | None = None) -> Iterator[tuple[int, T]]:
        """Each word that text[begin:stop] ends with, shortest first: where it begins, and its value."""
        stop = len(text) if stop is None else stop
        for at in range(stop - 1, max(begin, stop - self._longest) - 1, -1):
            if (value := self._values.get(text[at:stop])) is not None:
                yield at, value

    def longest_prefix(self, text: str, begin: int, stop: int) -> tuple[int, T] | None:
        """The longest word that text[begin:stop] begins with: where it ends, and its value."""
        for end in range(min(stop, begin + self._longest), begin, -1):
            if (value := self._values.get(text[begin:end])) is not None:
                return end, value
        return None
