"""Decisions carried into the tables: which are in force, which rows they touched, what they waive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from pipeline.decisions import Docket, Log
from pipeline.decisions.apply_corrections import observation_id
from pipeline.decisions.decision import Decision, Stale, stale
from pipeline.decisions.mark_datasets import carried
from pipeline.tables.corrections import Correction
from pipeline.tables.edits import naming, picked, put, where

_KEYS = {
    "quantity": ("quantities", ("quantity_id",)),
    "relation": ("relations", ("relation_id",)),
    "observation": ("observations", ("indicator", "ref_area", "time_period", "document_id")),
    "document": ("documents", ("document_id",)),
}
"""Where each kind of target is a row, and the columns of its id."""

_STATUS = {"correct": "I", "flag": "U"}
"""SDMX CL_OBS_STATUS of touched rows: imputed, of low reliability. An accepted row keeps its own."""
BY_FIGURE = ("quantities.equation", "observations.sum", "observations.share")
"""Checks that speak of each figure of an equation by itself; one that is accepted waives it."""

_DOUBTFUL = "U"
"""Figures of an equation that fails and was accepted: one of them is wrong, nobody knows which."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the decisions of a night."""

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """With obs_status and decision_id in the rows that were touched."""
    in_force: tuple[Decision, ...] = ()
    stale: tuple[Stale, ...] = ()
    accepted: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    """Accepted targets by kind and id."""
    covered: Mapping[str, str] = field(default_factory=dict)
    """Figures of accepted equations, each with the decision's id."""

    def waives(
        self,
        check: str,
        observed: str,
        quantities: Collection[str],
        document: str | None = None,
    ) -> str | None:
        """The id of the accepting decision by which a finding is no more; None where there is none.

        check: TABLE.CHECK. observed: what the whole expectation found. quantities and
        document: ids of what one row of it is about. An accepted equation waives what is
        said of its figures together, not of one of them alone.
        """
        if not self.accepted:
            return None
        alone = min(quantities) if len(quantities) == 1 else None
        for kind, target in (("document", document), ("quantity", alone)):
            if target and (decision := self.accepted.get((kind, target))):
                return decision.id
        whole = self.accepted.get(("expectation", check))
        if whole and stale(whole, {"observed": observed}) is None:
            return whole.id
        least = 1 if check in BY_FIGURE else 2
        if len(quantities) >= least and all(name in self.covered for name in quantities):
            return self.covered[min(quantities)]
        return None

    def heard(self, observed: Mapping[str, str]) -> Settled:
        """The same once the gate has spoken: accepted expectations that found something else are stale.

        observed: what each failed expectation found, by TABLE.CHECK.
        """
        asked = ((name, d) for (kind, name), d in self.accepted.items() if kind == "expectation")
        verdicts = (stale(d, {"observed": observed[name]} if name in observed else None) for name, d in asked)
        late = tuple(found for found in verdicts if found)
        gone = {found.decision.id for found in late}
        return replace(
            self,
            stale=(*self.stale, *late),
            in_force=tuple(d for d in self.in_force if d.id not in gone),
            accepted={k: d for k, d in self.accepted.items() if d.id not in gone},
        )


def settle(
    tables: Mapping[str, pa.Table],
    docket: Docket,
    log: Log,
    datasets: Mapping[str, Collection[str]] | None = None,
) -> Settled:
    """Mark the rows that decisions touched, and tell those in force from those that are stale.

    tables: those of the night, made from what is left after `amend`. log: what that found.
    datasets: the indicators of each table that is made of observations, which bears their marks.
    """

    def verdict(decision: Decision) -> Stale | None:
        if decision.amends:
            return log[decision.id] if decision.id in log else stale(decision, None)
        return None if decision.kind == "expectation" else stale(decision, _row(tables, decision))

    verdicts = [(decision, verdict(decision)) for decision in docket.by_target.values()]
    in_force = tuple(decision for decision, found in verdicts if found is None)
    accepted = {(d.kind, d.target): d for d in in_force if d.action == "accept"}
    for decision in [d for d in accepted.values() if d.kind == "observation"]:
        accepted["quantity", (_row(tables, decision) or {}).get("quantity_id", "")] = decision
    return Settled(
        carried(_marked(tables, in_force), datasets or {}),
        in_force,
        (*docket.lapsed, *(found for _, found in verdicts if found)),
        accepted,
        _covered(tables, [d for d in in_force if d.action == "accept" and d.kind == "relation"]),
    )


