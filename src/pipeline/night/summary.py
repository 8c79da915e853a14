"""A run on a page, in the language of the terminal: as Markdown, as text, and as HTML.

Markdown is for runs/RUN/report.md and Prefect's UI, the two others are the parts of a mail; HTML is also
the report of a night with nothing new. It holds on to nothing outside of it, as mail programs want it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import one_line
from pipeline.language import Language, language, one_language, pick
from pipeline.tables.vocabulary import word
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
        "released": pick("已发布 {}", "Released {}"),
        "unchanged": pick("无新内容，最新仍为 {}", "Nothing new since {}"),
        "withheld": pick("未发布：未通过检查", "Withheld by validation"),
        "failed": pick("未能运行", "Could not run"),
    }
    return said[run.outcome].format(run.version)


def stage_name(stage: str) -> str:
    """What people are told that a stage does."""
    return pick(*_STAGES.get(stage, (stage, stage)))


class IssueWords(NamedTuple):
    """An issue in words."""

    severity: str
    state: str
    check: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a run came to, in words."""

    headline: str
    run: str
    date: str
    notes: Sequence[str]
    issues: Sequence[IssueWords]
    """Those that are open, the gravest first; of very many the first."""
    count: int
    """How many are open."""
    rows: Sequence[tuple[str, int, int]]
    """Of each table that has any: its rows, and those held back."""
    stages: Sequence[tuple[str, str, str]]
    """Name, seconds, and what came of it."""
    report: str
    """Where all of it is told."""

    @property
    def more(self) -> int:
        """How many open issues are not among `issues`."""
        return self.count - len(self.issues)


def markdown(run: Run) -> str:
    """The page as Markdown. Whatever comes from a text is shown as text: it is no markup, link or HTML."""
    return "\n".join(_marked(_said(run))) + "\n"


def text(run: Run) -> str:
    """The page as plain text."""
    return "\n".join(_lines(_said(run))) + "\n"


def html(run: Run, *, linked: bool = False) -> str:
    """The page as HTML. linked: whether it lies in the run's folder, from which the report can be reached."""
    page: str = _template(language()).render(said=_said(run), link=_LATEST if linked and run.version else "")
    return page


def plain(text: str) -> str:
    """A text that means itself in Markdown and in a cell of its tables."""
    return _SPECIAL.sub(r"\\\1", one_line(text)).translate(_ENTITIES)


def _said(run: Run) -> Said:
    still = [issue for issue in run.issues if issue.state in ("new", "persisting")]
    pages = (run.folder / PAGE, run.output / "latest" / "validation" / PAGE)
    notes = [one_language(one_line(run.note))] if run.note else []
    if run.outcome == "withheld":
        latest = run.version or pick("无", "none")
        notes.append(pick(f"最新版本不变：{latest}", f"The latest release is as it was: {latest}"))
    return Said(
        headline=headline(run),
        run=run.run,
        date=run.date.isoformat(),
        notes=notes,
        issues=[_in_words(issue) for issue in still[:_MOST]],
        count=len(still),
        rows=[(name, rows, run.held.get(name, 0)) for name, rows in run.rows.items() if rows],
        stages=[
            (
                stage_name(stage.name),
                f"{stage.seconds:.2f}",
                ", ".join(f"{name} {number}" for name, number in stage.counts.items() if number),
            )
            for stage in run.stages
        ],
        report=str(next((page for page in pages if page.is_file()), run.folder)),
    )


def _in_words(issue: Issue) -> IssueWords:
    terms = {"severity": issue.severity, "state": issue.state, "check": issue.check}
    severity, state, check = (in_language(word(name, value), language()) for name, value in terms.items())
    return IssueWords(severity, state, check, one_language(one_line(issue.message)))


def _marked(said: Said) -> Iterator[str]:
    yield from (f"# {plain(said.headline)}", "", f"{pick('运行', 'Run')} {plain(said.run)}, {said.date}", "")
    for note in said.notes:
        yield from (plain(note), "")
    if said.count:
        heads = [("轻重", "Severity"), ("状态", "State"), ("检查", "Check"), ("说明", "Message")]
        yield from _table(f"{pick('待核事项', 'Open issues')} ({said.count})", heads, said.issues)
    if said.more:
        yield from (pick(f"另有 {said.more} 件：issues.json", f"and {said.more} more: issues.json"), "")
    if said.rows:
        heads = [("表", "Table"), ("行", "Rows"), ("扣下", "Held back")]
        yield from _table(pick("表", "Tables"), heads, said.rows)
    heads = [("阶段", "Stage"), ("秒", "Seconds"), ("结果", "What came of it")]
    yield from _table(pick("阶段", "Stages"), heads, said.stages)


def _table(title: str, heads: Iterable[tuple[str, str]], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = [plain(pick(*head)) for head in heads]
    yield from (f"## {plain(title)}", "", f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}")
    for row in rows:
        yield f"| {' | '.join(plain(str(cell)) for cell in row)} |"
    yield ""


def _lines(said: Said) -> Iterator[str]:
    colon = pick("：", ": ")
    yield from (said.headline, f"{pick('运行', 'Run')} {one_line(said.run)}, {said.date}", "")
    for note in said.notes:
        yield from (note, "")
    if said.count:
        yield f"{pick('待核事项', 'Open issues')}{colon}{said.count}"
        for number, issue in enumerate(said.issues, 1):
            yield f"{number}. {issue.severity} · {issue.state} · {issue.check}"
            yield f"   {issue.message}"
        if said.more:
            yield pick(f"另有 {said.more} 件", f"and {said.more} more")
    else:
        yield pick("没有待核事项。", "No open issue.")
    yield ""
    if said.rows:
        yield pick("表：", "Tables:")
        for name, rows, held in said.rows:
            yield f"  {name}  {rows}" + (pick(f"（扣下 {held}）", f" ({held} held back)") if held else "")
        yield ""
    yield f"{pick('报告', 'Report')}{colon}{one_line(said.report)}"


@cache
def _template(lang: Language) -> Any:
    from pipeline.web.environment import environment

    return environment("pipeline.night", lang).get_template("summary.html")
