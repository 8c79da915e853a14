"""What each page of the site tells; all of them in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.site import wording
from pipeline.site.passages import Document
from pipeline.site.plots import plot
from pipeline.site.published import Published, Queries, page_name
from pipeline.site.recipes import recipes
from pipeline.site.render import render
from pipeline.site.series import Indicator, Point, Series
from pipeline.site.wording import LANGS, Lang
from pipeline.statistics.areas import Areas
from pipeline.statistics.catalog import Catalog
from pipeline.tables import Table

_PREVIEW = 10
"""Rows of a table that its page shows."""
_CHANGES = 40
"""Changed cells that a page shows; changes.csv has all of them."""
_INNER = ("documents", "quantities", "numerals", "relations", "issues")
"""Tables whose changed rows a release's page only counts: they show again in the figures made of them."""
_PLOTS = 12
_NEWEST = 8
_FIGURES = ("obs_value", "value", "text", "quantity_id")
"""Columns that lead to the sentence of their row."""
_ROWS = 500
"""Rows of the table behind an indicator's plots."""

_STATED = """
    SELECT o.indicator, o.ref_area, o.time_period, m.quantity_id, m.document_id AS stands_in,
           m.quantity_id = o.quantity_id AS "first"
    FROM (SELECT *, unnest(string_split(quantity_ids, ' ')) AS mention FROM observations) o
    JOIN numerals m ON m.quantity_id = o.mention
    WHERE o.document_id = ? OR m.document_id = ?
"""
"""The figures that a document states, and those of its observations that stand in another."""
_SPAN = 'SELECT min(time_period) AS first, max(time_period) AS last FROM "{}"'


class Page(NamedTuple):
    """A page: its path below output/site/, and what is in it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page may tell of."""

    latest: Published
    releases: Sequence[Published]
    """Those on the shelf, the newest first."""
    pruned: Sequence[Mapping[str, Any]]
    """Entries of the index whose release is gone, the newest first."""
    catalog: Catalog
    indicators: Sequence[Indicator]
    """Those with figures and those without, in the order of ids; of each its longest series only."""

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


def home(site: Site, ask: Queries) -> Iterator[Page]:
    """The front page: search, the latest release, the datasets, the newest figures."""
    points = [max(((i, s, p) for s, p in i.points), key=_recent) for i in site.indicators if i.series]
    by_sentence: dict[str, tuple[Indicator, Series, Point]] = {}
    for item in sorted(points, key=_recent, reverse=True):
        by_sentence.setdefault(item[2].quote, item)
    newest = list(by_sentence.values())[:_NEWEST]
    for lang in LANGS:
        yield _page(
            "index.html", "home.html", lang, site,
            newest=newest, search=_search(site, lang), numbers=_numbers(site),
            downloads=[f for f in site.latest.files if f.path == "wenshu.xlsx"],
        )  # fmt: skip


def listing(site: Site) -> Iterator[Page]:
    """Every indicator of the catalog, by dataset."""
    groups = [(table, site.of(table.name)) for table in site.datasets]
    known = {i.id for _, inside in groups for i in inside}
    rest = [i for i in site.indicators if i.count and i.id not in known]
    empty = [i for i in site.indicators if not i.count]
    for lang in LANGS:
        yield _page("indicators.html", "indicators.html", lang, site, groups=groups, rest=rest, empty=empty)


def indicator(site: Site, one: Indicator) -> Iterator[Page]:
    """An indicator: its definition, its plots, the figures behind them, its CSV."""
    name = page_name(one.id)
    rows = [(s, p) for s in one.series for p in reversed(s.points)]
    for lang in LANGS:
        yield _page(
            f"indicators/{name}.html", "indicator.html", lang, site,
            indicator=one, plots=[(s, plot(s, lang)) for s in one.series[:_PLOTS]],
            rows=rows[:_ROWS], more=len(one.series) - _PLOTS,
        )  # fmt: skip


