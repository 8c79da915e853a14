"""What every page of a site may tell of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.site.corrections import Corrected
from pipeline.site.published import Published
from pipeline.site.series import Indicator
from pipeline.statistics.areas import Areas
from pipeline.statistics.catalog_entries import Catalog
from pipeline.tables import Table
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a publisher sets of its site."""

    title: str | None = None
    """Its name at the head of every page; 文数 where there is none."""
    logo: Path | None = None
    """A picture before the name: SVG, PNG, JPEG or WebP."""
    base_url: str | None = None
    """Where the site is read, without a slash at its end. Site maps and citations need it."""

    @property
    def path(self) -> str:
        """Where on its host the site is, with a slash at its end."""
        return f"{urlsplit(self.base_url or '').path.rstrip('/')}/"

    @property
    def pages(self) -> tuple[str | None, str | None, str]:
        """What of it is in every page."""
        drawn = hashlib.sha256(self.logo.read_bytes()).hexdigest() if self.logo else None
        return self.title, self.base_url, drawn or ""


@dataclass(frozen=True, slots=True)
class Region:
    """A region that has figures."""

    code: str
    indicators: int
    count: int
    """Observations of it."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The releases, the catalog and the indicators that a site is made of."""

    latest: Published
    entries: Sequence[Mapping[str, Any]]
    """Of every release in the index, the newest first, those too that are no longer kept."""
    kept: Collection[str]
    """The versions in the store."""
    catalog: Catalog
    indicators: list[Indicator]
    """Those with figures and those without, in the order of ids; of each its longest series only."""
    regions: Sequence[Region]
    """In the order of codes."""
    corrections: Sequence[Corrected]
    """The decisions in force, the newest first."""
    look: Look
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

    @cached_property
    def frame(self) -> tuple[object, ...]:
        """What is in every page: the code, as a digest, and the licence at its foot."""
        named = hashlib.sha256(repr(self.holidays).encode()).hexdigest()
        latest = self.latest
        return self.code, latest.licence, latest.creator, self.look.pages, named

    @cached_property
    def places(self) -> frozenset[str]:
        """The codes of the regions that have a page."""
        return frozenset(region.code for region in self.regions)

    @cached_property
    def holidays(self) -> Mapping[Lang, Mapping[str, str]]:
        """What spans of days are called, by their SDMX codes: 2024 国庆."""
        found: dict[Lang, dict[str, str]] = {"zh": {}, "en": {}}
        for name, years in self.catalog.lexicon.holidays.items():
            for year, (first, last) in years.items():
                code = f"{first}/{last}" if first != last else f"{first}"
                found["zh"][code] = f"{year} {name}"
                found["en"][code] = f"{word('holiday', name).en} {year}"
        return found

    def logo_name(self) -> str | None:
        """The logo's path below output/site/, which changes with what is in it."""
        if not self.look.logo:
            return None
        return f"assets/logo.{self.look.pages[2][:10]}{self.look.logo.suffix.lower()}"
