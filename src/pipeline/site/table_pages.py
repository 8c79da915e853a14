"""The page of each table of the latest release: downloads, plots, preview, dictionary, changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.releases.workbook import sheet_title
from pipeline.site import json_ld
from pipeline.site.indicator_pages import PLOTS, drawing
from pipeline.site.published_release import page_name
from pipeline.site.region_comparison import DRAWN, Comparison, comparisons
from pipeline.site.release_pages import CHANGED
from pipeline.site.render import SiteFile, render
from pipeline.site.site_data import Site
from pipeline.site.stacked_bars import rows_of_parts, stacked_bars
from pipeline.statistics.catalog.entries import Dataset
from pipeline.tables import Table
from pipeline.tables.wording import Lang, in_language

_PREVIEW = 10
"""Rows of a table that its page shows."""
_FIGURES = ("obs_value", "value", "text", "quantity_id")
"""Columns that are links to the sentence of their row."""
_CHANGED = f"""
    SELECT * FROM changes
    QUALIFY row_number() OVER (PARTITION BY "table" ORDER BY key, "column") <= {CHANGED}
    ORDER BY "table", key, "column"
"""
_STATED = """
    SELECT o.document_id AS stated_by, o.indicator, o.ref_area, o.time_period,
           m.quantity_id, m.document_id AS stands_in, m.quantity_id = o.quantity_id AS "first"
    FROM site.mentioned o JOIN numerals m ON m.quantity_id = o.mention
    WHERE list_contains($1, o.document_id) OR list_contains($1, m.document_id)
    ORDER BY m.document_id, m.start, o.indicator, o.ref_area, o.time_period
"""
"""The figures that documents state, and those of their observations that are in another document."""
_SPAN = "SELECT '{0}' AS name, min(time_period) AS first, max(time_period) AS last FROM \"{0}\""

Links = Mapping[tuple[int, str], str]
"""Links of cells to sentences, by number of row and name of column."""


def pages(site: Site, queries: Queries) -> Iterator[SiteFile]:
    """The pages of all tables: of the datasets, and of those that are in every release."""
    tables = {page_name(name): table for name, table in site.latest.tables.items()}
    declared = site.catalog.datasets
    rows = {name: queries.all(f'SELECT * FROM "{name}" LIMIT {_PREVIEW}') for name in tables}
    parts = {name: rows_of_parts(declared.get(name), table.names, queries) for name, table in tables.items()}
    stated = _stated([*rows.values(), *parts.values()], queries)
    changed: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in queries.each(_CHANGED):
        changed[row["table"]].append(row)
    dated = [_SPAN.format(name) for name, table in tables.items() if table.dataset]
    spans = {row["name"]: row for row in queries.all(" UNION ALL ".join(dated))} if dated else {}
    for name, table in tables.items():
        yield from _page(
            site,
            table,
            parts[name],
            _links(declared.get(name), parts[name], stated),
            rows=rows[name],
            links=_links(declared.get(name), rows[name], stated),
            changed=changed.get(name, []),
            span=spans.get(name, {"first": None}),
        )


def _page(
    site: Site, table: Table, parts: Sequence[Mapping[str, Any]], part_links: Links, **context: Any
) -> Iterator[SiteFile]:
    latest, indicators, span = site.latest, site.indicators_of(table.name), context["span"]
    files = [f for f in (latest.file(f"data/{table.name}.{kind}") for kind in ("csv", "parquet")) if f]
    plotted = [(i, _by_region(comparisons(i.series)[0])) for i in indicators if i.series]
    plotted.sort(
        key=lambda item: (-sum(s.new_points for s in item[1].series), -len(item[1].series), item[0].id)
    )
    sheet = sheet_title(table)

    def by_language(lang: Lang) -> Mapping[str, Any]:
        drawn = ((i, c, plot) for i, c in plotted if (plot := drawing(site, i, c, lang)))
        return {
            "plots": list(islice(drawn, PLOTS)),
            "stacked": stacked_bars(site.catalog.datasets.get(table.name), parts, part_links, lang),
            "linked_data": json_ld.dataset(
                site, table, (span["first"], span["last"]) if span["first"] else None, lang
            ),
        }

    return render(
        f"datasets/{table.name}.html",
        "dataset.html",
        site,
        by_language,
        table=table,
        indicators=indicators,
        files=files,
        book=latest.file("wenshu.xlsx"),
        changes=[c for c in latest.change_counts if c[0] == table.name],
        sheet=in_language(sheet, latest.publication.language) if sheet else None,
        decided={one.correction.decision_id: one.correction for one in site.corrections},
        **context,
    )


def _by_region(compared: Comparison) -> Comparison:
    """Its first regions in the order of codes: so a region has one colour in all plots of a page."""
    return replace(compared, series=tuple(sorted(compared.series[:DRAWN], key=lambda s: s.area or "")))


def _stated(
    previews: Sequence[Sequence[Mapping[str, Any]]], queries: Queries
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """By document of the rows: the figures that it states, and those of its observations in another."""
    shown = {row["document_id"] for rows in previews for row in rows if row.get("document_id")}
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in queries.each(_STATED, sorted(shown)):
        for name in {row["stated_by"], row["stands_in"]}:
            found[name].append(row)
    return found


def _links(
    declared: Dataset | None,
    rows: Sequence[Mapping[str, Any]],
    stated_by: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Links:
    """The links of the figures of some rows: the document's page and the mark in it."""
    indicators = {column.name: column.indicator for column in declared.columns} if declared else {}
    found: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows):
        stated = stated_by.get(row.get("document_id") or "", ())
        links = {
            one["quantity_id"]: f"{page_name(one['stands_in'])}.html#{one['quantity_id']}" for one in stated
        }
        if any(one["stands_in"] == row["document_id"] for one in stated):
            found[number, "document_id"] = f"{page_name(row['document_id'])}.html"
        if row.get("quantity_id") in links:
            found |= dict.fromkeys(((number, name) for name in _FIGURES), links[row["quantity_id"]])
        here = [one for one in stated if all(one[at] == row.get(at) for at in ("ref_area", "time_period"))]
        by_indicator = {one["indicator"]: links[one["quantity_id"]] for one in here if one["first"]}
        for name, indicator in indicators.items():
            if indicator in by_indicator and row.get(name) is not None:
                found[number, name] = by_indicator[indicator]
    return found
