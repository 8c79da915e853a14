"""Files at a place that fsspec knows: put there and brought from there, each whole or not at all."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, is_disk_full, one_line, write_error
from pipeline.releases.digests import file_digest
from pipeline.remote import with_retries

AT_ONCE = 16
"""Files that are on their way at once."""


def send_files(fs: Any, pairs: Iterable[tuple[Path, str]]) -> None:
    """Put files there, each whole, several at once. pairs: each with its path there."""
    sent = list(pairs)
    for path in sorted({posixpath.dirname(target) for _, target in sent}):
        with_retries(partial(fs.makedirs, path, exist_ok=True))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda pair: with_retries(partial(fs.put_file, str(pair[0]), pair[1])), sent))


def write(fs: Any, path: str, content: bytes) -> None:
    """Put one object there, whole or not at all."""

    def put() -> None:
        fs.makedirs(posixpath.dirname(path), exist_ok=True)
        with fs.transaction, fs.open(path, "wb") as file:
            file.write(content)

    with_retries(put)


def read(fs: Any, path: str) -> bytes | None:
    """What the object holds; None where there is none."""
    fs.invalidate_cache()
    try:
        content: bytes = with_retries(lambda: fs.cat_file(path))
    except FileNotFoundError:
        return None
    return content


def bring(fs: Any, there: str, here: Path, digest: str | None = None) -> None:
    """Bring a file; WenshuError where it has not the digest that it should have."""
    here.parent.mkdir(parents=True, exist_ok=True)
    try:
        with_retries(lambda: fs.get_file(there, str(here)))
    except OSError as error:
        if is_disk_full(error):  # this machine's disk, and not the place there
            raise write_error(error, here) from error
        raise
    if digest and file_digest(here) != digest:
        raise WenshuError(f"{one_line(there)} is not as it was published; nothing was brought")
