"""The bank's texts and marks: `documents(folder)`; the format is README.md's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)(?:\|([^\[\]|]*))?\]")
_MEASURES = frozenset("level change growth share fulfilment contribution ratio rank".split())


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure's characters in the plain text, every right subject (best first, empty: none), its tags."""

    start: int
    end: int
    subjects: tuple[str, ...]
    measure: str = "level"
    direction: str | None = None
    base: str | None = None
    planned: bool = False
    more: dict[str, str] = field(default_factory=dict)
    tagged: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    genre: str
    text: str
    marks: tuple[Mark, ...]


def documents(folder: Path) -> Iterator[Document]:
    """Every paragraph of every file of the bank, in the order of file names."""
    for path in sorted(folder.glob("*.txt")):
        body = path.read_text(encoding="utf-8")
        if body.startswith("#"):
            body = body.partition("\n")[2]
        for block in re.split(r"\n\s*\n", body.strip()):
            if block:
                yield Document(path.stem, *parse(block))


def parse(block: str) -> tuple[str, tuple[Mark, ...]]:
    """A marked paragraph as plain text and marks."""
    parts: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for m in _MARK.finditer(block):
        parts += block[at : m.start()], m[1]
        begin = length + m.start() - at
        length = begin + len(m[1])
        at = m.end()
        marks.append(_mark(begin, length, m[2], m[3]))
    parts.append(block[at:])
    return "".join(parts), tuple(marks)


def _mark(start: int, end: int, subjects: str, tags: str | None) -> Mark:
    said = (tags or "").split()
    more = dict(tag.split("=", 1) for tag in said if "=" in tag)
    measure = next((tag for tag in said if tag in _MEASURES), "level")
    direction = next((tag for tag in said if tag in ("up", "down")), None)
    base = next((t for t in said if re.match(r"yoy|mom|prev|plan$|average|place|other|since", t)), None)
    names = tuple("" if s == "-" else s for s in subjects.split("/"))
    return Mark(start, end, names, measure, direction, base, "planned" in said, more, tags is not None)
