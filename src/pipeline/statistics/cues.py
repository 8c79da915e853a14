"""What the words around a figure say of the statistic that it is. The rules are data: cues.tsv.

A rule is a field and its value, where its pattern is sought, and an example, its figure in 【】 and the
subject, where that is what the rule looks at, in 〔〕. Of a field's rules the first that holds says the
value; of `breakdown` each dimension has its own first.
What a rule needs, a pattern too, must stand in the same words, and is sought before it. A line of the field
`words` names a list of words: {its name} below it stands for one of them.
Where: subject, unit, clause (from the last comma to the figure), sentence (from its begin to the
figure), topic (from behind its region's name in that to the figure), before (the sentence before, of a
figure whose own names no region), after (behind the figure), around (clause, 【unit】 and what is behind).
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
    *("breakdown", "within", "cause", "coverage"),
)
PLACES = ("subject", "unit", "clause", "sentence", "topic", "before", "after", "around")


class Cue(NamedTuple):
    """A line of cues.tsv."""

    field: str
    value: str
    where: str
    needs: re.Pattern[str] | None
    """What must stand there too; it is sought first, and sooner found missing."""
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
    before: str = ""

    @property
    def around(self) -> str:
        """What stands to both sides of the figure, and its unit."""
        return f"{self.clause}【{self.unit}】{self.after}"


@cache
def cues(field: str) -> tuple[Cue, ...]:
    """The rules of a field, in their order."""
    return tuple(cue for cue in _rules() if cue.field == field)


@cache
def _rules() -> tuple[Cue, ...]:
    lists: dict[str, str] = {}
    found = []
    for entry in read_entries(files(__package__) / "cues.tsv"):
        field, value, where, needs, pattern, example = entry.values()
        for name, words in lists.items():
            needs = needs.replace(f"{{{name}}}", words)
            pattern = pattern.replace(f"{{{name}}}", words if field == "words" else f"(?:{words})")
        if field == "words":
            lists[value] = pattern
        else:
            needed = re.compile(needs) if needs else None
            found.append(Cue(field, value, where, needed, re.compile(pattern), example))
    return tuple(found)


class _Alike(NamedTuple):
    """The rules of a field that look in the same words: a pattern that finds whatever one of them does."""

    where: str
    needs: re.Pattern[str] | None
    pattern: re.Pattern[str]


@cache
def _alike(field: str) -> tuple[_Alike, ...]:
    groups: dict[tuple[str, re.Pattern[str] | None], list[str]] = {}
    for cue in cues(field):
        groups.setdefault((cue.where, cue.needs), []).append(cue.pattern.pattern)
    return tuple(_Alike(*key, re.compile("|".join(patterns))) for key, patterns in groups.items())


def holds(cue: Cue | _Alike, words: Heard) -> bool:
    """Whether a rule is right of a figure."""
    said: str = getattr(words, cue.where)
    if cue.needs and not cue.needs.search(said):
        return False
    if cue.where == "unit":
        return cue.pattern.fullmatch(said) is not None
    return (cue.pattern.match if cue.where == "after" else cue.pattern.search)(said) is not None


def first(field: str, words: Heard) -> str | None:
    """The value of the field's first rule that holds."""
    return next(_holding(field, words), None)


def each(field: str, words: Heard) -> dict[str, str]:
    """Of every dimension of the field, written dimension=value, the first that holds."""
    found: dict[str, str] = {}
    for said in _holding(field, words):
        dimension, _, value = said.partition("=")
        found.setdefault(dimension, value)
    return found


def _holding(field: str, words: Heard) -> Iterator[str]:
    """The values of the field's rules that hold."""
    near = [one.where for one in _alike(field) if holds(one, words)]
    if near:  # as of few figures
        yield from (cue.value for cue in cues(field) if cue.where in near and holds(cue, words))
