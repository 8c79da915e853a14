"""Files below a folder of ours, there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from pipeline.errors import WenshuError
from pipeline.safe_files import staged_file

Files: TypeAlias = Mapping[str, bytes | Path]
"""Files by their path in the folder they go to: what is in them, or where that is."""


def replace_file(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    with staged_file(path.parent, text.encode()) as draft:
        draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk keep what was written, before anything points to it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(folder: Path, files: Files) -> None:
    """Write files below the folder; a path that would lead out of it is refused."""
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or "\0" in name or any(part in ("/", "..") for part in parts):
            raise WenshuError(f"{name!r} is no path inside {folder.name}")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
