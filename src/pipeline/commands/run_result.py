"""The result of a run as `wenshu run` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pipeline.commands.terminal import aligned, code_text, styled
from pipeline.errors import one_line
from pipeline.gate.issues import Issue
from pipeline.language import in_terminal_language, language, localized, translate
from pipeline.night.messages.summary import PAGE, headline
from pipeline.night.run import Run
from pipeline.night.run_record import REPORT

_MAX_ISSUES = 20
"""Issues that are printed; the report has the rest."""

_SAME_START = 4
"""Where a message and the name of its check share so many first characters, the name is not printed."""

_COLOURS = {"released": 32, "unchanged": 36, "withheld": 31}


def print_result(run: Run, *, with_issues: bool = True) -> None:
    """Print the run's result on stdout, and its issues on stderr."""
    for line in _issue_lines(run) if with_issues else ():
        print(line, file=sys.stderr)
    sys.stderr.flush()
    for line in _result_lines(run):
        print(line)


def _result_lines(run: Run) -> Iterator[str]:
    yield styled(headline(run), 1, _COLOURS[run.outcome])
    latest = run.output / "latest"
    if run.rows:
        heads = ("表", "行", "扣下") if language() == "zh" else ("table", "rows", "held")
        cells = ((name, str(rows), str(run.held.get(name, ""))) for name, rows in run.rows.items() if rows)
        yield from aligned([heads, *cells], right=(1, 2))  # empty tables are left out
    if run.version and run.outcome != "withheld":
        yield f"CSV  {one_line(str(latest / 'data'))}"
    site = run.output / "site" / "index.html"
    if site.is_file():
        yield f"{localized('网站', 'Site')}  {one_line(str(site))}"
    yield f"{localized('报告', 'Report')}  {one_line(str(run.folder / PAGE))}"


def _issue_lines(run: Run) -> Iterator[str]:
    """Issues by severity; resolved ones and those of severity info are in the report alone."""
    shown = [issue for issue in run.issues if issue.state != "resolved" and issue.severity != "info"]
    yield from map(_issue_line, shown[:_MAX_ISSUES])
    if len(shown) > _MAX_ISSUES:
        more, where = len(shown) - _MAX_ISSUES, one_line(str(run.folder / REPORT))
        yield translate(f"… {more} more: {where}")
    if run.note:
        yield in_terminal_language(one_line(run.note))


def _issue_line(issue: Issue) -> str:
    message = in_terminal_language(issue.message)
    if language() == "en":
        return f"{issue.severity} ({issue.state}) {issue.check}: {message}"
    names = ("severity", "state", "check")
    severity, state, check = (code_text(name, getattr(issue, name)) for name in names)
    name = "" if message.startswith(check[:_SAME_START]) else f"{check}："
    return f"{severity}（{state}）{name}{message}"
