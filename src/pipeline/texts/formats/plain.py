"""Plain text, in any of the encodings that `decode` knows."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.texts.decode import UndecodableError, decode
from pipeline.texts.formats import CONTENTS, Article, digest


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a text file; of what only has a text's name, what it is instead."""
    yield decoded(data, misnamed(data))


def decoded(data: bytes, reason: str | None = None) -> Article:
    """The bytes as text, or why they are none."""
    if reason:
        return Article(sha256=digest(data), reason=reason)
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        return Article(sha256=digest(data), reason=str(error))
    return Article(sha256=digest(data), text=text, encoding=encoding)


def misnamed(data: bytes) -> str | None:
    """What a file is that is called a text and is none, and what to do; None for a text."""
    for begins, what, suffix in CONTENTS:
        if begins.match(data[:8192]):
            todo = f"give its name the ending {suffix}" if suffix else "put its text here instead"
            return f"is {what} with the name of a text; {todo}"
    return None
