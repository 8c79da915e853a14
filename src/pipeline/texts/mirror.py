"""raw/ behind a URL: brought to a folder of this machine as far as it changed, and read there.

    raw/             the files, by their paths below the URL
    raw.jsonl        of each file what the place said of it as it was brought, and how it lies here
    raw.bringing/    files on their way: one is moved to its name once it is whole

Names come from others: one that leads out of the folder, or that a disk cannot hold, is left out.
Killed at any moment, what was brought by then is not brought again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, is_full, mendable, one_line
from pipeline.remote import patiently, place

_LIST, _BRINGING = ".jsonl", ".bringing"
"""What stands beside the folder of a mirror, behind its name."""

_KEPT = "latest/ is as it was"
_AT_ONCE = 16
"""Files that are on their way at once."""

_MARKS = frozenset(
    "size type ETag etag md5 md5Hash crc32c checksum generation VersionId versionId LastModified "
    "last_modified modified updated mtime created ino".split()
)
"""What file systems tell of a file by which one can know it again."""

_LONGEST, _DEEPEST = 255, 3000
"""Bytes of a name and of a path that disks hold."""

_Line = tuple[str, str, int, int]
"""Of the list: path, mark, and how the file lies here."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What came of it."""

    files: int
    """How many there are."""
    brought: int
    gone: int
    refused: tuple[str, ...]
    """Paths below the URL that are no plain files with a name that can be had here."""


@dataclass(frozen=True, slots=True)
class _There:
    """A file behind the URL."""

    path: str
    """As its file system wants it."""
    mark: str
    """Another one where the file is another; empty where that cannot be told."""
    size: int | None


def mirror(url: str, raw: Path, tick: Callable[[int, int], None]) -> Mirrored:
    """Bring what is new behind the URL to a folder, and let go of what is gone there.

    tick: told how many of how many are brought. Raises `WenshuError` where the place cannot be
    read or holds nothing, in which case nothing here is let go of, and where this disk is full.
    """
    bringing = raw.with_suffix(_BRINGING)
    try:
        shutil.rmtree(bringing, ignore_errors=True)
        for path in (raw, bringing):
            path.mkdir(parents=True, exist_ok=True)
        with place(url, _KEPT) as (fs, root):
            there, refused = _listed(fs, root)
            if not there:
                raise WenshuError(f"{one_line(url)} holds no file; put article texts there. {_KEPT}")
            try:
                return _Mirror(fs, url, raw).follow(there, refused, tick)
            except OSError as error:
                if _is_here(error, raw.parent):
                    raise mendable(error, raw) from error
                raise
    except OSError as error:
        raise mendable(error, raw) from error
    finally:
        shutil.rmtree(bringing, ignore_errors=True)


