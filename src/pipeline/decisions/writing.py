"""Decisions written down, changed and withdrawn, in the files that a night reads and people edit.

Everything else in a file is kept. `LOG` says of each of these who did what and when: it is appended to
and never rewritten, and no night reads it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.decisions import read_decisions, read_file
from pipeline.decisions.decision import Decision
from pipeline.errors import WenshuError, one_line
from pipeline.safe_files import ConflictError, draft_copy, file_digest, folder_lock, replace_text
from pipeline.yamlfile import dump_yaml, flow_mapping, load_for_editing, parse_yaml

LOG = "log.jsonl"
"""In decisions/: an object a line, with time, did (added, changed, withdrawn), id, officer and entry."""

BANK = "bank"
"""In decisions/: a folder of marked sentences, a file a corrected figure; `wenshu train` learns from them."""

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


def entry_of(
    action: str, target: Mapping[str, Any], reason: str, officer: str, day: dt.date, *,
    value: Decimal | None = None, frame: Mapping[str, Any] | None = None, expires: dt.date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A decision as a file has it. target: kind, id and expect, as an issue's targets in report.json."""
    return {
        "action": action,
        "target": {target["kind"]: target["id"]},
        "expect": {column: _scalar(cell) for column, cell in target["expect"].items()},
        **({"value": value} if value is not None else {}),
        **({"frame": dict(frame)} if frame else {}),
        "reason": reason,
        "officer": officer,
        "date": day.isoformat(),
        **({"expires": expires.isoformat()} if expires else {}),
    }


def write_decision(folder: Path, entry: Mapping[str, Any], about: str = "") -> tuple[Path, Decision]:
    """Add a decision to the folder's file of its month, comments and all else in it kept.

    about: goes before it as a comment. Returns the file, and the decision. Raises `WenshuError` where
    the file, with the decision in it, would not be one that a run takes, and `ConflictError` where its
    target was decided on already.
    """
    with folder_lock(folder):
        path = _file(folder, str(entry["date"])[:7])
        seen = file_digest(path)
        text = path.read_text(encoding="utf-8-sig") if seen else _HEADER
        others = [d for name in sorted(folder.glob("*.yaml")) if name != path for d, _ in read_file(name)]
        written = _with(text, entry, one_line(about)[:_SHOWN], path)
        *known, last = _tried(written, path)
        for one in (*others, *known):
            if (one.kind, one.target) == (last.kind, last.target):
                raise ConflictError(
                    f"the {last.kind} {last.target} was decided on already, on {one.date} in "
                    f"{one_line(str(folder))}; change or delete that decision instead"
                )
        replace_text(path, written, seen)
        _log(folder, "added", last, str(entry["officer"]), entry)
    return path, last


def change_decision(
    folder: Path,
    decision_id: str,
    changes: Mapping[str, Any],
    officer: str,
    seen: Mapping[str, Any] | None = None,
) -> Decision:
    """Change fields of a decision where it stands; a value of None takes the field away.

    seen: the entry as it was shown. Raises `ConflictError` where it is another one by now or gone,
    `WenshuError` where a run would not take what comes of it.
    """

    with folder_lock(folder):
        path, number, *_ = _found(folder, decision_id, seen)
        state = file_digest(path)
        document = load_for_editing(path.read_text(encoding="utf-8-sig"), path)
        entry = document["decisions"][number]
        for name, value in changes.items():
            if value is None:
                entry.pop(name, None)
            else:
                entry[name] = flow_mapping(_scalars(value)) if isinstance(value, Mapping) else value
        written = dump_yaml(document)
        new = _tried(written, path)[number]
        replace_text(path, written, state)
        _log(folder, "changed", new, officer, entry, was=decision_id)
    return new


