"""`wenshu issues` and `wenshu decide`: the officer's list, and a judgement written down once."""

from __future__ import annotations

import getpass
import io
import json
import os
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.commands.terminal import term
from pipeline.errors import WenshuError, one_line
from pipeline.language import language, one_language, pick
from pipeline.project import Project, project_of

Issue = Mapping[str, Any]
"""An issue as report.json has it."""

_HEADER = """\
# yaml-language-server: $schema=../catalog/schema/decision.schema.json
# 数据官的决定。每条写明对象、当时所见（expect）、理由、何人何日；所见一变即不再适用，并列为待核事项。
# Decisions of the data officers. Each names its target and what was seen (expect), and is
# applied for as long as that holds. docs/officer.md tells how; `wenshu decide` writes them.
decisions:
"""
_FULL = 48 * 1024
"""Bytes of a file above which the next decision goes into a new one; 64 KB are read."""
_SHOWN = 160
_SHORTEST = 2
"""Characters of a reason that says something."""
_TAG = "tag:yaml.org,2002:"


def issues_command(args: Namespace) -> int:
    """Print the issues of the last run that looked for them."""
    run, issues = last_issues(project_of(args))
    shown = [i for i in issues if args.all or i["state"] in ("new", "persisting")]
    if args.format == "jsonl":
        for issue in shown:
            print(json.dumps(issue, ensure_ascii=False))
        return 0
    for issue in shown:
        print(_headed(issue))
        message = one_language(one_line(issue["message"]))
        print(f"    {term('check', one_line(issue['check']))}{pick('：', ': ')}{_short(message)}")
    if not shown:
        print(pick(f"运行 {run} 之后没有待核事项", f"nothing to look at after run {run}"))
    return 0


def _headed(issue: Issue) -> str:
    """An issue's fingerprint, and how grave and how old it is."""
    severity, state = term("severity", issue["severity"]), term("state", issue["state"])
    decision = issue["decision"]
    if language() == "zh":
        decided = f"，决定 {decision}" if decision else ""
        return f"{issue['fingerprint']}  {severity}，{state}，始于 {issue['since']}{decided}"
    decided = f", decision {decision}" if decision else ""
    return f"{issue['fingerprint']}  {severity}, {state} since {issue['since']}{decided}"


def decide_command(args: Namespace) -> int:
    """Write the decision that a command line asks for, and say where."""
    project = project_of(args)
    run, issues = last_issues(project)
    issue = _one(issues, args.issue, run)
    target = _target(issue, args.action, args.target)
    today = datetime.now(ZoneInfo(project.timezone)).date()
    entry = {
        "action": args.action,
        "target": {target["kind"]: target["id"]},
        "expect": {column: _scalar(cell) for column, cell in target["expect"].items()},
        **({"value": _value(args.value, args.action)} if args.action == "correct" or args.value else {}),
        "reason": _said(args.reason, "--reason"),
        "officer": _said(args.officer or _login(), "--officer"),
        "date": today.isoformat(),
        **({"expires": _day(args.expires, today)} if args.expires else {}),
    }
    path = write_decision(project.decisions, entry, about=f"{issue['check']}: {target['label']}")
    print(f"{args.action} {target['kind']} {target['id']} ({_short(target['label'])})")
    print(pick(f"已写入 {path}，下次运行生效", f"written to {path}; the next run applies it"))
    return 0


def last_issues(project: Project) -> tuple[str, list[Issue]]:
    """The last run that looked for issues, and what it found. Raises `WenshuError` where there is none."""
    from pipeline.releases.store import ReleaseStore
    from pipeline.report.history import RECORD

    for entry in reversed(ReleaseStore(project.output).index()["runs"]):
        with suppress(OSError, ValueError, KeyError):
            text = (project.output / "runs" / entry["run"] / RECORD).read_text(encoding="utf-8")
            return entry["run"], json.loads(text)["issues"]
    raise WenshuError(f"{one_line(str(project.output))} holds no run with issues; `wenshu run` makes one")


def write_decision(folder: Path, entry: Mapping[str, Any], about: str = "") -> Path:
    """Add a decision to the folder's file of its month, comments and all else in it kept.

    about: goes before it as a comment. Returns the file. Raises `WenshuError` where the
    file, with the decision in it, would not be one that a run takes.
    """
    from pipeline.decisions import load_file

    path = _file(folder, str(entry["date"])[:7])
    text = path.read_text(encoding="utf-8-sig") if path.exists() else _HEADER
    written = _with(text, entry, one_line(about)[:_SHOWN], path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=folder) as trial:
        draft = Path(trial) / path.name
        draft.write_text(written, encoding="utf-8", newline="\n")
        others = [d for name in folder.glob("*.yaml") if name != path for d in load_file(name)]
        try:
            new = tuple(load_file(draft))
        except WenshuError as error:
            raise WenshuError(str(error).replace(f"{trial}{os.sep}", f"{folder}{os.sep}")) from error
        last = new[-1]
        for known in (*others, *new[:-1]):
            if (known.kind, known.target) == (last.kind, last.target):
                raise WenshuError(
                    f"the {last.kind} {last.target} was decided on already, on {known.date} in "
                    f"{one_line(str(folder))}; change or delete that decision instead"
                )
        draft.replace(path)
    return path


