"""The cache: what a run read, for the runs after it. It may be deleted at any time.

    output/.cache/cache.sqlite   the files of raw/ with their signatures, and the articles in them
    output/.cache/shards/        an Arrow file for each shard: a row an article, with its extracted rows

In SQLite's WAL mode committed transactions survive a killed process, and a second process waits.
Every row of the database has a digest, and the name of an Arrow file its key and check sum: damaged
content is detected, and made again.
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

from pipeline.night.cache.json_records import load
from pipeline.night.cache.shards import ShardStore
from pipeline.texts.source import Source

FOLDER = ".cache"
"""Below output/."""

FILE, SHARDS = "cache.sqlite", "shards"
_PAGE_CACHE = 32 * 1024
"""KiB of the database that are held in memory: ids are digests, so that accesses are random."""

_LAYOUT = 7
"""Version of the tables below; a cache of another version is deleted."""

_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE files (
    path BLOB PRIMARY KEY, signature BLOB NOT NULL, articles INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    document_id TEXT PRIMARY KEY, path_id TEXT NOT NULL, path BLOB NOT NULL, position INTEGER NOT NULL,
    status TEXT NOT NULL, text_digest BLOB NOT NULL, metadata BLOB NOT NULL, digest BLOB NOT NULL,
    text INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX articles_by_path ON articles (path, position);
CREATE INDEX articles_by_text ON articles (text_digest);
CREATE TABLE texts (text INTEGER PRIMARY KEY, content BLOB NOT NULL);
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""
_COLUMNS = "document_id, path_id, path, position, status, text_digest, metadata, digest"


class CachedArticle(NamedTuple):
    """An article of a file in the cache."""

    document_id: str
    path_id: str
    """The id that follows from its path; document_id is another where the last release has another."""
    path: bytes
    """Of its file, below raw/."""
    position: int
    """Its number in the file, from 0."""
    status: str
    text_digest: bytes
    """Of the text alone: equal where two texts are."""
    metadata: bytes
    """Its `Source` without the text, as JSON."""
    digest: bytes = b""
    """Of the whole row; empty before it is stored."""

    @property
    def source(self) -> Source:
        """The article without its text."""
        (source,) = load(Source, self.metadata)
        return replace(source, document_id=self.document_id)


class BrokenCacheError(Exception):
    """The cache is damaged; its content has to be made again."""


class Cache:
    """An open cache; `recovery.with_cache` replaces one that is damaged."""

    def __init__(self, folder: Path | None) -> None:
        """folder: created if missing; None for a temporary cache."""
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
        # A power failure may lose the last transactions, which are then made again.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(f"PRAGMA cache_size = -{_PAGE_CACHE}")

    def close(self) -> None:
        """Free the space of deleted rows, and close the file."""
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA incremental_vacuum")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def clear(self) -> None:
        """Delete everything."""
        with self.writing():
            for table in ("files", "articles", "texts"):
                self._database.execute(f"DELETE FROM {table}")
        self.shards.delete_except(())

    def signatures(self) -> dict[bytes, bytes]:
        """By path, of every file whose articles are all here."""
        counts = dict(self._database.execute("SELECT path, count(*) FROM articles GROUP BY path"))
        rows = self._database.execute("SELECT path, signature, articles, digest FROM files")
        return {
            path: signature
            for path, signature, articles, digest in rows
            if digest == _digest(path, signature, articles) and counts.get(path) == articles
        }

    def paths(self) -> set[bytes]:
        """Every file with articles, whether it could be read or not."""
        return {path for (path,) in self._database.execute("SELECT DISTINCT path FROM articles")}

    def sign(self, path: bytes, signature: bytes, articles: int) -> None:
        """Store a file's signature, now that all its articles are stored."""
        row = (path, signature, articles)
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (*row, _digest(*row)))

    def forget(self, path: bytes) -> None:
        """Delete a file and its articles."""
        numbers = "SELECT text FROM articles WHERE path = ?"
        self._database.execute(f"DELETE FROM texts WHERE text IN ({numbers})", (path,))
        self._database.execute("DELETE FROM articles WHERE path = ?", (path,))
        self._database.execute("DELETE FROM files WHERE path = ?", (path,))

    def put(self, articles: Sequence[tuple[CachedArticle, bytes]]) -> bool:
        """Store articles with their texts; False, and none is stored, where one has the id of another."""
        (last,) = self._database.execute("SELECT coalesce(max(text), 0) FROM texts").fetchone()
        texts = [(number, text) for number, (_, text) in enumerate(articles, last + 1)]
        self._database.execute("SAVEPOINT put")
        try:
            self._database.executemany("INSERT INTO texts VALUES (?, ?)", texts)
            self._insert((article, number) for number, (article, _) in enumerate(articles, last + 1))
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO put")
            return False
        finally:
            self._database.execute("RELEASE put")
        return True

    def rename(self, names: Mapping[str, str]) -> None:
        """Give articles other ids. names: new ids by current ones."""
        rows, where = [], "WHERE document_id = ?"
        for name, other in names.items():
            (article,) = self._select(where, (name,))
            (text,) = self._database.execute(f"SELECT text FROM articles {where}", (name,)).fetchone()
            rows.append((article._replace(document_id=other), text))
        self._database.executemany(f"DELETE FROM articles {where}", ((name,) for name in names))
        self._insert(rows)

    def _insert(self, rows: Iterable[tuple[CachedArticle, int]]) -> None:
        """Insert articles, each with the number of its text."""
        cells = ((*article[:-1], _digest(*article[:-1]), text) for article, text in rows)
        self._database.executemany(
            f"INSERT INTO articles ({_COLUMNS}, text) VALUES ({', '.join('?' * 9)})", cells
        )

    def names(self) -> dict[str, str]:
        """The `path_id` of every article, by its id."""
        return dict(self._database.execute("SELECT document_id, path_id FROM articles"))

    def articles(self, first: str = "", end: str = "~") -> Iterator[CachedArticle]:
        """The articles from document_id `first` to before `end`, in its order."""
        where = "WHERE document_id >= ? AND document_id < ? ORDER BY document_id"
        return self._select(where, (first, end))

    def repeated(self) -> Iterator[list[CachedArticle]]:
        """Groups of read articles with the same text, each in the order of paths."""
        same = "SELECT text_digest FROM articles WHERE status = 'read' GROUP BY 1 HAVING count(*) > 1"
        for digest in self._database.execute(same).fetchall():
            where = "WHERE text_digest = ? AND status = 'read' ORDER BY path, position"
            yield list(self._select(where, digest))

    def _select(self, where: str, cells: tuple[object, ...]) -> Iterator[CachedArticle]:
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM articles {where}", cells)
        for article in map(CachedArticle._make, rows):
            if article.digest != _digest(*article[:-1]):
                raise BrokenCacheError(f"the row of {article.document_id} is damaged")
            yield article

    def statuses(self) -> dict[str, str]:
        """The status of every article, by its id."""
        return dict(self._database.execute("SELECT document_id, status FROM articles"))

    def texts(self, documents: Sequence[str]) -> dict[str, bytes]:
        """Texts in UTF-8 by document_id. Raises `BrokenCacheError` where one is missing or damaged."""
        rows = self._database.execute(
            "SELECT document_id, content, text_digest FROM articles JOIN texts USING (text) "
            "WHERE document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(documents),),
        )
        found = {name: content for name, content, digest in rows if text_digest(content) == digest}
        if missing := next((name for name in documents if name not in found), None):
            raise BrokenCacheError(f"the text of {missing} is damaged")
        return found


def text_digest(content: bytes) -> bytes:
    """Digest of a text in UTF-8."""
    return blake2b(content, digest_size=16).digest()


def _digest(*cells: object) -> bytes:
    return blake2b(repr(cells).encode("utf-8", "surrogatepass"), digest_size=16).digest()
