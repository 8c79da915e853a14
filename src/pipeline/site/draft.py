"""A site while it is put together: pages that are made, and those that the last site has already.

A page is a function of its inputs. Beside the pages, each site keeps a manifest of what every one
was made of, and its check sum; where both are the same in the last site, its file is linked and not
made again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pipeline.releases.remote_publishing import MANIFEST
from pipeline.site.render import Page
from pipeline.web.escaping import encoded

_LINE = re.compile(r"([0-9a-f]{32} [0-9a-f]{8}) (\S.*)")
"""Of a manifest: the digest of a page's inputs, its check sum, its path."""


class Unit(NamedTuple):
    """Files that are made together, of the same inputs and nothing else."""

    paths: tuple[str, ...]
    inputs: object
    """Plain values, whose `repr` tells them apart."""
    make: Callable[[], Iterable[Page]]
    """Yields their pages, or writes the files itself."""


class Draft:
    """A site to be, in a folder of its own."""

    def __init__(self, folder: Path, last: Path) -> None:
        """folder: is made. last: the site whose pages may be linked, where there is one."""
        folder.mkdir(parents=True)
        self.folder, self._last = folder, last
        self.made = 0
        """Files that were made for it."""
        self._known, self._entries = _read(last / MANIFEST), dict[str, str]()
        self._folders: set[str] = set()

    def add(self, unit: Unit) -> None:
        """Add files: those of the last site where they are made of the same inputs, else made."""
        digest = _digest(repr(unit.inputs).encode("utf-8", "surrogatepass"))
        if all(self._sound(path, digest) for path in unit.paths):
            for path in unit.paths:
                _link(f"{self._last}/{path}", self._place(path))
                self._entries[path] = self._known[path]
            return
        for page in unit.make():
            self.put(page.path, encoded(page.text))
        self.made += len(unit.paths)
        for path in unit.paths:
            self._enter(path, digest)

    def fresh(self, made: Iterable[Page]) -> None:
        """Add pages that are made for every site."""
        for page in made:
            self.whole(page.path, encoded(page.text))

    def whole(self, path: str, content: bytes) -> None:
        """Add a file that is made for every site."""
        self.put(path, content)
        self.made += 1
        self._enter(path, _digest(content))

    @property
    def paths(self) -> list[str]:
        """The files that it has by now, in order."""
        return sorted(self._entries)

    def put(self, path: str, content: bytes) -> None:
        """Write a file of its own, which no other site has a part in."""
        with open(self._place(path), "xb") as file:  # noqa: PTH123
            file.write(content)

    def close(self) -> str:
        """Write the manifest; a name for what is in it: the same for the same pages of the same inputs."""
        lines = [f"{self._entries[path]} {path}\n" for path in self.paths]
        (self.folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
        return _digest("".join(lines).encode())[:12]

    def _enter(self, path: str, digest: str) -> None:
        self._entries[path] = f"{digest} {_checksum(self.folder / path)}"

    def _sound(self, path: str, digest: str) -> bool:
        """Whether the last site has the file of just this, and as it was written."""
        known = self._known.get(path, "")
        return known.startswith(digest) and known.endswith(_checksum(self._last / path))

    def _place(self, path: str) -> str:
        """Where the file goes, in a folder that is there."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return f"{self.folder}/{path}"


def _read(manifest: Path) -> dict[str, str]:
    """What a manifest says of each path; of what cannot be read, nothing."""
    try:
        lines = manifest.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {found[2]: found[1] for found in map(_LINE.fullmatch, lines) if found}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _checksum(path: Path) -> str:
    """Of a file's content; a word that is none where there is no file."""
    try:
        return f"{crc32(path.read_bytes()):08x}"
    except FileNotFoundError:
        return "none"


def _link(source: str, target: str) -> None:
    """The same file at another place; a copy on a disk that knows no hard links."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)
