"""What programs ask a site for: feeds, a site map, this release, what stands for a page that is gone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from pipeline.site.contents import Site
from pipeline.site.corrections import Corrected
from pipeline.site.published import Published
from pipeline.site.render import Page, in_both, in_one, render, version_page
from pipeline.tables import wording
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import LANGS, Lang, in_language
from pipeline.web.escaping import flat

FEED = 50
"""Releases or corrections that a feed has: the newest."""
_NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""RFC 4122's namespace of URLs; what stands in for an address that nobody set is a name in it."""
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def machine(site: Site, releases: Sequence[Published]) -> Iterator[Page]:
    """Every such file. releases: those in the store, the newest first."""
    for lang in LANGS:
        yield _feed(site, "releases.atom", lang, [_release(one, lang) for one in releases[:FEED]])
        yield _feed(
            site, "corrections.atom", lang, [_correction(one, lang) for one in site.corrections[:FEED]]
        )
    yield from render("404.html", "404.html", site, at=site.look.path)
    said = json.dumps({"version": site.latest.version, "date": site.latest.date.isoformat()})
    yield Page("release.js", f"window.wenshuRelease={said};\n")


def site_map(site: Site, paths: Iterable[str]) -> Iterator[Page]:
    """The map of all pages, and where robots find it; nothing where nobody says where the site is read."""
    if base := site.look.base_url:
        shown = (path for path in sorted(paths) if path.endswith(".html") and not path.endswith("404.html"))
        places = "".join(f"<url><loc>{escape(f'{base}/{path}')}</loc></url>\n" for path in shown)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        yield Page("sitemap.xml", f'{_XML}<urlset xmlns="{space}">\n{places}</urlset>\n')
        yield Page("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n")


class _Entry(NamedTuple):
    """An entry of a feed. key: what names it. page: where it is told, from the language's pages."""

    key: str
    title: str
    day: str
    page: str
    text: str


def _release(one: Published, lang: Lang) -> _Entry:
    title = f"{'发布' if lang == 'zh' else 'Release'} {one.version}"
    return _Entry(
        one.sums, title, one.date.isoformat(), version_page(one.version), in_language(one.verdict, lang)
    )


def _correction(one: Corrected, lang: Lang) -> _Entry:
    found = one.correction
    named = " ".join(filter(None, (one.area, one.period, flat(one.text)))) or one.target
    title = f"{in_language(word('action', found.action), lang)}: {named}"
    if found.action == "correct":
        title = f"{wording.amended(found, lang)} ({named})"
    said = f"{found.reason} ({found.officer}, {found.date})"
    return _Entry(
        found.decision_id, title, found.date.isoformat(), f"corrections.html#{found.decision_id}", said
    )


def _feed(site: Site, name: str, lang: Lang, entries: Sequence[_Entry]) -> Page:
    path = in_both(name)[LANGS.index(lang)]
    space = site.look.base_url or f"wenshu:{site.latest.creator}"
    return in_one(
        name, "feed.xml", lang, site, name=name, entries=entries,
        updated=max((entry.day for entry in entries), default=site.latest.date.isoformat()),
        place=f"{site.look.base_url}/{path.removesuffix(name)}" if site.look.base_url else "",
        id=lambda key: uuid.uuid5(_NAMES, f"{space}/{path}{key}").urn,
    )  # fmt: skip
