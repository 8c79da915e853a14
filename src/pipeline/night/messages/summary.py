"""A summary of a run in the terminal's language: as Markdown, as text, and as HTML (templates/summary.*).

Markdown is for runs/RUN/report.md and Prefect's UI, text and HTML are the parts of a mail; HTML is also
the report of a run with nothing new. It refers to no other file, as mail programs need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pipeline.errors import one_line
from pipeline.gate.issues import Issue
from pipeline.language import Language, in_terminal_language, language, localized
from pipeline.night.run import Run
from pipeline.tables.vocabulary import OPEN_STATES, code_name
from pipeline.tables.wording import in_language

PAGE = "report.html"
"""In the folder of every run: the whole report, or this summary where it validated no tables."""

_MAX_ISSUES = 100
"""Issues that a summary shows; the rest are counted."""
_LATEST_REPORT = "../../latest/validation/report.html"
"""The report of the latest release, relative to the folder of a run."""

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
    """The outcome of a run, in one line."""
    texts = {
        "released": localized("已发布 {}", "Released {}"),
        "unchanged": localized("无新内容，最新仍为 {}", "Nothing new since {}"),
        "withheld": localized("未发布：未通过检查", "Withheld by validation"),
        "failed": localized("未能运行", "Could not run"),
    }
    return texts[run.outcome].format(run.version)


def counts_text(counts: Mapping[str, int]) -> str:
    """The counts of a stage in a line, without zeros."""
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def stage_name(stage: str) -> str:
    """The name of a stage for people."""
    return localized(*_STAGES.get(stage, (stage, stage)))


def markdown(run: Run) -> str:
    """The summary as Markdown, in which nothing from an article is markup, a link or HTML."""
    return _rendered("md", run)


def text(run: Run) -> str:
    """The summary as plain text."""
    return _rendered("txt", run)


def html(run: Run, *, linked: bool = False) -> str:
    """The summary as HTML. linked: whether it is in the run's folder, so that it can link to the report."""
    return _rendered("html", run, link=_LATEST_REPORT if linked and run.version else "")


def escape_markdown(text: object) -> str:
    """A text escaped for Markdown and for the cells of its tables."""
    return _SPECIAL.sub(r"\\\1", one_line(str(text))).translate(_ENTITIES)


def _rendered(form: str, run: Run, **more: str) -> str:
    page: str = _template(form, language()).render(**_context(run), **more)
    return page


def _context(run: Run) -> Mapping[str, Any]:
    """The variables of the templates."""
    unresolved = [issue for issue in run.issues if issue.state in OPEN_STATES]
    reports = (run.folder / PAGE, run.output / "latest" / "validation" / PAGE)
    notes = [in_terminal_language(one_line(run.note))] if run.note else []
    if run.outcome == "withheld":
        latest = run.version or localized("无", "none")
        notes.append(localized(f"最新版本不变：{latest}", f"The latest release is as it was: {latest}"))
    return {
        "headline": headline(run),
        "run": run.run,
        "date": run.date.isoformat(),
        "notes": notes,
        "issues": [_issue_cells(issue) for issue in unresolved[:_MAX_ISSUES]],
        "count": len(unresolved),
        "more": max(0, len(unresolved) - _MAX_ISSUES),
        "rows": [(name, rows, run.held.get(name, 0)) for name, rows in run.rows.items() if rows],
        "stages": [(stage_name(s.name), f"{s.seconds:.2f}", counts_text(s.counts)) for s in run.stages],
        "report": str(next((path for path in reports if path.is_file()), run.folder)),
    }


def _issue_cells(issue: Issue) -> tuple[str, ...]:
    """Severity, state, check and message of an issue."""
    terms = {"severity": issue.severity, "state": issue.state, "check": issue.check}
    words = (in_language(code_name(name, value), language()) for name, value in terms.items())
    return (*words, in_terminal_language(one_line(issue.message)))


_ESCAPE: Mapping[str, Callable[[Any], str] | None] = {
    "html": None, "md": escape_markdown, "txt": lambda cell: one_line(str(cell)),
}  # fmt: skip
"""What escapes a text in each form; in HTML the shared environment does."""


@cache
def _template(form: str, lang: Language) -> Any:
    from pipeline.web.environment import environment

    templates, escape = environment("pipeline.night.messages", lang), _ESCAPE[form]
    if escape:
        templates = templates.overlay(autoescape=False, finalize=escape)
    return templates.get_template(f"summary.{form}")
