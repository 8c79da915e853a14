"""What every page of a site may tell of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.site.published import Published
from pipeline.site.series import Indicator
from pipeline.statistics.areas import Areas
from pipeline.statistics.catalog import Catalog
from pipeline.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The releases, the catalog and the indicators that a site is made of."""

    latest: Published
    entries: Sequence[Mapping[str, Any]]
    """Of every release in the index, the newest first, those too that are no longer kept."""
    kept: Collection[str]
    """The versions in the store."""
    catalog: Catalog
    indicators: Sequence[Indicator]
    """Those with figures and those without, in the order of ids; of each its longest series only."""
    code: str
    """A digest over whatever makes pages of what was released."""
    full: Collection[str]
    """Names of the pages below validation/sources/: the documents of which there is the whole text."""

    @property
    def areas(self) -> Areas:
        return self.catalog.areas

    def of(self, dataset: str) -> list[Indicator]:
        """The indicators of a dataset that have figures, those with the longest series first."""
        inside = [i for i in self.indicators if dataset in i.datasets and i.count]
        return sorted(inside, key=lambda i: (-len(i.series[0].points) if i.series else 0, i.id))

    @property
    def datasets(self) -> list[Table]:
        return [table for table in self.latest.tables.values() if table.dataset]

    @property
    def frame(self) -> tuple[object, ...]:
        """What is in every page: the code, as a digest, and the licence at its foot."""
        return self.code, self.latest.licence
