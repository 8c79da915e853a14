"""Pages out of templates.

What is released is text from anywhere. Templates escape everything, the content security
policy admits the site's own style and script and nothing else, and a name becomes part of
a path only after `page_name` has looked at it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from pipeline.report.passages import visible
from pipeline.report.words import word
from pipeline.site import wording
from pipeline.site.assets import asset_name
from pipeline.site.passages import around
from pipeline.site.plots import spark
from pipeline.site.published import page_name
from pipeline.site.wording import LANGS, Lang

if TYPE_CHECKING:
    from pipeline.site.pages import Site
    from pipeline.site.series import Point


class Page(NamedTuple):
    """A page: its path below output/site/, and what is in it."""

    path: str
    text: str


def in_both(path: str) -> tuple[str, ...]:
    """The paths of a page in every language."""
    return tuple(_inside(path, lang) for lang in LANGS)


def render(path: str, template: str, lang: Lang, site: Site, **said: Any) -> Page:
    """A page of one language.

    In a template `base` leads to the language's pages, `root` to the files of none.
    """
    base = "../" * path.count("/")
    root, other = (base, f"{base}en/{path}") if lang == "zh" else (f"../{base}", f"../{base}{path}")
    text = _template(template, lang).render(
        base=base, root=root, other=other, site=site, latest=site.latest,
        region=partial(wording.region, areas=site.areas, lang=lang), **said,
    )  # fmt: skip
    return Page(_inside(path, lang), text)


def link(point: Point) -> str:
    """Where the sentence of a point is, from the language's pages."""
    return f"documents/{page_name(point.document)}.html#{point.quantity}"


def version_page(name: str) -> str:
    """Where the page of a release is, from the language's pages."""
    return f"versions/{page_name(name.replace('.', '-'))}.html"


def _inside(path: str, lang: Lang) -> str:
    return path if lang == "zh" else f"{lang}/{path}"


class _Choose(NodeTransformer):
    """Leaves of every t(zh, en) in a template what is said in one language."""

    def __init__(self, lang: Lang) -> None:
        self._place = LANGS.index(lang)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        super().generic_visit(node, *args, **kwargs)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "t":
            return node.args[self._place]
        return node


class _Environment(Environment):
    """Compiles templates for one language: what is known by then need not be asked page by page."""

    lang: Lang

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(_Choose(self.lang).visit(source), *args, **kwargs)


@cache
def _template(name: str, lang: Lang) -> Template:
    return _environment(lang).get_template(name)


@cache
def _environment(lang: Lang) -> Environment:
    environment = _Environment(
        loader=PackageLoader("pipeline.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.lang = lang
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
    environment.globals.update(
        spark=spark,
        asset=asset_name,
        link=link,
        version_page=version_page,
        w=lambda vocabulary, value: wording.said(word(vocabulary, value), lang),
        unit=lambda code: wording.unit(code, lang),
        figure=lambda p: wording.interval(p.value, p.low, p.high, wording.exact),
        figure_of=lambda f: wording.interval(f["value"], f["value_low"], f["value_high"], wording.exact),
        short=lambda p: wording.interval(p.value, p.low, p.high, partial(wording.compact, lang=lang)),
        period=lambda code: wording.period(code, lang) if code else "—",
        span_words=lambda name: wording.span_words(name, lang),
        said=lambda words: wording.said(words, lang),
    )
    return environment


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
