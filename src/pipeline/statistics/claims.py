"""What matching a document against the indicators finds: claims, refusals and diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.statistics.statistic import Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One mention read as an indicator's figure for a region and a period."""

    indicator: str
    ref_area: str | None
    time_period: str | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    place: Decimal | None
    qualifier: str
    unit_measure: str
    obs_status: str
    key: str
    """The mention's quantity_id."""
    document_id: str
    issued: date | None
    quote: str
    headline: bool
    correction: bool
    superseding: bool = False
    """Whether a later statement of it replaces an earlier one: a toll, a count since an event."""
    printed: str = ""
    """The figure as printed, where the value is converted into another unit."""
    ambiguous_region: str | None = None
    """The region's name, where it is that of several and nothing says which."""


class Diagnostic(NamedTuple):
    """Something for the data officer to look at. severity: critical, warning or info."""

    check: str
    severity: str
    document_id: str
    message: str
    keys: tuple[str, ...] = ()


class Refusal(NamedTuple):
    """A mention of an indicator's subject, kind and unit that is not its figure, and why."""

    indicator: str
    mention: int
    """Its index among the document's mentions."""
    reason: str


class MatchResult(NamedTuple):
    """What matching one document finds."""

    claims: tuple[Claim, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    """Every figure that is worth a series, whether or not an indicator claims it."""
