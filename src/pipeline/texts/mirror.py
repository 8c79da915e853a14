"""raw/ behind a URL: brought to a folder of this machine as far as it changed, and read there.

    raw/             the files, by their paths below the URL
    raw.bringing/    files on their way: one is moved to its name once it is whole

A file's time here is a digest of what the place said of it as it was brought, and so says whether it
is still that one. Names come from others: one that leads out of the folder, or that a disk cannot
hold, is left out. Killed at any moment, what was brought by then is not brought again.
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
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, is_disk_full, one_line, write_error
from pipeline.remote import remote_filesystem, with_retries

_BRINGING = ".bringing"
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
    size: int | None
    time: int | None
    """That of its copy here, in nanoseconds: another one where the file is another; None where that
    cannot be told."""

    def is_at(self, here: Path) -> bool:
        """Whether this is its copy."""
        try:
            status = here.stat(follow_symlinks=False)
        except OSError:
            return False
        return status.st_mtime_ns == self.time and self.size in (None, status.st_size)


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
        with remote_filesystem(url, _KEPT) as (fs, root):
            there, refused = _listed(fs, root, url)
            if not there:
                raise WenshuError(f"{one_line(url)} holds no file; put article texts there. {_KEPT}")
            try:
                gone = _let_go(raw, there)
                brought = _bring_all(fs, there, raw, bringing, tick)
            except OSError as error:
                if _is_here(error, raw.parent):
                    raise write_error(error, raw) from error
                raise
            return Mirrored(len(there), brought, gone, tuple(sorted(refused)))
    except OSError as error:
        raise write_error(error, raw) from error
    finally:
        shutil.rmtree(bringing, ignore_errors=True)


def _let_go(raw: Path, there: Mapping[str, _There]) -> int:
    """Delete what is not there any more."""
    gone = 0
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


def _bring_all(
    fs: Any, there: Mapping[str, _There], raw: Path, bringing: Path, tick: Callable[[int, int], None]
) -> int:
    """Bring the files that are not here: how many they were."""
    news = [
        (file, raw / name, bringing / str(number))
        for number, (name, file) in enumerate(there.items())
        if not file.is_at(raw / name)
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(lambda new: _bring(fs, *new), news), 1):
            tick(done, len(news))
    return len(news)


def _bring(fs: Any, file: _There, path: Path, part: Path) -> None:
    """Bring one file, unless it is gone by now."""
    try:
        with_retries(lambda: fs.get_file(file.path, str(part)))
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return
    # Of another size it is not the one that was listed, and is brought once more the next night.
    if file.time is not None and file.size in (None, part.stat().st_size):
        os.utime(part, ns=(file.time, file.time))
    path.parent.mkdir(parents=True, exist_ok=True)
    part.replace(path)


def _is_here(error: OSError, folder: Path) -> bool:
    """Whether it is this machine that went wrong, and not the place."""
    return is_disk_full(error) or str(error.filename or "").startswith(str(folder))


def _listed(fs: Any, root: str, url: str) -> tuple[dict[str, _There], list[str]]:
    """Every file that can be had, by its path below the root in the order of folders, and what cannot.

    Hidden files and folders are not asked for: nobody reads them.
    """
    fs.invalidate_cache()
    files: dict[str, _There] = {}
    refused: list[str] = []
    folders = [root]
    while folders:
        here = folders.pop()
        for info in with_retries(lambda here=here: fs.ls(here, detail=True)):  # type: ignore[misc]
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
                files[below] = _There(name, info.get("size"), _time(url, info))
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


def _time(url: str, info: Mapping[str, Any]) -> int | None:
    """The time of a file's copy; None where no more is told of the file than its size and type.

    In whole microseconds, as every disk has them, between 2001 and 2010.
    """
    marks = {key: str(info[key]) for key in sorted(_MARKS & info.keys()) if info[key] is not None}
    if not marks.keys() - {"size", "type"}:
        return None
    digest = blake2b(f"{url}\0{json.dumps(marks)}".encode(), digest_size=6).digest()
    return (10**15 + int.from_bytes(digest)) * 1000
