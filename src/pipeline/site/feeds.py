"""Files for programs: feeds, a site map, the latest release, the page in place of one that is gone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from pipeline.site.correction_list import ListedCorrection
from pipeline.site.published_release import PublishedRelease
from pipeline.site.render import SiteFile, path_in, release_path, render
from pipeline.site.site_data import Site
from pipeline.tables import wording
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang, in_language
from pipeline.web.escaping import flat

FEED = 50
"""Releases or corrections that a feed has: the newest."""
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


class FeedEntry(NamedTuple):
    """An entry of a feed. key: identifies it. page: its link, from the language's pages."""

    key: str
    title: str
    day: str
    page: str
    text: str


def feeds(site: Site, kept: Sequence[PublishedRelease]) -> Iterator[SiteFile]:
    """The feeds, 404.html and release.js. kept: the releases in the store, the newest first."""
    releases, corrections = kept[:FEED], site.corrections[:FEED]
    yield from _feed(site, "releases.atom", lambda lang: [_release(one, lang) for one in releases])
    yield from _feed(site, "corrections.atom", lambda lang: [_correction(one, lang) for one in corrections])
    yield from render("404.html", "404.html", site, at=site.look.path)
    latest = json.dumps({"version": site.latest.version, "date": site.latest.date.isoformat()})
    yield SiteFile("release.js", f"window.wenshuRelease={latest};\n")


def site_map(site: Site, paths: Iterable[str]) -> Iterator[SiteFile]:
    """The map of all pages, and robots.txt with its address; nothing without `base_url`."""
    if base := site.look.base_url:
        shown = (path for path in sorted(paths) if path.endswith(".html") and not path.endswith("404.html"))
        urls = "".join(f"<url><loc>{escape(f'{base}/{path}')}</loc></url>\n" for path in shown)
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        yield SiteFile("sitemap.xml", f'{_XML}<urlset xmlns="{namespace}">\n{urls}</urlset>\n')
        yield SiteFile("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n")


def _release(one: PublishedRelease, lang: Lang) -> FeedEntry:
    title = f"{'发布' if lang == 'zh' else 'Release'} {one.version}"
    text = in_language(one.verdict, lang)
    return FeedEntry(one.sums, title, one.date.isoformat(), release_path(one.version), text)


def _correction(one: ListedCorrection, lang: Lang) -> FeedEntry:
    made = one.correction
    named = " ".join(filter(None, (one.area, one.period, flat(one.text)))) or one.target
    title = f"{in_language(code_name('action', made.action), lang)}: {named}"
    if made.action == "correct":
        title = f"{wording.correction_summary(made, lang)} ({named})"
    text = f"{made.reason} ({made.officer}, {made.date})"
    page = f"corrections.html#{made.decision_id}"
    return FeedEntry(made.decision_id, title, made.date.isoformat(), page, text)


def _feed(site: Site, name: str, entries_in: Callable[[Lang], list[FeedEntry]]) -> Iterator[SiteFile]:
    base = site.look.base_url
    namespace = base or f"wenshu:{site.latest.creator}"

    def by_language(lang: Lang) -> Mapping[str, Any]:
        path, entries = path_in(lang, name), entries_in(lang)
        return {
            "entries": entries,
            "updated": max((entry.day for entry in entries), default=site.latest.date.isoformat()),
            "place": f"{base}/{path.removesuffix(name)}" if base else "",
            "id": lambda key: uuid.uuid5(uuid.NAMESPACE_URL, f"{namespace}/{path}{key}").urn,
        }

    return render(name, "feed.xml", site, by_language, name=name)
