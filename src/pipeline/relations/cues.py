"""The words around figures that tell how they belong together. They are data: cues.tsv.

A cue is a pattern that is sought in the words before a figure, between two or after one, with an example,
a counterexample and its meaning. {name} in a pattern stands for the pattern of an earlier line. Script is
simplified: the flow is folded.
"""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from pipeline.tsv import read_entries

TABLES = files(__package__)
"""Where the tables of words are."""


class Cues:
    """The patterns of a table of cues, each an attribute with the cue's name."""

    def __init__(self, table: Traversable) -> None:
        for entry in read_entries(table):
            pattern = entry["pattern"]
            for name, cue in vars(self).items():
                pattern = pattern.replace(f"{{{name}}}", f"(?:{cue.pattern})")
            setattr(self, entry["cue"], re.compile(pattern))

    def __getattr__(self, name: str) -> re.Pattern[str]:
        raise AttributeError(f"no cue {name} in cues.tsv")


CUES = Cues(TABLES / "cues.tsv")


def last_clause(words: str) -> str:
    """What stands behind the last comma, colon, bracket or full stop."""
    return CUES.clause.split(words)[-1]


def last_row(words: str) -> str:
    """What stands behind the last semicolon or full stop."""
    return CUES.row_end.split(words)[-1]
