"""One thing that may lie in raw/, and mails, records and packed files of that kind."""

# ruff: noqa: E501 - a table, in which Chinese counts twice

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from offices import NEWS, docx, mail

TEXT = NEWS.encode()


class Entry(NamedTuple):
    """A name below raw/, what lies there, and what becomes of it."""

    name: str
    content: bytes | Callable[[Path], object]
    """Of a file, or what makes something else at its path."""
    status: str = "quarantined"
    """read, quarantined, or unseen: no source at all."""
    said: str = ""
    """In the reason for which it is not read, or not in whole."""


def mails() -> Iterator[Entry]:
    head = b"From: a@b.c\nSubject: x\nMIME-Version: 1.0\n"
    yield Entry("mail/headers.eml", head + b"\n", said="holds neither a text nor an attachment")
    yield Entry(
        "mail/boundary.eml", head + b"Content-Type: multipart/mixed\n\nx", said="holds neither a text"
    )
    yield Entry(
        "mail/base64.eml", head + b"Content-Transfer-Encoding: base64\n\n!!!!", said="holds neither a text"
    )
    yield Entry("mail/charset.eml", head + b"Content-Type: text/plain; charset=no-such\n\n" + TEXT, "read")
    yield Entry("mail/date.eml", head + b"Date: 99 Foo 2026 99:99\n\n" + "期：".encode() + TEXT, "read")
    yield Entry("mail/long.eml", b"Subject: " + b"x" * 100_000 + b"\n\n" + "篇：".encode() + TEXT, "read")
    yield Entry("mail/injected.eml", b"Subject: =?utf-8?q?a=0Ab?=\n\n" + "注：".encode() + TEXT, "read")
    yield Entry("mail/out.eml", mail(f"外：{NEWS}", ("../../etc/a.txt", f"出：{NEWS}".encode())), "read")
    yield Entry(
        "mail/same.eml",
        mail(f"同：{NEWS}", ("a.txt", b"12\xe4\xb8\xaa"), ("a.txt", b"13\xe4\xb8\xaa")),
        "read",
    )
    yield Entry(
        "mail/many.eml",
        mail(f"多：{NEWS}", *[(f"{n}.png", b"x") for n in range(300)]),
        "read",
        "is a picture",
    )
    inner = mail(f"内：{NEWS}")
    for number in range(12):
        inner = mail(f"转发{number}", ("a.eml", inner))
    yield Entry("mail/nested.eml", inner, "read", "is a mail within mails")


def records() -> Iterator[Entry]:
    lines: dict[str, tuple[bytes, str]] = {
        "list": (b"[1, 2]", "is no object"), "number": (b"12", "is no object"), "null": (b'{"text": null}', "has no text"),
        "blank": (b'{"text": " "}', "its text is empty"), "deep": (b"[" * 100_000, "is not JSON"),
        "cut": (b'{"text": "a', "is not JSON"), "bytes": (b'{"text": "\xff"}', "is not UTF-8"),
        "digits": (b"9" * 50_000, "is not JSON"), "object": (b'{"text": {"a": 1}}', "has no text"),
        "nothing": (b"\n\n\n", "is empty"), "key": ('{"内容物": "a"}'.encode(), "has no text"),
    }  # fmt: skip
    for name, (line, said) in lines.items():
        yield Entry(f"lines/{name}.jsonl", line, said=said)
    yield Entry("lines/surrogate.jsonl", rb'{"text": "\ud800' + "独：".encode() + TEXT + b'"}', "read")
    yield Entry("lines/nan.jsonl", b'{"text": "' + "非：".encode() + TEXT + b'", "page": NaN}', "read")
    yield Entry("lines/path.jsonl", b'{"id": "../../x", "text": "' + "径：".encode() + TEXT + b'"}', "read")
    same = b'{"id": 1, "text": "1\xe4\xb8\xaa"}\n{"id": 1, "text": "2\xe4\xb8\xaa"}\n'
    yield Entry("lines/same.jsonl", same, "read", "stands twice in its file")
    yield Entry("rows/head.csv", "标题,正文\n".encode(), said="is empty")
    yield Entry("rows/none.csv", b"a,b\n1,2\n", said="names no column 正文")
    yield Entry("rows/quote.csv", '正文\n"'.encode() + "引：".encode() + TEXT, "read")
    yield Entry("rows/zero.csv", "正文\n\0\0".encode(), said="control characters")
    yield Entry("rows/field.csv", "正文\n".encode() + ("长段" * 100_000 + NEWS).encode(), "read")
    yield Entry("rows/ragged.csv", ("正文,a\n" + f"参：{NEWS},1,2,3,4\n").encode(), "read")


def packed() -> Iterator[Entry]:
    sound = gzip.compress(f"包：{NEWS}".encode())
    yield Entry("packed/cut.txt.gz", sound[:-9], said="ends in the middle")
    yield Entry("packed/sum.txt.gz", sound[:-8] + b"\0" * 8, said="is damaged")
    yield Entry("packed/bomb.txt.gz", gzip.compress(b"1" * 20_000_000), said="unpacks to more than")
    yield Entry("packed/twice.txt.gz.gz", gzip.compress(sound), said="is of a kind that is not known (.gz)")
    yield Entry("packed/two.txt.gz", sound + gzip.compress("又一份12个".encode()), "read")
    yield Entry("packed/a.docx.gz", gzip.compress(docx(f"层：{NEWS}")), "read")
