"""The store: what a night found out, for the nights after it. It may be deleted at any time.

One SQLite file below output/, in WAL mode: what was committed survives a killed process,
and a second process waits. Every value carries the digest of what it was made from (its
key) and of itself (its seal). A value whose seal is broken is not there; a file that is
no database any more is set aside, and the night does the work again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

from pipeline.errors import WenshuError, one_line
from pipeline.logs import WARNING, tell

FOLDER = ".store"
"""Below output/: the store, and the tables of a night while it lasts."""

_LAYOUT = 2
"""Of the tables below; another one is rebuilt."""

_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE files (path BLOB PRIMARY KEY, signature BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE texts (
    document_id TEXT PRIMARY KEY, path BLOB NOT NULL, place INTEGER NOT NULL, status TEXT NOT NULL,
    digest BLOB NOT NULL, about BLOB NOT NULL, text BLOB NOT NULL, seal BLOB NOT NULL
);
CREATE INDEX texts_by_path ON texts (path, place);
CREATE INDEX texts_by_digest ON texts (digest);
CREATE TABLE parts (
    shard TEXT NOT NULL, name TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (shard, name)
);
CREATE TABLE notes (
    name TEXT NOT NULL, shard TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (name, shard)
);
CREATE INDEX notes_by_shard ON notes (shard);
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""

T = TypeVar("T")


class Text(NamedTuple):
    """A text as the store has it."""

    document_id: str
    path: bytes
    """Of its file, below raw/."""
    place: int
    """The how-manieth of its file."""
    status: str
    digest: bytes
    """Of the text alone: two texts are the same where it is."""
    about: bytes
    """All else that is known of it."""


class BrokenStoreError(Exception):
    """The store is damaged; what was in it has to be made again."""


class Store:
    """An open store; see `open_store`."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        if not self._database.execute("PRAGMA user_version").fetchone()[0]:
            self._database.executescript(_SCHEMA)
        if self._database.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
            raise BrokenStoreError("it has another version's layout")
        # A power failure may take the last nights' values along, which are then made again.
        self._database.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Give back the room of what was deleted, and let go of the file."""
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA incremental_vacuum")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything written within is written whole or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        with self.writing():
            for table in ("files", "texts", "parts", "notes"):
                self._database.execute(f"DELETE FROM {table}")

    def signatures(self) -> dict[bytes, bytes]:
        """Of every file whose texts are here."""
        return dict(self._database.execute("SELECT path, signature FROM files"))

    def paths(self) -> set[bytes]:
        """Every file that a text is from, whether it could be read or not."""
        return {path for (path,) in self._database.execute("SELECT DISTINCT path FROM texts")}

    def sign(self, path: bytes, signature: bytes) -> None:
        """Note that all texts of a file are here, as it was with this signature."""
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (path, signature))

    def forget(self, path: bytes, since: int = 0) -> None:
        """Delete a file's texts from a place on; from the first on, the file too."""
        self._database.execute("DELETE FROM texts WHERE path = ? AND place >= ?", (path, since))
        if not since:
            self._database.execute("DELETE FROM files WHERE path = ?", (path,))

    def put(self, known: Text, text: str) -> bool:
        """Keep a text; False, and nothing is kept, where another has its document_id."""
        packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
        row = (*known, packed, _seal(known.digest, known.about, packed))
        done = self._database.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return done.rowcount == 1

    def texts(self, first: str = "", end: str = "~") -> Iterator[Text]:
        """What is known of the texts whose document_id is at least `first` and below `end`, in its order."""
        yield from map(
            Text._make,
            self._database.execute(
                "SELECT document_id, path, place, status, digest, about FROM texts "
                "WHERE document_id >= ? AND document_id < ? ORDER BY document_id",
                (first, end),
            ),
        )

    def text(self, document_id: str) -> str:
        """A text itself. Raises `BrokenStoreError` where it is not as it was put."""
        row = self._database.execute(
            "SELECT text, digest, about, seal FROM texts WHERE document_id = ?", (document_id,)
        ).fetchone()
        if row is None or _seal(row[1], row[2], row[0]) != row[3]:
            raise BrokenStoreError(f"the text of {document_id} is damaged")
        return zlib.decompress(row[0]).decode("utf-8", "surrogatepass")

    def count(self) -> int:
        """How many texts there are."""
        return int(self._database.execute("SELECT count(*) FROM texts").fetchone()[0])

    def repeated(self) -> Iterator[list[Text]]:
        """Texts that are read and the same, each group in the order of paths."""
        same = "SELECT digest FROM texts WHERE status = 'read' GROUP BY digest HAVING count(*) > 1"
        for (digest,) in self._database.execute(same).fetchall():
            found = self._database.execute(
                "SELECT document_id, path, place, status, digest, about FROM texts "
                "WHERE digest = ? AND status = 'read' ORDER BY path, place",
                (digest,),
            )
            yield [Text._make(row) for row in found]

    def parts(self, shard: str) -> dict[str, tuple[bytes, bytes]]:
        """The values kept for a shard, by name, each with its key; broken ones left out."""
        rows = self._database.execute("SELECT name, key, data, seal FROM parts WHERE shard = ?", (shard,))
        return {name: (key, data) for name, key, data, seal in rows if _seal(key, data) == seal}

    def kept(self) -> dict[tuple[str, str], bytes]:
        """The key of every value, by shard and name."""
        rows = self._database.execute("SELECT shard, name, key FROM parts")
        return {(shard, name): key for shard, name, key in rows}

    def keep(self, shard: str, key: bytes, parts: Iterable[tuple[str, bytes]]) -> None:
        """Put a shard's values in the place of those from before."""
        with self.writing():
            self._delete([shard])
            self._database.executemany(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?)",
                ((shard, name, key, data, _seal(key, data)) for name, data in parts),
            )

    def drop(self, shards: Iterable[str]) -> None:
        """Delete the values and notes of shards that no night refers to any more."""
        with self.writing():
            self._delete(shards)

    def note(self, shard: str, name: str, key: bytes, data: bytes) -> None:
        """Keep one more value for a shard, made from what has this key; it goes when the shard does."""
        row = (name, shard, key, data, _seal(key, data))
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)", row)

    def notes(self, name: str) -> dict[str, tuple[bytes, bytes]]:
        """The notes of this name, by shard, each with its key; broken ones left out."""
        rows = self._database.execute("SELECT shard, key, data, seal FROM notes WHERE name = ?", (name,))
        return {shard: (key, data) for shard, key, data, seal in rows if _seal(key, data) == seal}

    def _delete(self, shards: Iterable[str]) -> None:
        for shard in shards:
            self._database.execute("DELETE FROM parts WHERE shard = ?", (shard,))
            self._database.execute("DELETE FROM notes WHERE shard = ?", (shard,))


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
            if isinstance(error, sqlite3.OperationalError):
                raise _mendable(error, folder) from error
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


def _mendable(error: sqlite3.Error, folder: Path) -> WenshuError:
    """What to do about a store that cannot be used as things are, and is not damaged."""
    where, said = one_line(str(folder)), str(error)
    if "full" in said or "I/O" in said:
        what = f"the disk of {where} is full ({said}); free some space"
    elif "locked" in said:
        what = f"another run is working on {where}; wait for it to end"
    else:
        what = f"{where} cannot be used ({said}); make it writable, or delete it"
    return WenshuError(f"{what}, and run again. latest/ is as it was")


def _seal(*parts: bytes) -> bytes:
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.digest()
