"""The front page, and the pages without figures of their own: lists of indicators, releases, corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.site import json_ld
from pipeline.site.observed_series import IndicatorFigures, ObservedPoint, Series
from pipeline.site.published_release import PublishedRelease
from pipeline.site.render import SiteFile, render
from pipeline.site.site_data import Site
from pipeline.tables import Bilingual

_NEWEST = 8
_LABELLED = {"zh": "data/figures.csv", "en": "data/figures.en.csv"}
"""The figures with names in place of codes, which older releases do not have."""
_REGIONS = 24
"""Regions on the front page: those of most figures."""
_RELEASES = 12
"""Releases on the front page; another page has all of them."""


def home(site: Site, kept: Sequence[PublishedRelease]) -> Iterator[SiteFile]:
    """The front page: search, the latest release, the datasets, the newest figures."""
    points = [
        max(((i, s, p) for s in i.series for p in s.points), key=_recency)
        for i in site.indicators
        if i.series
    ]
    by_sentence: dict[str, tuple[IndicatorFigures, Series, ObservedPoint]] = {}
    for item in sorted(points, key=_recency, reverse=True):
        by_sentence.setdefault(item[2].quote, item)
    rows = site.latest.rows
    verdicts = {release.version: release.verdict for release in kept[:_RELEASES]}
    return render(
        "index.html",
        "home.html",
        site,
        lambda lang: {
            "linked_data": json_ld.catalog(site, lang),
            "downloads": [f for f in map(site.latest.file, ("wenshu.xlsx", _LABELLED[lang])) if f],
        },
        newest=list(by_sentence.values())[:_NEWEST],
        numbers={
            "observations": rows.get("observations", 0),
            "indicators": sum(i.count > 0 for i in site.indicators),
            "regions": len(site.regions),
            "documents": rows.get("documents", 0),
        },
        verdicts=[verdicts.get(entry["version"], Bilingual("", "")) for entry in site.entries[:_RELEASES]],
        holding=[name for name, count in rows.items() if count],
        most=sorted(site.regions.items(), key=lambda item: (-item[1], item[0]))[:_REGIONS],
    )


def lists(site: Site) -> Iterator[SiteFile]:
    """Every indicator of the catalog by dataset, every correction, every release; the method; the search."""
    groups = [(table, site.indicators_of(table.name)) for table in site.datasets]
    in_datasets = {i.id for _, indicators in groups for i in indicators}
    rest = [i for i in site.indicators if i.count and i.id not in in_datasets]
    empty = [i for i in site.indicators if not i.count]
    yield from render("indicators.html", "indicators.html", site, groups=groups, rest=rest, empty=empty)
    for name in ("corrections.html", "versions.html", "method.html", "search.html"):
        yield from render(name, name, site)


def _recency(item: tuple[IndicatorFigures, Series, ObservedPoint]) -> tuple[bool, str, float]:
    """The newest figures have the largest."""
    return item[2].new, item[2].issued or "", item[2].at
