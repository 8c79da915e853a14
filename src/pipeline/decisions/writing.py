"""Decisions added, changed and withdrawn in the files that runs read and people edit.

Everything else in a file is kept. `LOG` says of each change who made it and when: it is appended to
and never rewritten, and no run reads it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.decisions.decision import Decision
from pipeline.decisions.loading import read_file
from pipeline.errors import WenshuError, encode_escaped, one_line
from pipeline.safe_files import ConflictError, draft_copy, file_digest, folder_lock, replace_text
from pipeline.yamlfile import dump_yaml, flow_mapping, load_for_editing

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
    """A decision's entry in its file. target: kind, id and expect, as an issue's targets in report.json."""
    entry = {
        "action": action,
        "target": {target["kind"]: target["id"]},
        "expect": _scalars(target["expect"]),
        "value": value,
        "frame": dict(frame or {}),
        "reason": reason,
        "officer": officer,
        "date": day.isoformat(),
        "expires": expires and expires.isoformat(),
    }
    return {name: cell for name, cell in entry.items() if cell not in (None, {})}


def write_decision(folder: Path, entry: Mapping[str, Any], about: str = "") -> tuple[Path, Decision]:
    """Add a decision to the folder's file of its month, comments and all else in it kept.

    about: a comment before it. Returns the file and the decision. Raises `WenshuError` where a run
    would not take the file with the decision in it, and `ConflictError` where its target has a
    decision already.
    """
    with folder_lock(folder):
        path = _file_of_month(folder, str(entry["date"])[:7])
        seen = file_digest(path)
        text = _with_entry(_text(path) if seen else _HEADER, entry, one_line(about)[:_SHOWN], path)
        others = [d for name in sorted(folder.glob("*.yaml")) if name != path for d, _ in read_file(name)]
        *before, added = _parsed(text, path)
        for one in (*others, *before):
            if (one.kind, one.target) == (added.kind, added.target):
                raise ConflictError(
                    f"the {added.kind} {added.target} was decided on already, on {one.date} in "
                    f"{one_line(str(folder))}; change or delete that decision instead"
                )
        replace_text(path, text, seen)
        _append_to_log(folder, "added", added, str(entry["officer"]), entry)
    return path, added


def change_decision(
    folder: Path,
    decision_id: str,
    changes: Mapping[str, Any],
    officer: str,
    seen: Mapping[str, Any] | None = None,
) -> Decision:
    """Change fields of a decision where it stands; a value of None takes the field away.

    seen: the entry as it was shown. Raises `ConflictError` where it has changed since or is gone,
    `WenshuError` where a run would not take the result.
    """
    with folder_lock(folder):
        path, number, *_ = _find(folder, decision_id, seen)
        state = file_digest(path)
        document = load_for_editing(_text(path), path)
        entry = document["decisions"][number]
        for name, value in changes.items():
            if value is None:
                entry.pop(name, None)
            else:
                entry[name] = flow_mapping(_scalars(value)) if isinstance(value, Mapping) else value
        text = dump_yaml(document)
        changed = _parsed(text, path)[number]
        replace_text(path, text, state)
        _append_to_log(folder, "changed", changed, officer, entry, was=decision_id)
    return changed


def withdraw_decision(
    folder: Path, decision_id: str, officer: str, seen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Take a decision out of its file, and the comment right above it. Returns its entry.

    seen: as in `change_decision`, and so what is raised.
    """
    with folder_lock(folder):
        path, number, decision, entry = _find(folder, decision_id, seen)
        state = file_digest(path)
        text = _without_entry(_text(path), number, path)
        if text == _HEADER:
            path.unlink()
        else:
            replace_text(path, text, state)
        _append_to_log(folder, "withdrawn", decision, officer, entry)
    return entry


def read_log(folder: Path, limit: int) -> list[dict[str, Any]]:
    """The last lines of the log, the newest first; a damaged line is skipped."""
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    records: list[dict[str, Any]] = []
    for line in reversed(lines):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            records.append(record)
        if len(records) >= limit:
            break
    return records


