"""Opening the cache: one that is damaged is made anew, one that cannot be used is said."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, log_event
from pipeline.night.cache import FILE, SHARDS, BrokenCacheError, Cache

T = TypeVar("T")

_OF_THE_PLACE = {
    sqlite3.SQLITE_FULL: "the disk of {where} is full ({said}); free some space",
    sqlite3.SQLITE_IOERR: "the disk of {where} is full, or failing ({said}); free some space",
    **dict.fromkeys(
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), "another run is working on {where}; wait for it to end"
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
        "{where} cannot be used ({said}); make it writable, or delete it",
    ),
}
"""What to do about a cache that cannot be used as things are, and is not damaged, by SQLite's code."""
_PRIMARY = 0xFF
"""Bits of an error code without its details."""


def with_cache(folder: Path, work: Callable[[Cache], T]) -> T:
    """What `work` makes of the cache in the folder.

    A damaged cache is deleted, said on stderr, and the work begun once more with an
    empty one. Raises `WenshuError` where the folder cannot be used.
    """
    for again in (True, False):
        cache = None
        try:
            cache = Cache(folder)
            return work(cache)
        except (sqlite3.DatabaseError, BrokenCacheError) as error:
            if todo := _OF_THE_PLACE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY):
                what = todo.format(where=one_line(str(folder)), said=error)
                raise WenshuError(f"{what}, and run again. latest/ is as it was") from error
            if not again:
                raise WenshuError(f"{one_line(str(folder))}: {error}; delete the folder") from error
            if cache:
                cache.close()
            _delete(folder)
            said = f"what earlier runs had kept is damaged ({error}) and is made again"
            log_event("cache_damaged", said, level=WARNING, people=True)
            cache = None
        finally:
            if cache:
                cache.close()
    raise AssertionError


def _delete(folder: Path) -> None:
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
    shutil.rmtree(folder / SHARDS, ignore_errors=True)
