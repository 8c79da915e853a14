"""Folders of any depth, walked through without a stack that ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def walk(
    top: Path, onerror: Callable[[OSError], object] = lambda _: None
) -> Iterator[tuple[Path, list[str], list[str]]]:
    """As `os.walk`, which up to Python 3.11 fails a thousand folders deep: each folder, the names of
    those in it, which may be taken out of the list, and of its files. Links are not followed."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        folders: list[str] = []
        files: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    (folders if _is_folder(entry) else files).append(entry.name)
        except OSError as error:
            onerror(error)
            continue
        yield folder, folders, files
        waiting += [folder / name for name in folders if not is_link(folder / name)]


def is_link(path: Path) -> bool:
    """Whether it is a symlink; False where the system does not tell, as of a path that is too long for it."""
    return os.path.islink(path)  # noqa: PTH114 - Path.is_symlink would raise


def is_file(path: Path) -> bool:
    """Whether it is a plain file, or a link to one; False where the system does not tell."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file would raise


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself costs itself alone
        return False
