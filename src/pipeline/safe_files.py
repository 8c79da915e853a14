"""Files that several processes share: locks, and writes that take effect whole or not at all.

Editors and other programs may write the same files: what a file contained when it was read is compared
before it is replaced.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pipeline.errors import WenshuError, one_line


class ConflictError(WenshuError):
    """A file, or the entry to be changed in it, was changed by somebody else since it was read."""


@contextmanager
def exclusive_lock(path: Path, busy: str, mode: int = 0o666) -> Iterator[TextIO]:
    """Hold the lock of a file and give the file, open for writing. The file is created if it is missing.

    The lock ends with the process, however that ends; a child process that inherits the file holds it too.
    mode: permissions of a new file. Raises `WenshuError` with the message `busy` where another process
    holds the lock, OSError where the file cannot be opened.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, mode), "r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WenshuError(busy) from error
        yield lock


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Wait for the lock of a folder and hold it. The folder is created if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of a file now."""
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def staged_file(folder: Path, data: bytes, mode: int = 0o644) -> Iterator[Path]:
    """A temporary file with the data, flushed to the disk, for the caller to rename or link to its place.

    mode: its permissions. The temporary file is removed at the end. Raises OSError where it cannot be
    written.
    """
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(mode)
        yield path
    finally:
        path.unlink(missing_ok=True)


def replace_file(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    with staged_file(path.parent, text.encode()) as draft:
        draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk, before anything points to it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Give a file a second path: a hard link, or a copy where the disk has none.

    Raises FileExistsError where the target is there already.
    """
    try:
        os.link(source, target)
    except FileExistsError:  # a copy would overwrite it
        raise
    except OSError:
        shutil.copyfile(source, target)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal; empty where there is no file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_text(path: Path, text: str, digest: str) -> None:
    """Replace the content of a file, whole or not at all.

    digest: its `file_digest` when it was read. Raises `ConflictError` where the content has changed since.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with staged_file(path.parent, text.encode(), mode) as staged:
        if file_digest(path) != digest:
            raise ConflictError(
                f"{one_line(path.name)} was changed meanwhile, and is left as it is; look at it again"
            )
        staged.replace(path)


@contextmanager
def draft_copy(text: str, target: Path) -> Iterator[Path]:
    """A temporary file with the text that is to be written to `target`, so that it can be checked first.

    It keeps the last two names of `target`. A `WenshuError` raised in the block names `target` in its place.
    """
    with tempfile.TemporaryDirectory(prefix="wenshu-") as folder:
        draft = Path(folder, target.resolve().parent.name, target.name)
        draft.parent.mkdir(exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="")
        try:
            yield draft
        except WenshuError as error:
            raise WenshuError(str(error).replace(str(draft), str(target))) from error
