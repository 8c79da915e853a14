"""Opening the store: what is damaged is set aside and made again, what cannot be used is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeVar

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, tell
from pipeline.night.store import BrokenStoreError, Store

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
"""What to do about a store that cannot be used as things are, and is not damaged, by SQLite's code."""
_PRIMARY = 0xFF
"""Bits of an error code without its details."""


def with_store(folder: Path, work: Callable[[Store], T]) -> T:
    """What `work` makes of the store in the folder.

    A damaged store is set aside, said on stderr, and the work begun once more with an
    empty one. Raises `WenshuError` where the folder cannot be written.
    """
    for again in (True, False):
        store = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            store = Store(folder / "store.sqlite")
            return work(store)
        except (sqlite3.DatabaseError, BrokenStoreError) as error:
            if todo := _OF_THE_PLACE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY):
                what = todo.format(where=one_line(str(folder)), said=error)
                raise WenshuError(f"{what}, and run again. latest/ is as it was") from error
            if not again:
                raise WenshuError(f"{one_line(str(folder))}: {error}; delete the folder") from error
            if store:
                store.close()
            aside = _set_aside(folder)
            tell(
                "store_damaged",
                f"what earlier runs had kept is damaged ({error}) and is made again; it was set aside as "
                f"{one_line(str(aside))}, which may be deleted",
                level=WARNING, people=True,
            )  # fmt: skip
            store = None
        finally:
            if store:
                store.close()
    raise AssertionError


def _set_aside(folder: Path) -> Path:
    """Rename the store's files; of earlier ones set aside none is kept."""
    for old in folder.glob("damaged-*"):
        old.unlink()
    aside = next(path for n in count(1) if not (path := folder / f"damaged-{n}.sqlite").exists())
    with suppress(FileNotFoundError):
        (folder / "store.sqlite").replace(aside)
    for journal in folder.glob("store.sqlite-*"):
        journal.unlink()
    return aside
