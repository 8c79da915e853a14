"""Corrections and drops, applied to documents, figures, equations and observations as they are made.

Everything that is derived from them is derived from what they are then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.decision import Decision, why_stale
from pipeline.numbers.mention import Mention
from pipeline.statistics.claims import MatchResult
from pipeline.statistics.observations import Observation
from pipeline.tables import TABLES
from pipeline.texts.source import Source

T = TypeVar("T")

_PLACES = {"region": "ref_area", "period": "time_period"}
"""Region and period of a corrected frame, and their fields in claims and statistics."""


def apply_corrections(
    kind: str, items: Iterable[tuple[str | None, T]], decisions: ActiveDecisions, log: DecisionLog
) -> Iterator[T]:
    """The items, corrected, without those that are dropped.

    kind: document, of `Source`s; quantity, of `Mention`s; relation, of rows; observation, of
    `Observation`s. items: each with its id. A document that is dropped stays, unread; a figure
    that is dropped stays and states no quantity. log: gets the outcome of each decision on an item.
    """
    by_id = decisions.changing(kind)
    for name, item in items:
        corrected: T | None = item
        if decision := by_id.get(name or ""):
            log[decision.id] = why_stale(decision, _CELLS[kind](item))
            if log[decision.id] is None:
                corrected = _corrected(item, decision)
        if corrected is not None:
            yield corrected


def correct_places(found: MatchResult, ids: Sequence[str], decisions: ActiveDecisions) -> MatchResult:
    """A document's claims and statistics, with the regions and periods that decisions give to its figures.

    ids: of its mentions.
    """
    places: dict[str, dict[str, Any]] = {
        name: {_PLACES[field]: cell for field, cell in decision.frame.items() if field in _PLACES}
        for name, decision in decisions.changing("quantity").items()
        if decision.frame
    }
    if not places:
        return found
    return found._replace(
        claims=tuple(replace(claim, **places.get(claim.key, {})) for claim in found.claims),
        statistics=tuple(one._replace(**places.get(ids[one.mention], {})) for one in found.statistics),
    )


def observation_id(keys: Iterable[str | None]) -> str:
    """An observation's target id, from its four keys."""
    return " ".join(key or "-" for key in keys)


def with_value(figure: Mention, value: Decimal) -> Mention:
    """The figure, stating exactly this value."""
    return figure._replace(value=value, low=value, high=value, qualifier="exact", place=Decimal(1))


def _corrected(item: Any, decision: Decision) -> Any:
    """The item after the decision; None where it is dropped."""
    value = decision.value
    if decision.action == "correct" and isinstance(item, Mention):
        frame: dict[str, Any] = {name: cell for name, cell in decision.frame.items() if name not in _PLACES}
        if "subject" in frame:  # the head that was read is not the subject's any more
            frame |= {"head": None, "confidence": Decimal(1)}
        return (item if value is None else with_value(item, value))._replace(**frame)
    if decision.action == "correct":
        return replace(item, value=value, low=value, high=value, qualifier="exact")
    if isinstance(item, Source):
        return replace(item, status="dropped", reason=f"dropped by decision {decision.id}")
    return item._replace(kind="other", rule="decision") if isinstance(item, Mention) else None


def _observation(observation: Observation) -> dict[str, object]:
    return {
        "obs_value": observation.value, "obs_low": observation.low, "obs_high": observation.high,
        "qualifier": observation.qualifier, "obs_status": observation.obs_status,
        "unit_measure": observation.unit_measure, "quantity_id": observation.sources[0],
    }  # fmt: skip


_CELLS: Mapping[str, Callable[[Any], Mapping[str, object]]] = {
    "document": lambda source: {name: getattr(source, name) for name in ("path", "sha256", "title", "url")},
    "quantity": lambda mention: mention._asdict() | {"value_low": mention.low, "value_high": mention.high},
    "relation": lambda row: dict(zip(TABLES["relations"].names, row, strict=True)),
    "observation": _observation,
}
"""For each kind, the cells that its row will have and that `expect` may name."""
