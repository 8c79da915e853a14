"""Files at a URL, by fsspec: sent there and fetched from there, each whole or not at all."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, is_disk_full, one_line, write_error
from pipeline.remote import with_retries
from pipeline.safe_files import file_digest

TRANSFERS = 16
"""Files transferred at once."""


def send_files(fs: Any, folder: str, files: Mapping[str, Path]) -> None:
    """Send files below the remote folder, each whole, several at once. files: by their path in it."""
    targets = {f"{folder}/{name}": path for name, path in files.items()}
    for parent in sorted({posixpath.dirname(target) for target in targets}):
        with_retries(partial(fs.makedirs, parent, exist_ok=True))
    with ThreadPoolExecutor(TRANSFERS) as pool:
        puts = (partial(fs.put_file, str(path), target) for target, path in targets.items())
        list(pool.map(with_retries, puts))


def write(fs: Any, path: str, content: bytes) -> None:
    """Write one remote file, whole or not at all."""

    def put() -> None:
        fs.makedirs(posixpath.dirname(path), exist_ok=True)
        with fs.transaction, fs.open(path, "wb") as file:
            file.write(content)

    with_retries(put)


def read(fs: Any, path: str) -> bytes | None:
    """The content of a remote file; None where there is none."""
    fs.invalidate_cache()
    try:
        content: bytes = with_retries(lambda: fs.cat_file(path))
    except FileNotFoundError:
        return None
    return content


def fetch_file(fs: Any, source: str, target: Path, digest: str | None = None) -> None:
    """Fetch a remote file; WenshuError where its digest is not the one given."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with_retries(lambda: fs.get_file(source, str(target)))
    except OSError as error:
        if is_disk_full(error):  # this machine's disk, and not the remote place
            raise write_error(error, target) from error
        raise
    if digest and file_digest(target) != digest:
        raise WenshuError(f"{one_line(source)} is not as it was published; nothing was brought")
