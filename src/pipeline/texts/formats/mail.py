"""Mails (.eml) and saved pages (.mht): the body, and each attachment as a separate article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from pipeline.errors import fault_message, one_line
from pipeline.texts.decode import UnreadableError, decode
from pipeline.texts.fields import read_fields
from pipeline.texts.formats import LEFT_OUT, RECORDS, Article, completed, digest, refusal, suffix_of
from pipeline.texts.formats import read as read_file
from pipeline.texts.formats.html import article_of

_DEEPEST = 3
"""Mails within mails that are opened."""
_LONGEST_HEADER = 10_000
"""Characters of a header that are read: a library takes time in the square of their number."""
_QUOTED = re.compile(r"^>.*(?:\n|$)", re.M)
_PAGES = (".mht", ".mhtml")


def read(data: bytes, name: str) -> Iterator[Article]:
    """The articles of a mail: its body, unless that is empty, and what is attached."""
    yield from _read(data, suffix_of(name) in _PAGES, 0)


def _read(data: bytes, is_page: bool, depth: int) -> Iterator[Article]:
    mail = message_from_bytes(data, policy=policy.default)
    if not mail.keys():
        raise UnreadableError("is no mail; save it as .eml in the mail program")
    notes = tuple(_mend_headers(mail))
    body = _body(mail, is_page)
    attached = [] if is_page else list(_attached(mail, depth))
    if not body and not attached:
        raise UnreadableError("holds neither a text nor an attachment")
    yield from (replace(body, notes=(*notes, *body.notes)), *attached) if body else attached


def _mend_headers(mail: EmailMessage) -> Iterator[str]:
    """Decode subjects and names of files that headers have as bytes, as no mail should and many do.

    Headers that no mail program writes are cut; notes say which.
    """
    for part in mail.walk():
        for name, value in [*part.raw_items()]:
            text = str(value)
            if not text.isascii():
                text = _decode_leniently(text.encode("utf-8", "surrogateescape"))
            if len(text) > _LONGEST_HEADER:
                header = one_line(name)[:40]
                yield f"{LEFT_OUT}all but {_LONGEST_HEADER} of the {len(text)} characters of {header}"
            elif text == value:
                continue
            with suppress(ValueError, IndexError, MessageError):
                part.replace_header(name, " ".join(text[:_LONGEST_HEADER].split()))


def _body(mail: EmailMessage, is_page: bool) -> Article | None:
    """The text of a mail, or the article of a saved page; None where there is none."""
    for kind in ("html",) if is_page else ("plain", "html"):
        part = mail.get_body((kind,))
        text = "" if part is None else _content(part)  # a part without headers is false
        if kind == "plain":
            text = _QUOTED.sub("", text)
        if not text.strip():
            continue
        try:
            article = Article(text=text) if kind == "plain" else article_of(text, whole=not is_page)
        except UnreadableError as error:  # of the page alone: there may be attachments
            return Article(reason=str(error))
        return article if is_page else replace(article, fields=_header_fields(mail))
    return None


def _content(part: Any) -> str:
    data = bytes(part.get_payload(decode=True) or b"")
    if part.get_content_charset() in (None, "us-ascii") and not data.isascii():
        return _decode_leniently(data)  # what many a mail program of offices leaves unsaid
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, MessageError, KeyError):
        return _decode_leniently(data)


def _decode_leniently(data: bytes) -> str:
    try:
        return decode(data)[0]
    except UnreadableError:
        return data.decode("gb18030", "replace")


def _header_fields(mail: EmailMessage) -> dict[str, Any]:
    """The subject is the title, the day on which it was sent the day of issue."""
    fields: list[tuple[str, Any]] = []
    try:
        fields.append(("title", " ".join(str(mail["subject"] or "").split())))
        if (sent := getattr(mail["date"], "datetime", None)) is not None:
            fields.append(("issued", sent))
    except (ValueError, IndexError, MessageError):  # a header that is damaged
        pass
    return read_fields(fields).values


def _attached(mail: EmailMessage, depth: int) -> Iterator[Article]:
    names: set[str] = set()
    sent = {field: value for field, value in _header_fields(mail).items() if field == "issued"}
    for number, part in enumerate(mail.iter_attachments(), 1):
        if part.get_content_maintype() == "image" and part.get("content-id"):
            continue  # shown within the text
        name = record = part.get_filename() or f"attachment {number}"
        if record in names:
            record = f"{record} {number}"
        names.add(record)
        for article in _of_part(part, name, depth):
            full_record = f"{record}/{article.record}" if article.record is not None else record
            yield replace(article, record=full_record, inherited={**sent, **article.inherited})


def _of_part(part: Any, name: str, depth: int) -> Iterator[Article]:
    """The articles of one attachment, or why there are none, whatever a library makes of it."""
    data = b""
    try:
        if part.get_content_type() == "message/rfc822":
            data, name = part.get_content().as_bytes(), "mail.eml"
        else:
            data = part.get_payload(decode=True) or b""
        yield from completed(_attachment(data, name, depth), data)
    except Exception as error:
        yield Article(sha256=digest(data), reason=fault_message(error))


def _attachment(data: bytes, name: str, depth: int) -> Iterator[Article]:
    if reason := refusal(name):
        raise UnreadableError(reason)
    if name.lower().endswith(".gz"):
        raise UnreadableError("is packed; unpack it, and put it here")
    suffix = suffix_of(name)
    if suffix in RECORDS:
        raise UnreadableError(f"is {suffix} within a mail; put it here by itself")
    if suffix != ".eml":
        yield from read_file(data, name)
    elif depth < _DEEPEST:
        yield from _read(data, False, depth + 1)
    else:
        raise UnreadableError("is a mail within mails; put it here by itself")
