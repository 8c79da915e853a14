"""Documents, figures, equations and observations amended, before anything is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pipeline.decisions import Docket, Log
from pipeline.decisions.decision import Decision, stale
from pipeline.numbers.mention import Mention
from pipeline.statistics.observations import Observation
from pipeline.tables import TABLES
from pipeline.texts.source import Source

T = TypeVar("T")


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


def observation_id(keys: Iterable[str | None]) -> str:
    """An observation's target id, from its four keys."""
    return " ".join(key or "-" for key in keys)


def _amended(one: Any, decision: Decision) -> Any:
    """What is left of it; None where that is nothing."""
    if decision.action == "correct":
        value = decision.value
        exact: dict[str, Any] = {"value": value, "low": value, "high": value, "qualifier": "exact"}
        return one._replace(**exact, place=Decimal(1)) if isinstance(one, Mention) else replace(one, **exact)
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
