"""A site while it is put together: pages that are made, and those that a site before has already.

A page is a function of its inputs. Beside the pages, each site keeps a manifest of what every one
was made of, and its check sum; where both are the same in the last site, its file is linked and not
made again.

A draft may begin with the site before the last, which nobody reads any more: most of it is as it
should be, so that a night touches the files that changed and no others, however many there are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pipeline.releases.remote_publishing import MANIFEST
from pipeline.site.render import Page
from pipeline.web.escaping import encoded

_TABLE = (
    "CREATE TABLE {}.pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL, checksum INTEGER NOT NULL)"
    " WITHOUT ROWID"
)


class Unit(NamedTuple):
    """Files that are made together, of the same inputs and nothing else."""

    paths: tuple[str, ...]
    inputs: object
    """Plain values, whose `repr` tells them apart."""
    make: Callable[[], Iterable[Page]]
    """Yields their pages, or writes the files itself."""


class Draft:
    """The folder of a site to be, used within `drafting`."""

    def __init__(self, folder: Path, manifest: sqlite3.Connection, last: Path) -> None:
        self.folder = folder
        self.pages = self.made = 0
        """Files that the site has, and how many of them were made for it."""
        self._manifest, self._last = manifest, last
        self._folders: set[str] = set()

    def add(self, unit: Unit) -> None:
        """Add files: as they are here or in the last site where their inputs are the same, else made."""
        digest = hashlib.sha256(repr(unit.inputs).encode("utf-8", "surrogatepass")).digest()
        if not self._here(unit.paths, digest) and not self._linked(unit.paths, digest):
            for page in unit.make():
                self.put(page.path, encoded(page.text))
            self.made += len(unit.paths)
        self._enter(unit.paths, digest)

    def fresh(self, made: Iterable[Page]) -> None:
        """Add pages that are made for every site."""
        for page in made:
            self.whole(page.path, encoded(page.text))

    def whole(self, path: str, content: bytes) -> None:
        """Add a file that is made for every site."""
        self._clear([path])
        self.put(path, content)
        self.made += 1
        self._enter([path], hashlib.sha256(content).digest())

    def paths(self) -> list[str]:
        """The files that it has by now."""
        return [path for (path,) in self._manifest.execute("SELECT path FROM pages")]

    def put(self, path: str, content: bytes) -> None:
        """Write a file of its own, which no other site has a part in."""
        descriptor = os.open(self._place(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

    def lead(self, name: str, there: Path | None) -> None:
        """Put a link beside the pages to a folder, named as the site sees it; none where there is none."""
        self._clear([name])
        if there:
            (self.folder / name).symlink_to(there)

    def clean(self) -> None:
        """Take away what was here and was not added again."""
        gone = "SELECT path FROM own.pages EXCEPT SELECT path FROM pages"
        self._clear([path for (path,) in self._manifest.execute(gone)])

    def name(self) -> str:
        """A name for what is in it: the same for the same pages of the same inputs."""
        whole = hashlib.sha256()
        for path, digest in self._manifest.execute("SELECT path, digest FROM pages ORDER BY path"):
            whole.update(path.encode() + b"\0" + digest)
        return whole.hexdigest()[:12]

    def _enter(self, paths: Sequence[str], digest: bytes) -> None:
        self.pages += len(paths)
        rows = [(path, digest, _checksum(self.folder / path)) for path in paths]
        self._manifest.executemany("INSERT INTO pages VALUES (?, ?, ?)", rows)

    def _here(self, paths: Sequence[str], digest: bytes) -> bool:
        """Whether the draft began with them all of just this; what else it has of them is gone then."""
        if self._sound("own", self.folder, paths, digest):
            return True
        self._clear(paths)
        return False

    def _linked(self, paths: Sequence[str], digest: bytes) -> bool:
        """Whether the last site has them all of just this, and they are here now too."""
        if not self._sound("last", self._last, paths, digest):
            return False
        try:
            for path in paths:
                link(f"{self._last}/{path}", self._place(path))
        except FileNotFoundError:  # someone has taken it away: make them all
            self._clear(paths)
            return False
        return True

    def _sound(self, site: str, folder: Path, paths: Sequence[str], digest: bytes) -> bool:
        """Whether a site has them all of just this, and as they were written."""
        asked = f"SELECT checksum FROM {site}.pages WHERE path = ? AND digest = ?"
        for path in paths:
            row = self._manifest.execute(asked, (path, digest)).fetchone()
            if row is None or row[0] != _checksum(folder / path):
                return False
        return True

    def _clear(self, paths: Iterable[str]) -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                os.unlink(f"{self.folder}/{path}")  # noqa: PTH108

    def _place(self, path: str) -> str:
        """Where the file goes, in a folder that is there."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return f"{self.folder}/{path}"


@contextmanager
def drafting(folder: Path, last: Path) -> Iterator[Draft]:
    """A draft in a folder, which is new or a site of its own. last: the site whose pages may be linked."""
    old = folder.with_name("manifest")
    if folder.exists():
        (folder / MANIFEST).rename(old)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = sqlite3.connect((folder / MANIFEST).resolve().as_uri(), uri=True, isolation_level=None)
    try:
        manifest.execute("PRAGMA journal_mode = OFF")
        manifest.execute("PRAGMA synchronous = OFF")
        manifest.execute(_TABLE.format("main"))
        for name, path in (("own", old), ("last", last / MANIFEST)):
            known = is_manifest(path)
            manifest.execute(f"ATTACH ? AS {name}", (_address(path) if known else ":memory:",))
            if not known:
                manifest.execute(_TABLE.format(name))
        manifest.execute("BEGIN")
        draft = Draft(folder, manifest, last)
        yield draft
        draft.clean()
        manifest.execute("COMMIT")
    finally:
        manifest.close()


def _checksum(path: Path) -> int | None:
    """Of a file's content; None where there is none."""
    try:
        return crc32(path.read_bytes())
    except FileNotFoundError:
        return None


def link(source: str | Path, target: str | Path) -> None:
    """The same file at another place; a copy on a disk that knows no hard links."""
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError:
        shutil.copyfile(source, target)


def is_manifest(path: Path) -> bool:
    """Whether a site's manifest is there to be asked; one that cannot be read is as none."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(_address(path), uri=True)) as manifest:
            manifest.execute("SELECT path, digest, checksum FROM pages LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _address(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"
