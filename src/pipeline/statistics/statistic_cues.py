"""What the words around a figure say of the statistic that it is. The rules are data: cues.tsv.

A rule is a field and its value, where its pattern is searched for, and an example, its figure in 【】 and the
subject, where the rule looks at that, in 〔〕. Of a field's rules the first that holds gives the value; of
`breakdown` the first of each dimension.
What a rule needs, a pattern too, must be found in the same text, and is searched for before it.
Where: subject, unit, clause (from the last comma to the figure), sentence (from its beginning to the
figure), topic (from behind its region's name in that to the figure), before (the sentence before, of a
figure whose own names no region), after (behind the figure), around (clause, 【unit】 and what is behind).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.tsv import read_rules

FIELDS = (
    *("left_out", "stat_pop", "prices", "scenario", "collection", "nature"),
    *("breakdown", "within", "cause", "coverage"),
)
PLACES = ("subject", "unit", "clause", "sentence", "topic", "before", "after", "around")


class Cue(NamedTuple):
    """A line of cues.tsv."""

    field: str
    value: str
    where: str
    needs: re.Pattern[str] | None
    """What must be found there too; it is searched for first, as that is faster."""
    pattern: re.Pattern[str]
    example: str


class FigureContext(NamedTuple):
    """The texts around a figure in which cues are searched for."""

    subject: str
    unit: str
    clause: str
    sentence: str
    after: str
    topic: str = ""
    before: str = ""

    @property
    def around(self) -> str:
        """What stands to both sides of the figure, and its unit."""
        return f"{self.clause}【{self.unit}】{self.after}"


_ENTRIES = tuple(read_rules(files(__package__) / "cues.tsv"))


@cache
def cues(field: str) -> tuple[Cue, ...]:
    """The rules of a field, in their order."""
    return tuple(
        Cue(name, value, where, re.compile(needs) if needs else None, re.compile(pattern), example)
        for name, value, where, needs, pattern, example in map(dict.values, _ENTRIES)
        if name == field
    )


@cache
def _combined(field: str) -> tuple[Cue, ...]:
    """The rules of a field that look in the same text, as one rule that holds where any of them does."""
    patterns: dict[tuple[str, re.Pattern[str] | None], list[str]] = {}
    for cue in cues(field):
        patterns.setdefault((cue.where, cue.needs), []).append(cue.pattern.pattern)
    return tuple(
        Cue(field, "", where, needs, re.compile("|".join(each)), "")
        for (where, needs), each in patterns.items()
    )


def holds(cue: Cue, context: FigureContext) -> bool:
    """Whether a rule applies to a figure."""
    text: str = getattr(context, cue.where)
    if cue.needs and not cue.needs.search(text):
        return False
    if cue.where == "unit":
        return cue.pattern.fullmatch(text) is not None
    return (cue.pattern.match if cue.where == "after" else cue.pattern.search)(text) is not None


def first_value(field: str, context: FigureContext) -> str | None:
    """The value of the field's first rule that holds."""
    return next(_values(field, context), None)


def first_by_dimension(field: str, context: FigureContext) -> dict[str, str]:
    """For each dimension of a field, whose values are written dimension=value, the first that holds."""
    found: dict[str, str] = {}
    for pair in _values(field, context):
        dimension, _, value = pair.partition("=")
        found.setdefault(dimension, value)
    return found


def _values(field: str, context: FigureContext) -> Iterator[str]:
    """The values of the field's rules that hold. Most figures have none, as few combined patterns show."""
    places = [cue.where for cue in _combined(field) if holds(cue, context)]
    if places:
        yield from (cue.value for cue in cues(field) if cue.where in places and holds(cue, context))
