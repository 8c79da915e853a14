"""What a night came to, as `wenshu run` ends with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pipeline.commands.terminal import aligned, coloured, paint, term
from pipeline.errors import one_line
from pipeline.gate.issues import Issue
from pipeline.language import in_terminal_language, language, localized, translate
from pipeline.night.run import Run
from pipeline.night.run_record import REPORT
from pipeline.night.summary import PAGE, headline

MOST = 20
"""Issues that are shown; the report has the rest."""

_ALIKE = 4
"""Characters with which a message begins as its check is called, which is then not said twice."""

_COLOURS = {"released": 32, "unchanged": 36, "withheld": 31}


def show(run: Run, *, doubts: bool = True) -> None:
    """Print the run's result on stdout, what is doubtful in it on stderr unless told otherwise."""
    for line in _doubts(run) if doubts else ():
        print(line, file=sys.stderr)
    sys.stderr.flush()
    for line in _result(run):
        print(line)


def _result(run: Run) -> Iterator[str]:
    said = headline(run)
    yield paint(said, 1, _COLOURS[run.outcome]) if coloured() else said
    latest = run.output / "latest"
    if run.rows:
        heads = ("表", "行", "扣下") if language() == "zh" else ("table", "rows", "held")
        cells = ((name, str(rows), str(run.held.get(name, ""))) for name, rows in run.rows.items() if rows)
        yield from aligned([heads, *cells], right=(1, 2))  # tables without rows would only hide the others
    if run.version and run.outcome != "withheld":
        yield f"CSV  {one_line(str(latest / 'data'))}"
    site = run.output / "site" / "index.html"
    if site.is_file():
        yield f"{localized('网站', 'Site')}  {one_line(str(site))}"
    yield f"{localized('报告', 'Report')}  {one_line(str(run.folder / PAGE))}"


def _doubts(run: Run) -> Iterator[str]:
    """Tonight's issues, the gravest first; notes and what is resolved are for the report."""
    worth = [issue for issue in run.issues if issue.state != "resolved" and issue.severity != "info"]
    yield from map(_line, worth[:MOST])
    if len(worth) > MOST:
        more, where = len(worth) - MOST, one_line(str(run.folder / REPORT))
        yield translate(f"… {more} more: {where}")
    if run.note:
        yield in_terminal_language(one_line(run.note))


def _line(issue: Issue) -> str:
    message = in_terminal_language(issue.message)
    if language() == "en":
        return f"{issue.severity} ({issue.state}) {issue.check}: {message}"
    severity, state, check = (term(name, getattr(issue, name)) for name in ("severity", "state", "check"))
    said = "" if message.startswith(check[:_ALIKE]) else f"{check}："
    return f"{severity}（{state}）{said}{message}"
