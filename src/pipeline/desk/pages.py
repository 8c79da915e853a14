"""The desk's pages: templates in one language, and what every page needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment

from pipeline.language import one_language
from pipeline.tables import TABLES
from pipeline.tables.wording import Lang, exact, in_language
from pipeline.web.environment import environment

FACE = "pipeline.desk"
_SHOWN = 100
"""Characters of a cell that are shown."""
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

_REFUSALS: Mapping[str, tuple[str, str]] = {
    "no_link": (
        "要用终端里 wenshu desk 打印的链接打开这一页。",
        "Open this page by the link that `wenshu desk` printed in the terminal.",
    ),
    "spent": (
        "这个链接已经用过一次。终端里刚打印了一个新的。",
        "This link was used once already. The terminal has just printed another.",
    ),
    "wrong_host": (
        "这一页只以本机之名打开：127.0.0.1 或 localhost。",
        "This page opens under this machine's own name alone: 127.0.0.1 or localhost.",
    ),
    "elsewhere": (
        "这个改动不是从本页来的，没有照做。",
        "This change came from another page; nothing was done.",
    ),
    "no_json": ("改动要用 JSON 写。", "Changes are sent as JSON."),
    "password": ("要密码。", "A password is needed."),
}


def page(name: str, lang: Lang, **said: Any) -> str:
    """A page or a part of one."""
    made: str = _environment(lang).get_template(name).render(said)
    return made


def refusal(lang: Lang) -> Callable[[str], str]:
    """The page that says why nothing is shown, by one of the reasons of `access`."""
    return lambda why: page("refused.html", lang, said=_REFUSALS[why][lang == "en"])


@cache
def _environment(lang: Lang) -> Environment:
    made = environment(FACE, lang)
    made.filters.update(decimal=_decimal, cells=_cells)
    titles = {name: in_language(table.title, lang) for name, table in TABLES.items()}
    made.globals.update(
        screens=SCREENS,
        lang=lang,
        table=lambda name: titles.get(name, name),
        told=lambda message: one_language(str(message)),
    )
    return made


def _decimal(text: str | None) -> str:
    """A number of report.json as people read it."""
    return exact(Decimal(text)) if text else ""


def _cells(text: str | None) -> str:
    """A cell as it is, or what the cells of a row say that came or went, which `changes` has as JSON."""
    try:
        row = json.loads(text or "")
    except ValueError:
        row = None
    said = " · ".join(str(cell) for cell in row.values() if cell) if isinstance(row, dict) else text or ""
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
