"""A key pressed, as decisions in their files: one, the same for several, and taken back again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.decisions.parse_fields import parse_last_day, parse_number, parse_reason
from pipeline.decisions.writing import change_decision, entry_of, read_log, withdraw_decision, write_decision
from pipeline.desk.cards import Card
from pipeline.desk.marked_sentences import forget
from pipeline.errors import WenshuError
from pipeline.project import Project
from pipeline.statistics.areas import Areas

_LOGGED = 2_000
"""Lines of the log among which reasons are looked for."""
_OFFERED = 6
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer asks for on a card."""

    action: str
    reason: str
    figure: str | None = None
    """The chosen figure's id."""
    value: Decimal | None = None
    frame: Mapping[str, Any] = field(default_factory=dict)
    """What the figure is about, where that was read wrongly."""
    expires: dt.date | None = None


def asked(said: Mapping[str, Any], today: dt.date, areas: Callable[[], Areas]) -> Asked:
    """What a page sent, checked. areas: asked for where a region is named.

    Raises `WenshuError`, which says what to give instead.
    """
    action = said.get("action")
    if action not in ("accept", "correct", "drop", "flag"):
        raise WenshuError("a decision accepts, corrects, drops or flags")
    frame = frame_of(said.get("frame"), areas) if action == "correct" else {}
    value = text_of(said, "value")
    return Asked(
        action=action, reason=parse_reason(text_of(said, "reason")), figure=said.get("figure") or None,
        frame=frame, value=parse_number(value) if action == "correct" and (value or not frame) else None,
        expires=parse_last_day(text_of(said, "expires"), today),
    )  # fmt: skip


def decide(project: Project, card: Card, what: Asked, officer: str) -> dict[str, Any]:
    """Write a decision on a card. Returns its id, and the file's name.

    Raises `WenshuError` where there is nothing on the card to do this to, and
    `pipeline.safe_files.ConflictError` where somebody decided meanwhile.
    """
    target = card.target(what.action, what.figure)
    if target is None:
        raise WenshuError(
            "choose the figure first, by its number"
            if card.figures
            else "this cannot be done to what is doubted here"
        )
    entry = entry_of(
        what.action, target, what.reason, officer, project.today(),
        value=what.value, frame=what.frame, expires=what.expires,
    )  # fmt: skip
    path, made = write_decision(project.decisions, entry, about=f"{card.checks[0]}: {target['label']}")
    return {"id": made.id, "file": f"{path.parent.name}/{path.name}", "about": target["label"]}


def withdraw(project: Project, decision_id: str, officer: str, seen: Mapping[str, Any] | None = None) -> None:
    """Take a decision back, and the sentence that was marked by it. Raises as `withdraw_decision`."""
    forget(project.decisions, withdraw_decision(project.decisions, decision_id, officer, seen))


def renew(
    project: Project, said: Mapping[str, Any], decision: Mapping[str, Any], entry: Mapping[str, Any],
    officer: str,
) -> str:  # fmt: skip
    """Have a stale decision hold again, for what its target says now. Returns its new id.

    decision: as report.json has it, with `now`. entry: as it stands in its file. Raises `WenshuError`
    where its target is gone, for there is nothing left that it could hold for.
    """
    today = project.today()
    changes: dict[str, Any] = {"date": today.isoformat(), "officer": officer}
    if decision["now"] is not None:
        changes["expect"] = decision["now"]
    elif not entry.get("expires") or entry["expires"] >= today.isoformat():
        raise WenshuError("its target is gone, or another decision stands before it; withdraw it")
    changes |= changed_by(said, entry, today)
    return change_decision(project.decisions, decision["id"], changes, officer, seen=entry).id


def changed_by(said: Mapping[str, Any], entry: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """The fields of a decision that a form changes; an empty last day takes it away."""
    expires = parse_last_day(text_of(said, "expires"), today)
    changes: dict[str, Any] = {"expires": expires.isoformat() if expires else None}
    if said.get("value") not in (None, "") and entry.get("action") == "correct":
        changes["value"] = parse_number(str(said["value"]))
    if text_of(said, "reason"):
        changes["reason"] = parse_reason(text_of(said, "reason"))
    return changes


def reasons(folder: Path, entries: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The reasons that were given for each action, the most used first, and the last one before them."""
    given: dict[str, list[str]] = {}
    for line in read_log(folder, _LOGGED):
        entry = line.get("entry") or {}
        if line.get("did") == "added" and isinstance(entry.get("reason"), str):
            given.setdefault(str(entry.get("action")), [entry["reason"]])
    times = Counter((entry["action"], entry["reason"]) for entry in entries)
    for (action, reason), _ in times.most_common():
        given.setdefault(action, []).append(reason)
    return {action: list(dict.fromkeys(said))[:_OFFERED] for action, said in given.items()}


def text_of(said: Mapping[str, Any], name: str, longest: int = _LONGEST) -> str:
    """A text that a page sent. Raises `WenshuError` where it is none, or longer."""
    text = said.get(name) or ""
    if not isinstance(text, str) or len(text) > longest:
        raise WenshuError(f"{name} is no text of at most {longest} characters")
    return text.strip()


def frame_of(said: object, areas: Callable[[], Areas]) -> dict[str, Any]:
    """Fields of a frame that a page sent: empty ones are null, a region is a code."""
    if not isinstance(said, Mapping):
        return {}
    frame: dict[str, Any] = {str(name): str(cell).strip() or None for name, cell in said.items()}
    if named := frame.get("region"):
        code = named if named == "CN" or named in areas() else areas().read(named)
        if code is None:
            raise WenshuError("the region is not known; give its name with that of its city, or its code")
        frame["region"] = code
    return frame
