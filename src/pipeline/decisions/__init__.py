"""What data officers decided: read from decisions/, applied while it is right and no longer.

A decision names its target and says, in `expect`, what the target's row was like when it
was decided. It is applied while that holds. Where the row says something else by now,
where the target is gone or the decision has expired, it is not applied but reported, so
that nobody goes on correcting a source that has long been mended.

    docket = open_docket(load_decisions(folder), today)
    apply_corrections.amend   correct and drop: before anything is derived from what they are about
    mark_rows.settle          changes no figure: marks the rows that were touched, finds what is stale
    apply_waivers.judge       accept: once the gate has spoken

Where `amend` meets a decision, it tells the `Log` what it found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.decisions.decision import Decision, Stale, not_applied
from pipeline.errors import WenshuError, one_line
from pipeline.project import packaged_path
from pipeline.tables.cells import as_text
from pipeline.yamlfile import load_yaml

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "correct": ("quantity", "observation"),
    "drop": ("quantity", "relation", "observation", "document"),
    "accept": ("quantity", "relation", "observation", "document", "expectation"),
    "flag": ("quantity", "relation", "observation", "document"),
}
"""What each action can be done to."""

_HINTS = {
    "quantity": "it can be corrected, dropped, accepted or flagged",
    "relation": "correct the quantity that is wrong, or accept the relation",
    "observation": "it can be corrected, dropped, accepted or flagged",
    "document": "say what is known of a document in its sidecar",
    "expectation": "accept it, or change it in expectations/",
}


@dataclass(frozen=True, slots=True)
class Docket:
    """The decisions of one night, by what they are about. Picklable, for batches in other processes."""

    by_target: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    lapsed: tuple[Stale, ...] = ()
    """Those that cannot apply whatever the tables say: expired, or two on one target."""

    def amending(self, kind: str) -> Mapping[str, Decision]:
        """Those that correct or drop something of this kind, by its id."""
        return {name: d for (known, name), d in self.by_target.items() if known == kind and d.amends}


Log = dict[str, Stale | None]
"""What became of decisions by their id: None where applied. Batches' logs are merged by `update`."""


def load_decisions(folder: Path) -> tuple[Decision, ...]:
    """Every decision of the folder's YAML files, in the order of files and lines.

    A folder that is not there holds none. Raises `WenshuError` naming file, line and
    field where one is not as catalog/schema/decision.schema.json has it.
    """
    return tuple(decision for decision, _ in read_decisions(folder))


def read_decisions(folder: Path) -> Iterator[tuple[Decision, Mapping[str, Any]]]:
    """As `load_decisions`, each with its entry as its file has it."""
    found: dict[str, Decision] = {}
    for path in sorted(folder.glob("*.yaml")):
        for decision, entry in read_file(path):
            known = found.setdefault(decision.id, decision)
            if known is not decision:
                raise WenshuError(f"{decision.place}: the same decision as in {known.place}; delete one")
            yield decision, entry


def read_file(path: Path) -> Iterator[tuple[Decision, Mapping[str, Any]]]:
    """The decisions of one file, each with its entry as the file has it; raises as `load_decisions` does."""
    document = load_yaml(path, packaged_path("catalog") / "schema" / "decision.schema.json")
    for number, item in enumerate(document.data.get("decisions") or ()):
        line = document.positions.get(("decisions", number), 1)
        yield _decision(item, one_line(f"{path.parent.name}/{path.name}:{line}")), item


def open_docket(decisions: Iterable[Decision], today: dt.date) -> Docket:
    """Sort out the decisions that can apply today."""
    lapsed: list[Stale] = []
    by_target: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        known = by_target.get((decision.kind, decision.target))
        if decision.expires and decision.expires < today:
            lapsed.append(not_applied(decision, "expired", day=decision.expires))
        elif known:
            lapsed.append(not_applied(decision, "conflict", place=known.place))
        else:
            by_target[decision.kind, decision.target] = decision
    return Docket(by_target, tuple(lapsed))


def _decision(item: Mapping[str, Any], place: str) -> Decision:
    ((kind, target),) = item["target"].items()
    if kind not in ACTIONS[item["action"]]:
        raise WenshuError(f"{place}: {item['action']}: not for a {kind}; {_HINTS[kind]}")
    if item.get("frame") and kind != "quantity":
        raise WenshuError(f"{place}: frame: only a quantity is about something; {_HINTS[kind]}")
    if kind == "observation" and item["action"] == "correct" and item.get("value") is None:
        raise WenshuError(f"{place}: value: an observation is corrected to a number")
    value, expires = item.get("value"), item.get("expires")
    return Decision(
        kind=kind,
        target=target,
        action=item["action"],
        expect={column: as_text(cell) for column, cell in item["expect"].items()},
        value=None if value is None else Decimal(value),
        frame=item.get("frame") or {},
        reason=item["reason"].strip(),
        officer=item["officer"].strip(),
        date=dt.date.fromisoformat(item["date"]),
        expires=dt.date.fromisoformat(expires) if expires else None,
        place=place,
    )
