"""Mails (.eml) and saved pages (.mht): the body, and each attachment as an article of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from pipeline.errors import one_line
from pipeline.texts.decode import UndecodableError, decode
from pipeline.texts.fields import read_fields
from pipeline.texts.formats import Article, UnreadableError, digest, reader, refusal, suffix_of
from pipeline.texts.formats.html import of_page

_DEEPEST = 3
"""Mails within mails that are opened."""
_QUOTED = re.compile(r"^>.*(?:\n|$)", re.M)
_PAGES = (".mht", ".mhtml")


def read(data: bytes, name: str) -> Iterator[Article]:
    """The articles of a mail: its body, unless that is empty, and what is attached."""
    yield from _read(data, digest(data), suffix_of(name) in _PAGES, 0)


def _read(data: bytes, whole: str, is_page: bool, depth: int) -> Iterator[Article]:
    mail = message_from_bytes(data, policy=policy.default)
    if not mail.keys():
        yield Article(sha256=whole, reason="is no mail; save it as .eml in the mail program")
        return
    _spell_out(mail)
    body = next(_body(mail, whole, is_page), None)
    if body:
        yield body
    attached = list(_attached(mail, whole, depth)) if not is_page else []
    yield from attached
    if not body and not attached:
        yield Article(sha256=whole, reason="holds neither a text nor an attachment")


def _spell_out(mail: EmailMessage) -> None:
    """Decode subjects and names of files that headers have as bytes, as no mail should and many do."""
    for part in mail.walk():
        for name, value in [*part.raw_items()]:
            if not str(value).isascii():
                said = _guessed(str(value).encode("utf-8", "surrogateescape"))
                with suppress(ValueError, IndexError, MessageError):
                    part.replace_header(name, " ".join(said.split()))


def _body(mail: EmailMessage, whole: str, is_page: bool) -> Iterator[Article]:
    for kind in ("html",) if is_page else ("plain", "html"):
        part = mail.get_body((kind,))
        text = "" if part is None else _content(part)  # a part without headers is false
        if not text.strip():
            continue
        page = Article(sha256=whole, text=text)
        if kind == "html":
            article = next(of_page(page, whole=not is_page))
        else:
            article = replace(page, text=_QUOTED.sub("", text))
        known = dict(article.known) if is_page else _known(mail)
        if article.reason or article.text.strip():
            yield replace(article, encoding=None, known=known)


def _content(part: Any) -> str:
    data = bytes(part.get_payload(decode=True) or b"")
    if part.get_content_charset() in (None, "us-ascii") and not data.isascii():
        return _guessed(data)  # what many a mail program of offices leaves unsaid
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, MessageError, KeyError):
        return _guessed(data)


def _guessed(data: bytes) -> str:
    try:
        return decode(data)[0]
    except UndecodableError:
        return data.decode("gb18030", "replace")


def _known(mail: EmailMessage) -> dict[str, Any]:
    """The subject is the title, the day on which it was sent the day of issue."""
    said: list[tuple[str, Any]] = []
    try:
        said.append(("title", " ".join(str(mail["subject"] or "").split())))
        if (sent := getattr(mail["date"], "datetime", None)) is not None:
            said.append(("issued", sent))
    except (ValueError, IndexError, MessageError):  # a header that is damaged
        pass
    return read_fields(said).known


def _attached(mail: EmailMessage, whole: str, depth: int) -> Iterator[Article]:
    names: set[str] = set()
    sent = {name: said for name, said in _known(mail).items() if name == "issued"}
    for number, part in enumerate(mail.iter_attachments(), 1):
        if part.get_content_maintype() == "image" and part.get("content-id"):
            continue  # shown within the text
        name = record = part.get_filename() or f"attachment {number}"
        if record in names:
            record = f"{record} {number}"
        names.add(record)
        for article in _attachment(part, name, whole, depth):
            inner = f"{record}/{article.record}" if article.record is not None else record
            yield replace(article, record=inner, inherited={**sent, **article.inherited})


def _attachment(part: Any, name: str, whole: str, depth: int) -> Iterator[Article]:
    if part.get_content_type() == "message/rfc822":
        (inner,) = part.get_payload()
        data, name = inner.as_bytes(), "mail.eml"
    else:
        data = part.get_payload(decode=True) or b""
    if (reason := refusal(name)) is not None or name.lower().endswith(".gz"):
        yield Article(sha256=digest(data), reason=reason or "is packed; unpack it, and put it here")
        return
    suffix = suffix_of(name)
    if suffix == ".eml":
        if depth >= _DEEPEST:
            yield Article(sha256=digest(data), reason="is a mail within mails; put it here by itself")
        else:
            yield from _read(data, digest(data), False, depth + 1)
        return
    try:
        yield from reader(suffix)(data, name)
    except UnreadableError as error:
        yield Article(sha256=digest(data), reason=one_line(str(error)))
    except KeyError:
        yield Article(sha256=digest(data), reason=f"is {suffix} within a mail; put it here by itself")
