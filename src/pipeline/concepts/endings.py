"""Names looked up by how a text ends, or begins, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_HERE = ""


class Endings(Generic[T]):
    """Words as a tree of their characters, the last one first; each leads to a value."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, word: str, value: T) -> T:
        """Enter a word; what it led to before, where it was there already (the first one stays)."""
        node = self._tree
        for char in reversed(word):
            node = node.setdefault(char, {})
        return node.setdefault(_HERE, value)  # type: ignore[no-any-return]

    def of(self, text: str, stop: int | None = None) -> Iterator[tuple[int, T]]:
        """Each word that text[:stop] ends with, shortest first: where it begins, and its value."""
        node = self._tree
        for at in range((len(text) if stop is None else stop) - 1, -1, -1):
            further = node.get(text[at])
            if further is None:
                return
            node = further
            if _HERE in node:
                yield at, node[_HERE]


class Beginnings(Generic[T]):
    """As `Endings`, by how a text begins."""

    def __init__(self) -> None:
        self._endings: Endings[T] = Endings()

    def add(self, word: str, value: T) -> T:
        """Enter a word, as `Endings.add`."""
        return self._endings.add(word[::-1], value)

    def longest(self, text: str, at: int, stop: int) -> tuple[int, T] | None:
        """The longest word that begins at `at`: where it ends, and its value."""
        found = None
        for left, value in self._endings.of(text[at:stop][::-1]):
            found = stop - left, value
        return found
