"""Web pages: the article without the rest of its page, and the metadata of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.texts.decode import UnreadableError, decode
from pipeline.texts.fields import META, read_fields
from pipeline.texts.formats import LEFT_OUT, Article
from pipeline.texts.formats.main_text import main_text
from pipeline.texts.formats.markup import NO_ARTICLE, inline_text, parse, render

_VISIBLE = {
    "issued": re.compile(
        r"(?:发布|发表|刊发|成文|发文)?(?:时间|日期)\s*[：:]\s*(\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
    ),
    "publisher": re.compile(r"(?:信息|文章|稿件)?来源\s*[：:]\s*([^\s|：:【】\[\]]{2,20})"),
}
"""What a page shows of itself near its article's head."""

_SITE = re.compile(r"\s*(?:[-_|–—]+|--)\s*")
_MOST_NOTED = 6


def read(data: bytes, name: str) -> Iterator[Article]:
    """The one article of a web page."""
    yield article_of(*decode(data))


def article_of(page: str, encoding: str | None = None, *, whole: bool = False) -> Article:
    """The article of a page. whole: the page is nothing but its article, as in a mail.

    Raises `UnreadableError` where it has none.
    """
    root = parse(page)
    fields = {} if whole else _fields(root)
    text, left_out = (render(root), ()) if whole else main_text(root)
    if not text.strip():
        raise UnreadableError(NO_ARTICLE)
    return Article(text=text, encoding=encoding, fields=fields, notes=_notes(left_out))


def _notes(left_out: tuple[str, ...]) -> tuple[str, ...]:
    if not left_out:
        return ()
    more = f" and {len(left_out) - _MOST_NOTED} more" if len(left_out) > _MOST_NOTED else ""
    return (f"{LEFT_OUT}{', '.join(left_out[:_MOST_NOTED])}{more}",)


def _fields(root: Any) -> dict[str, Any]:
    """What a page says of its article: in its meta tags, or else in what it shows."""
    metas: dict[str, str] = {}
    for tag in root.iter("meta"):
        key = (tag.get("name") or tag.get("property") or "").strip().lower()
        if (content := (tag.get("content") or "").strip()) and len(content) < 1000:
            metas.setdefault(key, content)
    wanted = [(field, metas[name]) for field, names in META.items() for name in names if name in metas]
    fields: dict[str, Any] = {}
    for field, value in wanted:
        if field not in fields:
            fields |= read_fields([(field, value)]).values
    visible = inline_text(root)[:20_000]
    for field, pattern in _VISIBLE.items():
        values = set(pattern.findall(visible))
        if field not in fields and len(values) == 1:
            fields |= read_fields([(field, values.pop())]).values
    if "title" not in fields and (title := _title(root)):
        fields["title"] = title
    return fields


def _title(root: Any) -> str | None:
    heads = {inline_text(head) for head in root.iter("h1")} - {""}
    if len(heads) == 1:
        return heads.pop()
    title = next(root.iter("title"), None)
    return (_SITE.split(inline_text(title))[0] or None) if title is not None else None
