"""Cue words beside figures, from the data files words.tsv, verbs.tsv and edges.tsv."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipeline.tsv import read_entries


@cache
def cue_classes() -> dict[str, str]:
    """The class of each cue word and verb, a feature of the ranker: governs, names (is part of a
    name), or role:measure:direction from words.tsv.
    """
    verbs = {word: "names" if flag == "in_name" else "governs" for word, flag in _rows("verbs.tsv")}
    return verbs | dict(_rows("words.tsv"))


@cache
def governing_verbs() -> tuple[str, ...]:
    """The verbs that govern a counted noun."""
    return tuple(word for word, flag in _rows("verbs.tsv") if flag == "governs")


@cache
def edge_words(role: str) -> dict[str, str]:
    """The words of edges.tsv with a role, and their values.

    tag: the tag that replaces the tokenizer's; word: the tag of a word that the dictionary lacks;
    no_first, no_last: begins or ends no candidate; first, last: may begin or end one in spite of
    its tag; joint: joins the items of a list; whole: states the place or time of a noun; apart: a noun with
    a verb, to be split after this noun.
    """
    return {word: value for word, its_role, value in _rows("edges.tsv") if its_role == role}


@cache
def _rows(name: str) -> list[list[str]]:
    """The cells of each entry of a table."""
    return [[*entry.values()] for entry in read_entries(files(__package__) / name)]
