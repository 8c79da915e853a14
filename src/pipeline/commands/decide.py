"""`wenshu issues` and `wenshu decide`: the officer's list of issues, and decisions on them."""

from __future__ import annotations

import getpass
import json
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pipeline.commands.terminal import code_text
from pipeline.decisions.parse_fields import parse_last_day, parse_number, parse_reason
from pipeline.decisions.writing import entry_of, write_decision
from pipeline.errors import WenshuError, one_line, shortened
from pipeline.language import in_terminal_language, localized, translate
from pipeline.project import Project, project_from_args
from pipeline.report.past_runs import last_report
from pipeline.tables.vocabulary import OPEN_STATES

Issue = Mapping[str, Any]
"""An issue as report.json has it."""

_MAX_LENGTH = 160
"""Characters of a message that are printed."""


def issues_command(args: Namespace) -> int:
    """Print the issues of the last run that looked for them."""
    run, issues = _last_issues(project_from_args(args))
    shown = [i for i in issues if args.all or i["state"] in OPEN_STATES]
    if args.format == "jsonl":
        for issue in shown:
            print(json.dumps(issue, ensure_ascii=False))
        return 0
    for issue in shown:
        print(_title(issue))
        message = in_terminal_language(one_line(issue["message"]))
        print(f"    {code_text('check', one_line(issue['check']))}{localized('：', ': ')}{_short(message)}")
    if not shown:
        print(translate(f"nothing to look at after run {run}"))
    return 0


def _title(issue: Issue) -> str:
    """An issue's fingerprint, severity, state and age."""
    severity, state = code_text("severity", issue["severity"]), code_text("state", issue["state"])
    decision = issue["decision"]
    decided = localized(f"，决定 {decision}", f", decision {decision}") if decision else ""
    text = localized(
        f"{severity}，{state}，始于 {issue['since']}", f"{severity}, {state} since {issue['since']}"
    )
    return f"{issue['fingerprint']}  {text}{decided}"


def decide_command(args: Namespace) -> int:
    """Write the decision of a command line, and print where."""
    project = project_from_args(args)
    run, issues = _last_issues(project)
    issue = _find_issue(issues, args.issue, run)
    target = _target(issue, args.action, args.target)
    today = project.today()
    if args.value and args.action != "correct":
        raise WenshuError(f"--value goes with correct, not with {args.action}")
    if not args.value and args.action == "correct":
        raise WenshuError("correct needs --value, the right number, as in --value 203")
    entry = entry_of(
        args.action, target, parse_reason(args.reason), (args.officer or _login()).strip(), today,
        value=parse_number(args.value) if args.value else None,
        expires=parse_last_day(args.expires or "", today),
    )  # fmt: skip
    path, _ = write_decision(project.decisions, entry, about=f"{issue['check']}: {target['label']}")
    what = f"{code_text('action', args.action)} {code_text('target', target['kind'])}"
    print(f"{what} {target['id']} ({_short(target['label'])})")
    print(translate(f"written to {path}; the next run applies it"))
    return 0


def _last_issues(project: Project) -> tuple[str, list[Issue]]:
    """The last run that looked for issues, and what it found. Raises `WenshuError` where there is none."""
    found = last_report(project.output)
    if found is None:
        raise WenshuError(f"{one_line(str(project.output))} holds no run with issues; `wenshu run` makes one")
    run, report = found
    return run, report["issues"]


def _find_issue(issues: list[Issue], prefix: str, run: str) -> Issue:
    """The issue whose fingerprint begins with the prefix."""
    found = [
        issue for issue in issues if issue["fingerprint"].startswith(prefix) and issue["state"] != "resolved"
    ]
    if len(found) != 1 or not prefix:
        count = "no issue has" if not found else f"{len(found)} issues have"
        raise WenshuError(
            f"{count} the fingerprint {one_line(prefix)!r} in run {run}; `wenshu issues` lists them"
        )
    return found[0]


def _target(issue: Issue, action: str, named: str | None) -> Mapping[str, Any]:
    """The target of the decision: the one that was named, or the only one that the action fits."""
    fitting: list[Mapping[str, Any]] = [t for t in issue["targets"] if action in t["actions"]]
    if named:
        fitting = [t for t in fitting if named in (t["id"], t["kind"]) or t["label"].startswith(named)]
    if not fitting:
        called = f"called {one_line(named)!r} " if named else ""
        raise WenshuError(
            f"{issue['fingerprint']} names nothing {called}to {action}; mend the source, "
            "or write the decision into decisions/ (docs/officer.md)"
        )
    if action == "accept" or named:
        first = fitting[0]
        if sum(target["kind"] == first["kind"] for target in fitting) == 1:
            return first
    figures = [target for target in fitting if target["kind"] == "quantity"] or fitting
    if len(figures) == 1:
        return figures[0]
    choices = "; ".join(f"--target {target['id']} ({_short(target['label'], 30)})" for target in figures)
    raise WenshuError(f"{issue['fingerprint']} is about several; say which: {choices}")


def _login() -> str:
    """The login name of the officer."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    raise WenshuError("nobody is logged in by a name; say who decides with --officer NAME")


def _short(text: str, longest: int = _MAX_LENGTH) -> str:
    return shortened(one_line(text), longest)
