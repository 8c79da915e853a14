"""What a numeral in a text says: the model that every later step reads."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

KINDS = ("count", "measure", "money", "percent", "duration", "date", "ordinal", "name", "other")
"""Every kind of numeral; `STATISTICAL` ones state a quantity, the others do not."""

STATISTICAL = frozenset({"count", "measure", "money", "percent", "duration"})

QUALIFIERS = ("exact", "over", "nearly", "about", "at_least", "below", "at_most")


class Mention(NamedTuple):
    """One numeral, with the characters it came from.

    A tuple and not a dataclass: a night's corpus makes a million of them, and a
    tuple is built in a third of the time.

    `start`, `end` are offsets into the decoded source text, `begin`, `stop` the same
    characters in the reflowed text (`Flow.text`). Values are exact and multiplied
    out (1.4万 is 14000, 七成 is 70 with unit %).
    """

    start: int
    end: int
    text: str
    """Exactly source[start:end], line breaks and all."""
    kind: str
    """One of `KINDS`."""
    value: Decimal | None
    """The stated number; None for a range or a vague number, which has low and high."""
    low: Decimal | None
    """Lower bound of what is stated; None where it is open."""
    high: Decimal | None
    """Upper bound of what is stated; None where it is open."""
    unit: str | None
    """As written, without multiplier and line breaks: 名, 平方米, 元, %."""
    qualifier: str
    """One of `QUALIFIERS`."""
    subject: str | None
    """What is counted or measured, without line breaks; None where none is found."""
    place: Decimal | None
    """One unit of the last printed place, multiplied out (1.4万: 1000): the precision."""
    rule: str
    """The grammar rule that took it, for --explain and the officer."""
    begin: int
    stop: int
    sentence: int
    """Index into `Flow.sentences`."""
    head: tuple[int, int] | None
    """Offsets of the subject in the reflowed text; None where it has none of its own."""

    @property
    def statistical(self) -> bool:
        return self.kind in STATISTICAL
