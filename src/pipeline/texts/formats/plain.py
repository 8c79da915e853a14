"""Plain text, in any of the encodings that `decode` knows."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.texts.decode import UndecodableError, decode
from pipeline.texts.formats import Article, digest


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a text file."""
    yield decoded(data)


def decoded(data: bytes) -> Article:
    """The bytes as text, or why they are none."""
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        return Article(sha256=digest(data), reason=str(error))
    return Article(sha256=digest(data), text=text, encoding=encoding)