def _append_to_log(
    folder: Path, did: str, decision: Decision, officer: str, entry: Mapping[str, Any], **more: str
) -> None:
    """Append a line, in one call of the system, so that lines of several processes do not mix."""
    record = {
        "time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "did": did, "id": decision.id,
        **more, "officer": officer, "entry": entry,
    }  # fmt: skip
    with (folder / LOG).open("ab", buffering=0) as file:
        file.write(encode_escaped(json.dumps(record, default=str, ensure_ascii=False) + "\n"))
        os.fsync(file.fileno())


def _find(
    folder: Path, decision_id: str, seen: Mapping[str, Any] | None
) -> tuple[Path, int, Decision, dict[str, Any]]:
    """A decision's file and its number there, and the decision with its entry."""
    for path in sorted(folder.glob("*.yaml")):
        for number, (decision, entry) in enumerate(read_file(path)):
            if decision.id == decision_id:
                if seen is not None and entry != seen:
                    raise ConflictError(
                        f"the decision {decision_id} was changed meanwhile in {one_line(path.name)}; "
                        "look at it again"
                    )
                return path, number, decision, entry
    raise ConflictError(
        f"the decision {one_line(decision_id)[:40]} is not in {one_line(str(folder))} any more; look again"
    )


def _parsed(text: str, path: Path) -> tuple[Decision, ...]:
    """The decisions of a file that is to hold this text. Raises as `read_file`, naming the file itself."""
    with draft_copy(text, path) as draft:
        return tuple(decision for decision, _ in read_file(draft))


def _with_entry(text: str, entry: Mapping[str, Any], about: str, path: Path) -> str:
    """The file's text with one more entry at its end."""
    document = load_for_editing(text, path)
    if document.get("decisions") is None:
        document["decisions"] = CommentedSeq()
    items = document["decisions"]
    if not isinstance(items, CommentedSeq):
        raise WenshuError(f"{one_line(str(path))}: is no file of decisions; see docs/officer.md")
    cells = {key: flow_mapping(cell) if isinstance(cell, dict) else cell for key, cell in entry.items()}
    items.append(CommentedMap(cells))
    if about:
        items.yaml_set_comment_before_after_key(len(items) - 1, before=about, indent=2)
    return dump_yaml(document)


def _without_entry(text: str, number: int, path: Path) -> str:
    """The file's text without the lines of one entry, and the comments right above it."""
    decisions = _parsed(text, path)
    kept = [d.id for n, d in enumerate(decisions) if n != number]
    lines = text.splitlines(keepends=True)
    edges = []
    for decision in decisions:
        first = int(decision.place.rpartition(":")[2]) - 1
        while first and lines[first - 1].lstrip().startswith("#") and lines[first - 1][0] in " \t":
            first -= 1
        edges.append(first)
    ends = (n for n in range(edges[-1] + 1, len(lines)) if lines[n].strip() and lines[n][0] not in " -")
    edges.append(next(ends, len(lines)))
    rest = "".join((*lines[: edges[number]], *lines[edges[number + 1] :]))
    try:
        if [d.id for d in _parsed(rest, path)] == kept:
            return rest
    except WenshuError:  # several entries on one line
        pass
    raise WenshuError(f"{one_line(str(path))}: the decision cannot be told from the rest; delete it by hand")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _scalars(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells of `expect` as they read best in YAML: null, a whole number, or text."""
    return {name: _scalar(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _scalar(cell: str) -> Any:
    if cell == "":
        return None
    whole = cell.isascii() and cell.isdecimal() and not cell.startswith("0") and len(cell) < 16
    return int(cell) if whole else cell


def _file_of_month(folder: Path, month: str) -> Path:
    """The file that takes the next decision of the month."""
    names = (f"{month}.yaml" if number == 1 else f"{month}-{number}.yaml" for number in count(1))
    paths = (folder / name for name in names)
    return next(path for path in paths if not path.exists() or path.stat().st_size < _FULL)
