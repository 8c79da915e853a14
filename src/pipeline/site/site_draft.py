"""A site in the making: files that are made, and those that the last site has already.

A page is a function of its inputs. Beside the pages, each site has a manifest with a digest of
the inputs of every page, and its check sum; where both are the same in the last site, its file
is linked and not made again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pipeline.errors import encode_escaped
from pipeline.releases.remote_publishing import MANIFEST
from pipeline.safe_files import link_or_copy
from pipeline.site.render import SiteFile

_LINE = re.compile(r"([0-9a-f]{32} [0-9a-f]{8}) (\S.*)")
"""Of a manifest: the digest of a page's inputs, its check sum, its path."""


class FileGroup(NamedTuple):
    """Files that are made together, from the same inputs."""

    paths: tuple[str, ...]
    inputs: object
    """Plain values; their `repr` is the key under which the files are kept."""
    make: Callable[[], Iterable[SiteFile]]
    """Yields the files, or writes them itself."""


class SiteDraft:
    """A new site, in a folder of its own."""

    def __init__(self, folder: Path, last: Path) -> None:
        """folder: is made. last: the site whose pages may be linked, where there is one."""
        folder.mkdir(parents=True)
        self.folder, self._last = folder, last
        self.made = 0
        """Files that were made for it."""
        self._last_entries, self._entries = _read(last / MANIFEST), dict[str, str]()

    def add(self, group: FileGroup) -> None:
        """Add files: those of the last site where their inputs are the same, else made."""
        digest = _digest(repr(group.inputs).encode("utf-8", "surrogatepass"))
        if all(self._is_unchanged(path, digest) for path in group.paths):
            for path in group.paths:
                link_or_copy(self._last / path, self._path(path))
                self._entries[path] = self._last_entries[path]
            return
        for file in group.make():
            self.write(file.path, encode_escaped(file.text))
        for path in group.paths:
            self._enter(path, digest)

    def add_new(self, files: Iterable[SiteFile]) -> None:
        """Add files that are made for every site."""
        for file in files:
            self.add_bytes(file.path, encode_escaped(file.text))

    def add_bytes(self, path: str, content: bytes) -> None:
        """Add a file that is made for every site."""
        self.write(path, content)
        self._enter(path, _digest(content))

    @property
    def paths(self) -> list[str]:
        """The files that it has by now, in order."""
        return sorted(self._entries)

    def write(self, path: str, content: bytes) -> None:
        """Write a new file, which is no link into another site."""
        with self._path(path).open("xb") as file:
            file.write(content)

    def close(self) -> str:
        """Write the manifest; its digest, the same for the same pages of the same inputs."""
        manifest = "".join(f"{self._entries[path]} {path}\n" for path in self.paths)
        (self.folder / MANIFEST).write_text(manifest, encoding="utf-8")
        return _digest(manifest.encode())[:12]

    def _enter(self, path: str, digest: str) -> None:
        self.made += 1
        self._entries[path] = f"{digest} {_checksum(self.folder / path)}"

    def _is_unchanged(self, path: str, digest: str) -> bool:
        """Whether the last site has the file with the same inputs, and as it was written."""
        entry = self._last_entries.get(path, "")
        return entry.startswith(digest) and entry.endswith(_checksum(self._last / path))

    def _path(self, path: str) -> Path:
        """The file's path, in a folder that exists."""
        whole = self.folder / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        return whole


def _read(manifest: Path) -> dict[str, str]:
    """The entries of a manifest by path; none of lines that cannot be read."""
    try:
        lines = manifest.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {found[2]: found[1] for found in map(_LINE.fullmatch, lines) if found}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _checksum(path: Path) -> str:
    """The check sum of a file's content; "none" where there is no file."""
    try:
        return f"{crc32(path.read_bytes()):08x}"
    except FileNotFoundError:
        return "none"
