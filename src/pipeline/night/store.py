"""The store: what a night found out, for the nights after it. It may be deleted at any time.

One SQLite file below output/, in WAL mode: what was committed survives a killed process,
and a second process waits. The values of shards, which are large, lie in the `heap` beside it.
Every value carries the digest of what it was made from (its key) and of itself (its seal).
A value whose seal is broken is not there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.night.heap import Heap, Place
from pipeline.night.seals import digest_of, is_sound, pack_text, seal_of, unpack_text

FOLDER = ".store"
"""Below output/: the store."""

_FILES = 12
"""Of the heap: each night that reads something adds one, and more are put together."""

_CACHE = 32 * 1024
"""KiB of the database that are held in memory: ids are digests, so that rows come in any order."""

_PART = "name, key, file, begin, size, digest, seal"
_TEXT = "document_id, path, place, status, digest, about"
_WITHIN = "FROM texts WHERE document_id >= ? AND document_id < ? ORDER BY document_id"
_LAYOUT = 4
"""Of the tables below; another one is rebuilt."""

_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE files (path BLOB PRIMARY KEY, signature BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE texts (
    document_id TEXT PRIMARY KEY, path BLOB NOT NULL, place INTEGER NOT NULL, status TEXT NOT NULL,
    digest BLOB NOT NULL, about BLOB NOT NULL, body INTEGER NOT NULL, seal BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX texts_by_path ON texts (path, place);
CREATE INDEX texts_by_digest ON texts (digest);
CREATE TABLE bodies (body INTEGER PRIMARY KEY, text BLOB NOT NULL, seal BLOB NOT NULL);
CREATE TABLE parts (
    shard TEXT NOT NULL, name TEXT NOT NULL, key BLOB NOT NULL, file TEXT NOT NULL, begin INTEGER NOT NULL,
    size INTEGER NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (shard, name)
) WITHOUT ROWID;
CREATE INDEX parts_by_file ON parts (file, size);
CREATE TABLE notes (
    name TEXT NOT NULL, shard TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (name, shard)
);
CREATE INDEX notes_by_shard ON notes (shard);
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""


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


class Part(NamedTuple):
    """A value of a shard."""

    key: bytes
    """Of what it was made from."""
    data: memoryview
    digest: bytes
    """Of the data."""


class BrokenStoreError(Exception):
    """The store is damaged; what was in it has to be made again."""


class Store:
    """An open store; `opening.with_store` mends one that is damaged."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except UnicodeDecodeError as error:
            raise BrokenStoreError("its schema is no text") from error
        self._heap = Heap(None if str(path) == ":memory:" else path.parent / "parts")

    def _prepare(self) -> None:
        if not self._database.execute("PRAGMA user_version").fetchone()[0]:
            self._database.executescript(_SCHEMA)
        if self._database.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
            raise BrokenStoreError("it has another version's layout")
        # A power failure may take the last nights' values along, which are then made again.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE}")

    def close(self) -> None:
        """Give back the room of what was deleted, and let go of the file."""
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA incremental_vacuum")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()
        self._heap.close()

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
            for table in ("files", "texts", "bodies", "parts", "notes"):
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
        gone = "SELECT body FROM texts WHERE path = ? AND place >= ?"
        self._database.execute(f"DELETE FROM bodies WHERE body IN ({gone})", (path, since))
        self._database.execute("DELETE FROM texts WHERE path = ? AND place >= ?", (path, since))
        if not since:
            self._database.execute("DELETE FROM files WHERE path = ?", (path,))

    def put(self, texts: Sequence[tuple[Text, str]]) -> bool:
        """Keep texts; False, and none of them is kept, where one has the document_id of another."""
        (last,) = self._database.execute("SELECT coalesce(max(body), 0) FROM bodies").fetchone()
        bodies, rows = [], []
        for body, (known, text) in enumerate(texts, last + 1):
            packed = pack_text(text)
            bodies.append((body, packed, seal_of(known.digest, known.about, packed)))
            rows.append((*known, body, seal_of(known.digest, known.about)))
        self._database.execute("SAVEPOINT put")
        try:
            self._database.executemany("INSERT INTO bodies VALUES (?, ?, ?)", bodies)
            self._database.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO put")
            return False
        finally:
            self._database.execute("RELEASE put")
        return True

    def seals(self, first: str = "", end: str = "~") -> Iterator[tuple[str, bytes]]:
        """A digest of what is known of each text, as `texts`."""
        yield from self._database.execute(f"SELECT document_id, seal {_WITHIN}", (first, end))

    def texts(self, first: str = "", end: str = "~") -> Iterator[Text]:
        """What is known of the texts whose document_id is at least `first` and below `end`, in its order."""
        rows = self._database.execute(f"SELECT {_TEXT} {_WITHIN}", (first, end))
        yield from map(Text._make, rows)

    def text(self, document_id: str) -> str:
        """A text itself; see `bodies`."""
        return unpack_text(self.bodies([document_id])[document_id])

    def bodies(self, documents: Sequence[str]) -> dict[str, bytes]:
        """Texts themselves, packed. Raises `BrokenStoreError` where one is not as it was put."""
        rows = self._database.execute(
            "SELECT document_id, text, digest, about, bodies.seal FROM texts JOIN bodies USING (body) "
            "WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(documents),),
        )
        found = {
            name: packed
            for name, packed, digest, about, seal in rows
            if seal_of(digest, about, packed) == seal
        }
        if lost := next((name for name in documents if name not in found), None):
            raise BrokenStoreError(f"the text of {lost} is damaged")
        return found

    def count(self) -> int:
        """How many texts there are."""
        return int(self._database.execute("SELECT count(*) FROM texts").fetchone()[0])

    def repeated(self) -> Iterator[list[Text]]:
        """Texts that are read and the same, each group in the order of paths."""
        same = "SELECT digest FROM texts WHERE status = 'read' GROUP BY digest HAVING count(*) > 1"
        for (digest,) in self._database.execute(same).fetchall():
            found = self._database.execute(
                f"SELECT {_TEXT} FROM texts WHERE digest = ? AND status = 'read' ORDER BY path, place",
                (digest,),
            )
            yield [Text._make(row) for row in found]

    def parts(self, shard: str, names: Collection[str]) -> dict[str, Part]:
        """A shard's values of these names; broken ones left out. They are seen where they lie."""
        found = {}
        rows = self._database.execute(f"SELECT {_PART} FROM parts WHERE shard = ?", (shard,))
        for name, key, *place, digest, seal in rows.fetchall():
            if name in names and (part := self._part(shard, name, key, Place(*place), digest, seal)):
                found[name] = part
        return found

    def _part(
        self, shard: str, name: str, key: bytes, place: Place, digest: bytes, seal: bytes
    ) -> Part | None:
        """A value, if it is as it was put: what this process itself has put it does not doubt."""
        data = self._heap.view(place)
        if data is None or _place_seal(shard, name, key, place, digest) != seal:
            return None
        return Part(key, data, digest) if self._heap.owns(place.file) or is_sound(data, digest) else None

    def kept(self) -> dict[tuple[str, str], bytes]:
        """The key of every value, by shard and name."""
        rows = self._database.execute("SELECT shard, name, key FROM parts")
        return {(shard, name): key for shard, name, key in rows}

    def keep(self, shard: str, key: bytes, parts: Iterable[tuple[str, bytes]]) -> None:
        """Put a shard's values in the place of those from before."""
        with self.writing():
            self._delete([shard])
            for name, data in parts:
                self._put_part(shard, name, key, data, digest_of(data))

    def _put_part(self, shard: str, name: str, key: bytes, data: bytes | memoryview, digest: bytes) -> None:
        place = self._heap.append(data)
        seal = _place_seal(shard, name, key, place, digest)
        row = (shard, name, key, *place, digest, seal)
        self._database.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def drop(self, shards: Iterable[str]) -> None:
        """Delete the values and notes of shards that no night refers to, and give back their room."""
        with self.writing():
            self._delete(shards)
            for file in self._spare():
                rows = self._database.execute(f"SELECT shard, {_PART} FROM parts WHERE file = ?", (file,))
                for shard, name, key, *place, digest, seal in rows.fetchall():
                    if part := self._part(shard, name, key, Place(*place), digest, seal):
                        self._put_part(shard, name, key, part.data, digest)
                    else:
                        gone = (shard, name)
                        self._database.execute("DELETE FROM parts WHERE shard = ? AND name = ?", gone)
        with self.writing():  # so that no other run is about to refer to one of them
            used = {file for (file,) in self._database.execute("SELECT DISTINCT file FROM parts")}
            self._heap.remove(f for f in self._heap.sizes() if f not in used and not self._heap.owns(f))

    def _spare(self) -> list[str]:
        """Files to be given up: those that are mostly holes, and the smallest where there are many."""
        held = dict(self._database.execute("SELECT file, sum(size) FROM parts GROUP BY file").fetchall())
        sizes = self._heap.sizes()
        small = sorted(held, key=held.__getitem__)[: -_FILES or None]
        return [
            file
            for file in held
            if (2 * held[file] < sizes.get(file, 0) or file in small) and not self._heap.owns(file)
        ]

    def note(self, shard: str, name: str, key: bytes, data: bytes) -> None:
        """Keep one more value for a shard, made from what has this key; it goes when the shard does."""
        row = (name, shard, key, data, seal_of(key, data))
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)", row)

    def notes(self, name: str) -> dict[str, tuple[bytes, bytes]]:
        """The notes of this name, by shard, each with its key; broken ones left out."""
        rows = self._database.execute("SELECT shard, key, data, seal FROM notes WHERE name = ?", (name,))
        return {shard: (key, data) for shard, key, data, seal in rows if seal_of(key, data) == seal}

    def _delete(self, shards: Iterable[str]) -> None:
        for shard in shards:
            self._database.execute("DELETE FROM parts WHERE shard = ?", (shard,))
            self._database.execute("DELETE FROM notes WHERE shard = ?", (shard,))


def _place_seal(shard: str, name: str, key: bytes, place: Place, digest: bytes) -> bytes:
    return seal_of(shard.encode(), name.encode(), key, repr(place).encode(), digest)
