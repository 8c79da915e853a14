"""The decisions that can apply today, by their targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.decisions.decision import Decision, StaleDecision, stale_decision


@dataclass(frozen=True, slots=True)
class ActiveDecisions:
    """The decisions of a run, one a target. Picklable, for executors in other processes."""

    by_target: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    """By kind and id of the target."""
    lapsed: tuple[StaleDecision, ...] = ()
    """Those that cannot apply whatever the tables say: expired, or second on one target."""

    def changing(self, kind: str) -> Mapping[str, Decision]:
        """The decisions that correct or drop a target of this kind, by its id."""
        return {
            target: decision
            for (target_kind, target), decision in self.by_target.items()
            if target_kind == kind and decision.changes_data
        }


DecisionLog = dict[str, StaleDecision | None]
"""The outcome of decisions by their ids: None where applied. Logs of batches are merged by `update`."""


def active_decisions(decisions: Iterable[Decision], today: dt.date) -> ActiveDecisions:
    """Sort out the decisions that can apply today."""
    lapsed: list[StaleDecision] = []
    by_target: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        first = by_target.get((decision.kind, decision.target))
        if decision.expires and decision.expires < today:
            lapsed.append(stale_decision(decision, "expired", day=decision.expires))
        elif first:
            lapsed.append(stale_decision(decision, "conflict", place=first.place))
        else:
            by_target[decision.kind, decision.target] = decision
    return ActiveDecisions(by_target, tuple(lapsed))
