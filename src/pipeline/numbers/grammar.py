"""The grammar as one object: the tables, compiled, and a user's lexicon in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.numbers.determiners import Determiners
from pipeline.numbers.entries import entries
from pipeline.numbers.names import Names
from pipeline.numbers.qualifiers import Qualifiers
from pipeline.numbers.rules import Rule, Rules
from pipeline.numbers.units import Units, base_units
from pipeline.numbers.words import Words, base_words


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that reading looks up; immutable, and made once for a lexicon."""

    units: Units
    words: Words
    names: Names
    qualifiers: Qualifiers
    rules: Rules
    determiners: Determiners
    nouns: frozenset[str] = frozenset()
    """What the catalog and its lexicon name, never cut through."""
    weights: str | None = None
    """What the catalog's weights.txt says, for `pipeline.frames.weights`; None where it has none."""


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
        Determiners(entries("determiners")),
    )
