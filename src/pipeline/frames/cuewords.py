"""Cue words: what each says of a figure beside it. The tables are data: words.tsv, verbs.tsv, edges.tsv."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Cue(NamedTuple):
    """A cue word, with its role and what it says of measure, direction and base, empty where nothing."""

    role: str
    measure: str
    direction: str
    base: str


@cache
def cues() -> dict[str, Cue]:
    """Every cue word of words.tsv."""
    rows = (line.split("\t") for line in _lines("words.tsv"))
    return {row[0]: Cue(*row[1:5]) for row in rows}


@cache
def classes() -> dict[str, str]:
    """The class of each cue word and governing verb, as the ranker sees it."""
    found = {word: "names" if flag == "in_name" else "governs" for word, flag in _flags()}
    return found | {word: f"{c.role}:{c.measure}:{c.direction}" for word, c in cues().items()}


@cache
def governing() -> tuple[str, ...]:
    """The verbs that govern a counted noun."""
    return tuple(word for word, flag in _flags() if flag == "governs")


@cache
def edges(role: str) -> dict[str, str]:
    """The words of edges.tsv with a role, each with its value.

    tag: is used with this tag, whatever the dictionary's; no_first, no_last: begins, ends no noun; first:
    may begin one in spite of its tag; joint: joins the items of a list; whole: says of which place or time
    a noun is; apart: two words, the noun first.
    """
    rows = (line.split("\t") for line in _lines("edges.tsv"))
    return {word: value for word, its, value in rows if its == role}


def _flags() -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in (line.split("\t") for line in _lines("verbs.tsv"))]


@cache
def _lines(name: str) -> list[str]:
    """The rows of a table below its header."""
    return (_HERE / name).read_text(encoding="utf-8").splitlines()[1:]
