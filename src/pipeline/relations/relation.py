"""What an equation found in prose is: the model that the release, the gate and `wenshu check` read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

KINDS = ("sum", "difference", "share", "growth", "ratio", "repeat")
VERDICTS = ("holds", "rounding", "possible", "fails")


@dataclass(frozen=True, slots=True)
class Relation:
    """One equation that a text states between its figures.

    Values are exact and multiplied out, as in `Mention`; a percentage is in percent.
    """

    relation: str
    """One of `KINDS`."""
    parts: tuple[Decimal, ...]
    """The operands: addends; minuend and subtrahends; part and whole; this period and the one before."""
    total: Decimal
    """What the text states the result to be."""
    unit: str
    """Of the total, as written; empty where it has none."""
    verdict: str
    """One of `VERDICTS`. possible: the text states it and it is off, and a figure is not exact (约, 余)."""
    expression: str
    """The equation as stated, in the scale of print: 89 + 203 + 195 = 487."""
    computed: Decimal
    """What the operands come to: what the total should have been."""
    """Rounded to six places for shares, growth and ratios."""
    should_be: str
    """`computed` in words: comes to 488, 1 more than stated."""
    residual: Decimal
    """total - computed."""
    operands: tuple[int, ...]
    """Indexes into `Reading.mentions`, in text order: the parts that are stated, and the total."""
    begin: int
    stop: int
    """The quote in the flow's text."""
    start: int
    end: int
    """The quote in the source text."""
    quote: str
    """The stretch of the flow that states it, without line breaks."""
    rule: str
    """The rule that found it, for the officer."""
    names_whole: bool
    """Whether the text says that the parts are all of the whole."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a text's figures say of one another, and what was not looked at.

    unsearched: one line a list that was longer than the search goes, for the reader.
    """

    relations: tuple[Relation, ...]
    unsearched: tuple[str, ...]
