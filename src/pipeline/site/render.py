"""Pages from templates.

What is released is text from anywhere. Templates escape everything, the content security
policy admits the site's own style and script and nothing else, and a name becomes part of
a path only after `page_name` has checked it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from pipeline.errors import shortened
from pipeline.site.marked_sentences import excerpt
from pipeline.site.published_release import page_name
from pipeline.site.region_comparison import SHOWN
from pipeline.site.site_data import Site
from pipeline.tables import wording
from pipeline.tables.corrections import correction_of
from pipeline.tables.wording import LANGS, Lang
from pipeline.web.environment import asset, environment
from pipeline.web.escaping import visible
from pipeline.web.plots import spark
from pipeline.web.points import Point

ASSETS = ("site.css", "site.js", "icon.svg")


class SiteFile(NamedTuple):
    """A file of the site: its path below output/site/, and its content."""

    path: str
    text: str


@cache
def asset_file(name: str) -> SiteFile:
    """A style, script or drawing: a browser may keep it for ever, for another content has another name."""
    text, (stem, _, suffix) = asset("pipeline.site", name), name.rpartition(".")
    return SiteFile(f"assets/{stem}.{hashlib.sha256(text.encode()).hexdigest()[:10]}.{suffix}", text)


def path_in(lang: Lang, path: str) -> str:
    """The path of a page in a language, from its path below the language's pages."""
    return path if lang == "zh" else f"{lang}/{path}"


def in_both(path: str) -> tuple[str, ...]:
    """The paths of a page in every language."""
    return tuple(path_in(lang, path) for lang in LANGS)


def render(
    path: str, template: str, site: Site, by_language: Callable[[Lang], Mapping[str, Any]] = lambda _: {},
    *, at: str | None = None, **context: Any,
) -> Iterator[SiteFile]:  # fmt: skip
    """A page in every language. by_language: the context that depends on the language.

    at: the path of the site on its host, for a page that is shown in the place of any other.
    In a template `base` leads to the language's pages, `root` to the files without a language.
    """
    for lang, whole_path, other in zip(LANGS, in_both(path), reversed(in_both(path)), strict=True):
        root = "../" * whole_path.count("/") if at is None else at
        base = "../" * path.count("/") if at is None else at + whole_path.removesuffix(path)
        text = _environment(lang).get_template(template).render(
            base=base, root=root, other=root + other, site=site, latest=site.latest, path=path, lang=lang,
            address=f"{site.look.base_url}/{whole_path}" if site.look.base_url else None,
            when=partial(wording.period_with_holiday, names=site.holidays[lang], lang=lang),
            holiday=site.holidays[lang].get,
            region=partial(wording.region_name, areas=site.areas, lang=lang),
            leads=lambda point, base=base: base + link(point), **context, **by_language(lang),
        )  # fmt: skip
        yield SiteFile(whole_path, text)


def link(point: Point) -> str:
    """The link to the sentence of a point, from the language's pages."""
    return f"documents/{page_name(point.document)}.html#{point.quantity}"


def release_path(version: str) -> str:
    """The path of the page of a release, from the language's pages."""
    return f"versions/{page_name(version.replace('.', '-'))}.html"


@cache
def _environment(lang: Lang) -> Environment:
    made = environment("pipeline.site", lang)
    made.filters.update(
        clip=_clip,
        cell=_cell,
        key=_key,
        excerpt=excerpt,
        bib=_bib,
        correction=correction_of,
        xml=_xml,
    )
    made.globals.update(
        spark=spark,
        asset=lambda name: asset_file(name).path,
        link=link,
        release_path=release_path,
        stated=lambda p, unit: wording.number_and_unit(p.value, p.low, p.high, unit, lang),
        amended=partial(wording.correction_summary, lang=lang),
        SHOWN=SHOWN,
        figure_of=lambda f: wording.format_interval(f["value"], f["value_low"], f["value_high"]),
    )
    return made


def _clip(text: object, longest: int) -> Markup:
    """The text as HTML that shows it, cut where it is long."""
    return visible(shortened(str(text), longest))


def _cell(value: object) -> Markup:
    """A cell of a table, as exact as the release has it."""
    if value is None:
        return Markup("")
    return Markup(wording.format_number(value)) if isinstance(value, Decimal) else _clip(value, 90)


def _bib(text: str) -> str:
    """The text as BibTeX has it within braces."""
    return re.sub(r"([\\\\{}%&#$_~^])", lambda found: _BIB.get(found[0], "\\" + found[0]), text)


_BIB = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def _xml(text: str) -> str:
    """The text with blanks for control characters, which XML forbids."""
    return "".join(c if c.isprintable() else " " for c in text)


def _key(key: str) -> str:
    """The key of a changed row; of several columns, their cells with dots between."""
    try:
        cells = json.loads(key)
    except ValueError:
        return key
    if not isinstance(cells, list):
        return key
    return " · ".join("—" if cell is None else str(cell) for cell in cells)
