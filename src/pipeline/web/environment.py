"""Templates: one environment for each package, with the filters, words and macros that all pages share.

A package's own templates come first, then those of this one. Everything is escaped but in Markdown, and
an undefined name is an error.
"""

from __future__ import annotations

import json
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.tables import wording
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import Lang
from pipeline.web import frame_line
from pipeline.web.escaping import flat, visible


@cache
def environment(package: str, lang: Lang | None = None) -> Environment:
    """The templates of a package, from its folder templates/.

    lang: the language of every t(zh, en) of a template; None where pages hold both,
    and a switch.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("pipeline.web")]),
        autoescape=lambda name: not (name or "").endswith(".md"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters.update(
        v=visible,
        n=wording.format_number,
        typed=wording.format_typed,
        flat=flat,
        size=wording.format_size,
        change=_change,
    )
    made.globals.update(
        code_name=code_name, frame_parts=frame_line.frame_parts, DOUBTFUL=frame_line.DOUBTFUL,
        PREFIXES=frame_line.PREFIXES, figure=lambda p: wording.format_interval(p.value, p.low, p.high),
    )  # fmt: skip
    if lang:
        made.globals.update(_in_one_language(lang))
    else:
        made.globals.update(t=_both, words=lambda text: _both(*text), w=_term)
    return made


@cache
def asset(package: str, name: str) -> str:
    """A style, script or drawing of a package; a style or script begins with the shared one."""
    text = (files(package) / "templates" / name).read_text(encoding="utf-8").strip()
    shared = files("pipeline.web") / "templates" / f"base.{name.rpartition('.')[2]}"
    return f"{shared.read_text(encoding='utf-8').strip()}\n{text}" if shared.is_file() else text


_BOTH = Markup('<span class="zh" lang="zh">{}</span><span class="en" lang="en">{}</span>')


def _both(zh: object, en: object) -> Markup:
    """A text in both languages; the page's switch shows one of them."""
    return _BOTH.format(zh, en)


@cache
def _term(vocabulary: str, value: str) -> Markup:
    """A term of a vocabulary in both languages."""
    return _both(*code_name(vocabulary, value))


def _in_one_language(lang: Lang) -> dict[str, Any]:
    """Functions of templates for texts in one language."""
    return {
        "t": lambda zh, en: zh if lang == "zh" else en,
        "w": lambda vocabulary, value: wording.in_language(code_name(vocabulary, value), lang),
        "words": partial(wording.in_language, lang=lang),
        "unit": partial(wording.unit_name, lang=lang),
        "period": lambda code: wording.format_period(code, lang) if code else "—",
        "span_words": partial(wording.period_kind_name, lang=lang),
        "short": lambda p: wording.format_interval(
            p.value, p.low, p.high, partial(wording.format_compact, lang=lang)
        ),
    }


def _change(text: str) -> str:
    """A changed cell as it is; of a row that was added or removed its figure, or its cells."""
    try:
        row = json.loads(text) if text.startswith("{") else None
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return text
    figure = [row[name] for name in ("obs_value", "unit_measure") if name in row]
    return " ".join(figure if "obs_value" in row else (f"{name} {cell}" for name, cell in row.items()))
