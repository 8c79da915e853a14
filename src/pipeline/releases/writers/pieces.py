"""Pieces: what a section's rows are in a file, made beside each other and put down in order.

A piece that was in the last release's file is taken from there and not made again.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

THREADS = 2
"""That make pieces."""
_AHEAD = 4
"""Pieces that are made before they can be put down, at most: what is in memory."""


class Piece(NamedTuple):
    """What a file has of a section."""

    data: Any
    """Its bytes."""
    check: int
    """CRC-32 of them."""
    size: int
    """Bytes that they are unpacked, where they are packed."""
    crc: int
    """CRC-32 of those."""


class Part(NamedTuple):
    """Where a piece is in a file."""

    offset: int
    length: int
    check: int
    """By which an altered file is told."""
    size: int
    crc: int


Parts = Mapping[str, Part]
"""By the keys of their sections."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of a file in the making."""

    old: Path | None = None
    """The last release's file."""
    before: Parts = field(default_factory=dict)
    """What is where in it."""
    now: dict[str, Part] = field(default_factory=dict)
    """What is where in this one."""

    def get(self, key: str, make: Callable[[], Piece]) -> Piece:
        """The section's piece: from the last file, where it is there and whole, else made."""
        part = self.before.get(key)
        if part and self.old:
            try:
                with self.old.open("rb") as file:
                    file.seek(part.offset)
                    data = file.read(part.length)
            except OSError:
                data = b""
            if len(data) == part.length and zlib.crc32(data) == part.check:
                return Piece(data, part.check, part.size, part.crc)
        return make()

    def put(self, key: str, offset: int, piece: Piece) -> None:
        """Remember where the section's piece is now."""
        self.now[key] = Part(offset, len(piece.data), piece.check, piece.size, piece.crc)


class Lane(Generic[T]):
    """Work that threads do beside each other, and whose results are put down in order."""

    def __init__(self, pool: ThreadPoolExecutor | None, put: Callable[[T], None]) -> None:
        self._pool, self._put = pool, put
        self._pending: deque[Future[T]] = deque()

    def do(self, make: Callable[[], T]) -> None:
        """Have a thread make it; without a pool it is made at once."""
        if self._pool is None:
            self._put(make())
            return
        self._pending.append(self._pool.submit(make))
        while len(self._pending) > _AHEAD:
            self._put(self._pending.popleft().result())

    def end(self) -> None:
        """Put down what is left."""
        while self._pending:
            self._put(self._pending.popleft().result())

    def drop(self) -> None:
        """Let go of it."""
        for future in self._pending:
            future.cancel()
        self._pending.clear()
