"""Measure, direction and base of a figure, by the cues around it. The rules are data: rules.tsv.

A rule is a field and its value, the kinds of figures that it is for, where its pattern is sought and
an example, its figure in 【】. Of a field's rules the first that holds says the value. Where:
at (the pattern ends at the figure, fillers aside), clause (in the figure's clause before it), after (behind
it), paragraph (anywhere in the figure's), last (of all rules of the field the pattern that occurs last before
the figure).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.tsv import read_rules

FIELDS = ("measure", "direction", "base", "planned")
"""What rules.tsv has rules for."""


class Rule(NamedTuple):
    """A line of rules.tsv."""

    field: str
    value: str
    kinds: str
    where: str
    pattern: re.Pattern[str]
    example: str


@cache
def rules(field: str) -> tuple[Rule, ...]:
    """The rules of a field, in their order."""
    entries = [*read_rules(files(__package__) / "rules.tsv")]
    fillers = next(entry["pattern"] for entry in entries if entry["value"] == "fill")

    def compiled(pattern: str, where: str) -> re.Pattern[str]:
        return re.compile(f"(?:{pattern}){fillers}$" if where == "at" else pattern)

    return tuple(
        Rule(name, value, kinds, where, compiled(pattern, where), example)
        for name, value, kinds, where, pattern, example in map(dict.values, entries)
        if name == field
    )


class Around(NamedTuple):
    """What stands around a figure.

    kind: percent, points, times or other. clause: from the last comma or figure to the figure. before:
    from the last figure, or the sentence's begin. sentence: from there to the figure. after: behind it.
    """

    kind: str
    clause: str
    before: str
    sentence: str
    after: str


def measure_of(around: Around) -> str | None:
    """What the cues say; None where nothing does."""
    return next((rule.value for rule in _of_kind("measure", around.kind) if _holds(rule, around)), None)


def direction_of(around: Around) -> str | None:
    """up or down, by the last word before the figure that says either."""
    return _last("direction", around.before, around.clause)


def base_of(around: Around, paragraph: str) -> str | None:
    """What a change is measured against, as its clause, the words since the last figure, the sentence or,
    by rules of its own, the paragraph says first."""
    for text in (around.clause, around.before, around.sentence):
        for rule in _in("base", "clause"):
            if found := rule.pattern.search(text):
                return f"since:{found[1] or found[2]}" if rule.value == "since:" else rule.value
    whole = (rule.value for rule in _in("base", "paragraph") if rule.pattern.search(paragraph))
    return next(whole, None)


@cache
def _of_kind(field: str, kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules(field) if rule.kinds in ("any", kind))


@cache
def _in(field: str, where: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules(field) if rule.where == where)


def _holds(rule: Rule, around: Around) -> bool:
    if rule.where == "after":
        return rule.pattern.match(around.after) is not None
    return rule.pattern.search(around.before if rule.where == "at" else around.clause) is not None


def planned_of(around: Around) -> bool:
    """Whether a figure is a plan, target, forecast or requirement, by the last cue before it."""
    return _last("planned", around.sentence, around.clause) == "yes"


def _last(field: str, text: str, clause: str) -> str | None:
    """The value of the rule whose pattern occurs last; one of the clause alone counts from its begin."""
    best, where = None, -1
    begin = len(text) - len(clause)
    for match in _together(field, "last").finditer(text):
        best, where = match.lastgroup, match.start()
    for match in _together(field, "clause").finditer(clause):
        if begin + match.start() > where:
            best, where = match.lastgroup, begin + match.start()
    return best.partition("_")[0] if best else None


@cache
def _together(field: str, where: str) -> re.Pattern[str]:
    """The patterns of a field's rules as one, each a group that its value begins."""
    its = enumerate(_in(field, where))
    return re.compile("|".join(f"(?P<{r.value}_{n}>{r.pattern.pattern})" for n, r in its) or "(?!)")
