"""Decisions read from the YAML files of decisions/."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.decisions.decision import Decision
from pipeline.errors import WenshuError, one_line
from pipeline.project import packaged_path
from pipeline.tables.model import cell_text
from pipeline.yamlfile import load_yaml

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "correct": ("quantity", "observation"),
    "drop": ("quantity", "relation", "observation", "document"),
    "accept": ("quantity", "relation", "observation", "document", "expectation"),
    "flag": ("quantity", "relation", "observation", "document"),
}
"""The kinds of target that each action can be applied to."""

_HINTS = {
    "quantity": "it can be corrected, dropped, accepted or flagged",
    "relation": "correct the quantity that is wrong, or accept the relation",
    "observation": "it can be corrected, dropped, accepted or flagged",
    "document": "say what is known of a document in its sidecar",
    "expectation": "accept it, or change it in expectations/",
}


def load_decisions(folder: Path) -> tuple[Decision, ...]:
    """Every decision of the folder's YAML files, in the order of files and lines.

    A missing folder holds none. Raises `WenshuError` naming file, line and field where a
    decision does not fit catalog/schema/decision.schema.json.
    """
    return tuple(decision for decision, _ in read_decisions(folder))


def read_decisions(folder: Path) -> Iterator[tuple[Decision, dict[str, Any]]]:
    """As `load_decisions`, each decision with its entry in the file, decimals as text."""
    by_id: dict[str, Decision] = {}
    for path in sorted(folder.glob("*.yaml")):
        for decision, entry in read_file(path):
            first = by_id.setdefault(decision.id, decision)
            if first is not decision:
                raise WenshuError(f"{decision.place}: the same decision as in {first.place}; delete one")
            yield decision, entry


def read_file(path: Path) -> Iterator[tuple[Decision, dict[str, Any]]]:
    """The decisions of one file, each with its entry, decimals as text; raises as `load_decisions` does."""
    document = load_yaml(path, packaged_path("catalog") / "schema" / "decision.schema.json")
    for number, entry in enumerate(document.data.get("decisions") or ()):
        line = document.positions.get(("decisions", number), 1)
        decision = _decision(entry, one_line(f"{path.parent.name}/{path.name}:{line}"))
        yield decision, json.loads(json.dumps(entry, default=str))


def _decision(entry: Mapping[str, Any], place: str) -> Decision:
    ((kind, target),) = entry["target"].items()
    if kind not in ACTIONS[entry["action"]]:
        raise WenshuError(f"{place}: {entry['action']}: not for a {kind}; {_HINTS[kind]}")
    if entry.get("frame") and kind != "quantity":
        raise WenshuError(f"{place}: frame: only a quantity is about something; {_HINTS[kind]}")
    if kind == "observation" and entry["action"] == "correct" and entry.get("value") is None:
        raise WenshuError(f"{place}: value: an observation is corrected to a number")
    value, expires = entry.get("value"), entry.get("expires")
    return Decision(
        kind=kind,
        target=target,
        action=entry["action"],
        expect={column: cell_text(cell) for column, cell in entry["expect"].items()},
        value=None if value is None else Decimal(value),
        frame=entry.get("frame") or {},
        reason=entry["reason"].strip(),
        officer=entry["officer"].strip(),
        date=dt.date.fromisoformat(entry["date"]),
        expires=dt.date.fromisoformat(expires) if expires else None,
        place=place,
    )
