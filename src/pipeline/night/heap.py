"""The heap: large values in files beside the database, written once and then seen through a memory map.

What is mapped is the file, not this process's memory: the system takes it back when it needs
the room, so that a corpus's tables may be larger than memory, and need no copy each night.
A value's place is kept in the database, in the transaction in which it is appended; what
a process that was killed has left at the end of a file is nobody's, and goes with the file.
"""

from __future__ import annotations

import mmap
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

_ALIGNED = 64
"""Values begin at multiples of so many bytes, as Arrow wants them."""


class Place(NamedTuple):
    """Where a value is."""

    file: str
    begin: int
    size: int


class Heap:
    """The files of a folder. Each process appends to one of its own."""

    def __init__(self, folder: Path | None) -> None:
        """folder: made when it is needed; None for one that is gone with the heap."""
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="wenshu-")
        self._folder = folder or Path(self._temporary.name if self._temporary else "")
        self._own: IO[bytes] | None = None
        self._maps: dict[str, memoryview] = {}

    def append(self, data: bytes | memoryview) -> Place:
        """Write a value."""
        file = self._writable()
        end = file.seek(0, os.SEEK_END)
        begin = -(-end // _ALIGNED) * _ALIGNED
        file.write(bytes(begin - end))
        file.write(data)
        file.flush()
        return Place(Path(file.name).name, begin, len(data))

    def view(self, place: Place) -> memoryview | None:
        """A value, without a copy; None where it is not there."""
        end = place.begin + place.size
        seen = self._maps.get(place.file)
        if seen is None or len(seen) < end:
            seen = self._maps[place.file] = self._map(place.file)
        return seen[place.begin : end] if 0 <= place.begin <= end <= len(seen) else None

    def owns(self, file: str) -> bool:
        """Whether it is this process that writes the file."""
        return self._own is not None and Path(self._own.name).name == file

    def sizes(self) -> dict[str, int]:
        """The files that are there, and how long they are."""
        if not self._folder.is_dir():
            return {}
        return {entry.name: entry.stat().st_size for entry in os.scandir(self._folder) if entry.is_file()}

    def remove(self, files: Iterable[str]) -> None:
        """Delete files; what is mapped of them stays while it is looked at."""
        for name in files:
            self._maps.pop(name, None)
            with suppress(OSError):  # on Windows not while it is mapped: a later night does it
                (self._folder / name).unlink()

    def close(self) -> None:
        """Let go of the files."""
        if self._own:
            self._own.close()
        self._maps.clear()

    def _writable(self) -> IO[bytes]:
        if self._own is None or not os.fstat(self._own.fileno()).st_nlink:  # another run took it for empty
            self.close()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._own = (self._folder / f"{secrets.token_hex(8)}.parts").open("x+b")
        return self._own

    def _map(self, name: str) -> memoryview:
        with suppress(OSError, ValueError), (self._folder / name).open("rb") as file:  # ValueError: empty
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return memoryview(b"")
