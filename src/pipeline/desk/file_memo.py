"""What a desk made of files, kept until they are written again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 100
"""Things that are kept."""


class Memo:
    """The last thing made under each name, the last names asked for. Safe for several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()
        self._lock = RLock()

    def of(self, name: Hashable, state: object, make: Callable[[], T]) -> T:
        """What was made for this state before, or is made now and kept in the place of the last one."""
        with self._lock:
            if name not in self._kept or self._kept[name][0] != state:
                self._kept[name] = (state, make())
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
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