def withdraw_decision(
    folder: Path, decision_id: str, officer: str, seen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Take a decision out of its file, and the comment right above it. Returns what it said.

    seen: as in `change_decision`, and so what is raised.
    """
    with folder_lock(folder):
        path, number, decision, entry = _found(folder, decision_id, seen)
        state = file_digest(path)
        text = path.read_text(encoding="utf-8-sig")
        left = _without(text, number, path)
        if left == _HEADER:
            path.unlink()
        else:
            replace_text(path, left, state)
        _log(folder, "withdrawn", decision, officer, entry)
    return entry


def entries(folder: Path) -> tuple[tuple[Decision, dict[str, Any]], ...]:
    """Every decision, each with its `plain_entry`. Raises as `load_decisions`."""
    return tuple((decision, plain_entry(entry)) for decision, entry in read_decisions(folder))


def plain_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as JSON has it: decimals as text."""
    return json.loads(json.dumps(entry, default=str, ensure_ascii=False))  # type: ignore[no-any-return]


def read_log(folder: Path, limit: int) -> list[dict[str, Any]]:
    """The last lines of the log, the newest first; a line that is damaged is passed over."""
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in reversed(lines):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            found.append(said)
        if len(found) >= limit:
            break
    return found


def _log(
    folder: Path, did: str, decision: Decision, officer: str, entry: Mapping[str, Any], **said: str
) -> None:
    """Append a line. Written by one call, so that lines of several processes do not mix."""
    line = {
        "time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "did": did, "id": decision.id,
        **said, "officer": officer, "entry": plain_entry(entry),
    }  # fmt: skip
    descriptor = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(
            descriptor, (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        )
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _found(
    folder: Path, decision_id: str, seen: Mapping[str, Any] | None
) -> tuple[Path, int, Decision, dict[str, Any]]:
    """Where a decision stands: its file and its place in it, with its `plain_entry`."""
    for path in sorted(folder.glob("*.yaml")):
        for number, (decision, said) in enumerate(read_file(path)):
            if decision.id == decision_id:
                entry = plain_entry(said)
                if seen is not None and entry != plain_entry(seen):
                    raise ConflictError(
                        f"the decision {decision_id} was changed meanwhile in {one_line(path.name)}; "
                        "look at it again"
                    )
                return path, number, decision, entry
    raise ConflictError(
        f"the decision {one_line(decision_id)[:40]} is not in {one_line(str(folder))} any more; look again"
    )


def _tried(written: str, path: Path) -> tuple[Decision, ...]:
    """The decisions of a file that is not written yet. Raises as `read_file`, naming the file itself."""
    with draft_copy(written, path) as draft:
        return tuple(decision for decision, _ in read_file(draft))


def _with(text: str, entry: Mapping[str, Any], about: str, path: Path) -> str:
    """The file's text with one more decision at its end."""
    document = load_for_editing(text, path)
    listed = document.get("decisions")
    if listed is None:
        listed = document["decisions"] = CommentedSeq()
    if not isinstance(listed, CommentedSeq):
        raise WenshuError(f"{one_line(str(path))}: is no file of decisions; see docs/officer.md")
    item = CommentedMap()
    for key, value in entry.items():
        item[key] = flow_mapping(value) if isinstance(value, dict) else value
    listed.append(item)
    if about:
        listed.yaml_set_comment_before_after_key(len(listed) - 1, before=about, indent=2)
    return dump_yaml(document)


def _without(text: str, number: int, path: Path) -> str:
    """The file's text without the lines of one decision, and the comments right above it."""
    kept = tuple(d.id for n, d in enumerate(_tried(text, path)) if n != number)
    lines = text.splitlines(keepends=True)
    starts = [_with_comments(lines, start) for start in _starts(text, path)]
    ends = (n for n in range(starts[-1] + 1, len(lines)) if lines[n].strip() and lines[n][0] not in " -")
    edges = [*starts, next(ends, len(lines))]
    left = "".join((*lines[: edges[number]], *lines[edges[number + 1] :]))
    try:
        if tuple(d.id for d in _tried(left, path)) == kept:
            return left
    except WenshuError:  # several stand on one line
        pass
    raise WenshuError(f"{one_line(str(path))}: the decision cannot be told from the rest; delete it by hand")


def _starts(text: str, path: Path) -> list[int]:
    """The line, from 0, on which each decision begins."""
    document = parse_yaml(text, one_line(path.name))
    listed = document.data.get("decisions") or ()
    return [document.positions["decisions", n] - 1 for n in range(len(listed))]


def _with_comments(lines: Sequence[str], first: int) -> int:
    """Where the comments begin that stand right above a line and are indented as it is."""
    while first and lines[first - 1].lstrip().startswith("#") and lines[first - 1][0] in " \t":
        first -= 1
    return first


def _scalars(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _scalar(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _scalar(cell: str) -> Any:
    """A cell of `expect` as it reads best: null, a whole number, or text."""
    if cell == "":
        return None
    whole = cell.isascii() and cell.isdecimal() and not cell.startswith("0") and len(cell) < 16
    return int(cell) if whole else cell


def _file(folder: Path, month: str) -> Path:
    """The file that takes the next decision of the month."""
    number = 1
    while True:
        path = folder / (f"{month}.yaml" if number == 1 else f"{month}-{number}.yaml")
        if not path.exists() or path.stat().st_size < _FULL:
            return path
        number += 1
