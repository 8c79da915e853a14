"""Measure, direction, base and plan of a figure, by the cues around it. The rules are data: rules.tsv.

A rule has a field and its value, the kinds of figures that it applies to, a place, a pattern and
an example with its figure in 【】. The first matching rule of a field gives the value. Places:
at (the pattern ends at the figure, except for fillers), clause (before the figure in its clause), after
(behind it), paragraph (before it in its paragraph), last (of all rules of the field the pattern that occurs
last before the figure).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.tsv import read_rules

FIELDS = ("measure", "direction", "base", "planned")
"""The fields of rules.tsv."""


class CueRule(NamedTuple):
    """A line of rules.tsv."""

    field: str
    value: str
    kinds: str
    where: str
    pattern: re.Pattern[str]
    example: str


_ENTRIES = tuple(read_rules(files(__package__) / "rules.tsv"))
_FILLERS = next(entry["pattern"] for entry in _ENTRIES if entry["value"] == "fill")


@cache
def rules(field: str) -> tuple[CueRule, ...]:
    """The rules of a field, in their order."""

    def compiled(pattern: str, where: str) -> re.Pattern[str]:
        return re.compile(f"(?:{pattern}){_FILLERS}$" if where == "at" else pattern)

    return tuple(
        CueRule(name, value, kinds, where, compiled(pattern, where), example)
        for name, value, kinds, where, pattern, example in map(dict.values, _ENTRIES)
        if name == field
    )


class CueContext(NamedTuple):
    """The text around a figure.

    kind: percent, points, times or other. clause: from the last comma or figure to the figure. before:
    from the last figure or the begin of the sentence. sentence: from the begin of the sentence. after: the
    text behind the figure.
    """

    kind: str
    clause: str
    before: str
    sentence: str
    after: str


def measure_of(context: CueContext) -> str | None:
    """The measure by the first matching rule, if any."""
    return next((rule.value for rule in _of_kind("measure", context.kind) if _matches(rule, context)), None)


def direction_of(context: CueContext) -> str | None:
    """up or down, by the last cue before the figure."""
    return _last("direction", context.before, context.clause)


def base_of(context: CueContext, paragraph: str) -> str | None:
    """The base of a change, by rules on the clause, the text since the last figure, and the sentence, or
    by the rules on the paragraph."""
    for text in (context.clause, context.before, context.sentence):
        for rule in _at_place("base", "clause"):
            if found := rule.pattern.search(text):
                return f"since:{found[1] or found[2]}" if rule.value == "since:" else rule.value
    matching = (rule.value for rule in _at_place("base", "paragraph") if rule.pattern.search(paragraph))
    return next(matching, None)


@cache
def _of_kind(field: str, kind: str) -> tuple[CueRule, ...]:
    return tuple(rule for rule in rules(field) if rule.kinds in ("any", kind))


@cache
def _at_place(field: str, where: str) -> tuple[CueRule, ...]:
    return tuple(rule for rule in rules(field) if rule.where == where)


def _matches(rule: CueRule, context: CueContext) -> bool:
    if rule.where == "after":
        return rule.pattern.match(context.after) is not None
    return rule.pattern.search(context.before if rule.where == "at" else context.clause) is not None


def planned_of(context: CueContext) -> bool:
    """Whether a figure is a plan, target, forecast or requirement, by the last cue before it."""
    return _last("planned", context.sentence, context.clause) == "yes"


def _last(field: str, text: str, clause: str) -> str | None:
    """The value of the rule whose pattern occurs last in the text, or in the clause at its end."""
    best, where = None, -1
    begin = len(text) - len(clause)
    for match in _joined_pattern(field, "last").finditer(text):
        best, where = match.lastgroup, match.start()
    for match in _joined_pattern(field, "clause").finditer(clause):
        if begin + match.start() > where:
            best, where = match.lastgroup, begin + match.start()
    return best.partition("_")[0] if best else None


@cache
def _joined_pattern(field: str, where: str) -> re.Pattern[str]:
    """The patterns of a field's rules as alternatives, each a group whose name begins with the value."""
    groups = (f"(?P<{r.value}_{n}>{r.pattern.pattern})" for n, r in enumerate(_at_place(field, where)))
    return re.compile("|".join(groups) or "(?!)")
