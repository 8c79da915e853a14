"""What data officers decided: read from decisions/, applied while it is right and no longer.

A decision names its target and says, in `expect`, what the target's row was like when it
was decided. It is applied while that holds. Where the row says something else by now,
where the target is gone or the decision has expired, it is not applied but reported, so
that nobody goes on correcting a source that has long been mended.

    docket = open_docket(load_decisions(folder), today)
    sources = amend_sources(sources, docket)            documents: drop
    mentions = amend_mentions(mentions, keys, docket)   quantities: correct, drop
    observations = amend_observations(...)              observations: correct, drop
    settled = settle(tables, docket)                    everything else, and the marks on the rows

Each step that changes something tells the docket's `Log` what it found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.decisions.decision import Decision, Stale, conflict, expired, stale
from pipeline.errors import WenshuError, one_line
from pipeline.numbers.mention import Mention
from pipeline.project import packaged
from pipeline.statistics.observations import Observation
from pipeline.tables.cells import as_text
from pipeline.texts.source import Source
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

    def on(self, kind: str, target: str) -> Decision | None:
        return self.by_target.get((kind, target))

    def targets(self, kind: str) -> frozenset[str]:
        """The ids of this kind that something was decided on."""
        return frozenset(target for known, target in self.by_target if known == kind)


Log = dict[str, Stale | None]
"""What became of decisions by their id: None where applied. Batches' logs are merged by `update`."""


def load_decisions(folder: Path) -> tuple[Decision, ...]:
    """Every decision of the folder's YAML files, in the order of files and lines.

    A folder that is not there holds none. Raises `WenshuError` naming file, line and
    field where one is not as catalog/schema/decision.schema.json has it.
    """
    found: dict[str, Decision] = {}
    for path in sorted(folder.glob("*.yaml")):
        for decision in load_file(path):
            known = found.setdefault(decision.id, decision)
            if known is not decision:
                raise WenshuError(f"{decision.place}: the same decision as in {known.place}; delete one")
    return tuple(found.values())


def load_file(path: Path) -> Iterator[Decision]:
    """The decisions of one file; raises as `load_decisions` does."""
    document = load_yaml(path, packaged("catalog") / "schema" / "decision.schema.json")
    for number, item in enumerate(document.data.get("decisions") or ()):
        line = document.positions.get(("decisions", number), 1)
        yield _decision(item, one_line(f"{path.parent.name}/{path.name}:{line}"))


def open_docket(decisions: Iterable[Decision], today: dt.date) -> Docket:
    """Sort out the decisions that can apply today."""
    lapsed: list[Stale] = []
    by_target: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        known = by_target.get((decision.kind, decision.target))
        if decision.expires and decision.expires < today:
            lapsed.append(expired(decision))
        elif known:
            lapsed.append(conflict(decision, known))
        else:
            by_target[decision.kind, decision.target] = decision
    return Docket(by_target, tuple(lapsed))


def amend_sources(sources: Iterable[Source], docket: Docket, log: Log) -> Iterator[Source]:
    """The sources; a document that was dropped is read no further."""
    for source in sources:
        decision = docket.on("document", source.document_id)
        row = {"path": source.path, "sha256": source.sha256, "title": source.title, "url": source.url}
        if decision and decision.action == "drop" and _holds(decision, row, log):
            yield replace(source, status="dropped", reason=f"dropped by decision {decision.id}")
        else:
            yield source


def amend_mentions(
    mentions: Sequence[Mention], keys: Sequence[str | None], docket: Docket, log: Log
) -> tuple[Mention, ...]:
    """A document's mentions with corrected values; one that was dropped states no quantity.

    keys: each mention's quantity_id, None for those that have none.
    """
    wanted = docket.targets("quantity")
    if not wanted or wanted.isdisjoint(keys):
        return tuple(mentions)
    pairs = zip(mentions, keys, strict=True)
    return tuple(_amended(mention, docket.on("quantity", key or ""), log) for mention, key in pairs)


def amend_observations(
    observations: Iterable[Observation], docket: Docket, log: Log
) -> Iterator[Observation]:
    """The observations with corrected values, without those that were dropped."""
    wanted = docket.targets("observation")
    for observation in observations:
        target = observation_id(
            (observation.indicator, observation.ref_area, observation.time_period, observation.document_id)
        )
        decision = docket.on("observation", target) if target in wanted else None
        changes = decision and decision.action in ("correct", "drop")
        if not (decision and changes and _holds(decision, _observation_row(observation), log)):
            yield observation
        elif decision.action == "correct":
            value = decision.value
            yield replace(observation, value=value, low=value, high=value, qualifier="exact")


def observation_id(keys: Iterable[str | None]) -> str:
    """An observation's target id, from its four keys."""
    return " ".join(key or "-" for key in keys)


def _holds(decision: Decision, row: Mapping[str, object], log: Log) -> bool:
    log[decision.id] = stale(decision, row)
    return log[decision.id] is None


def _amended(mention: Mention, decision: Decision | None, log: Log) -> Mention:
    if decision is None or decision.action not in ("correct", "drop"):
        return mention
    row = mention._asdict() | {"value_low": mention.low, "value_high": mention.high}
    if not _holds(decision, row, log):
        return mention
    if decision.action == "drop":
        return mention._replace(kind="other", rule="decision")
    value = decision.value
    return mention._replace(value=value, low=value, high=value, qualifier="exact", place=Decimal(1))


def _observation_row(observation: Observation) -> dict[str, object]:
    return {
        "obs_value": observation.value, "obs_low": observation.low, "obs_high": observation.high,
        "qualifier": observation.qualifier, "obs_status": observation.obs_status,
        "unit_measure": observation.unit_measure, "quantity_id": observation.sources[0],
    }  # fmt: skip


def _decision(item: Mapping[str, Any], place: str) -> Decision:
    ((kind, target),) = item["target"].items()
    if kind not in ACTIONS[item["action"]]:
        raise WenshuError(f"{place}: {item['action']}: not for a {kind}; {_HINTS[kind]}")
    value, expires = item.get("value"), item.get("expires")
    return Decision(
        kind=kind,
        target=target,
        action=item["action"],
        expect={column: as_text(cell) for column, cell in item["expect"].items()},
        value=None if value is None else Decimal(value),
        reason=item["reason"].strip(),
        officer=item["officer"].strip(),
        date=dt.date.fromisoformat(item["date"]),
        expires=dt.date.fromisoformat(expires) if expires else None,
        place=place,
    )