class _Mirror:
    """A mirror and the file system that it follows."""

    def __init__(self, fs: Any, url: str, raw: Path) -> None:
        self._fs, self._url, self._raw = fs, url, raw
        self._list, self._bringing = raw.with_suffix(_LIST), raw.with_suffix(_BRINGING)
        self._known = dict(_known(self._list))
        self._names = map(str, count())

    def follow(
        self, there: Mapping[str, _There], refused: list[str], tick: Callable[[int, int], None]
    ) -> Mirrored:
        """Make the folder as it is there."""
        gone = self._let_go(there)
        news = [name for name, file in there.items() if not self._has(name, file)]
        brought = 0
        with (
            self._list.open("a", encoding="ascii") as log,
            ThreadPoolExecutor(_AT_ONCE) as pool,
        ):
            for line in pool.map(lambda name: self._bring(name, there[name]), news):
                brought += 1
                if line:
                    self._known[line[0]] = line
                    log.write(json.dumps(line) + "\n")
                    log.flush()
                tick(brought, len(news))
        if gone or brought:
            self._tidy()
        return Mirrored(len(there), brought, gone, tuple(sorted(refused)))

    def _has(self, name: str, file: _There) -> bool:
        """Whether the file is here as it is there."""
        mark = self._mark(file)
        return bool(mark) and self._known.get(name) == (name, mark, *_lies(self._raw / name))

    def _mark(self, file: _There) -> str:
        """The file's mark, which is another one behind another URL."""
        return file.mark and blake2b(f"{self._url}\0{file.mark}".encode(), digest_size=16).hexdigest()

    def _let_go(self, there: Mapping[str, _There]) -> int:
        """Delete what is not there any more."""
        gone, raw = 0, self._raw
        for folder, _, files in os.walk(raw, topdown=False):
            here = Path(folder)
            for name in files:
                path = here / name
                if path.relative_to(raw).as_posix() not in there or path.is_symlink():
                    path.unlink()
                    gone += 1
            if here != raw:
                with suppress(OSError):  # there is still something in it
                    here.rmdir()
        return gone

    def _bring(self, name: str, file: _There) -> _Line | None:
        """Bring one file: its line in the list; None where it is gone by now, or it is not known whether
        it is the one that was listed."""
        part, path = self._bringing / next(self._names), self._raw / name
        try:
            patiently(lambda: self._fs.get_file(file.path, str(part)))
        except FileNotFoundError:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
        mark, lies = self._mark(file), _lies(path)
        return (name, mark, *lies) if mark and file.size in (None, lies[0]) else None

    def _tidy(self) -> None:
        """Write the list anew, without what is gone."""
        part = self._bringing / self._list.name
        with part.open("w", encoding="ascii") as file:
            for name, line in self._known.items():
                if (self._raw / name).is_file():
                    file.write(json.dumps(line) + "\n")
        part.replace(self._list)


def _is_here(error: OSError, folder: Path) -> bool:
    """Whether it is this machine that went wrong, and not the place."""
    return is_full(error) or str(error.filename or "").startswith(str(folder))


def _listed(fs: Any, root: str) -> tuple[dict[str, _There], list[str]]:
    """Every file that can be had, by its path below the root in the order of folders, and what cannot.

    Hidden files and folders are not asked for: nobody reads them.
    """
    fs.invalidate_cache()
    files: dict[str, _There] = {}
    refused: list[str] = []
    folders = [root]
    while folders:
        here = folders.pop()
        for info in patiently(lambda here=here: fs.ls(here, detail=True)):  # type: ignore[misc]
            name = str(info["name"])
            if name.rstrip("/") == here and (name == here or info["type"] == "file"):
                continue  # the folder itself, or the mark that makes it one
            below = name[len(root) :].removeprefix("/")
            if _hidden(below):
                continue
            if not _sound(below) or info.get("islink") or info["type"] not in ("file", "directory"):
                refused.append(below)
            elif info["type"] == "directory":
                folders.append(name)
            else:
                files[below] = _There(name, _mark(info), info.get("size"))
    both = [name for name in files if any(name in files for name in _above(name))]
    for name in both:
        del files[name]
    return files, refused + both


def _sound(below: str) -> bool:
    """Whether a path leads to a place below the folder, under a name that disks hold."""
    try:
        parts = os.fsencode(below).split(b"/")
    except UnicodeEncodeError:
        return False
    if "\0" in below or len(below) > _DEEPEST:
        return False
    return all(0 < len(p) <= _LONGEST and p not in (b".", b"..") for p in parts)


def _hidden(below: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in below.split("/"))


def _above(name: str) -> Iterator[str]:
    """The folders that a file is in."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _mark(info: Mapping[str, Any]) -> str:
    """What is told of a file; empty where that is its size and type alone."""
    marks = {key: str(info[key]) for key in sorted(_MARKS & info.keys()) if info[key] is not None}
    return json.dumps(marks) if marks.keys() - {"size", "type"} else ""


def _known(path: Path) -> Iterator[tuple[str, _Line]]:
    """The lines of the list that can be read, the later ones last."""
    with suppress(OSError), path.open("rb") as file:
        for line in file:
            with suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, list) and len(said) == 4 and isinstance(said[0], str):
                    yield said[0], (said[0], said[1], said[2], said[3])


def _lies(path: Path) -> tuple[int, int]:
    """Size and time of a file here, by which it is known to be as it was brought; none where it is not."""
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return -1, 0
    return status.st_size, status.st_mtime_ns