def _as_typed(representer: Any, number: Decimal) -> Any:
    """A number as YAML has it: 206, 4.50."""
    text = f"{number:f}"
    return representer.represent_scalar(_TAG + ("float" if "." in text else "int"), text)


def _with(text: str, entry: Mapping[str, Any], about: str, path: Path) -> str:
    """The file's text with one more decision at its end."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    # A decimal as it was typed: a float would change it.
    yaml.representer.add_representer(Decimal, _as_typed)
    try:
        document = yaml.load(text) or CommentedMap()
    except YAMLError as error:
        raise WenshuError(f"{one_line(str(path))}: is not YAML: {one_line(str(error))[:_SHOWN]}") from error
    if not isinstance(document, dict):
        raise WenshuError(f"{one_line(str(path))}: is no file of decisions; see docs/officer.md")
    listed = document.get("decisions")
    if listed is None:
        listed = document["decisions"] = CommentedSeq()
    item = CommentedMap()
    for key, value in entry.items():
        item[key] = _flow(value) if isinstance(value, dict) else value
    listed.append(item)
    if about:
        listed.yaml_set_comment_before_after_key(len(listed) - 1, before=about, indent=2)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _flow(value: Mapping[str, Any]) -> Any:
    """A mapping on one line; its strings in quotes wherever they could be read as something else."""
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    shown = CommentedMap(
        (key, DoubleQuotedScalarString(cell) if isinstance(cell, str) else cell)
        for key, cell in value.items()
    )
    shown.fa.set_flow_style()
    return shown


def _file(folder: Path, month: str) -> Path:
    """The file that takes the next decision of the month."""
    number = 1
    while True:
        path = folder / (f"{month}.yaml" if number == 1 else f"{month}-{number}.yaml")
        if not path.exists() or path.stat().st_size < _FULL:
            return path
        number += 1


def _one(issues: list[Issue], name: str, run: str) -> Issue:
    """The issue whose fingerprint begins so."""
    found = [
        issue for issue in issues if issue["fingerprint"].startswith(name) and issue["state"] != "resolved"
    ]
    if len(found) != 1 or not name:
        said = "no issue has" if not found else f"{len(found)} issues have"
        raise WenshuError(
            f"{said} the fingerprint {one_line(name)!r} in run {run}; `wenshu issues` lists them"
        )
    return found[0]


def _target(issue: Issue, action: str, named: str | None) -> Mapping[str, Any]:
    """What the decision is about: what was named, or the one thing of the issue that the action fits."""
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


def _value(text: str | None, action: str) -> Decimal:
    if action != "correct":
        raise WenshuError(f"--value goes with correct, not with {action}")
    if text is None:
        raise WenshuError("correct needs --value, the right number, as in --value 203")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise WenshuError(
            f"--value {one_line(text)}: is no number; give one as in --value 203 or --value 4.5"
        )
    return value


def _scalar(cell: str) -> Any:
    """A cell of `expect` as it reads best: null, a whole number, or text."""
    if cell == "":
        return None
    return (
        int(cell)
        if cell.isascii() and cell.isdecimal() and not cell.startswith("0") and len(cell) < 16
        else cell
    )


def _said(text: str, option: str) -> str:
    said = text.strip()
    if not said:
        raise WenshuError(f'{option} is empty; say it, as in {option} "来稿单位已确认"')
    if option == "--reason" and len(said) < _SHORTEST:
        raise WenshuError(f'{option} is too short; say in a few words why, as in {option} "来稿单位已确认"')
    return said


def _day(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WenshuError(
            f"--expires {one_line(text)}: is no day; give one as in --expires 2027-06-30"
        ) from error
    if day < today:
        raise WenshuError(f"--expires {day}: is past; give a day to come, or leave it out")
    return day.isoformat()


def _login() -> str:
    """The name that the officer is logged in by."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    raise WenshuError("nobody is logged in by a name; say who decides with --officer NAME")


def _short(text: str, longest: int = _SHOWN) -> str:
    flat = one_line(text)
    return flat if len(flat) <= longest else f"{flat[:longest]}…"