def decision_rows(settled: Settled) -> Iterator[tuple[Any, ...]]:
    """Rows of the table `decisions`: those in force, in the order of their ids."""
    for d in sorted(settled.in_force, key=lambda d: d.id):
        yield (d.id, d.action, d.kind, d.target, *_correction(d)[2:], d.expires)


def _correction(d: Decision) -> Correction:
    return Correction(d.id, d.action, d.expected, d.corrected or None, d.reason, d.officer, d.date)


def _row(tables: Mapping[str, pa.Table], decision: Decision) -> Mapping[str, Any] | None:
    """The row of the decision's target, None where it is gone."""
    name, keys = _KEYS[decision.kind]
    if name not in tables or not (found := _where(tables[name], keys, {decision.target})):
        return None
    return picked(tables[name], [min(found)])[min(found)]


def _where(table: pa.Table, keys: Sequence[str], wanted: Collection[str]) -> dict[int, str]:
    """The rows whose id is wanted, each with it."""
    if not wanted:
        return {}
    if len(keys) == 1:
        rows = where(table, {keys[0]: wanted})
    else:  # a document's observations are few, and the last of an observation's keys is its document
        rows = where(table, {keys[-1]: {target.split(" ")[-1] for target in wanted}})
    cells = picked(table.select(list(keys)), rows)
    found = {row: observation_id(of.values()) if len(keys) > 1 else of[keys[0]] for row, of in cells.items()}
    return {row: target for row, target in found.items() if target in wanted}


def _covered(tables: Mapping[str, pa.Table], decisions: Iterable[Decision]) -> dict[str, str]:
    """The figures of accepted equations; a figure stated twice is covered wherever it is stated."""
    covered: dict[str, str] = {}
    for decision in decisions:
        row = _row(tables, decision) or {}
        covered |= dict.fromkeys((row.get("quantity_ids") or "").split(), decision.id)
    if covered and "observations" in tables:
        for cell in tables["observations"]["quantity_ids"].to_pylist():
            names = (cell or "").split()
            if by := next((covered[name] for name in names if name in covered), None):
                covered |= dict.fromkeys((name for name in names if name not in covered), by)
    return covered


def _marked(tables: Mapping[str, pa.Table], decisions: Sequence[Decision]) -> dict[str, pa.Table]:
    """The tables with the marks of the decisions that touched rows."""
    marks: dict[str, dict[str, tuple[str, str | None]]] = {kind: {} for kind in _KEYS}
    for d in decisions:
        if d.kind in marks:
            marks[d.kind][d.target] = (d.id, _STATUS.get(d.action))
        if d.kind == "relation" and d.action in ("accept", "flag"):
            row = _row(tables, d) or {}
            for name in (row.get("quantity_ids") or "").split():
                marks["quantity"].setdefault(name, (d.id, _DOUBTFUL))
    marked = dict(tables)
    said = {d.id: words.zh for d in decisions if (words := _correction(d).words)}
    # An equation is touched by what was decided on its figures, not by another equation of theirs.
    alone = {d.target: marks["quantity"][d.target] for d in decisions if d.kind == "quantity"}
    for kind, (name, keys) in _KEYS.items():
        if name in marked:
            figures = alone if kind == "relation" else marks["quantity"]
            marked[name] = _mark(marked[name], keys, marks[kind], figures, said)
    if "statistics" in marked:
        marked["statistics"] = _mark(marked["statistics"], ("quantity_id",), marks["quantity"], {}, said)
    return marked


def _mark(
    table: pa.Table,
    keys: Sequence[str],
    own: Mapping[str, tuple[str, str | None]],
    figures: Mapping[str, tuple[str, str | None]],
    said: Mapping[str, str],
) -> pa.Table:
    """The table with decision_id and obs_status where its row, or a figure it rests on, was decided on.

    said: the words for decisions, by id, for a table that has them.
    """
    found = {number: own[target] for number, target in _where(table, keys, own).items()}
    if figures and "quantity_ids" in table.column_names:
        for number, names in naming(table["quantity_ids"], figures).items():
            found.setdefault(number, next(figures[name] for name in names if name in figures))
    if not found:
        return table
    table = put(table, "decision_id", {number: mark for number, (mark, _) in found.items()})
    if "obs_status" in table.column_names:
        table = put(table, "obs_status", {n: status for n, (_, status) in found.items() if status})
    if "correction" in table.column_names:
        table = put(table, "correction", {n: said[mark] for n, (mark, _) in found.items() if mark in said})
    return table
