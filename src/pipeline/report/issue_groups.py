"""The issues in the order of the report: by state, the gravest first, one equation told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from pipeline.report.night import STATES, Issue
from pipeline.tables.model import Words

_LISTED = 500
"""Groups of issues of one state that are told; the rest is counted."""
_RANK = {"critical": 0, "warning": 1, "info": 2}

Group = Sequence[Issue]
"""An issue, and lesser ones about the same equation, told with it."""


class IssueGroups:
    """A night's issues as the report tells them, and the way from documents and figures to them."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._open: dict[str, list[Issue]] = {}
        by_state: dict[str, list[Issue]] = {state: [] for state in STATES}
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

    @cached_property
    def doubts(self) -> Counter[str]:
        """How many open issues each document has, the gravest document first."""
        return Counter({name: len(issues) for name, issues in self._open.items()})

    @cached_property
    def issue_of(self) -> dict[str, str]:
        """For each figure in doubt, the link to its first issue in the report."""
        return {
            name: link
            for document in reversed(self._open)
            for name, link in self.figures_of(document).items()
        }

    def links_of(self, document: str) -> list[tuple[str, Words]]:
        """Links from a document to its issues in the report, one for each name."""
        said = {_name(issue): self._link(issue) for issue in reversed(self._open.get(document, []))}
        return [(link, name) for name, link in said.items()]

    def figures_of(self, document: str) -> dict[str, str]:
        """As `issue_of`, for the issues of one document."""
        issues = reversed(self._open.get(document, []))
        return {n.id: self._link(issue) for issue in issues for n in issue.quantities}

    def _link(self, issue: Issue) -> str:
        return f"#i-{issue.fingerprint}" if issue.fingerprint in self._listed else "#issues"


def _name(issue: Issue) -> Words:
    """An issue in a word: its equation, or what is wrong."""
    return Words(*[issue.equations[0].expression] * 2) if issue.equations else issue.title


def _grouped(state: str, issues: Iterable[Issue]) -> list[Group]:
    groups: dict[object, list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: _RANK[issue.severity]):
        equations = tuple(sorted(e.id for e in issue.equations)) if state in ("new", "persisting") else ()
        groups.setdefault(equations or issue.fingerprint, []).append(issue)
    return list(groups.values())
