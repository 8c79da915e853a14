"""The report as HTML: one file that needs nothing else, and a page beside it for each document.

The pages hold text from anywhere. Templates escape everything; the content security
policy admits the one script and the one style by their hashes and nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import encode_escaped
from pipeline.numbers.mention import KINDS, STATISTICAL
from pipeline.report.issue_groups import IssueGroups
from pipeline.report.night_bars import night_bars
from pipeline.report.records import (
    IndicatorSeries,
    NightlyReport,
    ReportedIssue,
    SourceDocument,
)
from pipeline.report.templating import render_page
from pipeline.tables import wording
from pipeline.tables.vocabulary import OPEN_STATES, code_name
from pipeline.tables.wording import LANGS, Lang
from pipeline.web.marked_text import MarkedNumeral, MarkedText, Paragraph
from pipeline.web.plots import Plot, plot
from pipeline.web.points import Point

_EMBEDDED = 500_000
"""Bytes of source view inside the report itself, for a reader who has only the mail's attachment."""
_FULL = 200
"""Issues that are shown in full; the rest in a line each."""
_LISTED = 500
"""Documents in the list."""
_PARAGRAPHS = 4
"""Paragraphs of sources that an issue shows."""


class ReportPage:
    """The page of a report; what it shows is chosen once for the release and for the run that made it."""

    def __init__(self, report: NightlyReport) -> None:
        self._groups = IssueGroups(report.issues)
        self._documents = {d.id: d for d in report.documents if d.text is not None}
        self._texts: dict[str, MarkedText] = {}
        self._embedded = self._choose_embedded()
        self._context = {**self._issues(), **self._series(report), **self._listed(report)}
        self.source_pages = {
            _page_path(d.id): encode_escaped(self._source_page(d)) for d in self._documents.values()
        }
        """The page of each document whose text is shown, by its path from the report."""

    def html(self, report: NightlyReport) -> str:
        """The page. report: the same as before, perhaps with its run and earlier runs by now."""
        by_kind = [(kind, report.numerals[kind]) for kind in KINDS if report.numerals.get(kind)]
        return render_page(
            "report.html",
            f"{report.date} {code_name('outcome', report.outcome).zh}",
            report=report,
            changes=report.differences,
            total=sum(report.numerals.values()),
            statistical=sum(count for kind, count in by_kind if kind in STATISTICAL),
            by_kind=by_kind,
            night_bars=night_bars(report),
            embedded=[
                (d, self._text(d.id), self._groups.links_by_figure(d.id), self._groups.links(d.id))
                for d in self._embedded.values()
            ],
            **self._context,
        )

    def _source_page(self, document: SourceDocument) -> str:
        home, groups = "../report.html", self._groups
        return render_page(
            "source.html",
            document.title or document.path,
            document=document,
            text=_marked_text(document),
            home=home,
            issues={name: f"{home}{link}" for name, link in groups.links_by_figure(document.id).items()},
            links=[(f"{home}{link}", name) for link, name in groups.links(document.id)],
        )

    def _issues(self) -> dict[str, Any]:
        states = []
        for state, groups, more in self._groups.states:
            full = _FULL if state in OPEN_STATES else 0
            states.append(
                {
                    "state": state,
                    "full": groups[:full],
                    "brief": [issue for group in groups[full:] for issue in group],
                    "count": sum(map(len, groups)) + more,
                    "more": more,
                }
            )
        return {
            "states": states,
            "passages_of": self._passages,
            "commands_of": _commands,
            "view_of": self._issue_link,
            "figure_link": self._figure_link,
        }

    def _series(self, report: NightlyReport) -> dict[str, Any]:
        return {
            "plots": list(_plots(report.series)),
            "singles": [s for s in report.series if len(s.points) == 1],
            "link_to": self._point_link,
        }

    def _listed(self, report: NightlyReport) -> dict[str, Any]:
        counts, statuses = self._groups.open_counts, dict(report.statuses)
        listed = sorted(
            report.documents, key=lambda d: (-counts[d.id], d.status == "read", not d.changed, d.path)
        )[:_LISTED]
        for document in listed:
            statuses[document.status] -= 1
        return {
            "listed": listed,
            "open_counts": counts,
            "page_of": lambda d: self._document_link(d.id),
            "document_count": sum(report.statuses.values()),
            "not_listed": {status: count for status, count in statuses.items() if count > 0},
        }

    def _choose_embedded(self) -> dict[str, SourceDocument]:
        """The documents inside the report: those in doubt first, as many as there is room for."""
        doubted = [name for name in self._groups.open_counts if name in self._documents]
        chosen: dict[str, SourceDocument] = {}
        room = _EMBEDDED
        for name in dict.fromkeys([*doubted, *self._documents]):
            document = self._documents[name]
            cost = 4 * len(document.text or "") + 900 * len(document.marks)
            if cost <= room:
                chosen[document.id] = document
                room -= cost
        return chosen

    def _text(self, document: str) -> MarkedText:
        """A text that the report itself shows, whole or in part: only these are kept in memory."""
        if document not in self._texts:
            self._texts[document] = _marked_text(self._documents[document])
        return self._texts[document]

    def _passages(self, issue: ReportedIssue) -> list[Paragraph]:
        """The paragraphs that an issue shows."""
        passages: list[Paragraph] = []
        figures = self._figures(issue)
        for name in dict.fromkeys(n.document_id for n in figures):
            passages += self._text(name).excerpts(n for n in figures if n.document_id == name)
        return passages[:_PARAGRAPHS]

    def _figures(self, issue: ReportedIssue) -> list[MarkedNumeral]:
        """The figures that an issue is about and a page shows.

        Of a figure that several sentences state, only the one in an equation is shown.
        """
        figures = [n for n in issue.quantities if n.document_id in self._documents]
        in_equations = {q for e in issue.equations for q in e.quantities}
        return [n for n in figures if n.id in in_equations] or figures

    def _issue_link(self, issue: ReportedIssue) -> str | None:
        """The link from an issue to its first figure, or to its document."""
        for numeral in self._figures(issue)[:1]:
            return self._figure_link(numeral)
        return self._document_link(issue.document_id) if issue.document_id in self._documents else None

    def _figure_link(self, numeral: MarkedNumeral) -> str:
        return self._link(numeral.document_id, numeral.id)

    def _point_link(self, point: Point) -> str | None:
        return self._link(point.document, point.quantity) if point.document in self._documents else None

    def _document_link(self, document: str) -> str:
        return f"#d-{document}" if document in self._embedded else _page_path(document)

    def _link(self, document: str, anchor: str) -> str:
        return f"#{anchor}" if document in self._embedded else f"{_page_path(document)}#{anchor}"


