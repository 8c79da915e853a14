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
from pipeline.settings import READ_OPTIONS, ReadOptions
from pipeline.texts.articles import articles
from pipeline.texts.decode import whole
from pipeline.texts.derivation import derive
from pipeline.texts.fields import Fields
from pipeline.texts.folders import walk
from pipeline.texts.formats import RECORDS, Article, UnreadableError, refusal
from pipeline.texts.layout import Flow, reflow
from pipeline.texts.masthead import read_masthead
from pipeline.texts.personal import mask
from pipeline.texts.sidecar import SIDECAR, read_sidecar

NOTE = " | "
"""Between the notes of a text's reason."""
LEFT_OUT = "left out: "
"""How a reason begins that only says what of a file is no part of its article."""

_NO_BYTES = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source text and what is known of it.

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
    is listed too: `read_source` says what is wrong with them. Raises `WenshuError` where
    raw/ is no folder.
    """
    if not raw.is_dir():
        raise WenshuError(f"{raw}: no such folder; put article texts into it or name another with --raw")
    found: list[Path] = []
    barred: list[OSError] = []
    for here, folders, files in walk(raw, barred.append):
        named = set(folders)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not _is_example(here / n))
        found += (here / name for name in folders if (here / name).is_symlink())
        shown = [Path(name) for name in files if not name.startswith(".")]
        stems = named.union(name.stem for name in shown if name.suffix != SIDECAR)
        found += (here / name for name in shown if name.suffix != SIDECAR or name.stem not in stems)
    found = [path for path in found if path.parent == raw or not _is_example(path)]
    found += (Path(error.filename) for error in barred)
    return sorted(found, key=lambda path: os.fsencode(path.relative_to(raw).as_posix()))


def read_sources(raw: Path, options: ReadOptions = READ_OPTIONS) -> list[Source]:
    """Every source below raw/, in the order of paths, with duplicates marked."""
    return list(
        mark_duplicates(
            with_masthead(source) for path in find_sources(raw) for source in read_file(path, raw, options)
        )
    )


def mark_duplicates(sources: Iterable[Source]) -> Iterator[Source]:
    """The same sources; a text that came before becomes a duplicate that names the first."""
    first: dict[bytes, Source] = {}
    for source in sources:
        if source.status == "read":
            digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).digest()
            known = first.setdefault(digest, source)
            if known is not source:
                yield replace(
                    source,
                    status="duplicate",
                    reason=f"the same text as {known.path}; delete one of them",
                    duplicate_of=known.document_id,
                )
                continue
        yield source


def read_source(path: Path, raw: Path, options: ReadOptions = READ_OPTIONS) -> Source:
    """Read one file of `find_sources(raw)` that holds one text; of a file of many, the first."""
    return with_masthead(next(read_file(path, raw, options)))


def read_file(path: Path, raw: Path, options: ReadOptions = READ_OPTIONS) -> Iterator[Source]:
    """Every source of one file of `find_sources(raw)`, at least one, none held, mastheads unread.

    Never raises for what is wrong with the file: the source, or the article of it, is then
    quarantined, with the reason.
    """
    blank = _blank(path, raw)
    count = 0
    try:
        _refuse_strays(path, raw, options.largest)
        known = read_sidecar(path)
        with path.open("rb") as file:
            for article in articles(file, path.name, options):
                count += 1
                yield _source(article, blank, known, options)
        if not count:
            raise UnreadableError("is empty")
    except (_QuarantinedError, UnreadableError, WenshuError) as error:
        yield _quarantined(blank, path, raw, str(error))
    except (OSError, RuntimeError) as error:  # RuntimeError: a symlink to itself, up to Python 3.12
        why = getattr(error, "strerror", None) or "a symlink to itself"
        yield _quarantined(blank, path, raw, f"cannot be read: {why}")
    except Exception as error:  # whatever a format's reader makes of it
        yield _quarantined(blank, path, raw, fault_message(error))


def unreadable(path: Path, raw: Path, reason: str) -> Source:
    """A file that is in quarantine."""
    return replace(_blank(path, raw), status="quarantined", reason=reason)


def _blank(path: Path, raw: Path) -> Source:
    name = _posix(path.relative_to(raw))
    return Source(document_id=document_id(name), path=name, sha256=_NO_BYTES)


def _quarantined(blank: Source, path: Path, raw: Path, reason: str) -> Source:
    """The file with why it was not read; its hash where it may be opened."""
    sha256 = blank.sha256
    with suppress(OSError, RuntimeError):
        if path.is_file() and path.resolve().is_relative_to(raw.resolve()):
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(blank, status="quarantined", reason=reason, sha256=sha256)


def _source(article: Article, blank: Source, sidecar: Fields, options: ReadOptions) -> Source:
    """The article as a source. Where two say the same, an article of many goes before the sidecar
    of them all, and the sidecar of a page before the page."""
    name, path, said = blank.document_id, blank.path, {**article.known, **sidecar.known}
    if article.record is not None:
        name = document_id(path, article.record)
        path, said = f"{path}#{encode_escaped(article.record).decode()}", {**sidecar.known, **article.known}
    if article.reason:
        return Source(
            document_id=name, path=path, sha256=article.sha256, status="quarantined", reason=article.reason
        )
    said |= _inherited(article, said)
    text = whole(article.text)
    text, masked = mask(text) if options.personal == "mask" else (text, ())
    notes = NOTE.join((*sidecar.faults, *masked, *article.notes))
    return Source(
        document_id=name, path=path, sha256=article.sha256, text=text, encoding=article.encoding,
        reason=notes or None, **said,
    )  # fmt: skip


def _inherited(article: Article, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the article inherits, where it is not said, and its masthead says no other."""
    left = {name: value for name, value in article.inherited.items() if name not in said}
    seen = read_masthead(reflow(article.text))._asdict() if left else {}
    return {name: value for name, value in left.items() if seen.get(name) is None}


