"""The report's templates, and the frame that every page of it has."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from pipeline.errors import one_line
from pipeline.numbers.mention import KINDS
from pipeline.report.night import Numeral
from pipeline.tables import wording
from pipeline.web.environment import asset, environment

FACE = "pipeline.report"


def row_of(numeral: Numeral) -> str:
    """Where a numeral's row is, in its page."""
    return f"#r-{numeral.id}"


def frame(title: str) -> dict[str, Any]:
    """What the page itself needs: title, style, script, and the policy that admits these two alone."""
    css, js = asset(FACE, "report.css"), asset(FACE, "report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"{one_line(title[:80])} · 文数 wenshu"
    return {"title": title, "css": Markup(css), "js": Markup(js), "csp": Markup(policy)}


def template(name: str) -> Template:
    """A template of the report."""
    return _environment().get_template(name)


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    made = environment(FACE)
    made.filters.update(interval=_interval)
    made.globals.update(kinds=KINDS, row_of=row_of)
    return made


def _interval(numeral: Numeral) -> str | Markup:
    """What is stated, from low to high."""
    low, high = numeral.low, numeral.high
    if low is None and high is None:
        return _OPEN
    return wording.interval(low if low == high else None, low, high, wording.exact)


_OPEN = Markup('<span class="zh" lang="zh">不设界</span><span class="en" lang="en">open</span>')
