"""Where and when a figure holds, as resolved."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.statistics.spans import Period


class ResolvedRegion(NamedTuple):
    """Where a figure holds."""

    area: str | None
    """Its region's code; `ELSEWHERE` for a place that has none, None where nothing tells."""
    part: bool = False
    """Whether it is rather a place within the region: a village, a site."""
    unsettled: str | None = None
    """The region's name, where several bear it and nothing says which."""
    origin: str = "said"
    """said in the sentence or the one before, document (what that is about) or unknown."""
    others: tuple[str, ...] = ()
    """The other side, 对东盟, 比全国: codes, or the names of places that have none."""
    named: int | None = None
    """Where in the text, in the figure's own sentence, its name ends."""


class ResolvedPeriod(NamedTuple):
    """When a figure holds, and how that is known."""

    period: Period | None
    status: str
    """SDMX CL_OBS_STATUS: A, E estimated or F to come."""
    collection: str | None = None
    """stock, year_to_date, since_event or event, where the words of time say so; None where the figure's
    own nature decides between a stock and a flow."""
    origin: str = "said"
    """said in the sentence, carried from the one before, title, issued (the date of issue) or unknown."""