def with_masthead(source: Source, flow: Flow | None = None) -> Source:
    """The source with what only its own text and its file's name say, each marked as derived.

    A masthead goes before a headline, a signature or a name. flow: that of its text, where it is known.
    """
    if source.status != "read":
        return source
    flow = flow or reflow(source.text)
    seen = {name: said for name, said in read_masthead(flow)._asdict().items() if said is not None}
    known = {name: said for name, said in derive(flow, source.path)._asdict().items() if said is not None}
    news = {name: said for name, said in {**known, **seen}.items() if getattr(source, name) is None}
    return replace(source, **news, derived=tuple(sorted(news))) if news else source


class _QuarantinedError(Exception):
    """A file that is not opened, with the reason."""


def _refuse_strays(path: Path, raw: Path, largest: int) -> None:
    """Raise unless this is a plain file of raw/ itself and small enough to hold."""
    if not path.resolve().is_relative_to(raw.resolve()):
        raise _QuarantinedError("is a symlink out of raw/; put a copy of the text there")
    if path.suffix != SIDECAR and path.is_file() and (reason := refusal(path.name)):
        raise _QuarantinedError(reason)
    if path.suffix == SIDECAR:
        raise _QuarantinedError(f"is a sidecar without its text; name the text {one_line(path.stem)}.txt")
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise _QuarantinedError("is a folder that cannot be entered; mend its permissions or copy it")
    if not stat.S_ISREG(status.st_mode):
        raise _QuarantinedError("is no plain file; raw/ holds texts, folders and sidecars")
    if status.st_size > largest and not _streams(path):
        raise _QuarantinedError(f"holds {status.st_size} bytes, more than the {largest} to be read; split it")


def _streams(path: Path) -> bool:
    """Whether the file may be of any size, since its articles are read one by one."""
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(RECORDS)


def _is_example(path: Path) -> bool:
    """Whether a text's sidecar calls it an example."""
    return bool(read_sidecar(path).known.get("example"))


def _posix(path: Path) -> str:
    """The path as text that can be written as UTF-8, whatever its bytes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
