"""Documents, figures, equations and observations amended, before anything is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pipeline.decisions import Docket, Log
from pipeline.decisions.decision import Decision, stale
from pipeline.numbers.mention import Mention
from pipeline.statistics.claims import Found
from pipeline.statistics.observations import Observation
from pipeline.tables import TABLES
from pipeline.texts.source import Source

T = TypeVar("T")

_PLACED = {"region": "ref_area", "period": "time_period"}
"""Fields of a corrected frame that say where and when, and what claims and statistics call them."""


def amend(kind: str, found: Iterable[tuple[str | None, T]], docket: Docket, log: Log) -> Iterator[T]:
    """What decisions leave of documents, figures, equations or observations, each given with its id.

    kind: document, of `Source`s; quantity, of `Mention`s; relation, of rows; observation, of
    `Observation`s. A document that is dropped is there and not read, a figure that is dropped
    is there and states no quantity. log: told what became of each decision that was met.
    """
    decisions = docket.amending(kind)
    for name, one in found:
        left: T | None = one
        if decision := decisions.get(name or ""):
            log[decision.id] = stale(decision, _CELLS[kind](one))
            if log[decision.id] is None:
                left = _amended(one, decision)
        if left is not None:
            yield left


def placed(found: Found, ids: Sequence[str], docket: Docket) -> Found:
    """What a document says of the indicators, with the regions and periods that decisions give its figures.

    ids: of its mentions.
    """
    said: dict[str, dict[str, Any]] = {
        name: {_PLACED[field]: cell for field, cell in decision.frame.items() if field in _PLACED}
        for name, decision in docket.amending("quantity").items()
        if decision.frame
    }
    if not said:
        return found
    return found._replace(
        claims=tuple(replace(claim, **said.get(claim.key, {})) for claim in found.claims),
        statistics=tuple(one._replace(**said.get(ids[one.mention], {})) for one in found.statistics),
    )


def observation_id(keys: Iterable[str | None]) -> str:
    """An observation's target id, from its four keys."""
    return " ".join(key or "-" for key in keys)


def with_value(figure: Mention, value: Decimal) -> Mention:
    """A figure that states just this value."""
    return figure._replace(value=value, low=value, high=value, qualifier="exact", place=Decimal(1))


def _amended(one: Any, decision: Decision) -> Any:
    """What is left of it; None where that is nothing."""
    value = decision.value
    if decision.action == "correct" and isinstance(one, Mention):
        said: dict[str, Any] = {name: cell for name, cell in decision.frame.items() if name not in _PLACED}
        if "subject" in said:  # what the text's own words for it were is of no use any more
            said |= {"head": None, "confidence": Decimal(1)}
        return (one if value is None else with_value(one, value))._replace(**said)
    if decision.action == "correct":
        return replace(one, value=value, low=value, high=value, qualifier="exact")
    if isinstance(one, Source):
        return replace(one, status="dropped", reason=f"dropped by decision {decision.id}")
    return one._replace(kind="other", rule="decision") if isinstance(one, Mention) else None


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
"""What `expect` may name of each kind: cells that its row will have."""
