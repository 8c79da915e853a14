"""The grammar as one object: the tables, compiled, and a user's lexicon in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from pipeline.numbers.entries import entries
from pipeline.numbers.names import Names
from pipeline.numbers.particles import Particles
from pipeline.numbers.qualifiers import Qualifiers
from pipeline.numbers.rules import Rule, Rules
from pipeline.numbers.units import Unit, Units, base_units
from pipeline.numbers.words import Word, Words, base_words


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that reading looks up; immutable, and made once for a lexicon."""

    units: Units
    words: Words
    names: Names
    qualifiers: Qualifiers
    rules: Rules
    particles: Particles
    nouns: frozenset[str] = frozenset()
    """What the catalog and its lexicon name, never cut through."""
    weights: str | None = None
    """What the catalog's weights.txt says, for `pipeline.frames.weights`; None where it has none."""


def grammar_with(
    words: Mapping[str, str], units: Mapping[str, Unit], nouns: frozenset[str] = frozenset()
) -> Grammar:
    """The grammar with a user's words (each with its kind: name or other), units and nouns beside its own."""
    return replace(
        default_grammar(),
        units=Units({**base_units(), **units}),
        words=Words({**base_words(), **{word: Word(kind, fixed=True) for word, kind in words.items()}}),
        nouns=nouns,
    )


@cache
def default_grammar() -> Grammar:
    """The grammar of the tables alone."""
    units = Units(base_units())
    return Grammar(
        units,
        Words(base_words()),
        Names(entries("names")),
        Qualifiers(entries("qualifiers")),
        Rules(Rule(entry, units) for entry in entries("rules")),
        Particles(entries("particles")),
    )
