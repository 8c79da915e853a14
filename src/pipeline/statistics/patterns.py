"""The words that say where, when and of what figures hold. They are data: patterns.tsv.

A cue is a pattern that is searched for in the words around a figure, place or time, with an example, a
counterexample and its meaning. `statistic_cues` has the rules that give a statistic's fields their values.
"""

from __future__ import annotations

from importlib.resources import files

from pipeline.tsv import Patterns

TABLE = files(__package__) / "patterns.tsv"
CUES = Patterns(TABLE)
