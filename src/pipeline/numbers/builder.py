"""A quantity while it is being read: the number, and what has been found of its unit and qualifier."""

from __future__ import annotations

from decimal import Decimal

from pipeline.numbers import qualifiers
from pipeline.numbers.grammar import Grammar
from pipeline.numbers.numerals import Number
from pipeline.numbers.tokens import ONE, Token

_INFIXES = {
    "": ("exact", False),
    "余": ("over", True),
    "多": ("over", True),
    "几": ("over", True),
    "来": ("about", True),
    "把": ("about", True),
}


class QuantityBuilder:
    """A quantity in the making; every step moves `stop` over what it took."""

    __slots__ = (
        "begin", "grammar", "high", "infix", "kind", "low", "multiplied", "place", "qualifier", "scale",
        "step", "stop", "text", "unit", "unit_at", "value",
    )  # fmt: skip

    def __init__(self, grammar: Grammar, text: str, begin: int, number: Number) -> None:
        self.grammar, self.text, self.begin, self.stop = grammar, text, begin, number.stop
        self.value, self.low, self.high = number.value, number.low, number.high
        self.place, self.step, self.scale = number.place, number.step, number.scale
        self.multiplied = number.multiplied
        self.qualifier, self.infix = _INFIXES[number.infix]
        self.kind = "count"
        self.unit: str | None = None
        self.unit_at: tuple[int, int] | None = None

    def multiply(self, factor: Decimal) -> None:
        """Multiply the number, whose places stay positive."""
        self.place, self.step = self.place * abs(factor), self.step * abs(factor)
        if self.value is not None:
            self.value *= factor
        elif self.low is not None and self.high is not None:
            self.low, self.high = sorted((self.low * factor, self.high * factor))

    def add(self, amount: Decimal, place: Decimal) -> None:
        """Add to the value what is printed after the unit; place: one unit of its last place."""
        if self.value is not None:
            self.value += amount
            self.place = self.step = place

    def add_more(self) -> None:
        """Take 多 or 余: less than one unit of the last stated place is added."""
        self.qualifier, self.infix = "over", True
        if self.scale != ONE:
            self.step = self.place  # 20亿元多 is up to 21亿

    def build(self, rule: str) -> Token:
        """What has been read, with the interval that the qualifier states."""
        low, high = self.low, self.high
        if self.value is not None:
            low, high = qualifiers.interval(self.qualifier, self.value, self.step, self.infix)
        return Token(
            begin=self.begin,
            stop=self.stop,
            kind=self.kind,
            value=self.value,
            low=low,
            high=high,
            unit=self.unit,
            unit_at=self.unit_at,
            qualifier=self.qualifier,
            place=self.place,
            scale=self.scale,
            rule=rule,
        )
