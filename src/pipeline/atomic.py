"""Files that are there whole or not at all, whatever ends the process that writes them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def drafted(folder: Path, data: bytes, mode: int = 0o644) -> Iterator[Path]:
    """A file of the folder that holds the data and is on the disk, to be renamed or linked to its place.

    mode: its permissions. What is left of it is taken away. Raises OSError where it cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
