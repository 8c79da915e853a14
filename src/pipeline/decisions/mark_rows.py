"""Rows marked with the decisions that touched them, and which decisions are applied, stale or accepting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.apply_corrections import observation_id
from pipeline.decisions.decision import Decision, StaleDecision, why_stale
from pipeline.gate.holding import CELL, Key, cell_key
from pipeline.tables.corrections import Correction
from pipeline.tables.edits import find_references, find_rows, set_cells, take_rows

_KEYS = {
    "quantity": ("quantities", ("quantity_id",)),
    "relation": ("relations", ("relation_id",)),
    "observation": ("observations", ("indicator", "ref_area", "time_period", "document_id")),
    "document": ("documents", ("document_id",)),
}
"""The table of each kind of target, and the columns of its id."""

_STATUS = {"correct": "I", "flag": "U"}
"""SDMX CL_OBS_STATUS of touched rows: imputed, of low reliability. An accepted row keeps its own."""

_DOUBTFUL = "U"
"""Status of the figures of an accepted equation that fails: one of them is wrong, nobody knows which."""

BY_FIGURE = ("quantities.equation", "observations.sum", "observations.share")
"""Checks that report each figure of an equation by itself; an accepted equation covers one alone."""

_Targets = Mapping[tuple[str, str], tuple[int, Mapping[str, Any]]]
"""By kind and id of a target: its row's number and cells."""

_Mark = tuple[str, str | None]
"""A decision's id and the row's new obs_status, None for the one it has."""


@dataclass(frozen=True, slots=True)
class AppliedDecisions:
    """What became of a run's decisions."""

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """With obs_status and decision_id in the rows that were touched."""
    in_force: tuple[Decision, ...] = ()
    stale: tuple[StaleDecision, ...] = ()
    accepted: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    """Accepting decisions, by kind and id of the target."""
    covered: Mapping[str, str] = field(default_factory=dict)
    """Figures of accepted equations, each with the decision's id."""

    def accepting(
        self, check: str, observed: str, quantities: Collection[str], document: str | None = None
    ) -> str | None:
        """The id of the decision that accepts a finding, None where there is none.

        check: TABLE.CHECK. observed: the result of the whole expectation. quantities and
        document: ids of what one row of the finding is about. An accepted equation covers
        findings on its figures together, not on one of them alone.
        """
        if not self.accepted:
            return None
        single = min(quantities) if len(quantities) == 1 else None
        for kind, target in (("document", document), ("quantity", single)):
            if target and (decision := self.accepted.get((kind, target))):
                return decision.id
        expectation = self.accepted.get(("expectation", check))
        if expectation and why_stale(expectation, {"observed": observed}) is None:
            return expectation.id
        least = 1 if check in BY_FIGURE else 2
        if len(quantities) >= least and all(name in self.covered for name in quantities):
            return self.covered[min(quantities)]
        return None

    def after_gate(self, observed: Mapping[str, str]) -> AppliedDecisions:
        """The same after the gate: accepted expectations with another result are stale.

        observed: the result of each failed expectation, by TABLE.CHECK.
        """
        expectations = ((name, d) for (kind, name), d in self.accepted.items() if kind == "expectation")
        outcomes = (
            why_stale(d, {"observed": observed[name]} if name in observed else None)
            for name, d in expectations
        )
        stale = tuple(outcome for outcome in outcomes if outcome)
        ids = {outcome.decision.id for outcome in stale}
        return replace(
            self,
            stale=(*self.stale, *stale),
            in_force=tuple(d for d in self.in_force if d.id not in ids),
            accepted={target: d for target, d in self.accepted.items() if d.id not in ids},
        )


