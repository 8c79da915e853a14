"""A point of a plotted series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.tables.corrections import Correction
from pipeline.tables.wording import period_kind, period_midpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure of a series: an observation, with the mention and the document that state it."""

    period: str
    """An SDMX time period."""
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    quantity: str
    document: str
    new: bool
    """Whether it was added or changed since the release before."""
    planned: bool = False
    """Whether it is planned or forecast; such points are not joined to measured ones."""
    amended: Correction | None = None
    """The decision that touched it."""

    @staticmethod
    def cells(row: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that a row of observations has, by name."""
        return {
            "period": row["time_period"],
            "value": row["obs_value"],
            "low": row["obs_low"],
            "high": row["obs_high"],
            "quantity": row["quantity_id"],
            "planned": row["obs_status"] == "F",
        }

    @property
    def at(self) -> float:
        """The middle of its period, in days."""
        return period_midpoint(self.period) or 0.0

    @property
    def span(self) -> str:
        """Its kind of period; no line joins two kinds, nor events."""
        return period_kind(self.period)

    @property
    def middle(self) -> Decimal | None:
        """What is plotted: the value, else the middle of its interval, else the one bound stated."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends, Decimal(0)) / len(ends) if ends else None
