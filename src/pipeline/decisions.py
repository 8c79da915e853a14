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
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pipeline.errors import WenshuError, one_line
from pipeline.mention import Mention
from pipeline.observations import Observation
from pipeline.project import packaged
from pipeline.source import Source
from pipeline.tables.model import Words
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
_BREAKS = str.maketrans("", "", "\r\n \t\u3000\u00a0\u200b\ufeff")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, as an officer wrote it."""

    kind: str
    """What the target is: quantity, relation, observation, document or expectation."""
    target: str
    """Its id; an observation's is its four keys, - for null, with spaces between."""
    action: str
    """correct, drop, accept or flag."""
    expect: Mapping[str, str]
    """Cells of the target's row when it was decided, by column; null is the empty string."""
    value: Decimal | None = None
    """What `correct` corrects to."""
    reason: str
    officer: str
    date: dt.date
    expires: dt.date | None = None
    """The last day on which it holds."""
    place: str = ""
    """File and line, for messages."""

    @property
    def id(self) -> str:
        """Names the decision in every row that it touches; rewording the reason does not change it."""
        said = "\0".join((self.kind, self.target, self.action, self.date.isoformat()))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Stale(NamedTuple):
    """A decision that is not applied, and why."""

    decision: Decision
    check: str
    """decision_expired, decision_stale, decision_gone or decision_conflict."""
    message: Words
    """What happened, and what to do."""


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
        yield _decision(item, f"{one_line(str(path))}:{line}")


def open_docket(decisions: Iterable[Decision], today: dt.date) -> Docket:
    """Sort out the decisions that can apply today."""
    lapsed: list[Stale] = []
    by_target: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        known = by_target.get((decision.kind, decision.target))
        if decision.expires and decision.expires < today:
            lapsed.append(_expired(decision))
        elif known:
            lapsed.append(_conflict(decision, known))
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


def stale(decision: Decision, found: Mapping[str, object] | None) -> Stale | None:
    """Why the decision does not apply to its target's row (None: it is gone); None where it does."""
    if found is None:
        return _gone(decision)
    for column, expected in decision.expect.items():
        there = plain(found.get(column))
        if there.translate(_BREAKS) != expected.translate(_BREAKS):
            return _changed(decision, column, expected, there)
    return None


def plain(value: object) -> str:
    """A cell as text, as the CSV has it; null is the empty string."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(plain, value)) if isinstance(value, list | tuple) else str(value)


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
        expect={column: plain(cell) for column, cell in item["expect"].items()},
        value=None if value is None else Decimal(value),
        reason=item["reason"].strip(),
        officer=item["officer"].strip(),
        date=dt.date.fromisoformat(item["date"]),
        expires=dt.date.fromisoformat(expires) if expires else None,
        place=place,
    )


def _expired(decision: Decision) -> Stale:
    day = decision.expires
    return Stale(decision, "decision_expired", Words(
        f"决定已于 {day} 到期，不再适用；仍属实则改其 expires，否则删去（{decision.place}）",
        f"the decision expired on {day} and is not applied; move its expires or delete it ({decision.place})",
    ))  # fmt: skip


def _conflict(decision: Decision, known: Decision) -> Stale:
    return Stale(decision, "decision_conflict", Words(
        f"同一对象已有决定（{known.place}），此条未用；删去其一（{decision.place}）",
        f"its target has a decision already ({known.place}), so it is not applied; delete one of them "
        f"({decision.place})",
    ))  # fmt: skip


def _gone(decision: Decision) -> Stale:
    return Stale(decision, "decision_gone", Words(
        f"决定所针对的 {decision.kind} {one_line(decision.target)} 已不存在，决定未用；"
        f"来源若已改正，删去此条（{decision.place}）",
        f"the {decision.kind} {one_line(decision.target)} that was decided on is gone, and the decision is "
        f"not applied; delete it if the source was mended ({decision.place})",
    ))  # fmt: skip


def _changed(decision: Decision, column: str, expected: str, found: str) -> Stale:
    before, now = one_line(expected)[:200] or "null", one_line(found)[:200] or "null"
    return Stale(decision, "decision_stale", Words(
        f"决定时 {one_line(column)} 为 {before}，现为 {now}，决定未用；"
        f"重新核对后改写或删去（{decision.place}）",
        f"{one_line(column)} was {before} when it was decided and is {now} now, so the decision is not "
        f"applied; look again, then rewrite or delete it ({decision.place})",
    ))  # fmt: skip