def table(site: Site, one: Table, ask: Queries) -> Iterator[Page]:
    """A table of the latest release: a dataset, or one of those that are in every release."""
    latest, name = site.latest, page_name(one.name)
    inside = site.of(name)
    rows = ask.all(f'SELECT * FROM "{name}" LIMIT {_PREVIEW}')
    changed = ask.all(
        f'SELECT * FROM changes WHERE "table" = ? ORDER BY key, "column" LIMIT {_CHANGES}', name
    )
    files = [f for f in (latest.file(f"data/{name}.{kind}") for kind in ("csv", "parquet")) if f]
    series = sorted(
        (s for i in inside for s in i.series), key=lambda s: (-s.news, -len(s.points), s.indicator)
    )
    span = ask.all(_SPAN.format(name))[0] if one.dataset else {"first": None}
    links = _links(site, one, rows, ask)
    for lang in LANGS:
        drawn = [(s, p) for s in series if (p := plot(s, lang))][:_PLOTS]
        yield _page(
            f"datasets/{name}.html", "dataset.html", lang, site,
            table=one, inside=inside, titles={i.id: i for i in inside}, plots=drawn, files=files,
            book=latest.file("wenshu.xlsx"), rows=rows, links=links, changed=changed,
            changes=[c for c in latest.changes if c.table == name], span=span,
            recipes=recipes(one, latest.version, lang),
        )  # fmt: skip


def version(site: Site, one: Published) -> Iterator[Page]:
    """A release: what changed and why, every file with its size and digest."""
    with one.opened() as ask:
        changed = ask.all(
            f'SELECT * FROM changes WHERE "table" NOT IN {_INNER} '
            f'ORDER BY "change" DESC, "table", key, "column" LIMIT {_CHANGES}'
        )
    for lang in LANGS:
        yield _page(
            f"versions/{page_name(one.version.replace('.', '-'))}.html", "version.html", lang, site,
            release=one, changes=one.changes, changed=changed,
        )  # fmt: skip


def document(site: Site, one: Document) -> Iterator[Page]:
    """The sentences of a document in which its figures stand, each figure marked."""
    name = page_name(one.about["document_id"])
    titles = {i.id: i.title for i in site.indicators}
    url = one.about["url"] or ""
    full = f"validation/sources/{name}.html"
    for lang in LANGS:
        yield _page(
            f"documents/{name}.html", "document.html", lang, site,
            document=one, about=one.about, titles=titles,
            url=url if url.startswith(("https://", "http://")) else None,
            full=full if (site.latest.folder / full).is_file() else None,
        )  # fmt: skip


def _links(
    site: Site, one: Table, rows: Iterable[Mapping[str, Any]], ask: Queries
) -> dict[tuple[int, str], str]:
    """Where the figures of a preview lead: by row and column, the document's page and the mark in it."""
    declared = site.catalog.datasets.get(one.name)
    wide = {column.name: column.indicator for column in declared.columns} if declared else {}
    found: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows):
        if not row.get("document_id"):
            continue
        stated = ask.all(_STATED, row["document_id"], row["document_id"])
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


def _page(path: str, template: str, lang: Lang, site: Site, **said: Any) -> Page:
    return Page(*render(path, template, lang, site, **said))


def _recent(item: tuple[Indicator, Series, Point]) -> tuple[bool, str, float]:
    """By what the newest figures come first."""
    return item[2].new, item[2].issued or "", item[2].at


def _numbers(site: Site) -> dict[str, int]:
    rows = site.latest.rows
    regions = {s.area for i in site.indicators for s in i.series}
    return {
        "observations": rows.get("observations", 0),
        "indicators": sum(i.count > 0 for i in site.indicators),
        "regions": len(regions - {None}),
        "documents": rows.get("documents", 0),
    }


def _search(site: Site, lang: Lang) -> list[list[str]]:
    """What the front page's search looks through: id, title, and words it may be found by."""
    titles = {table.name: table.title for table in site.datasets}
    found = []
    for one in site.indicators:
        if one.count:
            words = [
                *one.title,
                *one.definition,
                *(w for d in one.datasets if d in titles for w in titles[d]),
            ]
            regions = {wording.region(s.area, site.areas, lang) for s in one.series}
            found.append(
                [one.id, wording.said(one.title, lang), " ".join([*words, *sorted(regions)]).lower()]
            )
    return found
