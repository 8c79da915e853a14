"""What every page of a site may show: the latest release, the catalog, the publisher's settings."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.site.correction_list import ListedCorrection
from pipeline.site.observed_series import IndicatorFigures
from pipeline.site.published_release import PublishedRelease
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.regions.areas import Areas
from pipeline.tables import Table
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The publisher's settings of the site."""

    title: str | None = None
    """Its name at the head of every page; 文数 where there is none."""
    logo: Path | None = None
    """A picture before the name: SVG, PNG, JPEG or WebP."""
    base_url: str | None = None
    """The address of the site, without a slash at its end. Site maps and citations need it."""

    @property
    def path(self) -> str:
        """The path of the site on its host, with a slash at its end."""
        return f"{urlsplit(self.base_url or '').path.rstrip('/')}/"

    @property
    def logo_digest(self) -> str:
        return hashlib.sha256(self.logo.read_bytes()).hexdigest() if self.logo else ""

    @property
    def logo_path(self) -> str | None:
        """The logo's path below output/site/, which changes with its content."""
        return f"assets/logo.{self.logo_digest[:10]}{self.logo.suffix.lower()}" if self.logo else None


@dataclass(frozen=True, kw_only=True)
class Site:
    """The releases, the catalog and the indicators that a site is made of."""

    latest: PublishedRelease
    entries: Sequence[Mapping[str, Any]]
    """Every release of the index, the newest first, also those that were deleted since."""
    kept: Collection[str]
    """The versions in the store."""
    catalog: Catalog
    titles: Mapping[str, Bilingual]
    """Of every indicator of the release, by id."""
    indicators: list[IndicatorFigures]
    """Those with figures and those without, in the order of ids; of each its longest series only."""
    regions: Mapping[str, int]
    """How many observations there are of each region that has any, in the order of codes."""
    corrections: Sequence[ListedCorrection]
    """The decisions in force, the newest first."""
    look: Look
    code: str
    """A digest of the code that makes pages."""
    full: Collection[str]
    """File names below validation/sources/: the documents whose whole text is published."""

    @property
    def areas(self) -> Areas:
        return self.catalog.areas

    def indicators_of(self, dataset: str) -> list[IndicatorFigures]:
        """The indicators of a dataset that have figures, those with the longest series first."""
        found = [i for i in self.indicators if dataset in i.datasets and i.count]
        return sorted(found, key=lambda i: (-len(i.series[0].points) if i.series else 0, i.id))

    @property
    def datasets(self) -> list[Table]:
        return [table for table in self.latest.tables.values() if table.dataset]

    @cached_property
    def regions_below(self) -> Mapping[str, list[str]]:
        """The regions with figures right below each region, in the order of codes."""
        found: dict[str, list[str]] = {}
        for code in self.regions:
            for parent in self.areas.parents(code)[:1]:
                found.setdefault(parent, []).append(code)
        return found

    @cached_property
    def frame(self) -> tuple[object, ...]:
        """The inputs of every page: the code, the settings, the licence at its foot, all names.

        A page shows few of the names. That one changes is rare, and all pages are made again then.
        """
        tables = {name: table.title for name, table in self.latest.tables.items()}
        names = hashlib.sha256(repr((self.holidays, self.areas.listed(), self.titles, tables)).encode())
        latest, look = self.latest, self.look
        return (
            self.code, latest.licence, latest.creator, look.title, look.base_url, look.logo_digest,
            names.hexdigest(),
        )  # fmt: skip

    @cached_property
    def holidays(self) -> Mapping[Lang, Mapping[str, str]]:
        """The names of spans of days, by their SDMX codes: 2024 国庆."""
        found: dict[Lang, dict[str, str]] = {"zh": {}, "en": {}}
        for name, years in self.catalog.holidays.items():
            for year, (first, last) in years.items():
                code = f"{first}/{last}" if first != last else f"{first}"
                found["zh"][code] = f"{year} {name}"
                found["en"][code] = f"{code_name('holiday', name).en} {year}"
        return found
