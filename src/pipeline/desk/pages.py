"""Pages made of the desk's templates, in one language."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment

from pipeline.language import in_terminal_language, language
from pipeline.tables.wording import Lang
from pipeline.web.environment import environment

PACKAGE = "pipeline.desk"
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


def render(template: str, lang: Lang, **values: Any) -> str:
    """A page or a part of one."""
    return _environment(lang).get_template(template).render(values)


def refusal(why: str = "", text: str = "") -> str:
    """The page that says why nothing else is shown. why: a key of refused.html, or else its text."""
    return render("refused.html", language(), why=why, text=text)


@cache
def _environment(lang: Lang) -> Environment:
    made = environment(PACKAGE, lang)
    made.globals.update(screens=SCREENS, lang=lang, message=lambda text: in_terminal_language(str(text)))
    return made
