"""The cache: what a night read, for the nights after it. It may be deleted at any time.

    output/.cache/cache.sqlite   the files of raw/ with their signatures, the articles in them
    output/.cache/shards/        of each shard an Arrow file: a row an article, with what it was read to

In SQLite's WAL mode what was committed survives a killed process, and a second process waits. A
file's name has the key of what it was made from and its check sum, every row of the database its
digest: what was altered is not believed, and made again.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from pipeline.night.serial import load
from pipeline.night.shards import ShardStore
from pipeline.texts.source import Source

FOLDER = ".cache"
"""Below output/."""

FILE, SHARDS = "cache.sqlite", "shards"
_MEMORY = 32 * 1024
"""KiB of the database that are held in memory: ids are digests, so that rows come in any order."""

_LAYOUT = 6
"""Of the tables below and of the shards' files; another one is made anew."""

_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE files (
    path BLOB PRIMARY KEY, signature BLOB NOT NULL, articles INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    document_id TEXT PRIMARY KEY, own TEXT NOT NULL, path BLOB NOT NULL, place INTEGER NOT NULL,
    status TEXT NOT NULL, text_digest BLOB NOT NULL, known BLOB NOT NULL, digest BLOB NOT NULL,
    text INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX articles_by_path ON articles (path, place);
CREATE INDEX articles_by_text ON articles (text_digest);
CREATE TABLE texts (text INTEGER PRIMARY KEY, content BLOB NOT NULL);
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""
_ENTRY = "document_id, own, path, place, status, text_digest, known, digest"


class Entry(NamedTuple):
    """An article of a file, as the cache has it."""

    document_id: str
    own: str
    """The id that its path gives it; the other one differs where the last release knows it by that."""
    path: bytes
    """Of its file, below raw/."""
    place: int
    """The how-manieth of its file."""
    status: str
    text_digest: bytes
    """Of the text alone: two texts are the same where it is."""
    known: bytes
    """All else that is known of it: a `Source` without its text."""
    digest: bytes = b""
    """Of all of it, as it was put; empty of one that is to be put."""

    @property
    def source(self) -> Source:
        """What is known of it, under the id that it has now."""
        (source,) = load(Source, self.known)
        return replace(source, document_id=self.document_id)


class BrokenCacheError(Exception):
    """The cache is damaged; what was in it has to be made again."""


class Cache:
    """An open cache; `cache_recovery.with_cache` mends one that is damaged."""

    def __init__(self, folder: Path | None) -> None:
        """folder: made where it is not there; None for a cache that is gone when it is closed."""
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="wenshu-")
        home = folder or Path(self._temporary.name if self._temporary else "")
        self.shards = ShardStore(home / SHARDS)
        self._database = sqlite3.connect(
            home / FILE, timeout=60, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except UnicodeDecodeError as error:
            raise BrokenCacheError("its schema is no text") from error

    def _prepare(self) -> None:
        if not self._database.execute("PRAGMA user_version").fetchone()[0]:
            self._database.executescript(_SCHEMA)
        if self._database.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
            raise BrokenCacheError("it has another version's layout")
        # A power failure may take the last nights' values along, which are then made again.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(f"PRAGMA cache_size = -{_MEMORY}")

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
            for table in ("files", "articles", "texts"):
                self._database.execute(f"DELETE FROM {table}")
        self.shards.keep_only(())

    def signatures(self) -> dict[bytes, bytes]:
        """Of every file, all of whose articles are here as they were put."""
        there = dict(self._database.execute("SELECT path, count(*) FROM articles GROUP BY path"))
        rows = self._database.execute("SELECT path, signature, articles, digest FROM files")
        return {
            path: signature
            for path, signature, articles, digest in rows
            if digest == _digest(path, signature, articles) and there.get(path) == articles
        }

    def paths(self) -> set[bytes]:
        """Every file that an article is from, whether it could be read or not."""
        return {path for (path,) in self._database.execute("SELECT DISTINCT path FROM articles")}

    def sign(self, path: bytes, signature: bytes, articles: int) -> None:
        """Note that all articles of a file are here, as it was with this signature."""
        row = (path, signature, articles)
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (*row, _digest(*row)))

    def forget(self, path: bytes) -> None:
        """Delete a file and its articles."""
        gone = "SELECT text FROM articles WHERE path = ?"
        self._database.execute(f"DELETE FROM texts WHERE text IN ({gone})", (path,))
        self._database.execute("DELETE FROM articles WHERE path = ?", (path,))
        self._database.execute("DELETE FROM files WHERE path = ?", (path,))

    def put(self, articles: Sequence[tuple[Entry, bytes]]) -> bool:
        """Keep articles with their texts; False, and none is kept, where one has the id of another."""
        (last,) = self._database.execute("SELECT coalesce(max(text), 0) FROM texts").fetchone()
        texts = [(number, text) for number, (_, text) in enumerate(articles, last + 1)]
        self._database.execute("SAVEPOINT put")
        try:
            self._database.executemany("INSERT INTO texts VALUES (?, ?)", texts)
            self._insert((entry, number) for number, (entry, _) in enumerate(articles, last + 1))
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO put")
            return False
        finally:
            self._database.execute("RELEASE put")
        return True

    def rename(self, names: Mapping[str, str]) -> None:
        """Give articles other ids, by those that they have."""
        rows, where = [], "WHERE document_id = ?"
        for name, other in names.items():
            (entry,) = self._entries(where, (name,))
            (text,) = self._database.execute(f"SELECT text FROM articles {where}", (name,)).fetchone()
            rows.append((entry._replace(document_id=other), text))
        self._database.executemany(f"DELETE FROM articles {where}", ((name,) for name in names))
        self._insert(rows)

    def _insert(self, rows: Iterable[tuple[Entry, int]]) -> None:
        """Put articles in, each with the number of its text."""
        cells = ((*entry[:-1], _digest(*entry[:-1]), text) for entry, text in rows)
        self._database.executemany(
            f"INSERT INTO articles ({_ENTRY}, text) VALUES ({', '.join('?' * 9)})", cells
        )

    def names(self) -> dict[str, str]:
        """Of every article its id, and the one that its path gives it."""
        return dict(self._database.execute("SELECT document_id, own FROM articles"))

    def entries(self, first: str = "", end: str = "~") -> Iterator[Entry]:
        """The articles whose document_id is at least `first` and below `end`, in its order."""
        where = "WHERE document_id >= ? AND document_id < ? ORDER BY document_id"
        return self._entries(where, (first, end))

    def repeated(self) -> Iterator[list[Entry]]:
        """Articles that are read and have the same text, each group in the order of paths."""
        same = "SELECT text_digest FROM articles WHERE status = 'read' GROUP BY 1 HAVING count(*) > 1"
        for digest in self._database.execute(same).fetchall():
            where = "WHERE text_digest = ? AND status = 'read' ORDER BY path, place"
            yield list(self._entries(where, digest))

    def _entries(self, where: str, cells: tuple[object, ...]) -> Iterator[Entry]:
        for entry in map(
            Entry._make, self._database.execute(f"SELECT {_ENTRY} FROM articles {where}", cells)
        ):
            if entry.digest != _digest(*entry[:-1]):
                raise BrokenCacheError(f"what is known of {entry.document_id} is damaged")
            yield entry

    def statuses(self) -> dict[str, str]:
        """Of every article its status."""
        return dict(self._database.execute("SELECT document_id, status FROM articles"))

    def texts(self, documents: Sequence[str]) -> dict[str, bytes]:
        """Texts in UTF-8 by document_id. Raises `BrokenCacheError` where one is not as it was put."""
        rows = self._database.execute(
            "SELECT document_id, content, text_digest FROM articles JOIN texts USING (text) "
            "WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(documents),),
        )
        found = {name: content for name, content, digest in rows if text_digest(content) == digest}
        if lost := next((name for name in documents if name not in found), None):
            raise BrokenCacheError(f"the text of {lost} is damaged")
        return found


def text_digest(content: bytes) -> bytes:
    """Digest of a text in UTF-8."""
    return blake2b(content, digest_size=16).digest()


def _digest(*cells: object) -> bytes:
    return blake2b(repr(cells).encode("utf-8", "surrogatepass"), digest_size=16).digest()
