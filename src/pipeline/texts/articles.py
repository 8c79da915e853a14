"""Articles: from a file of raw/, whatever its format, to the texts in it, one at a time.

    .jsonl .ndjson      an article a line: id, date, title, url, text
    all that is read    see `pipeline.texts.formats`
    any of them .gz     the same, packed

What is wrong with one article stands in its `reason`, and the next one follows. Of lines
nothing here holds more than one, however large the file, or unpacks without bounds.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from typing import Any, BinaryIO

from pipeline.errors import LimitError, one_line
from pipeline.settings import READ_OPTIONS, ReadOptions
from pipeline.texts.decode import UnreadableError
from pipeline.texts.fields import TEXTS, name_of
from pipeline.texts.formats import RECORDS, Article, digest, read, refusal, suffix_of, suffix_of_content
from pipeline.texts.formats.rows import of_fields
from pipeline.texts.recognition import recognize

_CHUNK = 1 << 20

_HIGHEST_RATIO = 200
"""How many times its packed size a file may unpack to, beyond `largest`: text packs to a
tenth at most, what is made to fill a disk to a thousandth."""


_MOST_FAULTS = 1000
"""Articles of one file whose faults are reported; with one more the rest of the file is left out."""


def articles(file: BinaryIO, name: str, options: ReadOptions = READ_OPTIONS) -> Iterator[Article]:
    """The articles of an opened file.

    name: the file's, which determines its format. Raises `UnreadableError` where the file
    itself is damaged or holds too many; the articles before that point were handed out by then.
    """
    unreadable = 0
    for number, article in enumerate(_articles(file, name, options)):
        unreadable += article.reason is not None
        if unreadable > _MOST_FAULTS:
            raise UnreadableError(
                f"holds over {_MOST_FAULTS} articles that cannot be read; mend the file, the rest is left out"
            )
        if number == options.articles:
            raise UnreadableError(str(LimitError("articles", "holds too many articles", options.articles)))
        yield article


def _articles(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Article]:
    largest = options.largest
    if reason := refusal(name):
        raise UnreadableError(reason)
    content: Any = _Decompressed(file, largest) if name.lower().endswith(".gz") else file
    try:
        if suffix_of(name) in RECORDS:
            yield from _lines(content, largest)
        else:
            data = b"".join(_chunks(content, largest + 1))
            if len(data) > largest:
                raise UnreadableError(f"holds more than the {largest} bytes to be read; split it")
            yield from (recognize(article, options.ocr) for article in read(data, name))
    except EOFError as error:
        raise UnreadableError("ends in the middle of its packed data; copy it anew") from error
    except (BadGzipFile, zlib.error) as error:
        raise UnreadableError(f"is damaged: {one_line(str(error))}; copy it anew") from error


def piped(data: bytes, options: ReadOptions = READ_OPTIONS) -> Iterator[Article]:
    """The articles of bytes without a name (standard input): how they begin tells their format."""
    yield from articles(BytesIO(data), f"standard input{suffix_of_content(data)}", options)


def _chunks(file: Any, most: int) -> Iterator[bytes]:
    """The content, up to so many bytes: asked for all at once, room is made for as many as there may be."""
    while most > 0 and (chunk := file.read(min(most, _CHUNK))):
        yield chunk
        most -= len(chunk)


class _Decompressed:
    """A packed file's content, refused once it grows far beyond what texts pack to."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._compressed, self._file, self._allowance, self._size = file, GzipFile(fileobj=file), largest, 0

    def read(self, size: int) -> bytes:
        return self._checked(self._file.read(size))

    def readline(self, size: int) -> bytes:
        return self._checked(self._file.readline(size))

    def _checked(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._allowance and self._size > _HIGHEST_RATIO * self._compressed.tell():
            raise UnreadableError(f"unpacks to more than {_HIGHEST_RATIO} times its size; unpack it")
        return data


def _lines(file: Any, largest: int) -> Iterator[Article]:
    """An article a line; empty lines are none."""
    number = 0
    while line := file.readline(largest + 1):
        number += 1
        record = f"line {number}"
        if len(line) > largest and not line.endswith(b"\n"):
            # It has no name yet: what follows to its end is passed over, a chunk at a time.
            sha256 = hashlib.sha256(line)
            while line and not line.endswith(b"\n"):
                line = file.readline(largest + 1)
                sha256.update(line)
            reason = f"{record} holds more than the {largest} bytes to be read; split it"
            yield Article(sha256=sha256.hexdigest(), record=record, reason=reason)
        elif line.strip():
            line = line.rstrip(b"\r\n")
            try:
                yield _article(line, record)
            except UnreadableError as error:
                yield Article(sha256=digest(line), record=record, reason=f"{record}: {error}")


def _article(line: bytes, record: str) -> Article:
    """The article of a line: a JSON object of texts. Raises `UnreadableError`."""
    try:
        fields = json.loads(line)
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        place = f" at its character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableError(f"is not JSON{place}; give an object with a text") from error
    if not isinstance(fields, dict):
        raise UnreadableError("is no object; give one with id, date, title, url, text")
    fields = {name_of(key): value for key, value in fields.items()}
    text = next((value for key, value in fields.items() if key in TEXTS), None)
    if not isinstance(text, str):
        raise UnreadableError("has no text; give it as the string text")
    if not text.strip():
        raise UnreadableError("its text is empty")
    return of_fields(fields, text, record, digest(line), "utf-8")
