"""What a numeral in a text says: the model that every later step reads."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

KINDS = ("count", "measure", "money", "percent", "duration", "date", "ordinal", "name", "other")
"""Every kind of numeral; `STATISTICAL` ones state a quantity, the others do not."""

STATISTICAL = frozenset({"count", "measure", "money", "percent", "duration"})

QUALIFIERS = ("exact", "over", "nearly", "about", "at_least", "below", "at_most")


DOUBT = Decimal("0.4")
"""Confidence below which a subject is more likely wrong than right: docs/frames.md has the curve."""

MEASURES = ("level", "change", "growth", "share", "fulfilment", "contribution", "ratio", "rank")


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
    place: Decimal | None
    """One unit of the last printed place, multiplied out (1.4万: 1000): the precision."""
    rule: str
    """The grammar rule that took it, for --explain and the officer."""
    begin: int
    stop: int
    sentence: int
    """Index into `Flow.sentences`."""
    subject: str | None = None
    """What is counted or measured, without line breaks; None where none is found."""
    head: tuple[int, int] | None = None
    """Offsets of the subject in the reflowed text; None where it has only a lent one."""
    part: str | None = None
    """The member of a breakdown, where a total lends its subject: 广东 of 9例（上海4例，广东3例）."""
    state: str | None = None
    """The predicate that tells figures of one subject apart: 完成, 新增, 死亡."""
    measure: str | None = None
    """One of `MEASURES`; None of what is no statistic, as with all that follows."""
    direction: str | None = None
    """up or down, of a growth, a change or a contribution. `value` stays as printed."""
    base: str | None = None
    """What a change is measured against: yoy, mom, prev, since:YYYY, plan, average, place or other."""
    of: str | None = None
    """The whole of a share, the plan of a fulfilment."""
    per: str | None = None
    """The denominator: 每千人口, 人均."""
    planned: bool | None = None
    """Whether it is a plan, target, forecast or requirement."""
    scope: str | None = None
    """The village, firm, school or project that it is of, where that is smaller than the region."""
    confidence: Decimal | None = None
    """How sure the subject is, from 0 to 1."""

    @property
    def statistical(self) -> bool:
        return self.kind in STATISTICAL

    @property
    def doubtful(self) -> bool:
        """Whether its subject is more likely wrong than right."""
        return is_doubtful(self.subject, self.confidence)


def is_doubtful(subject: str | None, confidence: Decimal | None) -> bool:
    """Whether a subject is more likely wrong than right; one of unknown confidence is not."""
    return subject is not None and confidence is not None and confidence < DOUBT
