"""The words around figures that tell how they belong together. They are data: cues.tsv.

A cue is a pattern that is sought in the words before a figure, between two or after one, with an example,
a counterexample and its meaning. {name} in a pattern stands for the pattern of an earlier line. Script is
simplified: the flow is folded.
"""

from __future__ import annotations

from importlib.resources import files

from pipeline.tsv import Patterns

TABLES = files(__package__)
"""Where the tables of words are that all finders share."""


CUES = Patterns(TABLES / "cues.tsv")


def last_clause(words: str) -> str:
    """What stands behind the last comma, colon, bracket or full stop."""
    return CUES.clause.split(words)[-1]


def last_row(words: str) -> str:
    """What stands behind the last semicolon or full stop."""
    return CUES.row_end.split(words)[-1]
