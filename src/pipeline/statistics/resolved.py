"""Where a figure holds, as resolved."""

from __future__ import annotations

from typing import NamedTuple


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
