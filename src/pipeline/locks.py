"""Locks of files: who holds one works alone, for as long as its process lives, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.errors import WenshuError


@contextmanager
def held(path: Path, busy: str, mode: int = 0o666) -> Iterator[TextIO]:
    """Hold the lock of a file, which is made where it is not there: the file, to be written.

    busy: what is said where another process holds it. mode: the file's permissions. Raises `WenshuError`
    then, and OSError where the file cannot be opened. A process that is handed the file holds it too.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, mode), "r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WenshuError(busy) from error
        yield lock


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Hold a folder's files for a change; others of ours wait. The folder is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock of a file at this moment."""
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
