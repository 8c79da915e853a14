"""A token: one numeral as the grammar reads it, before its subject is known."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.qualifiers import interval

ONE = Decimal(1)


class Token(NamedTuple):
    """As `mention.Mention`, in offsets of the flow alone.

    scale: the multiplier that is printed with the number (1.4万: 10000).
    """

    begin: int
    stop: int
    kind: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    unit_at: tuple[int, int] | None
    qualifier: str
    place: Decimal | None
    scale: Decimal
    rule: str

    @property
    def statistical(self) -> bool:
        return self.kind in STATISTICAL

    @property
    def multiplied(self) -> bool:
        return self.scale != ONE

    def qualified(self, qualifier: str) -> Token:
        """This exact figure with a qualifier that stands before a list of figures."""
        assert self.value is not None and self.place is not None
        low, high = interval(qualifier, self.value, self.place)
        return self._replace(qualifier=qualifier, low=low, high=high)

    def sharing(self, last: Token) -> Token:
        """This figure of a list with the kind, unit and multiplier of the list's last."""
        if not last.statistical or self.value is None or self.place is None:
            return self._replace(kind=last.kind, rule="list, last has the unit")
        factor = last.scale if self.scale == ONE else ONE
        value, place = self.value * factor, self.place * factor
        low, high = interval(self.qualifier, value, place)
        return self._replace(
            kind=last.kind,
            value=value,
            low=low,
            high=high,
            place=place,
            unit=last.unit,
            unit_at=last.unit_at,
            scale=self.scale * factor,
            rule="list, last has the unit",
        )


def make_token(
    begin: int,
    stop: int,
    kind: str,
    value: Decimal | None = None,
    *,
    unit: str | None = None,
    place: Decimal | None = None,
    rule: str,
) -> Token:
    """A token that states no interval: a date, a name, an exact figure."""
    return Token(begin, stop, kind, value, value, value, unit, None, "exact", place, ONE, rule)
