"""Main text: which part of a web page is its article, and what around it is not.

The containers in which Chinese government sites and newspapers keep an article come first;
where a page has none of them, trafilatura tells the article from its surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.errors import one_line, shortened
from pipeline.texts.formats.markup import inline_text, render
from pipeline.tsv import read_entries

_ENTRIES = read_entries(files(__package__) / "surroundings.tsv")
_WORDS = {entry["what"]: entry["patterns"].split() for entry in _ENTRIES}
CONTAINERS = tuple(_WORDS["container"])
"""Where an article stands on its page, the surest first: an id, a class or an element's name."""

_SHORTEST = 12
"""Characters that a container holds at least, links aside; others are what a template left empty."""

_NAMED = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_WORDS['name'])})(?:$|[\s_-])", re.I)
RELATED = re.compile(rf"[【\[]?(?:{'|'.join(_WORDS['heading'])})[】\]]?\s*[：:]?\s*(?:更多|more|>>|»)?$")
"""Headings below which a page leads elsewhere."""

_COUNTER = re.compile(
    r"[【\[（(]?(?:浏览|点击|阅读|访问|查看)(?:次数|人次|量|率|数)?\s*[：:]\s*\d*\s*次?[】\]）)]?|[【\[]\s*\d+\s*次浏览[】\]]"
)
_BOILERPLATE_LINE = re.compile("|".join(_WORDS["line"]))
_LINK_SHARE = 0.7
"""Share of its characters that are links, in what is a list of links."""


class MainText(NamedTuple):
    """The article of a page."""

    text: str
    left_out: tuple[str, ...] = ()
    """What of the page is no part of it, each by its first words."""


def main_text(root: Any) -> MainText:
    """The article of a page's tree, from which the rest is removed; empty where none can be found."""
    total = len(inline_text(root))
    found = _container(root)
    removed = list(_strip(found if found is not None else root, total))
    if found is not None:
        text = render(found)
        outside = max(0, total - len(inline_text(found)) - sum(size for _, size in removed))
        left_out = [words for words, _ in removed]
        if outside:
            left_out.insert(0, f"{outside} characters around the article")
    else:
        text, left_out = _extracted(root), [words for words, _ in removed]
    lines = []
    for line in text.split("\n"):
        rest = _COUNTER.sub("", line).strip()
        if rest != line.strip():
            left_out.append(_excerpt(line))
        if _BOILERPLATE_LINE.match(rest):
            left_out.append(_excerpt(rest))
        elif rest:
            lines.append(rest)
    return MainText("\n".join(lines), tuple(dict.fromkeys(filter(None, left_out))))


def _container(root: Any) -> Any | None:
    """The element that holds the article, where its name is in the table."""
    by_name: dict[str, list[Any]] = {}
    for element in root.iter():
        names = [
            f"#{element.get('id')}",
            element.tag,
            *(f".{word}" for word in element.get("class", "").split()),
        ]
        for name in names:
            by_name.setdefault(name, []).append(element)
    for name in CONTAINERS:
        best = max(by_name.get(name, ()), key=_unlinked_length, default=None)
        if best is not None and _unlinked_length(best) >= _SHORTEST:
            return best
    return None


def _unlinked_length(element: Any) -> int:
    """Characters of an element that are no links."""
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return len(re.sub(r"\s", "", "".join(element.itertext()))) - linked


def _extracted(root: Any) -> str:
    """The article, as trafilatura tells it by how dense the text is."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(root, include_comments=False, with_metadata=False)
    return "" if found is None or found.body is None else render(found.body)


def _strip(root: Any, total: int) -> Iterator[tuple[str, int]]:
    """Take out what stands around an article: the first words and the size of each."""
    for element in list(root.iter()):
        if element is root or element.getparent() is None or not _is_boilerplate(element):
            continue
        words = inline_text(element)
        if 2 * len(words) > total and len(words) > 200:  # a page whose whole is called so
            continue
        yield from _remove(element, words)
    yield from _remove_related(root)
    yield from _remove_link_lists(root)


def _is_boilerplate(element: Any) -> bool:
    return (
        element.tag in _WORDS["element"]
        or element.get("role", "").lower() in _WORDS["role"]
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in element.get("style", "").replace(" ", "").lower()
        or (element.tag not in ("body", "html", "main", "article") and _is_named(element))
    )


def _is_named(element: Any) -> bool:
    return any(_NAMED.search(element.get(name, "")) for name in ("id", "class"))


def _remove_related(root: Any) -> Iterator[tuple[str, int]]:
    """Headings that lead elsewhere, and the links below them."""
    for element in list(root.iter("p", "div", "h2", "h3", "h4", "h5", "span", "strong", "b", "dt", "td")):
        if element is root or not (0 < len(element.text_content()) < 40):
            continue
        if not RELATED.match(inline_text(element)):
            continue
        while (above := element.getparent()) is not None and above is not root:
            if inline_text(above) != inline_text(element):
                break
            element = above
        following = element.getnext()
        yield from _remove(element, inline_text(element))
        while following is not None and 2 * _link_length(following) >= len(inline_text(following)):
            element, following = following, following.getnext()
            yield from _remove(element, inline_text(element))


def _remove_link_lists(root: Any) -> Iterator[tuple[str, int]]:
    """Blocks of three links and more, with little text that is none."""
    for element in list(root.iter("ul", "ol", "dl", "div", "table", "p", "section")):
        if element is root or element.getparent() is None or sum(1 for _ in element.iter("a")) < 3:
            continue
        words = inline_text(element)
        if _link_length(element) >= _LINK_SHARE * len(words):
            yield from _remove(element, words)


def _link_length(element: Any) -> int:
    return sum(len(inline_text(link)) for link in element.iter("a"))


def _remove(element: Any, words: str) -> Iterator[tuple[str, int]]:
    if element.getparent() is not None:
        element.drop_tree()
        if words:
            yield _excerpt(words), len(words)


def _excerpt(words: str) -> str:
    return one_line(shortened(words, 24)).replace("|", "/")
