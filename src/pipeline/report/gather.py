"""From a run's record to what its report tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.decisions import ACTIONS
from pipeline.decisions.decision import plain
from pipeline.decisions.settle import EQUATION, Settled
from pipeline.gate import Finding
from pipeline.gate.issues import Issue as Raised
from pipeline.report.advice import advice_on
from pipeline.report.figures import account, coverage, series
from pipeline.report.night import (
    Decided,
    Document,
    Equation,
    Issue,
    Night,
    Numeral,
    Target,
)

if TYPE_CHECKING:
    import pyarrow as pa

VIEWS = 500
"""Documents that the source view shows at most."""
_LONGEST = 200_000
"""Characters of a document that the source view shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a run came to, as its stages have it."""

    date: dt.date
    outcome: str
    """released, unchanged, withheld or failed."""
    tables: Mapping[str, pa.Table]
    """Every table of the night by name, held rows still among them."""
    texts: Mapping[str, str]
    """Decoded sources by document_id."""
    issues: Sequence[Raised]
    findings: Sequence[Finding] = ()
    """Expectations that do not hold, the waived ones left out."""
    expectations: int = 0
    """How many were run."""
    settled: Settled = field(default_factory=Settled)
    held: Mapping[str, int] = field(default_factory=dict)
    version: str | None = None
    previous: str | None = None
    before: Path | None = None
    """Folder of the release before, by which points are new."""
    changes: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    unclaimed: int = 0


def gather(record: Record) -> Night:
    """What the report of a release tells; that of a run adds the run's id and its history."""
    shown = _shown(record)
    numerals = {n.id: n for n in _numerals(record.tables.get("numerals"), shown, record.issues)}
    documents = tuple(_documents(record, shown, numerals.values()))
    paths = {d.id: d.path for d in documents}
    return Night(
        date=record.date,
        outcome=record.outcome,
        run=None,
        version=record.version,
        previous=record.previous,
        rows={name: table.num_rows for name, table in record.tables.items()},
        held=dict(record.held),
        changes=dict(record.changes),
        issues=tuple(_issues(record, numerals, paths)),
        account=account(record.tables),
        unclaimed=record.unclaimed,
        expectations=record.expectations,
        documents=documents,
        series=tuple(series(record.tables, record.before)),
        history=(),
        coverage=tuple(coverage(record.tables)),
        decisions=tuple(_decided(record.settled)),
    )


def _rows(table: pa.Table | None) -> list[dict[str, Any]]:
    return [] if table is None else table.to_pylist()


