"""raw/ behind a URL: its files are fetched into a folder of this machine as far as they changed.

    raw/             the files, by their paths below the URL
    raw.bringing/    files on their way: one is moved to its name once it is whole

The modification time of a file here is a digest of what its file system said of it when it was
fetched, and so tells whether it is up to date. Names come from others: one that leads out of the
folder, or that a disk cannot hold, is refused. After a crash, what was fetched is not fetched again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import WenshuError, is_disk_full, one_line, write_error
from pipeline.remote import remote_filesystem, with_retries
from pipeline.texts.folders import walk

_PARTIAL = ".bringing"
"""Suffix of the folder beside raw/ that holds files on their way."""

_KEPT = "latest/ is as it was"
_WORKERS = 16
"""Files that are fetched at once."""

_ATTRIBUTES = frozenset(
    "size type ETag etag md5 md5Hash crc32c checksum generation VersionId versionId LastModified "
    "last_modified modified updated mtime created ino".split()
)
"""What file systems say of a file that changes with its content."""

_LONGEST_NAME, _LONGEST_PATH = 255, 3000
"""Bytes of a name and of a path that disks hold."""


@dataclass(frozen=True, slots=True)
class MirrorResult:
    """What a mirror did."""

    files: int
    """How many files there are."""
    fetched: int
    deleted: int
    refused: tuple[str, ...]
    """Paths below the URL that are no plain files, or have a name that is not allowed here."""


@dataclass(frozen=True, slots=True)
class _RemoteFile:
    """A file behind the URL."""

    path: str
    """As its file system wants it."""
    size: int | None
    time: int | None
    """The modification time of its copy here, in nanoseconds; None where the file system says too little."""

    def is_copied_to(self, path: Path) -> bool:
        """Whether this path is an up-to-date copy."""
        try:
            status = path.stat(follow_symlinks=False)
        except OSError:
            return False
        return status.st_mtime_ns == self.time and self.size in (None, status.st_size)


def mirror(url: str, raw: Path, tick: Callable[[int, int], None]) -> MirrorResult:
    """Fetch what is new behind the URL into a folder, and delete what is gone there.

    tick: called with how many of how many are fetched. Raises `WenshuError` where the URL cannot be
    read or holds nothing, in which case nothing here is deleted, and where this disk is full.
    """
    partial = raw.with_suffix(_PARTIAL)
    try:
        for path in (raw, partial):
            path.mkdir(parents=True, exist_ok=True)
        with remote_filesystem(url, _KEPT) as (fs, root):
            files, refused = _list(fs, root, url)
            if not files:
                raise WenshuError(f"{one_line(url)} holds no file; put article texts there. {_KEPT}")
            try:
                deleted = _delete_missing(raw, files)
                fetched = _fetch_all(fs, files, raw, partial, tick)
            except OSError as error:
                if is_disk_full(error) or str(error.filename or "").startswith(str(raw.parent)):
                    raise write_error(error, raw) from error  # this machine's fault, not the URL's
                raise
            return MirrorResult(len(files), fetched, deleted, tuple(sorted(refused)))
    except OSError as error:
        raise write_error(error, raw) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _delete_missing(raw: Path, files: Mapping[str, _RemoteFile]) -> int:
    """Delete what is not behind the URL any more; the number of files."""
    deleted = 0
    for folder, _, names in reversed(list(walk(raw))):  # each after those in it
        for path in (folder / name for name in names):
            if path.relative_to(raw).as_posix() not in files or path.is_symlink():
                path.unlink()
                deleted += 1
        if folder != raw:
            with suppress(OSError):  # it is not empty
                folder.rmdir()
    return deleted


def _fetch_all(
    fs: Any, files: Mapping[str, _RemoteFile], raw: Path, partial: Path, tick: Callable[[int, int], None]
) -> int:
    """Fetch the files that have no up-to-date copy here; the number of them."""
    jobs = [
        (file, raw / name, partial / str(number))
        for number, (name, file) in enumerate(files.items())
        if not file.is_copied_to(raw / name)
    ]
    with ThreadPoolExecutor(_WORKERS) as pool:
        for done, _ in enumerate(pool.map(lambda job: _fetch(fs, *job), jobs), 1):
            tick(done, len(jobs))
    return len(jobs)


def _fetch(fs: Any, file: _RemoteFile, path: Path, part: Path) -> None:
    """Fetch one file, unless it is gone by now."""
    try:
        with_retries(lambda: fs.get_file(file.path, str(part)))
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return
    # Of another size it is not the one that was listed, and is fetched once more the next night.
    if file.time is not None and file.size in (None, part.stat().st_size):
        os.utime(part, ns=(file.time, file.time))
    path.parent.mkdir(parents=True, exist_ok=True)
    part.replace(path)


def _list(fs: Any, root: str, url: str) -> tuple[dict[str, _RemoteFile], list[str]]:
    """The files by their paths below the root, in the order of folders, and the paths that are refused.

    Hidden files and folders are passed over: nobody reads them.
    """
    fs.invalidate_cache()
    files: dict[str, _RemoteFile] = {}
    refused: list[str] = []
    folders = [root]
    while folders:
        folder = folders.pop()
        for info in with_retries(lambda folder=folder: fs.ls(folder, detail=True)):  # type: ignore[misc]
            name = str(info["name"])
            if name.rstrip("/") == folder and (name == folder or info["type"] == "file"):
                continue  # the folder itself, or the mark that makes it one
            path = name[len(root) :].removeprefix("/")
            if any(part.startswith(".") and part not in (".", "..") for part in path.split("/")):
                continue
            if not _is_allowed(path) or info.get("islink") or info["type"] not in ("file", "directory"):
                refused.append(path)
            elif info["type"] == "directory":
                folders.append(name)
            else:
                files[path] = _RemoteFile(name, info.get("size"), _copy_time(url, info))
    # An object store may hold a file and, below the same name, others.
    both = [path for path in files if any(str(parent) in files for parent in PurePosixPath(path).parents)]
    for path in both:
        del files[path]
    return files, refused + both


def _is_allowed(path: str) -> bool:
    """Whether a path leads to a place below the folder, under a name that disks hold."""
    try:
        parts = os.fsencode(path).split(b"/")
    except UnicodeEncodeError:
        return False
    if "\0" in path or len(path) > _LONGEST_PATH:
        return False
    return all(0 < len(part) <= _LONGEST_NAME and part not in (b".", b"..") for part in parts)


def _copy_time(url: str, info: Mapping[str, Any]) -> int | None:
    """The modification time of a file's copy; None where only the file's size and type are known.

    In whole microseconds, as every disk has them, between 2001 and 2010.
    """
    attributes = {key: str(info[key]) for key in sorted(_ATTRIBUTES & info.keys()) if info[key] is not None}
    if not attributes.keys() - {"size", "type"}:
        return None
    digest = blake2b(f"{url}\0{json.dumps(attributes)}".encode(), digest_size=6).digest()
    return (10**15 + int.from_bytes(digest)) * 1000
