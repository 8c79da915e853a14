"""Pages out of templates.

What is released is text from anywhere. Templates escape everything, the content security
policy admits the site's own style and script and nothing else, and a name becomes part of
a path only after `page_name` has looked at it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.passages import visible
from pipeline.report.words import word
from pipeline.site import wording
from pipeline.site.assets import asset_name
from pipeline.site.passages import around
from pipeline.site.plots import spark
from pipeline.site.published import page_name
from pipeline.site.series import Point
from pipeline.site.wording import Lang

if TYPE_CHECKING:
    from pipeline.site.pages import Site


def render(path: str, template: str, lang: Lang, site: Site, **said: Any) -> tuple[str, str]:
    """A page of one language: its path below output/site/, and what is in it.

    In a template `base` leads to the language's pages, `root` to the files of none.
    """
    depth = path.count("/")
    base = "../" * depth
    inside = path if lang == "zh" else f"en/{path}"
    root = base if lang == "zh" else base + "../"
    other = f"{root}en/{path}" if lang == "zh" else f"{root}{path}"

    def t(zh: object, en: object) -> object:
        return zh if lang == "zh" else en

    def w(vocabulary: str, value: str) -> str:
        return wording.said(word(vocabulary, value), lang)

    def link(point: Point) -> str:
        return f"{base}documents/{page_name(point.document)}.html#{point.quantity}"

    text = _environment().get_template(template).render(
        lang=lang, t=t, w=w, link=link, base=base, root=root, other=other, path=path, site=site,
        latest=site.latest, asset=asset_name,
        n=lambda value: wording.compact(Decimal(value), lang),
        unit=lambda code: wording.unit(code, lang),
        figure=lambda p: wording.interval(p.value, p.low, p.high, wording.exact),
        short=lambda p: wording.interval(p.value, p.low, p.high, lambda v: wording.compact(v, lang)),
        period=lambda code: wording.period(code, lang) if code else "—",
        region=lambda code: wording.region(code, site.areas, lang),
        span_words=lambda name: wording.span_words(name, lang),
        said=lambda words: wording.said(words, lang),
        figure_of=lambda f: wording.interval(f["value"], f["value_low"], f["value_high"], wording.exact),
        version_page=lambda name: f"{base}versions/{page_name(name.replace('.', '-'))}.html",
        **said,
    )  # fmt: skip
    return inside, text


def _clip(text: object, longest: int) -> Markup:
    """The text as HTML that shows it, its end left out where it is long."""
    whole = str(text)
    return visible(whole if len(whole) <= longest else whole[:longest] + "…")


def _cell(value: object) -> Markup:
    """A cell of a table, as exact as the release has it."""
    if value is None:
        return Markup("")
    return Markup(wording.exact(value)) if isinstance(value, Decimal) else _clip(value, 90)


def _grouped(count: int) -> str:
    return f"{count:,}"


def _key(key: str) -> str:
    """The key of a changed row; of several columns, their cells with dots between."""
    try:
        cells = json.loads(key)
    except ValueError:
        return key
    return (
        " · ".join("—" if cell is None else str(cell) for cell in cells) if isinstance(cells, list) else key
    )


def _flat(text: str) -> str:
    """Without line breaks, as a list has it."""
    return "".join(text.split())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.filters.update(
        v=visible,
        clip=_clip,
        cell=_cell,
        size=wording.size,
        exact_int=_grouped,
        flat=_flat,
        key=_key,
        around=around,
    )
    environment.globals.update(spark=spark)
    return environment
