"""What a desk made of files, kept until they are written again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """The last thing made under each name. Safe for several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, Any]] = {}
        self._lock = RLock()

    def of(self, name: str, state: object, make: Callable[[], T]) -> T:
        """What was made for this state before, or is made now and kept in the place of the last one."""
        with self._lock:
            if name not in self._kept or self._kept[name][0] != state:
                self._kept[name] = (state, make())
            made: T = self._kept[name][1]
            return made


def states(paths: Iterable[Path]) -> tuple[object, ...]:
    """By what it is seen that one of these files was written, came or went: none of them is read."""

    def state(path: Path) -> object:
        try:
            now = path.stat()
        except OSError:  # which reading it explains
            return None
        return now.st_mtime_ns, now.st_size, now.st_ino

    return tuple((path, state(path)) for path in sorted(paths))
