"""The templates, their filters, and the frame that every page has."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.errors import one_line
from pipeline.numbers.mention import KINDS
from pipeline.report.night import Numeral
from pipeline.report.passages import visible
from pipeline.report.words import title_of, word
from pipeline.tables.cells import as_text


def row_of(numeral: Numeral) -> str:
    """Where a numeral's row is, in its page."""
    return f"#r-{numeral.id}"


def number(value: object) -> str:
    """A number for people: exact, grouped by three, with a true minus sign."""
    text = as_text(value)
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}" if whole.isdecimal() and len(whole) < 1000 else text


@cache
def both(vocabulary: str, value: str) -> Markup:
    """A term in both languages, as HTML: what the macro `w` makes, kept."""
    return _BOTH.format(*word(vocabulary, value))


_BOTH = Markup('<span class="zh" lang="zh">{}</span><span class="en" lang="en">{}</span>')
_OPEN = _BOTH.format("不设界", "open")


def _interval(numeral: Numeral) -> str:
    """What is stated, from low to high."""
    low, high = numeral.low, numeral.high
    if low is None and high is None:
        return _OPEN
    if low == high:
        return number(low)
    return " – ".join("…" if bound is None else number(bound) for bound in (low, high))


def _flat(text: str) -> str:
    """Without line breaks, as a table's cell has it."""
    return "".join(text.split())


def frame(title: str) -> dict[str, Any]:
    """What the page itself needs: title, style, script, and the policy that admits these two alone."""
    css, js = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"{one_line(title[:80])} · 文数 wenshu"
    return {"title": title, "css": Markup(css), "js": Markup(js), "csp": Markup(policy)}


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _asset(name: str) -> str:
    source, _, _ = _environment().loader.get_source(_environment(), name)  # type: ignore[union-attr]
    return source.strip()


@cache
def template(name: str) -> Any:
    """A template of this package."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "v": visible,
        "n": number,
        "flat": _flat,
        "interval": _interval,
    }
    environment.filters.update(filters)
    environment.globals.update(word=word, title_of=title_of, both=both, kinds=KINDS, row_of=row_of)
    return environment