def _marked_text(document: SourceDocument) -> MarkedText:
    return MarkedText(document.text or "", document.marks)


def _page_path(document_id: str) -> str:
    """The path of a document's page, from the report."""
    return f"sources/{document_id}.html"


def _commands(issue: ReportedIssue) -> list[str]:
    """Commands by which an officer decides on an issue, the likeliest first."""
    actions = {action for target in issue.targets for action in target.actions}
    figure = any(target.kind == "quantity" for target in issue.targets)
    start = f"wenshu decide {issue.fingerprint}"
    which = " --target …" if len(issue.quantities) > 1 else ""
    commands = {
        "correct": f'{start} correct{which} --value … --reason "…"',
        "accept": f'{start} accept --reason "…"',
        "drop": f'{start} drop{which} --reason "…"',
    }
    return [text for action, text in commands.items() if action in actions and (figure or action == "accept")]


def _plots(series: Sequence[IndicatorSeries]) -> Iterator[tuple[IndicatorSeries, Mapping[Lang, Plot]]]:
    """The series that can be plotted, each as drawn in either language."""
    for one in series:
        points = [point for point in one.points if point.middle is not None]
        drawn: dict[Lang, Any] = {
            lang: plot([("", points)], wording.unit_name(one.unit, lang), lang) for lang in LANGS
        }
        if all(drawn.values()):
            yield one, drawn
