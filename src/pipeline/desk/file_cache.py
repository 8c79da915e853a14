"""What was made of files, kept until they are written again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 120
"""Entries that are kept."""


class _Entry:
    """A cached value. Its lock is held while the value is made."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.state: object = object()  # equals no other
        self.value: Any = None


class FileCache:
    """The last value made for each key, of the keys used last. Safe for several threads."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, state: object, make: Callable[[], T]) -> T:
        """The value made for this state; a new one takes the place of that of another state.

        While one is made, only those who want the same key wait.
        """
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > _MOST:
                self._entries.popitem(last=False)
        with entry.lock:
            if entry.state != state:
                entry.value, entry.state = make(), state
            value: T = entry.value
            return value


def file_states(paths: Iterable[Path]) -> tuple[object, ...]:
    """What changes when one of these files is written, added or deleted; none of them is read."""

    def state(path: Path) -> object:
        try:
            stat = path.stat()
        except OSError:  # reading it will say why
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    return tuple((path, state(path)) for path in sorted(paths))
