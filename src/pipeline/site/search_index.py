"""The index of the search: a script of data for each language, which pages fetch when someone searches.

The matching is done by `site.js`: words as they are written, then pairs of characters; a region's name
in the query chooses its figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.site.observed_series import IndicatorFigures, ObservedPoint, Series
from pipeline.site.other_statistics import StatisticGroup
from pipeline.site.render import SiteFile, link, path_in
from pipeline.site.site_data import Site
from pipeline.tables import wording
from pipeline.tables.wording import LANGS, Lang

NAME = "search.js"
REGIONS = 40
"""Regions of an indicator whose latest figure a search shows: those of the newest figures."""

LatestFigures = list[tuple[Series, ObservedPoint]]


def latest_figures(indicator: IndicatorFigures) -> LatestFigures:
    """The newest figure of every region, the newest first."""
    found: dict[str | None, tuple[Series, ObservedPoint]] = {}
    for series in indicator.series:
        other = found.get(series.area)
        if other is None or series.last.at > other[1].at:
            found[series.area] = (series, series.last)
    return sorted(found.values(), key=lambda item: (-item[1].at, item[0].area or "~"))[:REGIONS]


def files(
    site: Site, figures: Mapping[str, LatestFigures], groups: Sequence[StatisticGroup]
) -> Iterator[SiteFile]:
    """The scripts. figures: by indicator, those that have figures. groups: statistics of no indicator."""
    for lang in LANGS:
        index = {
            "regions": [_region(site, code, lang) for code in site.regions],
            "entries": [
                *(
                    _indicator(site, one, figures[one.id], lang)
                    for one in site.indicators
                    if one.id in figures
                ),
                *_datasets(site, lang),
                *(_group(site, group, lang) for group in groups),
            ],
        }
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        yield SiteFile(path_in(lang, NAME), f"window.wenshuSearch={text};\n")


def _region(site: Site, code: str, lang: Lang) -> list[Any]:
    """The code of a region, its name, the names in queries, and how many figures there are of it."""
    full_name = wording.region_name(code, site.areas, lang)
    name = site.areas.name(code) if code in site.areas else full_name
    stem = name[:-1] if len(name) > 2 and name[-1] in "省市区县旗" else name
    names = sorted(dict.fromkeys((name, stem, full_name)), key=len, reverse=True)
    return [code, full_name, names, site.regions[code]]


def _indicator(site: Site, indicator: IndicatorFigures, figures: LatestFigures, lang: Lang) -> list[Any]:
    """Its page, its title, the words by which it is found, its latest figures by region, its dataset."""
    tables = [site.latest.tables[name].title for name in indicator.datasets if name in site.latest.tables]
    unit = indicator.unit_words(lang)
    words = [
        *indicator.title, *_words(site, indicator), *indicator.definition,
        *(title for both in tables for title in both),
    ]  # fmt: skip
    return [
        f"indicators/{indicator.id}.html",
        wording.in_language(indicator.title, lang),
        " ".join([*dict.fromkeys(words), indicator.id]).lower(),
        [_figure(site, s.area, p.period, p, unit, link(p), lang) for s, p in figures],
        wording.in_language(tables[0], lang) if tables else "",
    ]


def _figure(
    site: Site, area: str | None, period: str | None, figure: Any, unit: str, href: str, lang: Lang
) -> list[str]:
    """A figure: region, value with unit, period, and the link to its sentence."""
    text = " ".join(wording.number_and_unit(figure.value, figure.low, figure.high, unit, lang)).strip()
    when = (site.holidays[lang].get(period) or wording.format_period(period, lang)) if period else ""
    return [area or "", text, when, href]


def _words(site: Site, indicator: IndicatorFigures) -> Iterator[str]:
    """The words that texts have for it: the names of its concept, and those of its states."""
    if declared := site.catalog.indicators.get(indicator.id):
        concept = site.catalog.concepts.concepts[declared.concept]
        yield from (*concept.names, concept.en, *declared.states)


def _group(site: Site, group: StatisticGroup, lang: Lang) -> list[Any]:
    """A group of statistics, as `_indicator`."""
    page, concept = f"{group.page}#{group.anchor}", group.concept
    figures = [
        _figure(
            site, s.row["ref_area"], s.row["time_period"], s, s.unit(lang),
            s.link if s.link and s.link.startswith("documents/") else page, lang,
        )
        for s in group.newest
    ]  # fmt: skip
    names = (group.name, *((concept.zh, concept.en, *concept.also) if concept else ()))
    kind = "其他统计值" if lang == "zh" else "other statistics"
    return [page, group.title(lang), " ".join(names).lower(), figures, kind]


def _datasets(site: Site, lang: Lang) -> Iterator[list[Any]]:
    for table in site.datasets:
        if site.latest.rows[table.name]:
            words = " ".join([*table.title, *table.description, table.name]).lower()
            title = wording.in_language(table.title, lang)
            kind = "数据集" if lang == "zh" else "dataset"
            yield [f"datasets/{table.name}.html", title, words, [], kind]
