"""From a run's record to what its report tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.decisions import ACTIONS
from pipeline.decisions.mark_rows import BY_FIGURE, Settled
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue as Raised
from pipeline.releases.queries import queries
from pipeline.report.advice import advice_on
from pipeline.report.documents import documents, rows_of, selected
from pipeline.report.figures import account, counted, coverage, series
from pipeline.report.night import Course, Decided, Equation, Issue, Night, Numeral, Target
from pipeline.tables import FRAME, TABLES
from pipeline.tables.cells import as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Course):
    """What a night came to, and what its stages have of it."""

    tables: Mapping[str, pa.Table]
    """Every table of the night by name, held rows still among them."""
    texts: Mapping[str, str]
    """Decoded sources by document_id."""
    issues: Sequence[Raised]
    findings: Sequence[Finding] = ()
    """Expectations that do not hold, the waived ones left out."""
    settled: Settled = field(default_factory=Settled)
    before: Path | None = None
    """Folder of the release before, by which points are new."""


def gather(record: Record) -> Night:
    """What the report of a release tells; that of a run adds the run's id and its history."""
    tables = record.tables
    with queries({**tables, **_before(record.before)}) as ask:
        rows, shown = selected(tables, record.issues, ask)
        numerals = {n.id: n for n in _numerals(tables, rows)}
        return Night(
            **{each.name: getattr(record, each.name) for each in fields(Course)},
            run=None,
            rows={name: table.num_rows for name, table in tables.items()},
            issues=tuple(_issues(record, numerals, {row["document_id"]: row for row in rows})),
            account=account(tables),
            statuses=counted(tables["documents"], "status"),
            documents=tuple(documents(rows, shown, record.texts, numerals.values(), ask)),
            series=tuple(series(tables, ask)),
            history=(),
            coverage=tuple(coverage(tables, ask)),
            decisions=tuple(_decided(record.settled)),
        )


def _before(folder: Path | None) -> dict[str, Path | pa.Table]:
    """Tables of the release before, by the names that SQL has for them; empty where there is none."""
    found: dict[str, Path | pa.Table] = {}
    for name in ("documents", "observations"):
        path = folder and folder / "data" / f"{name}.parquet"
        there = path and path.is_file()
        found[f"{name}_before"] = path if path and there else TABLES[name].schema().empty_table()
    return found


def _numerals(tables: Mapping[str, pa.Table], documents: Iterable[Mapping[str, Any]]) -> Iterator[Numeral]:
    """The numerals of these documents, quantities with what they are about."""
    names = {document["document_id"] for document in documents}
    quantities = tables["quantities"].select([*_FRAME])
    frames = {row["quantity_id"]: row for row in rows_of(quantities, "document_id", names)}
    for row in rows_of(tables["numerals"], "document_id", names):
        key = row["quantity_id"]
        yield Numeral(
            id=key or f"{row['document_id']}-{row['start']}",
            low=row["value_low"],
            high=row["value_high"],
            quantity=key is not None,
            frame=frames.get(key),
            **{name: row[name] for name in _NUMERAL},
        )


_NUMERAL = (
    "document_id", "start", "end", "text", "kind", "value", "qualifier", "unit", "subject", "rule",
)  # fmt: skip
_FRAME = ("quantity_id", "document_id", "text", "subject", *FRAME)


def _issues(
    record: Record, numerals: Mapping[str, Numeral], documents: Mapping[str, Mapping[str, Any]]
) -> Iterator[Issue]:
    findings = {f.name: f for f in record.findings}
    failing = _failing(record.tables["relations"])
    for raised in record.issues:
        finding = findings.get(raised.check)
        equations = tuple(_equations(raised, failing))
        document = documents.get(raised.document_id or "")
        named = {*raised.quantities, *(q for e in equations for q in e.quantities)}
        figures = [numerals[q] for q in named if q in numerals]
        figures.sort(key=lambda n: (n.document_id, n.start))
        yield Issue(
            path=document["path"] if document else None,
            expected=finding.description if finding else None,
            observed=finding.observed if finding else "",
            quantities=tuple(figures),
            equations=equations,
            advice=advice_on(raised.check, raised.severity, bool(equations), bool(figures)),
            targets=tuple(_targets(document, finding, figures, equations)),
            **{name: getattr(raised, name) for name in _RAISED},
        )


_RAISED = (
    "fingerprint", "severity", "check", "state", "since", "message", "document_id", "decision",
)  # fmt: skip


def _failing(table: pa.Table) -> dict[str, list[Equation]]:
    """The equations that fail, by the figures that are in them."""
    found: dict[str, list[Equation]] = {}
    for equation in map(_equation, rows_of(table, "verdict", ["fails"])):
        for quantity in equation.quantities:
            found.setdefault(quantity, []).append(equation)
    return found


def _equation(row: Mapping[str, Any]) -> Equation:
    total, residual = row["total"], row["residual"]
    return Equation(
        id=row["relation_id"],
        computed=None if total is None or residual is None else total - residual,
        stated=total,
        quantities=tuple((row["quantity_ids"] or "").split()),
        **{name: row[name] for name in ("relation", "expression", "residual", "verdict", "unit")},
    )


def _equations(raised: Raised, failing: Mapping[str, Sequence[Equation]]) -> Iterator[Equation]:
    """The equations that fail and share a figure with the issue, if it is about arithmetic.

    One figure alone may be in doubt for another reason, such as a jump.
    """
    asked = dict.fromkeys(raised.quantities)
    least = 1 if raised.check in BY_FIGURE else 2
    sharing = {equation.id: equation for quantity in asked for equation in failing.get(quantity, ())}
    for equation in sharing.values():
        if len(asked.keys() & set(equation.quantities)) >= least:
            yield equation


def _targets(
    document: Mapping[str, Any] | None,
    finding: Finding | None,
    figures: Iterable[Numeral],
    equations: Iterable[Equation],
) -> Iterator[Target]:
    """What could be decided about an issue; document: the row of its document."""
    for e in equations:
        yield _target("relation", e.id, e.expression, expression=e.expression, verdict=e.verdict)
    for n in figures:
        if n.quantity:
            label = f"{''.join(n.text.split())} {n.subject or ''}".strip()
            yield _target("quantity", n.id, label, text=n.text, value=as_text(n.value), unit=as_text(n.unit))
    if document:
        yield _target("document", document["document_id"], document["path"], sha256=document["sha256"])
    if finding:
        yield _target("expectation", finding.name, finding.description.zh, observed=finding.observed)


def _target(kind: str, name: str, label: str, **expect: str) -> Target:
    actions = tuple(action for action, kinds in ACTIONS.items() if kind in kinds)
    return Target(kind=kind, id=name, label=label, expect=expect, actions=actions)


def _decided(settled: Settled) -> Iterator[Decided]:
    lapsed = {stale.decision.id: stale for stale in settled.stale}
    for decision in (*settled.in_force, *(stale.decision for stale in settled.stale)):
        late = lapsed.get(decision.id)
        yield Decided(
            expect=decision.expected,
            value=decision.corrected or None,
            stale=late and late.message,
            now=late and late.now,
            **{name: getattr(decision, name) for name in _DECIDED},
        )


_DECIDED = ("id", "action", "kind", "target", "reason", "officer", "date", "expires")
