"""The screen of decisions: in force, stale and expiring, with the log of who did what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pipeline.catalog_files import WEIGHTS
from pipeline.decisions.decision import Decision
from pipeline.decisions.writing import BANK, read_log
from pipeline.desk import deciding
from pipeline.desk.desk import Desk
from pipeline.desk.routes import Form, GoneError, change, page, text_of
from pipeline.project import packaged_path

_SOON = 30
"""Days before its last one from which a decision is expiring."""
_LOGGED = 200
"""Lines of the log that are shown."""
_STATES = ("stale", "expired", "expiring", "waiting", "holds")
"""In the order of the list. waiting: for the next run."""


@page("/decisions")
def _decisions(desk: Desk, request: Request) -> str:
    reported, today = desk.reported_decisions(), desk.project.today()
    listed = [
        {
            "decision": decision, "entry": entry, "reported": reported.get(decision.id),
            "state": _state(decision, reported.get(decision.id), today),
        }
        for decision, entry in desk.decisions()
    ]  # fmt: skip
    folder = desk.project.decisions
    return desk.page(
        "decisions.html", "/decisions", listed=sorted(listed, key=lambda one: _STATES.index(one["state"])),
        log=read_log(folder, _LOGGED), marked=sum(1 for _ in (folder / BANK).glob("*.txt")),
        trained=_weights(desk).is_file(),
    )  # fmt: skip


def _state(decision: Decision, reported: Mapping[str, Any] | None, today: dt.date) -> str:
    if decision.expires and decision.expires < today:
        return "expired"
    if reported is None:
        return "waiting"
    if reported["stale"]:
        return "stale"
    return "expiring" if decision.expires and (decision.expires - today).days <= _SOON else "holds"


@change("/api/decision/change")
def _change(desk: Desk, form: Form) -> dict[str, Any]:
    """Change value, reason or last day; an empty last day takes it away."""
    return {"id": deciding.change(desk, form, _id(form), _entry(form))}


@change("/api/decision/renew")
def _renew(desk: Desk, form: Form) -> dict[str, Any]:
    return {"id": deciding.renew(desk, form, _id(form), _entry(form))}


@change("/api/decision/withdraw")
def _withdraw(desk: Desk, form: Form) -> dict[str, Any]:
    deciding.withdraw(desk, _id(form), _entry(form))
    return {}


@change("/api/untrain")
def _untrain(desk: Desk, form: Form) -> dict[str, Any]:
    """Go back to the packaged weights."""
    desk.require_officer()
    if desk.project.catalog != packaged_path("catalog"):
        _weights(desk).unlink(missing_ok=True)
    return {}


def _weights(desk: Desk) -> Path:
    return desk.project.catalog / WEIGHTS


def _id(form: Form) -> str:
    return text_of(form, "id")


def _entry(form: Form) -> dict[str, Any]:
    """The entry as it was shown."""
    entry = form.get("seen")
    if not isinstance(entry, dict):
        raise GoneError
    return entry
