"""The page of each indicator: its definition, its plots, the figures behind them; and its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.releases.queries import Queries
from pipeline.releases.writers.csv import write_csv
from pipeline.site import json_ld
from pipeline.site.observed_series import IndicatorFigures
from pipeline.site.published_release import page_name
from pipeline.site.region_comparison import DRAWN, Comparison, comparisons
from pipeline.site.render import SiteFile, in_both, render
from pipeline.site.site_data import Site
from pipeline.site.site_draft import FileGroup
from pipeline.tables import Table, wording
from pipeline.tables.wording import Lang
from pipeline.web.plots import Plot, plot

PLOTS = 12
"""Plots on a page."""
_ROWS = 500
"""Rows of the table behind the plots."""
_OBSERVATIONS = "FROM observations WHERE indicator = ? ORDER BY ref_area, time_period, document_id"


def page(site: Site, indicator: IndicatorFigures) -> FileGroup:
    """The page of an indicator that has figures."""
    path = f"indicators/{page_name(indicator.id)}.html"
    rows = [(s, p) for s in indicator.series for p in reversed(s.points)]
    rows.sort(key=lambda item: -item[1].at)

    def make() -> Iterator[SiteFile]:
        compared = comparisons(indicator.series)
        return render(
            path,
            "indicator.html",
            site,
            lambda lang: {
                "plots": [(c, drawing(site, indicator, c, lang)) for c in compared[:PLOTS]],
                "linked_data": json_ld.indicator(site, indicator, lang),
            },
            indicator=indicator,
            rows=rows[:_ROWS],
            more=sum(len(c.series) for c in compared[PLOTS:]),
        )

    with_page = [s.area in site.regions for s in indicator.series]
    return FileGroup(in_both(path), (site.frame, indicator, with_page), make)


def csv(site: Site, indicator: IndicatorFigures, queries: Queries, folder: Path) -> FileGroup:
    """The observations of an indicator as CSV below `folder`, in the format of the release's own."""
    declared = site.latest.tables["observations"]
    path = f"series/{page_name(indicator.id)}.csv"

    def make() -> Iterator[SiteFile]:
        table = Table(indicator.id, declared.title, declared.description, declared.columns, ())
        (folder / path).parent.mkdir(exist_ok=True)
        write_csv(table, queries.table(_OBSERVATIONS, indicator.id), folder / path)
        return iter(())

    return FileGroup((path,), (site.code, declared.columns, indicator.content), make)


def drawing(site: Site, indicator: IndicatorFigures, compared: Comparison, lang: Lang) -> Plot | None:
    """The regions of a comparison on one scale; None where there are not two moments to show."""
    drawn = compared.series[:DRAWN]
    names = [wording.region_name(s.area, site.areas, lang) if len(drawn) > 1 else "" for s in drawn]
    series = list(zip(names, (s.points for s in drawn), strict=True))
    return plot(series, indicator.unit_words(lang), lang, site.holidays[lang])
