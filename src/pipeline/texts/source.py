"""Sources: from the files below raw/ to decoded texts, or to quarantine with a reason."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, encode_escaped, fault_message, one_line
from pipeline.safe_files import file_digest
from pipeline.settings import READ_OPTIONS, ReadOptions
from pipeline.texts.articles import articles
from pipeline.texts.decode import UnreadableError, without_surrogates
from pipeline.texts.derivation import derive
from pipeline.texts.fields import Fields
from pipeline.texts.folders import is_link, walk
from pipeline.texts.formats import RECORDS, Article, refusal, suffix_of
from pipeline.texts.layout import Flow, reflow
from pipeline.texts.personal import mask
from pipeline.texts.sidecar import SIDECAR, read_sidecar

NOTE = " | "
"""Between the notes of a text's reason."""

_EMPTY_SHA256 = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source text and its metadata.

    What the sidecar does not say is read from the text's masthead or None, never guessed.
    """

    document_id: str
    path: str
    """Below raw/, with forward slashes; bytes that are no UTF-8 spelt out as \\xNN. An article of a
    file of many has its id behind a #."""
    sha256: str
    """Of the bytes it was read from, the file's or the line's (of none where it could not be opened)."""
    encoding: str | None = None
    """utf-8, utf-8-sig, gb18030, utf-16-le or utf-16-be; None where none of them fits."""
    text: str = ""
    """Decoded, without a byte order mark, line ends untouched: offsets point into this."""
    title: str | None = None
    publisher: str | None = None
    page: str | None = None
    issued: date | None = None
    region: str | None = None
    """A word (中原) or a GB/T 2260 code, as the sidecar or the masthead has it."""
    url: str | None = None
    licence: str | None = None
    example: bool = False
    """Written as an example: no source of real figures."""
    status: str = "read"
    """read, quarantined or duplicate."""
    reason: str | None = None
    """Why it was not read, and how to mend it; of one that was, what of it and of its sidecar was not."""
    derived: tuple[str, ...] = ()
    """Which of the fields are read off the text or the file's name, sorted."""
    duplicate_of: str | None = None
    """document_id of the source whose text it repeats."""


def document_id(path: str, record: str | None = None) -> str:
    """The id of the document at a path below raw/, and of one record of a file of many."""
    name = path if record is None else f"{path}#{record}"
    # A letter in front: digits alone, or 12e345…, are a number to a spreadsheet.
    return "d" + hashlib.sha256(encode_escaped(name)).hexdigest()[:12]


def find_sources(raw: Path) -> list[Path]:
    """Every file below raw/ but sidecars, hidden ones and examples, in the order of their paths.

    A text or a folder that its sidecar calls an example (NAME.yaml beside NAME) is read only where raw/
    is that folder.

    Folders that are symlinks or cannot be entered are listed, a sidecar without its text
    is listed too: `read_file` says what is wrong with them. Raises `WenshuError` where
    raw/ is no folder.
    """
    if not raw.is_dir():
        raise WenshuError(f"{raw}: no such folder; put article texts into it or name another with --raw")
    found: list[Path] = []
    errors: list[OSError] = []
    for here, folders, files in walk(raw, errors.append):
        named = set(folders)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not _is_example(here / n))
        found += (here / name for name in folders if is_link(here / name))
        visible = [Path(name) for name in files if not name.startswith(".")]
        stems = named.union(name.stem for name in visible if name.suffix != SIDECAR)
        found += (here / name for name in visible if name.suffix != SIDECAR or name.stem not in stems)
    found = [path for path in found if path.parent == raw or not _is_example(path)]
    found += (Path(error.filename) for error in errors)
    return sorted(found, key=lambda path: os.fsencode(path.relative_to(raw).as_posix()))


def read_sources(raw: Path, options: ReadOptions = READ_OPTIONS) -> list[Source]:
    """Every source below raw/, in the order of paths, with duplicates marked."""
    return list(
        mark_duplicates(
            with_derived(source) for path in find_sources(raw) for source in read_file(path, raw, options)
        )
    )


def mark_duplicates(sources: Iterable[Source]) -> Iterator[Source]:
    """The same sources; a text that came before becomes a duplicate that names the first."""
    first: dict[bytes, Source] = {}
    for source in sources:
        if source.status == "read":
            digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).digest()
            original = first.setdefault(digest, source)
            if original is not source:
                yield replace(
                    source,
                    status="duplicate",
                    reason=f"the same text as {original.path}; delete one of them",
                    duplicate_of=original.document_id,
                )
                continue
        yield source


