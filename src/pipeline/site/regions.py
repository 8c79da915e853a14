"""Pages of regions: a region's figures by theme, and the list of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from pipeline.releases.queries import Queries
from pipeline.site.contents import Region, Site
from pipeline.site.draft import Unit
from pipeline.site.published import page_name
from pipeline.site.render import Page, in_both, render
from pipeline.site.series import Indicator, Series
from pipeline.tables import Words, wording

_REGIONS = """
    SELECT ref_area, count(*) AS n, count(DISTINCT indicator) AS indicators
    FROM observations WHERE ref_area IS NOT NULL AND time_period IS NOT NULL
    GROUP BY ref_area ORDER BY ref_area
"""
_OTHER = Words("其他", "Other")


def regions(ask: Queries) -> tuple[Region, ...]:
    """The regions that have figures, in the order of codes."""
    return tuple(Region(row["ref_area"], row["indicators"], row["n"]) for row in ask.each(_REGIONS))


def listing(site: Site) -> Iterator[Page]:
    """The list of regions, by province."""
    groups = [(code, list(inside)) for code, inside in groupby(site.regions, key=lambda r: r.code[:2])]
    return render("regions.html", "regions.html", site, groups=groups)


def region(site: Site, code: str, series: Sequence[Series], known: Mapping[str, Indicator]) -> Unit:
    """A region: its newest figures, theme by theme.

    known: the indicators by their ids; of these only what they are called and counted in is shown.
    """
    path = f"regions/{page_name(code)}.html"
    shown = [one for one in series if one.indicator in known]
    themes = _themes(site, shown, known)
    above = [one for one in reversed(site.areas.parents(code)) if one in site.places]
    below = [r.code for r in site.regions if code in site.areas.parents(r.code)[:1]]
    said = {i.id: (i.title, i.unit, i.measure) for i in (known[one.indicator] for one in shown)}

    made = partial(
        render, path, "region.html", site, code=code, themes=themes, known=known, above=above, below=below
    )
    names = [wording.region(one, site.areas, "zh") for one in (code, *above, *below)]
    titles = [(name, title) for name, title, _ in themes]
    return Unit(in_both(path), (site.frame, tuple(shown), said, names, titles), made)


def _themes(
    site: Site, series: Sequence[Series], known: Mapping[str, Indicator]
) -> list[tuple[str | None, Words, list[Series]]]:
    """The series by the dataset that they are in first, in the order of datasets."""
    tables = site.datasets
    found: dict[str | None, list[Series]] = {table.name: [] for table in tables} | {None: []}
    for one in series:
        inside = next((name for name in known[one.indicator].datasets if name in found), None)
        found[inside].append(one)
    titles: dict[str | None, Words] = {table.name: table.title for table in tables} | {None: _OTHER}
    return [(name, titles[name], inside) for name, inside in found.items() if inside]
