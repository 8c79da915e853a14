"""What the words around a figure say of the statistic that it is. The rules are data: cues.tsv.

A rule is a field and its value, where its pattern is sought, and an example, its figure in 【】 and the
subject, where that is what the rule looks at, in 〔〕. Of a field's rules the first that holds says the
value; of `breakdown` each dimension has its own first.
A line of the field `words` names a list of words; {its name} in a pattern stands for one of them.
Where: subject, unit, clause (from the last comma to the figure), sentence (from its begin to the
figure), topic (from behind its region's name in that to the figure), after (behind the figure), around
(clause, 【unit】 and what is behind).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.tsv import read_entries

FIELDS = (
    *("left_out", "stat_pop", "prices", "scenario", "collection", "nature"),
    *("industry", "basis", "cause", "trade", "breakdown", "coverage"),
)
PLACES = ("subject", "unit", "clause", "sentence", "topic", "after", "around")


class Cue(NamedTuple):
    """A line of cues.tsv."""

    field: str
    value: str
    where: str
    pattern: re.Pattern[str]
    example: str


class Heard(NamedTuple):
    """The words in which cues are sought."""

    subject: str
    unit: str
    clause: str
    sentence: str
    after: str
    topic: str = ""

    @property
    def around(self) -> str:
        """What stands to both sides of the figure, and its unit."""
        return f"{self.clause}【{self.unit}】{self.after}"


@cache
def cues(field: str) -> tuple[Cue, ...]:
    """The rules of a field, in their order."""
    entries = [*read_entries(files(__package__) / "cues.tsv")]
    words = {entry["value"]: entry["pattern"] for entry in entries if entry["field"] == "words"}

    def written_out(pattern: str) -> re.Pattern[str]:
        for name, those in words.items():
            pattern = pattern.replace(f"{{{name}}}", those)
        return re.compile(pattern)

    return tuple(
        Cue(name, value, where, written_out(pattern), example)
        for name, value, where, pattern, example in map(dict.values, entries)
        if name == field
    )


@cache
def _any(field: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """By where it is sought, what one of the field's patterns finds: most figures have none of them."""
    places = dict.fromkeys(cue.where for cue in cues(field))
    return tuple(
        (
            where,
            re.compile("|".join(f"(?:{cue.pattern.pattern})" for cue in cues(field) if cue.where == where)),
        )
        for where in places
    )


def holds(cue: Cue, words: Heard) -> bool:
    """Whether a rule is right of a figure."""
    said: str = getattr(words, cue.where)
    if cue.where == "unit":
        return cue.pattern.fullmatch(said) is not None
    return (cue.pattern.match if cue.where == "after" else cue.pattern.search)(said) is not None


def first(field: str, words: Heard) -> str | None:
    """The value of the field's first rule that holds."""
    near = {where for where, pattern in _any(field) if pattern.search(getattr(words, where))}
    if not near:
        return None
    return next((cue.value for cue in cues(field) if cue.where in near and holds(cue, words)), None)


def each(field: str, words: Heard) -> Iterator[tuple[str, str]]:
    """Of every dimension of the field, written dimension=value, the first that holds."""
    seen: set[str] = set()
    for cue in cues(field):
        dimension, _, value = cue.value.partition("=")
        if dimension not in seen and holds(cue, words):
            seen.add(dimension)
            yield dimension, value