def read_file(path: Path, raw: Path, options: ReadOptions = READ_OPTIONS) -> Iterator[Source]:
    """Every source of one file of `find_sources(raw)`, at least one, none held, mastheads unread.

    Never raises for what is wrong with the file: the source, or the article of it, is then
    quarantined, with the reason.
    """
    count = 0
    try:
        _refuse_unsafe(path, raw, options.largest)
        sidecar = read_sidecar(path)
        with path.open("rb") as file:
            for article in articles(file, path.name, options):
                count += 1
                yield _source(article, _name(path, raw), sidecar, options)
        if not count:
            raise UnreadableError("is empty")
    except (UnreadableError, WenshuError) as error:
        yield quarantined(path, raw, str(error))
    except (OSError, RuntimeError) as error:  # RuntimeError: a symlink to itself, up to Python 3.12
        why = getattr(error, "strerror", None) or "a symlink to itself"
        yield quarantined(path, raw, f"cannot be read: {why}")
    except Exception as error:  # whatever a format's reader makes of it
        yield quarantined(path, raw, fault_message(error))


def quarantined(path: Path, raw: Path, reason: str) -> Source:
    """The source of a file that is not read, with the reason; its digest where it may be opened."""
    sha256 = _EMPTY_SHA256
    with suppress(OSError, RuntimeError):
        if path.is_file() and path.resolve().is_relative_to(raw.resolve()):
            sha256 = file_digest(path)
    name = _name(path, raw)
    blank = Source(document_id=document_id(name), path=name, sha256=sha256)
    return replace(blank, status="quarantined", reason=reason)


def _name(path: Path, raw: Path) -> str:
    """The path below raw/; bytes of it that are no UTF-8 are spelt out."""
    return os.fsencode(path.relative_to(raw).as_posix()).decode("utf-8", "backslashreplace")


def _source(article: Article, path: str, sidecar: Fields, options: ReadOptions) -> Source:
    """The article as a source. Where two say the same, an article of many goes before the sidecar
    of them all, and the sidecar of a page before the page."""
    name, fields = document_id(path), {**article.fields, **sidecar.values}
    if article.record is not None:
        name = document_id(path, article.record)
        path = f"{path}#{encode_escaped(article.record).decode()}"
        fields = {**sidecar.values, **article.fields}
    source = Source(document_id=name, path=path, sha256=article.sha256)
    if article.reason:
        return replace(source, status="quarantined", reason=article.reason)
    fields |= _inherited(article, fields)
    text = without_surrogates(article.text)
    text, masked = mask(text) if options.personal == "mask" else (text, ())
    notes = NOTE.join((*sidecar.faults, *masked, *article.notes))
    return replace(source, text=text, encoding=article.encoding, reason=notes or None, **fields)


def _inherited(article: Article, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the article inherits, where neither its fields nor its text nor its own name have a value."""
    left = {name: value for name, value in article.inherited.items() if name not in fields}
    derived = derive(reflow(article.text), article.record or "")._asdict() if left else {}
    return {name: value for name, value in left.items() if derived.get(name) is None}


def with_derived(source: Source, flow: Flow | None = None) -> Source:
    """The source with the fields that are found only in its text and its file's name, marked as derived.

    flow: that of its text, where it has been made already.
    """
    if source.status != "read":
        return source
    derived = {
        name: value
        for name, value in derive(flow or reflow(source.text), source.path)._asdict().items()
        if value is not None and getattr(source, name) is None
    }
    return replace(source, **derived, derived=tuple(sorted(derived))) if derived else source


def _refuse_unsafe(path: Path, raw: Path, largest: int) -> None:
    """Raise unless this is a plain file of raw/ itself and small enough to hold."""
    if not path.resolve().is_relative_to(raw.resolve()):
        raise UnreadableError("is a symlink out of raw/; put a copy of the text there")
    if path.suffix != SIDECAR and path.is_file() and (reason := refusal(path.name)):
        raise UnreadableError(reason)
    if path.suffix == SIDECAR:
        raise UnreadableError(f"is a sidecar without its text; name the text {one_line(path.stem)}.txt")
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableError("is a folder that cannot be entered; mend its permissions or copy it")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("is no plain file; raw/ holds texts, folders and sidecars")
    if status.st_size > largest and suffix_of(path.name) not in RECORDS:  # which are read line by line
        raise UnreadableError(f"holds {status.st_size} bytes, more than the {largest} to be read; split it")


def _is_example(path: Path) -> bool:
    """Whether a text's sidecar calls it an example."""
    return bool(read_sidecar(path).values.get("example"))
