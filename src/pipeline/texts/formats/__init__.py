"""Formats: what a file of raw/ is, by its name, and which module reads it.

A module of this package reads one kind of file: its `read(data, name)` yields the articles, or
raises `UnreadableError`. It is imported when a file of its kind turns up. What no module reads is
quarantined, with what it is and what to do: formats.tsv and `CONTENTS` are that table.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from pipeline.errors import one_line
from pipeline.texts.decode import UnreadableError
from pipeline.tsv import read_entries

RECORDS = (".jsonl", ".ndjson")
"""Suffixes of files that hold an article a line, read line by line."""

_BY_ENDING = {
    ending.removeprefix("-"): entry
    for entry in read_entries(files(__package__) / "formats.tsv")
    for ending in entry["endings"].split()
}
MODULES = {ending: entry["module"] for ending, entry in _BY_ENDING.items() if entry["module"]}
"""Which module of this package reads which ending; a name without one is plain text."""

LEFT_OUT = "left out: "
"""How a note begins that says what of a file is no part of its article."""

_TEXTUAL = frozenset(("plain", "html", "markdown", "delimited"))

READ = (*filter(None, MODULES), *RECORDS)
"""Every ending that is read."""

REFUSED = {ending: (entry["what"], entry["instead"]) for ending, entry in _BY_ENDING.items() if entry["what"]}
"""What an ending stands for that is not read, and what to do."""

_OFFICE_LOCK = re.compile(r"~\$|\.~lock\.")

CONTENTS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"%PDF-"), "a PDF", ".pdf"),
    (re.compile(rb"PK\x03\x04(?s:.{0,4000})word/"), "a Word document", ".docx"),
    (re.compile(rb"PK\x03\x04(?s:.{0,4000})xl/"), "an Excel workbook", ".xlsx"),
    (re.compile(rb"PK\x03\x04"), "an archive, or a document of an office program", ""),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "a document of an old office program, or one with a password", ""),
    (re.compile(rb"\x1f\x8b"), "a file packed by gzip", ".gz"),
    (re.compile(rb"Rar!|7z\xbc\xaf"), "an archive", ""),
    (re.compile(rb"\xff\xd8\xff|\x89PNG|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*"), "a picture", ""),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<!--.{0,400}?-->\s*)?(?i:<!doctype html|<html[\s>])", re.S),
     "a web page", ".html"),
    (re.compile(rb"\{\\rtf"), "an RTF document", ""),
    (re.compile(rb"(?=(?s:.{0,4000}?)^(?i:mime-version|received|message-id):)[A-Za-z-]+: ?\S", re.M),
     "a mail", ".eml"),
)  # fmt: skip
"""How a file begins that is no plain text: what it is, and the ending that it should have."""

_BINARY = 8
"""So many of them, the first, are no text of any kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text of a file."""

    sha256: str = ""
    """Of the bytes that it was read from: the file's, unpacked where it was packed, or the record's.
    A reader may leave it out: `read` adds the file's."""
    text: str = ""
    encoding: str | None = None
    record: str | None = None
    """What names it among the articles of its file; None where it is the file."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `Source` that the format itself states: title, url, issued, publisher."""
    inherited: Mapping[str, Any] = field(default_factory=dict)
    """Such fields of the mail that it was attached to, used where neither a sidecar nor its text has them."""
    reason: str | None = None
    """Why there is no text, and how to mend it."""
    scan: bytes = b""
    """The PDF, where it holds pictures of a text alone."""
    notes: tuple[str, ...] = ()
    """What of the file is no part of the text, or could not be used."""


def suffix_of(name: str) -> str:
    """The ending that tells the format: in lower case, without .gz; what is no word is none."""
    suffix = PurePosixPath(name.lower().removesuffix(".gz")).suffix
    return suffix if re.fullmatch(r"\.[a-z][a-z0-9]{0,11}|\.7z", suffix) else ""


def refusal(name: str) -> str | None:
    """Why a file of this name is not opened, what it is and what to do; None where it is read."""
    if _OFFICE_LOCK.match(PurePosixPath(name).name):
        return "marks a document that is open in an office program; close it there and delete this file"
    suffix = suffix_of(name)
    if suffix in MODULES or suffix in RECORDS:
        return None
    what, todo = REFUSED.get(suffix, ("of a kind that is not known", ""))
    if todo:
        return f"is {what} ({one_line(suffix)}), which is not read; {todo}"
    return f"is {what} ({one_line(suffix)}); what is read ends with {', '.join(READ)}: save it as one of them"


def is_converted(name: str) -> bool:
    """Whether it is a file that another library makes a text of, at whatever cost."""
    return MODULES.get(suffix_of(name), "plain") != "plain"


def suffix_of_content(data: bytes) -> str:
    """The ending that fits the content, for what has no name: standard input."""
    for begins, _, suffix in CONTENTS:
        if begins.match(data[:8192]):
            return suffix
    return ".txt"


def read(data: bytes, name: str) -> Iterator[Article]:
    """The articles of a file's content. What cannot be read is an article with the reason."""
    return completed(_read(data, name), data)


def completed(articles: Iterable[Article], data: bytes) -> Iterator[Article]:
    """The articles read from these bytes, with their digest; the error that ends them becomes one more."""
    sha256 = digest(data)
    try:
        for article in articles:
            yield article if article.sha256 else replace(article, sha256=sha256)
    except UnreadableError as error:
        yield Article(sha256=sha256, reason=str(error))


def _read(data: bytes, name: str) -> Iterator[Article]:
    if not data:
        raise UnreadableError("is empty")
    module = MODULES[suffix_of(name)]
    if module in _TEXTUAL:
        _refuse_misnamed(data, CONTENTS if module == "plain" else CONTENTS[:_BINARY])
    try:
        reader = import_module(f"{__name__}.{module}")
    except ImportError as error:
        raise UnreadableError(f"needs {error.name}: pip install {error.name}") from error
    yield from reader.read(data, name)


def _refuse_misnamed(data: bytes, contents: Iterable[tuple[re.Pattern[bytes], str, str]]) -> None:
    """Raise `UnreadableError` for a file whose name says that it is a text, and which is something else."""
    for begins, what, suffix in contents:
        if begins.match(data[:8192]):
            todo = f"give its name the ending {suffix}" if suffix else "put its text here instead"
            raise UnreadableError(f"is {what} with the name of a text; {todo}")


def digest(data: bytes) -> str:
    """SHA-256 of an article's bytes."""
    return hashlib.sha256(data).hexdigest()
