"""Markdown: its text without the marks, tables as tables; a head in YAML has its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.texts.decode import UnreadableError, decode
from pipeline.texts.fields import read_fields, read_lines
from pipeline.texts.formats import Article
from pipeline.texts.formats.html import article_of

_HEAD = re.compile(r"---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a Markdown file."""
    from markdown_it import MarkdownIt

    text, encoding = decode(data)
    head = _HEAD.match(text)
    fields = read_fields(read_lines(head[1]) if head else (), strict=False)
    body = text[head.end() :] if head else text
    markup = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    if not markup.strip():
        raise UnreadableError("holds no text")
    yield replace(article_of(markup, encoding, whole=True), fields=fields.values, notes=fields.faults)
