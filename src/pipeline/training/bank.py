"""Banks: texts whose figures are marked with what they are about, as benchmarks/bank/README.md has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.numbers.mention import MEASURES
from pipeline.project import packaged_path
from pipeline.yamlfile import require_regular_file

_MARK = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)(?:\|([^\[\]|]*))?\]")
_SYNTAX = frozenset("[]|")
"""Characters of marks, which no text has for itself."""
_MORE = ("part", "state", "of", "per", "scope")


def packaged_bank() -> Path:
    """The folder of the bank that the packaged weights learnt from."""
    return packaged_path("benchmarks/bank")


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
    """A text of a bank. genre: its file's name."""

    genre: str
    text: str
    marks: tuple[Mark, ...]


def documents(folder: Path) -> Iterator[Document]:
    """Every paragraph of every file of a bank, in the order of file names.

    Raises `WenshuError` where one is no plain file in UTF-8.
    """
    for path in sorted(folder.glob("*.txt")):
        require_regular_file(path)
        try:
            body = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise WenshuError(f"{one_line(str(path))}: is not UTF-8; save the file as UTF-8") from error
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
    measure = next((tag for tag in said if tag in MEASURES), "level")
    direction = next((tag for tag in said if tag in ("up", "down")), None)
    base = next((t for t in said if re.match(r"yoy|mom|prev|plan$|average|place|other|since", t)), None)
    names = tuple("" if s == "-" else s for s in subjects.split("/"))
    return Mark(start, end, names, measure, direction, base, "planned" in said, more, tags is not None)


def marked(left: str, printed: str, right: str, said: Mapping[str, Any]) -> str | None:
    """A sentence with a mark on one figure, as `parse` reads it; None where its characters do not allow that.

    left, right: what stands before and behind the figure. said: its frame, by the names of `Mention`.
    """
    measure = said["measure"] if said["measure"] != "level" else None
    tags = [measure, said["direction"], said["base"], "planned" if said["planned"] else None]
    tags += [f"{name}={_unspaced(said[name])}" for name in _MORE if said[name]]
    left, printed, right, subject = map(_unspaced, (left, printed, right, said["subject"] or "-"))
    if "/" in subject or any(_SYNTAX & {*piece} for piece in (left, printed, right, subject, *tags) if piece):
        return None
    return f"{left}[{'|'.join((printed, subject, ' '.join(filter(None, tags))))}]{right}"


def _unspaced(text: str) -> str:
    return "".join(text.split())
