"""Pages of regions: a region's figures by theme, and the list of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from pipeline.releases.queries import Queries
from pipeline.site.observed_series import IndicatorFigures, Series
from pipeline.site.published_release import page_name
from pipeline.site.render import SiteFile, in_both, render
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup
from pipeline.tables import Bilingual

_REGIONS = """
    SELECT ref_area, count(*) AS count
    FROM observations WHERE ref_area IS NOT NULL AND time_period IS NOT NULL
    GROUP BY ref_area ORDER BY ref_area
"""
_OTHER = Bilingual("其他", "Other")


def regions(queries: Queries) -> dict[str, int]:
    """The regions that have figures, in the order of codes, with their counts of observations."""
    return {row["ref_area"]: row["count"] for row in queries.each(_REGIONS)}


def list_page(site: Site) -> Iterator[SiteFile]:
    """The list of regions, by province."""
    groups = [(head, list(codes)) for head, codes in groupby(site.regions, key=lambda code: code[:2])]
    return render("regions.html", "regions.html", site, groups=groups)


def page(site: Site, code: str, series: Sequence[Series], by_id: Mapping[str, IndicatorFigures]) -> FileGroup:
    """The page of a region: its newest figures, theme by theme. by_id: the indicators."""
    path = f"regions/{page_name(code)}.html"
    shown = [one for one in series if one.indicator in by_id]
    above = [one for one in reversed(site.areas.parents(code)) if one in site.regions]
    below = site.regions_below.get(code, [])
    themes = _themes(site, shown, by_id)
    make = partial(
        render, path, "region.html", site, code=code, themes=themes, by_id=by_id, above=above, below=below
    )
    units = {i.id: (i.unit, i.measure, i.datasets) for i in (by_id[one.indicator] for one in shown)}
    return FileGroup(in_both(path), (site.frame, tuple(shown), units, above, below), make)


def _themes(
    site: Site, series: Sequence[Series], by_id: Mapping[str, IndicatorFigures]
) -> list[tuple[str | None, Bilingual, list[Series]]]:
    """The series by their first dataset, in the order of datasets."""
    titles: dict[str | None, Bilingual] = {table.name: table.title for table in site.datasets} | {
        None: _OTHER
    }
    found: dict[str | None, list[Series]] = {name: [] for name in titles}
    for one in series:
        found[next((name for name in by_id[one.indicator].datasets if name in found), None)].append(one)
    return [(name, titles[name], group) for name, group in found.items() if group]
