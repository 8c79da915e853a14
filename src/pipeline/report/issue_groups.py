"""The issues in the order of the report: by state, the gravest first, one equation shown once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.report.records import STATES, ReportedIssue
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import OPEN_STATES, SEVERITIES

_LISTED = 500
"""Groups of issues of one state that are listed; the rest is counted."""

Group = Sequence[ReportedIssue]
"""An issue, and less grave ones about the same equation, shown with it."""


class IssueGroups:
    """A report's issues in groups, and the links from documents and figures to them."""

    def __init__(self, issues: Iterable[ReportedIssue]) -> None:
        self._open: dict[str, list[ReportedIssue]] = {}
        by_state: dict[str, list[ReportedIssue]] = {state: [] for state in STATES}
        for issue in issues:
            by_state[issue.state].append(issue)
            about = [issue.document_id, *(figure.document_id for figure in issue.quantities)]
            for document in dict.fromkeys(filter(None, about) if issue.state != "resolved" else ()):
                self._open.setdefault(document, []).append(issue)
        grouped = ((state, _grouped(state, found)) for state, found in by_state.items() if found)
        self.states = [
            (state, groups[:_LISTED], sum(map(len, groups[_LISTED:]))) for state, groups in grouped
        ]
        """State, groups that are listed, and how many issues are not."""
        self._listed = {i.fingerprint for _, groups, _ in self.states for group in groups for i in group}
        self.open_counts = Counter({name: len(found) for name, found in self._open.items()})
        """How many open issues each document has, in the order of the issues."""

    def links(self, document: str) -> list[tuple[str, Bilingual]]:
        """Links from a document to its issues in the report, one for each name."""
        named = {_name(issue): self._link(issue) for issue in reversed(self._open.get(document, []))}
        return [(link, name) for name, link in named.items()]

    def links_by_figure(self, document: str) -> dict[str, str]:
        """For each figure of a document that is in doubt, the link to its first issue in the report."""
        issues = reversed(self._open.get(document, []))
        return {n.id: self._link(issue) for issue in issues for n in issue.quantities}

    def _link(self, issue: ReportedIssue) -> str:
        return f"#i-{issue.fingerprint}" if issue.fingerprint in self._listed else "#issues"


def _name(issue: ReportedIssue) -> Bilingual:
    """A short name of an issue: its equation, or its title."""
    return Bilingual(*[issue.equations[0].expression] * 2) if issue.equations else issue.title


def _grouped(state: str, issues: Iterable[ReportedIssue]) -> list[Group]:
    groups: dict[object, list[ReportedIssue]] = {}
    for issue in sorted(issues, key=lambda issue: SEVERITIES.index(issue.severity)):
        equations = tuple(sorted(e.id for e in issue.equations)) if state in OPEN_STATES else ()
        groups.setdefault(equations or issue.fingerprint, []).append(issue)
    return list(groups.values())
