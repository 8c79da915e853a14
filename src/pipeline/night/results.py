"""What one stage of a night hands to the next; each says in `counts` what came of its stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.mark_rows import AppliedDecisions
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue
from pipeline.night.articles import Articles
from pipeline.night.corpus import Read
from pipeline.project import Project
from pipeline.statistics.catalog_entries import Catalog
from pipeline.statistics.claims import Diagnostic
from pipeline.tables import Table
from pipeline.tables.rows import InexactValue

if TYPE_CHECKING:
    import pyarrow as pa

Counts: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What there is to read."""

    project: Project
    inputs: Mapping[str, str]
    """Digests of all that the release depends on."""
    known: str | None
    """The release that was made from just this; None where something is new."""
    articles: Articles
    """Every text of the night."""
    decisions: ActiveDecisions = field(default_factory=ActiveDecisions)
    """The officers' decisions."""
    log: DecisionLog = field(default_factory=dict)
    """What became of those on documents."""
    left_out: tuple[str, ...] = ()
    """Files behind a URL that could not be brought."""

    @property
    def counts(self) -> Counts:
        return {**self.articles.counts} | ({"left_out": len(self.left_out)} if self.left_out else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Every text as read."""

    intake: Intake
    read: Read
    log: DecisionLog = field(default_factory=dict)
    """What became of decisions on documents, figures and equations."""

    @property
    def counts(self) -> Counts:
        shown = ("numerals", "quantities", "relations")
        anew = sum(number for state, number in self.read.states.items() if state != "keep")
        return {"anew": anew} | {name: self.read.tables[name].num_rows for name in shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The tables of a release, before anyone looked at them."""

    corpus: Corpus
    catalog: Catalog
    declarations: Mapping[str, Table]
    tables: Mapping[str, pa.Table]
    doubts: tuple[Diagnostic, ...]
    """What reading left open."""
    misfits: tuple[InexactValue, ...]
    """Values that a released decimal cannot hold."""
    decisions: AppliedDecisions = field(default_factory=AppliedDecisions)
    """What became of the decisions."""

    @property
    def counts(self) -> Counts:
        return {name: table.num_rows for name, table in self.tables.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The tables that may be published, and what was found in those before them."""

    derived: Derived
    tables: Mapping[str, pa.Table]
    expectations: int
    findings: tuple[Finding, ...]
    """Those that no decision waives."""
    issues: tuple[Issue, ...]
    held: Counts
    """Rows held back, by table."""
    unclaimed: int = 0
    """Runs of digits that no numeral accounts for."""
    results: Mapping[str, bytes] = field(default_factory=dict)
    """Great Expectations' own results, as files by path."""
    decisions: AppliedDecisions = field(default_factory=AppliedDecisions)
    """The decisions, now that the gate has spoken."""

    @property
    def withheld(self) -> bool:
        """Whether something critical was found, so that nothing may be published."""
        return any(finding.severity == "critical" for finding in self.findings)

    @property
    def counts(self) -> Counts:
        return {
            "expectations": self.expectations,
            "failed": len(self.findings),
            "issues": sum(issue.state != "resolved" for issue in self.issues),
            "held": sum(self.held.values()),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the night came to."""

    outcome: str
    """released, unchanged or withheld."""
    version: str | None
    """The version that is the latest now; None where there is none."""
    rows: Counts
    changes: int
    """Differences from the release before."""

    @property
    def counts(self) -> Counts:
        return {"rows": sum(self.rows.values()), "changes": self.changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What became of a release once it stood."""

    counts: Counts = field(default_factory=dict)
    note: str = ""
    """What could not be done, in one line; empty where all was."""
