"""Plain text, in any of the encodings that `decode` knows."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.texts.decode import decode
from pipeline.texts.formats import Article


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a text file."""
    text, encoding = decode(data)
    yield Article(text=text, encoding=encoding)