def _among(table: pa.Table, column: str, values: Collection[str]) -> pa.Table:
    """The rows whose cell is one of the values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table[column], pa.array(sorted(values), pa.string())))


def _shown(record: Record) -> dict[str, None]:
    """The documents that the source view shows: those in doubt, then all; of very many the changed alone."""
    documents = record.tables.get("documents")
    if documents is None:
        return {}
    columns = ("document_id", "sha256", "status")
    rows = list(zip(*(documents[column].to_pylist() for column in columns), strict=True))
    there = {name for name, _, _ in rows}
    open_ones = (i for i in record.issues if i.state != "resolved")
    doubted = (i.document_id for i in open_ones if i.document_id in there)
    readable = [(name, digest) for name, digest, status in rows if status == "read"]
    if len(readable) > VIEWS:
        known = _digests(record.before)
        readable = [(name, digest) for name, digest in readable if known.get(name) != digest]
    wanted = dict.fromkeys([*(d for d in doubted if d), *sorted(name for name, _ in readable)])
    return dict.fromkeys(list(wanted)[:VIEWS])


def _digests(before: Path | None) -> dict[str, str]:
    """What the documents of the release before were made of, by their ids."""
    path = before and before / "data" / "documents.parquet"
    if not path or not path.is_file():
        return {}
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["document_id", "sha256"])
    return dict(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _numerals(table: pa.Table | None, shown: Collection[str], issues: Iterable[Raised]) -> Iterator[Numeral]:
    if table is None:
        return
    wanted = {*shown, *(i.document_id for i in issues if i.document_id)}
    for row in _rows(_among(table, "document_id", wanted)):
        key = row["quantity_id"]
        yield Numeral(
            id=key or f"{row['document_id']}-{row['start']}",
            document_id=row["document_id"],
            start=row["start"],
            end=row["end"],
            text=row["text"],
            kind=row["kind"],
            value=row["value"],
            low=row["value_low"],
            high=row["value_high"],
            qualifier=row["qualifier"],
            unit=row["unit"],
            subject=row["subject"],
            rule=row["rule"],
            quantity=key is not None,
        )


def _documents(record: Record, shown: Collection[str], numerals: Iterable[Numeral]) -> Iterator[Document]:
    marks: dict[str, list[Numeral]] = {}
    for numeral in numerals:
        if numeral.end <= _LONGEST:
            marks.setdefault(numeral.document_id, []).append(numeral)
    for row in _rows(record.tables.get("documents")):
        name = row["document_id"]
        text = record.texts.get(name) if name in shown else None
        yield Document(
            id=name,
            path=row["path"],
            title=row["title"],
            publisher=row["publisher"],
            page=row["page"],
            issued=row["issue_date"],
            status=row["status"],
            reason=row["reason"],
            numerals=row["numerals"],
            quantities=row["quantities"],
            text=None if text is None else text[:_LONGEST],
            marks=tuple(sorted(marks.get(name, ()), key=lambda n: n.start)) if text is not None else (),
        )


def _issues(record: Record, numerals: Mapping[str, Numeral], paths: Mapping[str, str]) -> Iterator[Issue]:
    findings = {f.name: f for f in record.findings}
    relations = _failing(record.tables.get("relations"))
    targets = _Targets(record.tables)
    for raised in record.issues:
        finding = findings.get(raised.check)
        equations = tuple(_equations(raised, relations))
        named = {*raised.quantities, *(q for e in equations for q in e.quantities)}
        figures = [numerals[q] for q in named if q in numerals]
        figures.sort(key=lambda n: (n.document_id, n.start))
        yield Issue(
            fingerprint=raised.fingerprint,
            severity=raised.severity,
            check=raised.check,
            state=raised.state,
            since=raised.since,
            message=raised.message,
            document_id=raised.document_id,
            path=paths.get(raised.document_id or ""),
            expected=finding.description if finding else None,
            observed=finding.observed if finding else "",
            quantities=tuple(figures),
            equations=equations,
            advice=advice_on(raised.check, raised.severity, bool(equations), bool(figures)),
            decision=raised.decision,
            targets=tuple(targets.of(raised, finding, figures, equations)),
        )


def _failing(table: pa.Table | None) -> list[Equation]:
    if table is None:
        return []
    return [_equation(row) for row in _rows(_among(table, "verdict", ["fails"]))]


def _equation(row: Mapping[str, Any]) -> Equation:
    total, residual = row["total"], row["residual"]
    return Equation(
        id=row["relation_id"],
        relation=row["relation"],
        expression=row["expression"],
        computed=None if total is None or residual is None else total - residual,
        stated=total,
        residual=residual,
        verdict=row["verdict"],
        unit=row["unit"],
        quantities=tuple((row["quantity_ids"] or "").split()),
    )


def _equations(raised: Raised, relations: Iterable[Equation]) -> Iterator[Equation]:
    """The equations that fail and share a figure with the issue, if it is about arithmetic.

    One figure alone may be in doubt for another reason, such as a jump.
    """
    asked = set(raised.quantities)
    least = 1 if raised.check == EQUATION else 2
    for relation in relations:
        if len(asked.intersection(relation.quantities)) >= least:
            yield relation


class _Targets:
    """What could be decided about an issue; rows are looked up as the tables have them."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def of(
        self,
        raised: Raised,
        finding: Finding | None,
        figures: Iterable[Numeral],
        equations: Iterable[Equation],
    ) -> Iterator[Target]:
        for e in equations:
            yield _target("relation", e.id, e.expression, expression=e.expression, verdict=e.verdict)
        for n in figures:
            if n.quantity:
                label = f"{''.join(n.text.split())} {n.subject or ''}".strip()
                value, unit = plain(n.value), plain(n.unit)
                yield _target("quantity", n.id, label, text=n.text, value=value, unit=unit)
        if raised.document_id:
            for row in _rows(_among(self._tables["documents"], "document_id", [raised.document_id])):
                yield _target("document", raised.document_id, row["path"], sha256=row["sha256"])
        if finding:
            yield _target("expectation", finding.name, finding.description.zh, observed=finding.observed)


def _target(kind: str, name: str, label: str, **expect: str) -> Target:
    actions = tuple(action for action, kinds in ACTIONS.items() if kind in kinds)
    return Target(kind=kind, id=name, label=label, expect=expect, actions=actions)


def _decided(settled: Settled) -> Iterator[Decided]:
    lapsed = {stale.decision.id: stale.message for stale in settled.stale}
    for decision in (*settled.in_force, *(stale.decision for stale in settled.stale)):
        yield Decided(
            id=decision.id,
            action=decision.action,
            kind=decision.kind,
            target=decision.target,
            expect="; ".join(f"{column} = {cell}" for column, cell in decision.expect.items()),
            value=None if decision.value is None else plain(decision.value),
            reason=decision.reason,
            officer=decision.officer,
            date=decision.date,
            expires=decision.expires,
            stale=lapsed.get(decision.id),
        )
