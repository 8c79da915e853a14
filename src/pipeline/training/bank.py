"""Banks: texts with annotated figures, in the format of benchmarks/bank/README.md."""

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
"""Characters of marks, which do not occur in texts."""
_MORE = ("part", "state", "of", "per", "scope")


def packaged_bank() -> Path:
    """The folder of the bank with which the packaged weights were trained."""
    return packaged_path("benchmarks/bank")


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotated figure: its offsets in the plain text, all right subjects (best first), its tags."""

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
class BankText:
    """A text of a bank. genre: the name of its file."""

    genre: str
    text: str
    marks: tuple[Mark, ...]


def load_bank(folder: Path) -> Iterator[BankText]:
    """The paragraphs of all files of a bank, in the order of file names.

    Raises `WenshuError` where one is no regular file in UTF-8.
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
                yield BankText(path.stem, *parse_marks(block))


def parse_marks(block: str) -> tuple[str, tuple[Mark, ...]]:
    """The plain text and the marks of a paragraph."""
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
    words = (tags or "").split()
    more = dict(tag.split("=", 1) for tag in words if "=" in tag)
    measure = next((tag for tag in words if tag in MEASURES), "level")
    direction = next((tag for tag in words if tag in ("up", "down")), None)
    base = next((t for t in words if re.match(r"yoy|mom|prev|plan$|average|place|other|since", t)), None)
    names = tuple("" if s == "-" else s for s in subjects.split("/"))
    return Mark(start, end, names, measure, direction, base, "planned" in words, more, tags is not None)


def mark_figure(left: str, printed: str, right: str, frame: Mapping[str, Any]) -> str | None:
    """A sentence with a mark on one figure, for `parse_marks`; None where its characters prevent that.

    left, right: the text before and after the figure. frame: its frame, by the fields of `Mention`.
    """
    measure = frame["measure"] if frame["measure"] != "level" else None
    tags = [measure, frame["direction"], frame["base"], "planned" if frame["planned"] else None]
    tags += [f"{name}={_unspaced(frame[name])}" for name in _MORE if frame[name]]
    left, printed, right, subject = map(_unspaced, (left, printed, right, frame["subject"] or "-"))
    if "/" in subject or any(_SYNTAX & {*piece} for piece in (left, printed, right, subject, *tags) if piece):
        return None
    return f"{left}[{'|'.join((printed, subject, ' '.join(filter(None, tags))))}]{right}"


def _unspaced(text: str) -> str:
    return "".join(text.split())
