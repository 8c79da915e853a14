"""The results of the stages, each the input of the next; `counts` is what the record tells of a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.decisions.active import ActiveDecisions, DecisionLog
from pipeline.decisions.mark_rows import AppliedDecisions
from pipeline.gate.findings import Finding
from pipeline.gate.issues import Issue
from pipeline.night.cache.articles import CachedArticles
from pipeline.night.read_corpus import CorpusReading
from pipeline.night.run import Counts
from pipeline.project import Project
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.claims import Diagnostic
from pipeline.tables import Table
from pipeline.tables.rows import InexactValue

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """The articles to read."""

    project: Project
    inputs: Mapping[str, str]
    """Digests of all that the release depends on."""
    unchanged_version: str | None
    """The release that was made from the same inputs; None where something is new."""
    articles: CachedArticles
    decisions: ActiveDecisions = field(default_factory=ActiveDecisions)
    """The officers' decisions."""
    log: DecisionLog = field(default_factory=dict)
    """What became of decisions on documents."""
    left_out: tuple[str, ...] = ()
    """Files behind a URL that could not be downloaded."""

    @property
    def counts(self) -> Counts:
        return {**self.articles.counts} | ({"left_out": len(self.left_out)} if self.left_out else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractResult:
    """What the articles were read to."""

    ingested: IngestResult
    reading: CorpusReading
    log: DecisionLog = field(default_factory=dict)
    """What became of decisions on documents, figures and equations."""

    @property
    def counts(self) -> Counts:
        shown = ("numerals", "quantities", "relations")
        anew = sum(number for state, number in self.reading.states.items() if state != "keep")
        return {"anew": anew} | {name: self.reading.tables[name].num_rows for name in shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeriveResult:
    """The tables of a release, before validation."""

    extracted: ExtractResult
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
class ValidateResult:
    """The tables without the rows that are held back, and what validation found."""

    derived: DeriveResult
    tables: Mapping[str, pa.Table]
    expectations: int
    findings: tuple[Finding, ...]
    """Those that no decision waives."""
    issues: tuple[Issue, ...]
    held: Counts
    """Rows held back, by table."""
    uncovered: int = 0
    """Runs of numeral characters that no mention covers."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Great Expectations' own results, by path."""
    decisions: AppliedDecisions = field(default_factory=AppliedDecisions)
    """What became of the decisions, validation included."""

    @property
    def withheld(self) -> bool:
        """Whether a finding is critical, so that nothing may be published."""
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
class PublishResult:
    """The outcome of the run, with the release if there is one."""

    outcome: str
    """released, unchanged or withheld."""
    version: str | None
    """The latest version after it; None where there is none."""
    rows: Counts = field(default_factory=dict)
    changes: int = 0
    """Differences from the release before."""

    @property
    def counts(self) -> Counts:
        return {"rows": sum(self.rows.values()), "changes": self.changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResult:
    """The site and what was sent to the project's URL."""

    counts: Counts = field(default_factory=dict)
    note: str = ""
    """What failed, in one line."""
