"""A site while it is put together: pages that are made, and those that the last site has already.

A page is a function of its inputs. Beside the pages, each site keeps a ledger of what every one
was made of; where that is the same in the last site, its file is linked and not made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.releases.elsewhere import LEDGER
from pipeline.site.render import Page


class Unit(NamedTuple):
    """Files that are made together, of the same inputs and nothing else."""

    paths: tuple[str, ...]
    inputs: object
    """Plain values, whose `repr` tells them apart."""
    make: Callable[[], Iterable[Page]]
    """Yields their pages, or writes the files itself."""


class Draft:
    """The folder of a site to be, used within `drafting`."""

    def __init__(self, folder: Path, ledger: sqlite3.Connection, last: Path | None) -> None:
        self.folder = folder
        self.pages = self.made = 0
        """Files that the site has, and how many of them were made and not linked."""
        self._ledger, self._last = ledger, last
        self._folders: set[str] = set()

    def add(self, unit: Unit) -> None:
        """Add files: those of the last site where it has them of the same inputs, else made anew."""
        digest = hashlib.sha256(repr(unit.inputs).encode("utf-8", "surrogatepass")).digest()
        if not self._linked(unit.paths, digest):
            for page in unit.make():
                self.put(page.path, _encoded(page))
            self.made += len(unit.paths)
        self._enter(unit.paths, digest)

    def fresh(self, made: Iterable[Page]) -> None:
        """Add pages that are made for every site."""
        for page in made:
            content = _encoded(page)
            self.put(page.path, content)
            self.made += 1
            self._enter([page.path], hashlib.sha256(content).digest())

    def put(self, path: str, content: bytes) -> None:
        """Write a file of its own, which no other site has a part in."""
        descriptor = os.open(self._place(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

    def name(self) -> str:
        """A name for what is in it: the same for the same pages of the same inputs."""
        whole = hashlib.sha256()
        for path, digest in self._ledger.execute("SELECT path, digest FROM pages ORDER BY path"):
            whole.update(path.encode() + b"\0" + digest)
        return whole.hexdigest()[:12]

    def _enter(self, paths: Sequence[str], digest: bytes) -> None:
        self.pages += len(paths)
        self._ledger.executemany("INSERT INTO pages VALUES (?, ?)", [(path, digest) for path in paths])

    def _linked(self, paths: Sequence[str], digest: bytes) -> bool:
        """Whether the last site has them all of just this, and they are here now too."""
        if self._last is None:
            return False
        known = "SELECT digest FROM last.pages WHERE path = ?"
        if any(self._ledger.execute(known, (path,)).fetchone() != (digest,) for path in paths):
            return False
        try:
            for path in paths:
                link(f"{self._last}/{path}", self._place(path))
        except FileNotFoundError:  # someone has taken it away: make them all
            for path in paths:
                (self.folder / path).unlink(missing_ok=True)
            return False
        return True

    def _place(self, path: str) -> str:
        """Where the file goes, in a folder that is there."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return f"{self.folder}/{path}"


@contextmanager
def drafting(folder: Path, last: Path | None) -> Iterator[Draft]:
    """An empty draft in a new folder. last: the site whose pages may be linked."""
    folder.mkdir(parents=True)
    ledger = sqlite3.connect((folder / LEDGER).resolve().as_uri(), uri=True, isolation_level=None)
    try:
        ledger.execute("PRAGMA journal_mode = OFF")
        ledger.execute("PRAGMA synchronous = OFF")
        ledger.execute("CREATE TABLE pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID")
        readable = last is not None and _attached(ledger, last / LEDGER)
        ledger.execute("BEGIN")
        yield Draft(folder, ledger, last if readable else None)
        ledger.execute("COMMIT")
    finally:
        ledger.close()


def link(source: str | Path, target: str | Path) -> None:
    """The same file at another place; a copy on a disk that knows no hard links."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def _encoded(page: Page) -> bytes:
    return page.text.encode("utf-8", "backslashreplace")


def _attached(ledger: sqlite3.Connection, path: Path) -> bool:
    """Whether the last site's ledger is there to be asked; one that cannot be read is as none."""
    if not path.is_file():
        return False
    try:
        ledger.execute("ATTACH ? AS last", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
        ledger.execute("SELECT path, digest FROM last.pages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True
