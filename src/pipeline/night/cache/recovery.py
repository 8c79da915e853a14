"""Opening the cache: a damaged one is replaced, one that cannot be used is an error."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, log_event
from pipeline.night.cache.database import FILE, SHARDS, BrokenCacheError, Cache

T = TypeVar("T")

_NOT_DAMAGED = {
    sqlite3.SQLITE_FULL: "the disk of {where} is full ({error}); free some space",
    sqlite3.SQLITE_IOERR: "the disk of {where} is full, or failing ({error}); free some space",
    **dict.fromkeys(
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), "another run is working on {where}; wait for it to end"
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
        "{where} cannot be used ({error}); make it writable, or delete it",
    ),
}
"""What to do about a cache that cannot be used and is not damaged, by SQLite's error code."""
_PRIMARY = 0xFF
"""The bits of an error code without its details."""


def with_cache(folder: Path, work: Callable[[Cache], T]) -> T:
    """Call `work` with the cache in the folder, and return its result.

    Where the cache is damaged it is deleted, with a warning, and `work` called again with an
    empty one. Raises `WenshuError` where the folder cannot be used.
    """
    for again in (True, False):
        cache = None
        try:
            cache = Cache(folder)
            return work(cache)
        except (sqlite3.DatabaseError, BrokenCacheError) as error:
            if advice := _NOT_DAMAGED.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY):
                message = advice.format(where=one_line(str(folder)), error=error)
                raise WenshuError(f"{message}, and run again. latest/ is as it was") from error
            if not again:
                raise WenshuError(f"{one_line(str(folder))}: {error}; delete the folder") from error
            if cache:
                cache.close()
            _delete(folder)
            message = f"what earlier runs had kept is damaged ({error}) and is made again"
            log_event("cache_damaged", message, level=WARNING, people=True)
            cache = None
        finally:
            if cache:
                cache.close()
    raise AssertionError


def _delete(folder: Path) -> None:
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
    shutil.rmtree(folder / SHARDS, ignore_errors=True)
