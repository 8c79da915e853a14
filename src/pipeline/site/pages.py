"""What each page of the site tells; all of them in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.site import structured
from pipeline.site.comparing import DRAWN, Comparison, comparisons
from pipeline.site.contents import Site
from pipeline.site.draft import Unit
from pipeline.site.published import Published, page_name
from pipeline.site.render import Page, in_both, render, version_page
from pipeline.site.sentences import Document
from pipeline.site.series import Indicator, Observed, Series
from pipeline.tables import Words, wording
from pipeline.tables.wording import Lang
from pipeline.web.plots import Plot, overlaid

CHANGED = 40
"""Changed cells that a page shows; changes.csv has all of them."""
PLOTS = 12
"""Plots that a page has."""
_INNER = ("documents", "quantities", "numerals", "relations", "repeats", "issues")
"""Tables whose changed rows a release's page only counts: they show again in the figures made of them."""
_NEWEST = 8
_LABELLED = {"zh": "data/figures.csv", "en": "data/figures.en.csv"}
"""The figures with names in place of codes, as older releases do not have them."""
_REGIONS = 24
"""Regions that the front page has: those of most figures."""
RELEASES = 12
"""Releases that the front page has; another page has all of them."""
_ROWS = 500
"""Rows of the table behind an indicator's plots."""
_SHOWN = f"""
    SELECT * FROM changes WHERE "table" NOT IN {_INNER}
    ORDER BY "change" DESC, "table", key, "column" LIMIT {CHANGED}
"""


def home(site: Site, newest: Sequence[Published]) -> Iterator[Page]:
    """The front page: search, the latest release, the datasets, the newest figures.

    newest: releases in the store, those at least that the page lists.
    """
    points = [max(((i, s, p) for s, p in i.points), key=_recent) for i in site.indicators if i.series]
    by_sentence: dict[str, tuple[Indicator, Series, Observed]] = {}
    for item in sorted(points, key=_recent, reverse=True):
        by_sentence.setdefault(item[2].quote, item)
    figures = list(by_sentence.values())[:_NEWEST]
    verdicts = {one.version: one.verdict for one in newest}
    return render(
        "index.html", "home.html", site,
        lambda lang: {
            "linked_data": structured.catalog(site, lang),
            "downloads": [f for f in map(site.latest.file, ("wenshu.xlsx", _LABELLED[lang])) if f],
        },
        newest=figures, numbers=_numbers(site),
        verdicts=[verdicts.get(entry["version"], Words("", "")) for entry in site.entries[:RELEASES]],
        holding=[name for name, rows in site.latest.rows.items() if rows],
        most=sorted(site.regions, key=lambda r: (-r.count, r.code))[:_REGIONS],
    )  # fmt: skip


def listing(site: Site) -> Iterator[Page]:
    """Every indicator of the catalog, by dataset; and every release."""
    groups = [(table, site.of(table.name)) for table in site.datasets]
    known = {i.id for _, inside in groups for i in inside}
    rest = [i for i in site.indicators if i.count and i.id not in known]
    empty = [i for i in site.indicators if not i.count]
    titles = {one.id: one.title for one in site.indicators}
    yield from render("indicators.html", "indicators.html", site, groups=groups, rest=rest, empty=empty)
    yield from render("corrections.html", "corrections.html", site, titles=titles)
    for name in ("versions.html", "method.html", "search.html"):
        yield from render(name, name, site)


def indicator(site: Site, one: Indicator) -> Unit:
    """An indicator: its definition, its plots, the figures behind them."""
    path, tables = f"indicators/{page_name(one.id)}.html", site.latest.tables
    rows = [(s, p) for s in one.series for p in reversed(s.points)]
    rows.sort(key=lambda item: -item[1].at)

    def made() -> Iterator[Page]:
        compared = comparisons(one.series)
        return render(
            path, "indicator.html", site,
            lambda lang: {
                "plots": [(c, drawing(site, one, c, lang)) for c in compared[:PLOTS]],
                "linked_data": structured.indicator(site, one, lang),
            },
            indicator=one, rows=rows[:_ROWS], more=sum(len(c.series) for c in compared[PLOTS:]),
        )  # fmt: skip

    regions = [wording.region(s.area, site.areas, "zh") for s in one.series]
    placed = [s.area in site.places for s in one.series]
    inside = [(d, tables[d].title) for d in one.datasets if d in tables]
    return Unit(in_both(path), (site.frame, one, regions, placed, inside), made)


def drawing(site: Site, one: Indicator, compared: Comparison, lang: Lang) -> Plot | None:
    """The regions of a comparison on one scale; None where there are not two moments to show."""
    drawn = compared.series[:DRAWN]
    named = [wording.region(s.area, site.areas, lang) if len(drawn) > 1 else "" for s in drawn]
    strands = list(zip(named, (s.points for s in drawn), strict=True))
    return overlaid(strands, one.unit_words(lang), lang, site.holidays[lang])


def document(site: Site, one: Document) -> Unit:
    """The sentences of a document in which its figures stand, each figure marked."""
    name, url = f"{page_name(one.about['document_id'])}.html", one.about["url"] or ""
    path, full = f"documents/{name}", f"validation/sources/{name}" if name in site.full else None
    stated = one.indicators
    titles = {i.id: i.title for i in site.indicators if i.id in stated}

    def made() -> Iterator[Page]:
        return render(
            path, "document.html", site, about=one.about, sentences=one.sentences(), titles=titles,
            full=full, url=url if url.startswith(("https://", "http://")) else None,
        )  # fmt: skip

    rows = [tuple(row.values()) for row in one.numerals]
    region = wording.region(one.about["ref_area"], site.areas, "zh")
    return Unit(in_both(path), (site.frame, tuple(one.about.values()), rows, region, titles, full), made)


def version(site: Site, one: Published) -> Unit:
    """A release: what changed and why, every file with its size and digest."""
    path, latest = version_page(one.version), one.version == site.latest.version

    def made() -> Iterator[Page]:
        with one.opened("changes") as ask:
            changed = ask.all(_SHOWN)
        return render(
            path, "version.html", site, release=one, changes=one.counts, changed=changed, current=latest
        )

    size = one.database and one.database.stat().st_size
    return Unit(in_both(path), (site.frame, one.version, one.sums, size, latest), made)


def _recent(item: tuple[Indicator, Series, Observed]) -> tuple[bool, str, float]:
    """By what the newest figures come first."""
    return item[2].new, item[2].issued or "", item[2].at


def _numbers(site: Site) -> dict[str, int]:
    rows = site.latest.rows
    return {
        "observations": rows.get("observations", 0),
        "indicators": sum(i.count > 0 for i in site.indicators),
        "regions": len(site.regions),
        "documents": rows.get("documents", 0),
    }
