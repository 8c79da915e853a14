"""Cue words: what each says of a figure beside it. The tables are data: words.tsv, verbs.tsv, edges.tsv."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries


@cache
def classes() -> dict[str, str]:
    """The class of each cue word and governing verb, as the ranker sees it: governs, names (is part of a
    name), or what words.tsv says, as role:measure:direction.
    """
    verbs = {word: "names" if flag == "in_name" else "governs" for word, flag in _rows("verbs.tsv")}
    return verbs | dict(_rows("words.tsv"))


@cache
def governing() -> tuple[str, ...]:
    """The verbs that govern a counted noun."""
    return tuple(word for word, flag in _rows("verbs.tsv") if flag == "governs")


@cache
def edges(role: str) -> dict[str, str]:
    """The words of edges.tsv with a role, each with its value.

    tag: is used with this tag, whatever the dictionary's; word: is one word, with this tag, which the
    dictionary lacks; no_first, no_last: begins, ends no noun; first, last: may begin, end one in spite of
    its tag; joint: joins the items of a list; whole: says of which place or time a noun is; apart: two
    words, the noun first.
    """
    return {word: value for word, its, value in _rows("edges.tsv") if its == role}


@cache
def _rows(name: str) -> list[list[str]]:
    """The cells of each entry of a table."""
    return [[*entry.values()] for entry in read_entries(files(__package__) / name)]
