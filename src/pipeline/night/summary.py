"""A run on a page, in the language of the terminal: as Markdown, as text, and as HTML (templates/summary.*).

Markdown is for runs/RUN/report.md and Prefect's UI, the two others are the parts of a mail; HTML is also
the report of a night with nothing new. It holds on to nothing outside of it, as mail programs want it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import one_line
from pipeline.language import Language, in_terminal_language, language, localized
from pipeline.tables.vocabulary import code_name
from pipeline.tables.wording import in_language

if TYPE_CHECKING:
    from pipeline.gate.issues import Issue
    from pipeline.night import Run

PAGE = "report.html"
"""In the folder of every run: the whole report, or this page where a night did not come so far."""

_MOST = 100
"""Issues that a page shows; the rest are counted."""
_LATEST = "../../latest/validation/report.html"
"""The report of the release that stands, seen from the folder of a run."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:@/=$^\"'])")
_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})

_STAGES = {
    "ingest": ("收集文章", "Collecting articles"),
    "extract": ("读数", "Reading figures"),
    "derive": ("合成指标", "Deriving indicators"),
    "validate": ("核对", "Validating"),
    "publish": ("写出版本", "Writing the release"),
    "site": ("生成网站", "Building the site"),
}


def headline(run: Run) -> str:
    """What a run came to, in one line."""
    said = {
        "released": localized("已发布 {}", "Released {}"),
        "unchanged": localized("无新内容，最新仍为 {}", "Nothing new since {}"),
        "withheld": localized("未发布：未通过检查", "Withheld by validation"),
        "failed": localized("未能运行", "Could not run"),
    }
    return said[run.outcome].format(run.version)


def counted(counts: Mapping[str, int]) -> str:
    """What a stage counted, in a line; empty where it counted nothing."""
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def stage_name(stage: str) -> str:
    """What people are told that a stage does."""
    return localized(*_STAGES.get(stage, (stage, stage)))


def markdown(run: Run) -> str:
    """The page as Markdown. Whatever comes from a text is shown as text: it is no markup, link or HTML."""
    return _rendered("md", run)


def text(run: Run) -> str:
    """The page as plain text."""
    return _rendered("txt", run)


def html(run: Run, *, linked: bool = False) -> str:
    """The page as HTML. linked: whether it lies in the run's folder, from which the report can be reached."""
    return _rendered("html", run, link=_LATEST if linked and run.version else "")


def plain(text: object) -> str:
    """A text that means itself in Markdown and in a cell of its tables."""
    return _SPECIAL.sub(r"\\\1", one_line(str(text))).translate(_ENTITIES)


def _rendered(form: str, run: Run, **more: str) -> str:
    page: str = _template(form, language()).render(**_said(run), **more)
    return page


def _said(run: Run) -> Mapping[str, Any]:
    """What a run came to, in words: what the templates show."""
    still = [issue for issue in run.issues if issue.state in ("new", "persisting")]
    pages = (run.folder / PAGE, run.output / "latest" / "validation" / PAGE)
    notes = [in_terminal_language(one_line(run.note))] if run.note else []
    if run.outcome == "withheld":
        latest = run.version or localized("无", "none")
        notes.append(localized(f"最新版本不变：{latest}", f"The latest release is as it was: {latest}"))
    return {
        "headline": headline(run),
        "run": run.run,
        "date": run.date.isoformat(),
        "notes": notes,
        "issues": [_in_words(issue) for issue in still[:_MOST]],
        "count": len(still),
        "more": max(0, len(still) - _MOST),
        "rows": [(name, rows, run.held.get(name, 0)) for name, rows in run.rows.items() if rows],
        "stages": [(stage_name(s.name), f"{s.seconds:.2f}", counted(s.counts)) for s in run.stages],
        "report": str(next((page for page in pages if page.is_file()), run.folder)),
    }


def _in_words(issue: Issue) -> tuple[str, ...]:
    """Severity, state, check and message."""
    terms = {"severity": issue.severity, "state": issue.state, "check": issue.check}
    said = (in_language(code_name(name, value), language()) for name, value in terms.items())
    return (*said, in_terminal_language(one_line(issue.message)))


_SHOWN: Mapping[str, Callable[[Any], str] | None] = {
    "html": None, "md": plain, "txt": lambda cell: one_line(str(cell)),
}  # fmt: skip
"""What makes a text safe in each form; in HTML, the environment that all pages share does."""


@cache
def _template(form: str, lang: Language) -> Any:
    from pipeline.web.environment import environment

    made, shown = environment("pipeline.night", lang), _SHOWN[form]
    if shown:
        made = made.overlay(autoescape=False, finalize=shown)
    return made.get_template(f"summary.{form}")
