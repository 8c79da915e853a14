"""The page of each table of the latest release: how to have it, what is in it, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from pipeline.releases.queries import Queries
from pipeline.releases.workbook import sheet_title
from pipeline.site import structured
from pipeline.site.comparing import DRAWN, Comparison, comparisons
from pipeline.site.contents import Site
from pipeline.site.pages import CHANGED, PLOTS, drawing
from pipeline.site.published import page_name
from pipeline.site.render import Page, render
from pipeline.site.stacked_bars import ROWS, stacks, titles
from pipeline.tables import Table
from pipeline.tables.wording import Lang, in_language

Row = Mapping[str, Any]

_PREVIEW = 10
"""Rows of a table that its page shows."""
_FIGURES = ("obs_value", "value", "text", "quantity_id")
"""Columns that lead to the sentence of their row."""
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
"""The figures that documents state, and those of their observations that stand in another."""
_SPAN = "SELECT '{0}' AS name, min(time_period) AS first, max(time_period) AS last FROM \"{0}\""


def tables(site: Site, ask: Queries) -> Iterator[Page]:
    """Every table of the latest release: the datasets, and those that are in every release."""
    names = {page_name(name): one for name, one in site.latest.tables.items()}
    rows = {name: ask.all(f'SELECT * FROM "{name}" LIMIT {_PREVIEW}') for name in names}
    parts = {name: ask.all(sql) for name, sql in _of_parts(site, names) if rows[name]}
    stated = _stated([*rows.values(), *parts.values()], ask)
    changed: dict[str, list[Row]] = defaultdict(list)
    for row in ask.each(_CHANGED):
        changed[row["table"]].append(row)
    dated = [_SPAN.format(name) for name, one in names.items() if one.dataset]
    spans = {row["name"]: row for row in ask.all(" UNION ALL ".join(dated))} if dated else {}
    for name, one in names.items():
        said = {
            "rows": rows[name],
            "links": _links(site, one, rows[name], stated),
            "parts": parts.get(name, ()),
            "part_links": _links(site, one, parts.get(name, ()), stated),
            "changed": changed.get(name, []),
            "span": spans.get(name, {"first": None}),
        }
        yield from _table(site, one, said)


def _by_region(one: Comparison) -> Comparison:
    """Its foremost regions in the order of codes: so a region has one colour in all plots of a page."""
    return replace(one, series=tuple(sorted(one.series[:DRAWN], key=lambda s: s.area or "")))


def _table(site: Site, one: Table, said: Mapping[str, Any]) -> Iterator[Page]:
    latest, inside = site.latest, site.of(one.name)
    files = [f for f in (latest.file(f"data/{one.name}.{kind}") for kind in ("csv", "parquet")) if f]
    first = [(i, _by_region(comparisons(i.series)[0])) for i in inside if i.series]
    first.sort(key=lambda item: (-sum(s.news for s in item[1].series), -len(item[1].series), item[0].id))
    span = (said["span"]["first"], said["span"]["last"]) if said["span"]["first"] else None

    def spoken(lang: Lang) -> Mapping[str, Any]:
        drawn = ((i, c, p) for i, c in first if (p := drawing(site, i, c, lang)))
        return {
            "plots": list(islice(drawn, PLOTS)),
            "stacked": _stacked(site, one, said, lang),
            "linked_data": structured.dataset(site, one, span, lang),
        }

    return render(
        f"datasets/{one.name}.html", "dataset.html", site, spoken,
        table=one, inside=inside, files=files, book=latest.file("wenshu.xlsx"),
        changes=[c for c in latest.counts if c[0] == one.name], sheet=_sheet(site, one),
        decided={one.correction.decision_id: one.correction for one in site.corrections}, **said,
    )  # fmt: skip


def _sheet(site: Site, one: Table) -> str | None:
    """The sheet of the workbook that has the table, as the workbook calls it; None where none has."""
    title = sheet_title(one)
    return in_language(title, site.latest.publication.language) if title else None


def _stacked(site: Site, one: Table, said: Mapping[str, Any], lang: Lang) -> Mapping[str, Any] | None:
    """The bars of a dataset that says which of its columns are parts of which."""
    declared = site.catalog.datasets.get(one.name)
    if not declared or not declared.residual or not said["parts"]:
        return None
    whole, parts = titles(declared, lang)
    made = list(stacks(declared, said["parts"], said["part_links"], lang))
    return {"whole": whole, "parts": parts, "stacks": made}


def _of_parts(site: Site, names: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    """For each dataset whose parts make up a whole, the question for the rows that are drawn."""
    for name in names:
        declared = site.catalog.datasets.get(name)
        wanted = declared and declared.residual and {declared.residual.whole, *declared.residual.parts}
        if declared and declared.residual and wanted and wanted <= set(names[name].names):
            yield name, ROWS.format(name, declared.residual.whole)


def _stated(previews: Sequence[Sequence[Row]], ask: Queries) -> Mapping[str, Sequence[Row]]:
    """By document of the rows: what it states, and what its observations have from another."""
    shown = {row["document_id"] for rows in previews for row in rows if row.get("document_id")}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in ask.each(_STATED, sorted(shown)):
        for name in {row["stated_by"], row["stands_in"]}:
            found[name].append(row)
    return found


def _links(
    site: Site, one: Table, rows: Sequence[Row], stated_by: Mapping[str, Sequence[Row]]
) -> dict[tuple[int, str], str]:
    """Where the figures of a preview lead: by row and column, the document's page and the mark in it."""
    declared = site.catalog.datasets.get(one.name)
    wide = {column.name: column.indicator for column in declared.columns} if declared else {}
    found: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows):
        stated = stated_by.get(row.get("document_id") or "", ())
        places = {
            one["quantity_id"]: f"{page_name(one['stands_in'])}.html#{one['quantity_id']}" for one in stated
        }
        if any(one["stands_in"] == row["document_id"] for one in stated):
            found[number, "document_id"] = f"{page_name(row['document_id'])}.html"
        if row.get("quantity_id") in places:
            found |= dict.fromkeys(((number, name) for name in _FIGURES), places[row["quantity_id"]])
        here = [one for one in stated if all(one[at] == row.get(at) for at in ("ref_area", "time_period"))]
        mention = {one["indicator"]: places[one["quantity_id"]] for one in here if one["first"]}
        found |= {
            (number, name): mention[indicator]
            for name, indicator in wide.items()
            if indicator in mention and row.get(name) is not None
        }
    return found