def mark_rows(
    tables: Mapping[str, pa.Table],
    decisions: ActiveDecisions,
    log: DecisionLog,
    datasets: Mapping[str, Collection[str]],
) -> AppliedDecisions:
    """Mark the rows that decisions touched, and tell those in force from those that are stale.

    tables: those of the run, corrections applied. log: the outcome of these. datasets: the
    indicators of each table that is made of observations, which gets their marks.
    """
    targets = _targets(tables, decisions.by_target)

    def outcome(decision: Decision) -> StaleDecision | None:
        if decision.changes_data:
            return log[decision.id] if decision.id in log else why_stale(decision, None)
        if decision.kind == "expectation":
            return None
        return why_stale(decision, targets.get((decision.kind, decision.target), (0, None))[1])

    outcomes = [(decision, outcome(decision)) for decision in decisions.by_target.values()]
    in_force = tuple(decision for decision, stale in outcomes if stale is None)
    accepted = {(d.kind, d.target): d for d in in_force if d.action == "accept"}
    for (kind, target), decision in [*accepted.items()]:
        if kind == "observation":
            accepted["quantity", targets[kind, target][1]["quantity_id"] or ""] = decision
    # Of two that accept equations of one figure, the later one counts.
    covered = _figures_of(targets, (d for d in reversed(in_force) if d.action == "accept"))
    return AppliedDecisions(
        _with_datasets(_marked(tables, in_force, targets), datasets),
        in_force,
        (*decisions.lapsed, *(stale for _, stale in outcomes if stale)),
        accepted,
        _covered(tables, covered),
    )


def decision_rows(applied: AppliedDecisions) -> Iterator[tuple[Any, ...]]:
    """Rows of the table `decisions`: those in force, in the order of their ids."""
    for d in sorted(applied.in_force, key=lambda d: d.id):
        yield (d.id, d.action, d.kind, d.target, *_correction(d)[2:], d.expires)


def _correction(d: Decision) -> Correction:
    return Correction(d.id, d.action, d.expected, d.corrected or None, d.reason, d.officer, d.date)


def _targets(tables: Mapping[str, pa.Table], wanted: Iterable[tuple[str, str]]) -> _Targets:
    """The rows of these targets, as far as they are there. wanted: kinds and ids."""
    ids: dict[str, set[str]] = {}
    for kind, target in wanted:
        ids.setdefault(kind, set()).add(target)
    found: dict[tuple[str, str], tuple[int, Mapping[str, Any]]] = {}
    for kind in _KEYS.keys() & ids.keys():
        name, keys = _KEYS[kind]
        # A document's observations are few, and the last key of an observation is its document.
        last = {target.split(" ")[-1] for target in ids[kind]}
        for number, row in take_rows(tables[name], find_rows(tables[name], {keys[-1]: last})).items():
            if (target := observation_id(row[key] for key in keys)) in ids[kind]:
                found.setdefault((kind, target), (number, row))
    return found


def _figures_of(targets: _Targets, decisions: Iterable[Decision]) -> dict[str, str]:
    """The figures of decided equations, each with the id of the first decision."""
    found: dict[str, str] = {}
    for d in decisions:
        if d.kind == "relation":
            for name in (targets[d.kind, d.target][1]["quantity_ids"] or "").split():
                found.setdefault(name, d.id)
    return found


def _covered(tables: Mapping[str, pa.Table], figures: Mapping[str, str]) -> dict[str, str]:
    """The figures of accepted equations; a figure that is stated twice is covered wherever it is stated."""
    covered = dict(figures)
    for names in find_references(tables["observations"]["quantity_ids"], figures).values() if figures else ():
        decision = next(covered[name] for name in names if name in covered)
        for name in names:
            covered.setdefault(name, decision)
    return covered


