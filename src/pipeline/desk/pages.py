"""The desk's pages: templates in one language, and what every page needs."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment

from pipeline.language import in_terminal_language
from pipeline.tables.wording import Lang, format_number
from pipeline.web.environment import environment

FACE = "pipeline.desk"
SCREENS = (
    ("/", "今晨", "Morning"),
    ("/queue", "待核", "Queue"),
    ("/articles", "文章", "Articles"),
    ("/unclaimed", "未归入", "Unclaimed"),
    ("/indicators", "指标", "Indicators"),
    ("/decisions", "决定", "Decisions"),
    ("/releases", "发布", "Releases"),
)
"""The screens: address, and name in Chinese and English."""
ASSETS = {
    "desk.css": (FACE, "text/css; charset=utf-8"),
    "desk.js": (FACE, "text/javascript; charset=utf-8"),
    "icon.svg": ("pipeline.site", "image/svg+xml"),
}
"""What pages load besides: the package that each is of, and its type."""


def page(name: str, lang: Lang, **said: Any) -> str:
    """A page or a part of one."""
    made: str = _environment(lang).get_template(name).render(said)
    return made


@cache
def _environment(lang: Lang) -> Environment:
    made = environment(FACE, lang)
    made.filters.update(decimal=_decimal)
    made.globals.update(screens=SCREENS, lang=lang, message=lambda text: in_terminal_language(str(text)))
    return made


def _decimal(text: str | None) -> str:
    """A number of report.json as people read it."""
    return format_number(Decimal(text)) if text else ""
