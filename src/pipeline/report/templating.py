"""The report's templates, and the frame that every page of it has."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from pipeline.errors import one_line
from pipeline.numbers.mention import KINDS
from pipeline.tables import wording
from pipeline.web.environment import asset, environment
from pipeline.web.marked_text import MarkedNumeral


def render_page(name: str, title: str, **context: Any) -> str:
    """A whole page: its style and script are inside, and its policy admits these two alone."""
    css, js = asset("pipeline.report", "report.css"), asset("pipeline.report", "report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"{one_line(title[:80])} · 文数 wenshu"
    frame = {"title": title, "css": Markup(css), "js": Markup(js), "csp": Markup(policy)}
    return _environment().get_template(name).render(frame, **context)


def row_link(numeral: MarkedNumeral) -> str:
    """The link from a numeral to its row, in its page."""
    return f"#r-{numeral.id}"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    made = environment("pipeline.report")
    made.filters.update(interval=_interval)
    made.globals.update(kinds=KINDS, row_link=row_link)
    return made


def _interval(numeral: MarkedNumeral) -> str:
    """The bounds of a figure, from low to high."""
    low, high = numeral.low, numeral.high
    return wording.format_interval(low if low == high else None, low, high)
