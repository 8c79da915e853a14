"""What a search looks through: a script of data for each language, which pages fetch when someone searches.

The matching is done by `site.js`: words as they are written, then pairs of characters; a region's name
in what is asked chooses its figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.site.contents import Site
from pipeline.site.render import Page, in_both
from pipeline.site.series import Indicator, Observed, Series
from pipeline.site.unclaimed import Group
from pipeline.tables import wording
from pipeline.tables.wording import LANGS, Lang

NAME = "search.js"
REGIONS = 40
"""Regions of an indicator whose latest figure a search shows: those of the newest figures."""


def latest(one: Indicator) -> list[tuple[Series, Observed]]:
    """The newest figure of every region, the newest first."""
    found: dict[str | None, tuple[Series, Observed]] = {}
    for series in one.series:
        known = found.get(series.area)
        if known is None or series.last.at > known[1].at:
            found[series.area] = (series, series.last)
    return sorted(found.values(), key=lambda item: (-item[1].at, item[0].area or "~"))[:REGIONS]


def index(
    site: Site, newest: Mapping[str, list[tuple[Series, Observed]]], others: Sequence[Group]
) -> Iterator[Page]:
    """The scripts. newest: what `latest` gives of each indicator with figures. others: beside them."""
    for path, lang in zip(in_both(NAME), LANGS, strict=True):
        said = {
            "regions": [_region(site, r.code, r.count, lang) for r in site.regions],
            "entries": [
                *(_indicator(site, one, newest[one.id], lang) for one in site.indicators if one.id in newest),
                *_datasets(site, lang),
                *(_group(site, group, lang) for group in others),
            ],
        }
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        yield Page(path, f"window.wenshuSearch={text};\n")


def _region(site: Site, code: str, count: int, lang: Lang) -> list[Any]:
    """Code, name, the words that it goes by, and how many figures there are of it."""
    name = wording.region(code, site.areas, lang)
    own = site.areas.name(code) if code in site.areas else name
    stem = own[:-1] if len(own) > 2 and own[-1] in "省市区县旗" else own
    return [code, name, sorted({own, stem, name}, key=len, reverse=True), count]


def _indicator(site: Site, one: Indicator, newest: list[tuple[Series, Observed]], lang: Lang) -> list[Any]:
    """Where it is, its title, what it may be found by, its latest figures by region, its dataset."""
    spoken = [*_spoken(site, one)]
    tables = [site.latest.tables[name].title for name in one.datasets if name in site.latest.tables]
    unit = one.unit_words(lang)
    figures = [
        _figure(site, s.area, p.period, p, unit, f"documents/{p.document}.html#{p.quantity}", lang)
        for s, p in newest
    ]
    known = [*one.title, *spoken, *one.definition, *(title for both in tables for title in both)]
    title = wording.in_language(one.title, lang)
    about = wording.in_language(tables[0], lang) if tables else ""
    return [
        f"indicators/{one.id}.html",
        title,
        " ".join([*dict.fromkeys(known), one.id]).lower(),
        figures,
        about,
    ]


def _figure(
    site: Site, area: str | None, period: str | None, stated: Any, unit: str, place: str, lang: Lang
) -> list[str]:
    """A figure: region, what is stated, when, and where its sentence is."""
    said = " ".join(wording.stated(stated.value, stated.low, stated.high, unit, lang)).strip()
    when = (site.holidays[lang].get(period) or wording.period(period, lang)) if period else ""
    return [area or "", said, when, place]


def _spoken(site: Site, one: Indicator) -> Iterator[str]:
    """The words that texts have for it: the names of its concept, and those of its states."""
    if declared := site.catalog.indicators.get(one.id):
        concept = site.catalog.concepts.concepts[declared.concept]
        yield from (*concept.names, concept.en, *declared.states)


def _group(site: Site, group: Group, lang: Lang) -> list[Any]:
    """A concept whose statistics no indicator takes, as `_indicator`."""
    place, known = f"{group.page}#{group.anchor}", group.concept
    figures = [
        _figure(
            site, s.figure["ref_area"], s.figure["time_period"], s, s.unit(lang),
            s.link if s.link and s.link.startswith("documents/") else place, lang,
        )
        for s in group.newest
    ]  # fmt: skip
    names = (group.name, *((known.zh, known.en, *known.also) if known else ()))
    about = "其他统计值" if lang == "zh" else "other statistics"
    return [place, group.title(lang), " ".join(names).lower(), figures, about]


def _datasets(site: Site, lang: Lang) -> Iterator[list[Any]]:
    for table in site.datasets:
        if site.latest.rows[table.name]:
            words = " ".join([*table.title, *table.description, table.name]).lower()
            title = wording.in_language(table.title, lang)
            kind = "数据集" if lang == "zh" else "dataset"
            yield [f"datasets/{table.name}.html", title, words, [], kind]
