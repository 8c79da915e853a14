"""Articles: from a file of raw/, whatever its format, to the texts in it, one at a time.

    .txt and all else   one text
    .html .htm          one text, without what surrounds it on its page (extra: html)
    .pdf                one text, in reading order (extra: pdf)
    .jsonl .ndjson      an article a line: id, date, title, url, text
    any of them .gz     the same, packed

What is wrong with one article is said in its `reason`, and the next one follows. Nothing
here holds more than one article, however large the file, or unpacks without bounds.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from gzip import BadGzipFile, GzipFile
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from pipeline.errors import one_line
from pipeline.texts.decode import UndecodableError, decode

RECORDS = (".jsonl", ".ndjson")
"""Suffixes of files that hold an article a line."""

DENSEST = 200
"""How many times its packed size a file may unpack to, beyond `largest`: text packs to a
tenth at most, what is made to fill a disk to a thousandth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text of a file."""

    sha256: str
    """Of the bytes that it was read from: the file's, unpacked where it was packed, or the line's."""
    text: str = ""
    encoding: str | None = None
    record: str | None = None
    """What names it among the articles of its file; None where it is the file."""
    known: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `Source` that the format itself states: title, url, issued."""
    reason: str | None = None
    """Why there is no text, and how to mend it."""


class UnreadableError(Exception):
    """A file, or what is left of one, that cannot be read; the message says why and how to mend it."""


def articles(file: BinaryIO, name: str, largest: int) -> Iterator[Article]:
    """The articles of an opened file.

    name: the file's, by which its format is told. largest: bytes above which an article
    is not read. Raises `UnreadableError` where the file itself is damaged; the articles
    before that point were handed out by then.
    """
    suffix = PurePosixPath(name.lower()).suffix
    unpacked: Any = file
    if suffix == ".gz":
        suffix = PurePosixPath(name.lower().removesuffix(".gz")).suffix
        unpacked = _Unpacked(file, largest)
    try:
        if suffix in RECORDS:
            yield from _lines(unpacked, largest)
        else:
            data = unpacked.read(largest + 1)
            if len(data) > largest:
                raise UnreadableError(f"holds more than the {largest} bytes to be read; split it")
            yield _READERS.get(suffix, _plain)(data)
    except EOFError as error:
        raise UnreadableError("ends in the middle of its packed data; copy it anew") from error
    except (BadGzipFile, zlib.error) as error:
        raise UnreadableError(f"is damaged: {one_line(str(error))}; copy it anew") from error


class _Unpacked:
    """A packed file's content, refused once it grows far beyond what texts pack to."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._packed, self._file, self._free, self._size = file, GzipFile(fileobj=file), largest, 0

    def read(self, size: int) -> bytes:
        return self._counted(self._file.read(size))

    def readline(self, size: int) -> bytes:
        return self._counted(self._file.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._free and self._size > DENSEST * self._packed.tell():
            raise UnreadableError(f"unpacks to more than {DENSEST} times its size; unpack it")
        return data


def _lines(file: Any, largest: int) -> Iterator[Article]:
    """An article a line; empty lines are none."""
    number = 0
    while line := file.readline(largest + 1):
        number += 1
        if len(line) > largest and not line.endswith(b"\n"):
            # It has no name yet: what follows to its end is passed over, a piece at a time.
            digest = hashlib.sha256(line)
            while line and not line.endswith(b"\n"):
                line = file.readline(largest + 1)
                digest.update(line)
            reason = f"line {number} holds more than the {largest} bytes to be read; split it"
            yield Article(sha256=digest.hexdigest(), record=f"line {number}", reason=reason)
        elif line.strip():
            yield _record(line.rstrip(b"\r\n"), number)


def _record(line: bytes, number: int) -> Article:
    """The article of a line: a JSON object of texts."""
    digest, record = hashlib.sha256(line).hexdigest(), f"line {number}"

    def refused(reason: str) -> Article:
        return Article(sha256=digest, record=record, reason=f"line {number}: {reason}")

    try:
        said = json.loads(line)
    except UnicodeDecodeError:
        return refused("is not UTF-8; save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return refused(f"is not JSON ({one_line(str(error))}); give an object with a text")
    if not isinstance(said, dict):
        return refused("is no object; give one with id, date, title, url, text")
    name = said.get("id", said.get("url"))
    if isinstance(name, str | int) and not isinstance(name, bool) and str(name).strip():
        record = str(name)
    text = said.get("text")
    if not isinstance(text, str):
        return refused("has no text; give it as the string text")
    if not text.strip():
        return refused("its text is empty")
    try:
        known = _known(said)
    except ValueError as error:
        return refused(str(error))
    return Article(sha256=digest, text=text, encoding="utf-8", record=record, known=known)


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says beside its text. Raises ValueError where it says it wrongly."""
    known: dict[str, Any] = {}
    for name in ("title", "url"):
        value = said.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is no string; put it in quotes")
        if value and value.strip():
            known[name] = value.strip()
    if "url" in known and not known["url"].startswith(("http://", "https://")):
        raise ValueError("url does not begin with http:// or https://")
    if (issued := said.get("date")) not in (None, ""):
        try:
            known["issued"] = date.fromisoformat(str(issued)[:10])
        except ValueError as error:
            raise ValueError(f"date {one_line(str(issued))[:40]!r} is none; write 2020-07-08") from error
    return known


def _plain(data: bytes) -> Article:
    digest = hashlib.sha256(data).hexdigest()
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        return Article(sha256=digest, reason=str(error))
    return Article(sha256=digest, text=text, encoding=encoding)


def _html(data: bytes) -> Article:
    """The article of a web page; its title, date and address where the page states them."""
    page = _plain(data)
    if page.reason:
        return page
    found = _library("trafilatura", "html").bare_extraction(
        page.text, with_metadata=True, include_comments=False, favor_recall=True
    )
    if not found or not (found.text or "").strip():
        return Article(sha256=page.sha256, reason="holds no article that can be told from its surroundings")
    said = {"title": found.title, "url": found.url, "date": found.date}
    try:
        known = _known(said)
    except ValueError:
        known = _known({"title": found.title})
    if found.sitename:
        known["publisher"] = found.sitename
    return Article(sha256=page.sha256, text=found.text, encoding=page.encoding, known=known)


def _pdf(data: bytes) -> Article:
    """A document's text, page after page."""
    pdfium = _library("pypdfium2", "pdf")
    digest = hashlib.sha256(data).hexdigest()
    try:
        document = pdfium.PdfDocument(data)
        try:
            text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        return Article(sha256=digest, reason=f"is no PDF that can be opened ({one_line(str(error))})")
    if not text.strip():
        return Article(sha256=digest, reason="holds no text, only pictures; put their text there instead")
    return Article(sha256=digest, text=text)


def _library(module: str, extra: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise UnreadableError(f"needs {module}: pip install 'wenshu[{extra}]'") from error


_READERS: Mapping[str, Callable[[bytes], Article]] = {".html": _html, ".htm": _html, ".pdf": _pdf}