def _marked(
    tables: Mapping[str, pa.Table], decisions: Iterable[Decision], targets: _Targets
) -> dict[str, pa.Table]:
    """The tables with decision_id, obs_status and correction in the rows that decisions touched."""
    decisions = tuple(decisions)
    marks: dict[str, dict[int, _Mark]] = {
        name: {} for name in ("documents", "quantities", "statistics", "relations", "observations")
    }
    decided: dict[str, _Mark] = {}
    for d in decisions:
        mark = (d.id, _STATUS.get(d.action))
        if (d.kind, d.target) in targets:
            marks[_KEYS[d.kind][0]][targets[d.kind, d.target][0]] = mark
        if d.kind == "quantity":
            decided[d.target] = mark
    doubtful = _figures_of(targets, (d for d in decisions if d.action in ("accept", "flag")))
    figures = {name: (decision, _DOUBTFUL) for name, decision in doubtful.items()} | decided
    for name in ("quantities", "statistics") if figures else ():
        keys = tables[name].select(["quantity_id"])
        for number, row in take_rows(keys, find_rows(keys, {"quantity_id": figures})).items():
            marks[name].setdefault(number, figures[row["quantity_id"]])
    # An equation is touched by what was decided on its figures, not by another equation of theirs.
    for name, touched in (("relations", decided), ("observations", figures)):
        for number, names in (
            find_references(tables[name]["quantity_ids"], touched).items() if touched else ()
        ):
            marks[name].setdefault(number, next(touched[one] for one in names if one in touched))
    words = {d.id: text.zh for d in decisions if (text := _correction(d).text)}
    return {**tables, **{name: _put(tables[name], found, words) for name, found in marks.items() if found}}


def _put(table: pa.Table, marks: Mapping[int, _Mark], words: Mapping[str, str]) -> pa.Table:
    """The table with marks, by row number. words: of corrections, by decision."""
    table = set_cells(table, "decision_id", {number: decision for number, (decision, _) in marks.items()})
    if "obs_status" in table.column_names:
        table = set_cells(
            table, "obs_status", {number: status for number, (_, status) in marks.items() if status}
        )
    if "correction" in table.column_names:
        cells = {number: words[decision] for number, (decision, _) in marks.items() if decision in words}
        table = set_cells(table, "correction", cells)
    return table


def _with_datasets(
    tables: Mapping[str, pa.Table], datasets: Mapping[str, Collection[str]]
) -> dict[str, pa.Table]:
    """The tables, the datasets with the marks of the observations that they show.

    A long dataset is a part of the observations; a row of a wide one names every decision on its
    figures, and says which figure each is about. datasets: the indicators of each.
    """
    marked = dict(tables)
    observations = tables["observations"]
    columns = [*CELL, "indicator", "decision_id", "correction"]
    rows = pc.indices_nonzero(pc.is_valid(observations["decision_id"])).to_pylist()
    decided = take_rows(observations.select(columns), rows).values()
    for name, indicators in datasets.items():
        shown = [row for row in decided if row["indicator"] in indicators]
        if shown and (table := marked.get(name)) is not None:
            if "indicator" in table.column_names:
                part = pc.is_in(observations["indicator"], pa.array(sorted(indicators)))
                marked[name] = observations.filter(part).cast(table.schema)
            else:
                marked[name] = _mark_wide(table, shown, _titles(tables["indicators"]))
    return marked


def _mark_wide(table: pa.Table, decided: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> pa.Table:
    by_row: dict[Key, list[Mapping[str, Any]]] = {}
    for row in decided:
        by_row.setdefault(cell_key(row), []).append(row)
    places = ("ref_area", "time_period")
    near = find_rows(
        table, {name: {row[name] for rows in by_row.values() for row in rows} for name in places}
    )
    ids, corrections = {}, {}
    for number, cells in take_rows(table.select(list(CELL)), near).items():
        if rows := by_row.get(cell_key(cells)):
            ids[number] = " ".join(dict.fromkeys(row["decision_id"] for row in rows))
            words = [
                f"{titles.get(row['indicator'], row['indicator'])} {row['correction']}"
                for row in rows
                if row["correction"]
            ]
            corrections[number] = "\n".join(words) or None
    return set_cells(set_cells(table, "decision_id", ids), "correction", corrections)


def _titles(indicators: pa.Table) -> dict[str, str]:
    codes, titles = (indicators[name].to_pylist() for name in ("indicator", "title_zh"))
    return dict(zip(codes, titles, strict=True))
