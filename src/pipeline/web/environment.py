"""Templates: one environment a face, with the filters, words and macros that every page shares.

A face's own templates come first, then those of this package. Everything is escaped but in Markdown, and
a name that is not there is an error.
"""

from __future__ import annotations

import json
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from pipeline.tables import wording
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import Lang
from pipeline.web import frames
from pipeline.web.escaping import flat, visible


class _Compiled(BytecodeCache):
    """Templates compiled in this process: once for both languages, for they differ in no code."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@cache
def environment(face: str, lang: Lang | None = None) -> Environment:
    """The templates of a package, with a folder templates/ of its own.

    lang: the language in which every t(zh, en) of a template is said; None where pages hold both,
    and a switch.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(face), PackageLoader("pipeline.web")]),
        autoescape=lambda name: not (name or "").endswith(".md"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.filters.update(v=visible, n=wording.exact, flat=flat, size=wording.size, change=_change)
    made.globals.update(word=word, frame_parts=frames.parts, DOUBTFUL=frames.DOUBTFUL, LEADING=frames.LEADING)
    if lang:
        made.globals.update(_in_one_language(lang))
    else:
        made.globals.update(t=_both, words=lambda text: _both(*text), w=_term)
    return made


@cache
def asset(face: str, name: str) -> str:
    """A style, script or drawing of a package; a style or script begins with what all of them share."""
    own = (files(face) / "templates" / name).read_text(encoding="utf-8").strip()
    shared = files("pipeline.web") / "templates" / f"base.{name.rpartition('.')[2]}"
    return f"{shared.read_text(encoding='utf-8').strip()}\n{own}" if shared.is_file() else own


_BOTH = Markup('<span class="zh" lang="zh">{}</span><span class="en" lang="en">{}</span>')


def _both(zh: object, en: object) -> Markup:
    """A text in both languages; the page's switch shows one of them."""
    return _BOTH.format(zh, en)


@cache
def _term(vocabulary: str, value: str) -> Markup:
    """A term of a vocabulary in both languages."""
    return _both(*word(vocabulary, value))


def _in_one_language(lang: Lang) -> dict[str, Any]:
    """Functions of templates that say things in one language."""
    return {
        "t": lambda zh, en: zh if lang == "zh" else en,
        "w": lambda vocabulary, value: wording.in_language(word(vocabulary, value), lang),
        "words": partial(wording.in_language, lang=lang),
        "unit": partial(wording.unit, lang=lang),
        "period": lambda code: wording.period(code, lang) if code else "—",
        "span_words": partial(wording.span_words, lang=lang),
        "figure": lambda p: wording.interval(p.value, p.low, p.high, wording.exact),
        "short": lambda p: wording.interval(p.value, p.low, p.high, partial(wording.compact, lang=lang)),
    }


def _change(text: str) -> str:
    """What changed, as it stands; of a row that came or went its figure, or its cells."""
    try:
        row = json.loads(text) if text.startswith("{") else None
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return text
    figure = [row[name] for name in ("obs_value", "unit_measure") if name in row]
    return " ".join(figure if "obs_value" in row else (f"{name} {cell}" for name, cell in row.items()))
