"""Which pages the site has: all of them are listed in `write_pages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from pipeline.releases.files import code_digest
from pipeline.site import (
    document_pages,
    front_pages,
    indicator_pages,
    other_statistics,
    region_pages,
    release_pages,
    search_index,
    table_pages,
)
from pipeline.site.correction_list import corrections
from pipeline.site.feeds import feeds, site_map
from pipeline.site.observed_series import indicators, series_by_region, titles
from pipeline.site.published_release import SITE_TABLES, PublishedRelease
from pipeline.site.render import ASSETS, asset_file
from pipeline.site.site_data import Look, Site
from pipeline.site.site_draft import SiteDraft
from pipeline.statistics.catalog.entries import Catalog

_KEPT = 6
"""Series of an indicator that other pages than its own may show."""


def write_pages(
    draft: SiteDraft,
    latest: PublishedRelease,
    kept: Sequence[PublishedRelease],
    entries: Sequence[Mapping[str, Any]],
    catalog: Catalog,
    look: Look,
) -> None:
    """Write the whole site into the draft.

    kept: the releases in the store, the newest first. entries: the index of all releases, in the same order.
    """
    first = latest.previous is None
    with latest.open_tables() as queries:
        queries.database.execute(SITE_TABLES)
        site = Site(
            latest=latest,
            entries=entries,
            kept=frozenset(release.version for release in kept),
            catalog=catalog,
            titles=titles(queries),
            indicators=[],  # comes with the pages of indicators, one in memory at a time
            regions=region_pages.regions(queries),
            corrections=corrections(queries),
            look=look,
            code=_code(),
            full=frozenset(path.name for path in (latest.folder / "validation/sources").glob("*.html")),
        )
        latest_figures = {}
        for indicator in indicators(queries, first):
            if indicator.count:
                draft.add(indicator_pages.page(site, indicator))
                draft.add(indicator_pages.csv(site, indicator, queries, draft.folder))
                latest_figures[indicator.id] = search_index.latest_figures(indicator)
            site.indicators.append(replace(indicator, series=indicator.series[:_KEPT]))
        by_id = {indicator.id: indicator for indicator in site.indicators}
        for code, series in series_by_region(queries, first):
            draft.add(region_pages.page(site, code, series, by_id))
        draft.add_new(front_pages.home(site, kept))
        draft.add_new(front_pages.lists(site))
        draft.add_new(region_pages.list_page(site))
        statistics = other_statistics.groups(site, queries)
        for group in other_statistics.pages(site, statistics):
            draft.add(group)
        draft.add_new(table_pages.pages(site, queries))
        for group in document_pages.pages(site, queries):
            draft.add(group)
        for release in kept:
            draft.add(release_pages.page(site, release))
        draft.add_new(search_index.files(site, latest_figures, statistics))
        draft.add_new(feeds(site, kept))
        draft.add_new(map(asset_file, ASSETS))
        if look.logo and (path := look.logo_path):
            draft.add_bytes(path, look.logo.read_bytes())
        draft.add_new(site_map(site, draft.paths))


def _code() -> str:
    """A digest of the code that makes pages: this package and its libraries."""
    libraries = " ".join(f"{name} {version(name)}" for name in ("jinja2", "markupsafe", "duckdb", "pyarrow"))
    return f"{code_digest()} {libraries}"
