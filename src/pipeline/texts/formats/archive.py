"""Archives inside documents: refused where they unpack to far more than documents do."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from pipeline.texts.decode import UnreadableError

_LARGEST = 256 * 1024 * 1024
_HIGHEST_RATIO = 100
"""How many times its packed size a document may unpack to, from the first megabytes on."""
_ALLOWANCE = 16 * 1024 * 1024


def refuse_bombs(data: bytes) -> None:
    """Raise `UnreadableError` for a ZIP that grows without bounds. What is no ZIP is for others to tell."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return
    if size > _LARGEST or (size > _ALLOWANCE and size > _HIGHEST_RATIO * len(data)):
        raise UnreadableError(
            f"unpacks to {size} bytes, more than a document does; copy its text into a new one"
        )
