"""A run in a page: the parts of a mail, as text and as HTML, and the report of a night with nothing new.

All of it is in the language of the terminal that the night runs for, and the HTML holds on to
nothing outside of it, as mail programs want it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import one_line
from pipeline.language import Language, language, one_language, pick
from pipeline.night.summary import MOST, headline
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import in_language

if TYPE_CHECKING:
    from pipeline.gate.issues import Issue
    from pipeline.night import Run

PAGE = "report.html"
"""In the folder of every run: the whole report, or this page where a night did not come so far."""

_LATEST = "../../latest/validation/report.html"
"""The report of the release that stands, seen from the folder of a run."""


class Told(NamedTuple):
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
    issues: Sequence[Told]
    """Those that are open, the gravest first; of very many the first."""
    count: int
    """How many are open."""
    rows: Sequence[tuple[str, int, int]]
    """Of each table that has any: its rows, and those held back."""
    report: str
    """Where all of it is told."""

    @property
    def more(self) -> int:
        """How many open issues are not among `issues`."""
        return self.count - len(self.issues)


def said_of(run: Run) -> Said:
    """A run in the language of the terminal."""
    still = [issue for issue in run.issues if issue.state in ("new", "persisting")]
    pages = (run.folder / PAGE, run.output / "latest" / "validation" / PAGE)
    return Said(
        headline=one_language(headline(run)),
        run=run.run,
        date=run.date.isoformat(),
        notes=[one_language(one_line(run.note))] if run.note else [],
        issues=[_told(issue) for issue in still[:MOST]],
        count=len(still),
        rows=[(name, rows, run.held.get(name, 0)) for name, rows in run.rows.items() if rows],
        report=str(next((page for page in pages if page.is_file()), run.folder)),
    )


def text(run: Run) -> str:
    """A run as plain text."""
    return "\n".join(_lines(said_of(run))) + "\n"


def html(run: Run, *, linked: bool = False) -> str:
    """A run as a page. linked: whether it lies in the run's folder, from which the report can be reached."""
    said = said_of(run)
    page: str = _template(language()).render(said=said, link=_LATEST if linked and run.version else "")
    return page


def _told(issue: Issue) -> Told:
    terms = {"severity": issue.severity, "state": issue.state, "check": issue.check}
    severity, state, check = (in_language(word(name, value), language()) for name, value in terms.items())
    return Told(severity, state, check, one_language(one_line(issue.message)))


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
