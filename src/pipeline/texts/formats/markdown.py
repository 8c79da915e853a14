"""Markdown: its text without the marks, tables as tables; a head in YAML says what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.texts.fields import read_fields, read_lines
from pipeline.texts.formats import Article
from pipeline.texts.formats.html import of_page
from pipeline.texts.formats.plain import decoded

_HEAD = re.compile(r"---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a Markdown file."""
    from markdown_it import MarkdownIt

    page = decoded(data)
    if page.reason:
        yield page
        return
    head = _HEAD.match(page.text)
    fields = read_fields(read_lines(head[1]) if head else (), strict=False)
    marked = page.text[head.end() :] if head else page.text
    markup = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(marked)
    if not markup.strip():
        yield replace(page, text="", encoding=None, reason="holds no text")
        return
    for article in of_page(replace(page, text=markup), whole=True):
        yield replace(article, known=fields.known, notes=fields.faults)
