"""The screen of decisions: in force, stale and expiring, with the log of who did what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pipeline.catalog_files import WEIGHTS
from pipeline.decisions.decision import Decision
from pipeline.decisions.writing import BANK, change_decision, plain_entry, read_log
from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.deciding import changed_by, renew, text_of, withdraw
from pipeline.desk.desk import Desk
from pipeline.errors import WenshuError
from pipeline.project import packaged_path

SCREEN = Screen()
_SOON = 30
"""Days before its last one from which a decision is called expiring."""
_LOGGED = 200
"""Lines of the log that are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as the screen lists it."""

    decision: Decision
    force: str
    """stale, expired, waiting (for the next run), expiring or holds."""
    said: Mapping[str, Any] | None
    """What the last run said of it: `stale` and `now`."""
    written: Mapping[str, Any]
    """As its file has it; sent back with a change, so that another's is not overwritten."""


@SCREEN.page("/decisions")
def _screen(desk: Desk, request: Request) -> str:
    listed = sorted(_listed(desk), key=lambda entry: _FORCES.index(entry.force))
    folder = desk.project.decisions
    return desk.page(
        "decisions.html", "/decisions", listed=listed, log=read_log(folder, _LOGGED),
        marked=sum(1 for _ in (folder / BANK).glob("*.txt")), trained=_weights(desk).is_file(),
    )  # fmt: skip


_FORCES = ("stale", "expired", "expiring", "waiting", "holds")


def _listed(desk: Desk) -> list[Entry]:
    report = desk.report()[1] or {"decisions": ()}
    said = {one["id"]: one for one in report["decisions"]}
    today = desk.project.today()
    return [
        Entry(one, _force(one, said.get(one.id), today), said.get(one.id), written)
        for one, written in desk.decisions()
    ]


def _force(decision: Decision, said: Mapping[str, Any] | None, today: dt.date) -> str:
    if decision.expires and decision.expires < today:
        return "expired"
    if said is None:
        return "waiting"
    if said["stale"]:
        return "stale"
    return "expiring" if decision.expires and (decision.expires - today).days <= _SOON else "holds"


@SCREEN.change("/api/decision/change")
def _change(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Change value, reason or last day; an empty last day takes it away."""
    seen = _seen(said)
    changes = changed_by(said, seen, desk.project.today())
    return {"id": change_decision(desk.project.decisions, _name(said), changes, desk.decider(), seen).id}


@SCREEN.change("/api/decision/renew")
def _renew(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    found = next((e for e in _listed(desk) if e.decision.id == _name(said)), None)
    if found is None or found.said is None:
        raise MissingError
    return {"id": renew(desk.project, said, found.said, _seen(said), desk.decider())}


@SCREEN.change("/api/decision/withdraw")
def _withdraw(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    withdraw(desk.project, _name(said), desk.decider(), _seen(said))
    return {}


def _weights(desk: Desk) -> Path:
    return desk.project.catalog / WEIGHTS


@SCREEN.change("/api/untrain")
def _untrain(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Go back to the packaged weights."""
    desk.decider()
    if desk.project.catalog != packaged_path("catalog"):
        _weights(desk).unlink(missing_ok=True)
    return {}


def _name(said: Mapping[str, Any]) -> str:
    return text_of(said, "id", 40)


def _seen(said: Mapping[str, Any]) -> dict[str, Any]:
    seen = said.get("seen")
    if not isinstance(seen, Mapping):
        raise WenshuError("that is not there any more; load the page again")
    return plain_entry(seen)
