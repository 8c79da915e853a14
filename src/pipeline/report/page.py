"""The report as HTML: one file that needs nothing else.

The pages hold text from anywhere. Templates escape everything; the content security
policy admits the one script and the one style by their hashes and nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pipeline.numbers.mention import KINDS, STATISTICAL
from pipeline.report.issue_groups import Group, IssueGroups
from pipeline.report.night import Document, Issue, Night, Numeral, Series
from pipeline.report.passages import Pages, Paragraph
from pipeline.report.plots import nights, shares
from pipeline.report.sources import page_name, source_pages
from pipeline.report.templating import frame, template
from pipeline.tables import wording
from pipeline.tables.vocabulary import word
from pipeline.tables.wording import LANGS, Lang
from pipeline.web.plots import Plot, plot
from pipeline.web.series import Point

_EMBEDDED = 500_000
"""Bytes of source view inside the report itself, for who has nothing but the mail's attachment."""
_FULL = 200
"""Issues that are shown in full; the rest in a line each."""
_LISTED = 500
"""Documents in the list."""
_PASSAGES = 4
"""Paragraphs that an issue shows."""


def render(night: Night) -> str:
    """The report: a page in Chinese with an English switch, self-contained."""
    return Report(night).html(night)


@dataclass(frozen=True, slots=True)
class _Shown:
    """An issue, with what only its page needs."""

    issue: Issue
    passages: tuple[Paragraph, ...]
    commands: tuple[str, ...]
    view: str | None
    also: tuple[Issue, ...]
    """Lesser issues about the same equation, told with this one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.issue, name)


class Report:
    """A report whose parts are made once, for the release and for the run that made it."""

    def __init__(self, night: Night, code: str = "", before: Path | None = None) -> None:
        """code, before: as those of `source_pages`."""
        self._night = night
        self._groups = IssueGroups(night.issues)
        self.pages = source_pages(night.documents, self._groups, code, before)
        """The source view's, by path."""
        self._documents = {d.id: d for d in night.documents if d.text is not None}
        self._read: dict[str, Pages] = {}
        self._embedded = self._choose()
        self._parts = {
            "issues": self._issues(),
            "series": self._series(),
            "documents": self._list(),
            "sources": self._sources(),
        }

    def html(self, night: Night) -> str:
        """The page. night: the one that this is of, which may know its run and earlier nights by now."""
        statistical = sum(count for kind, count in night.account.items() if kind in STATISTICAL)
        account = [(kind, night.account[kind]) for kind in KINDS if night.account.get(kind)]
        return template("report.html").render(
            frame(f"{night.date} {word('outcome', night.outcome).zh}"),
            night=night,
            changes=night.differences,
            total=sum(night.account.values()),
            statistical=statistical,
            shares=shares(account),
            nights=nights(night),
            **self._parts,
        )

    def _issues(self) -> Markup:
        states = [
            {
                "state": state,
                "full": full,
                "brief": brief,
                "count": sum(map(len, groups)) + more,
                "more": more,
            }
            for state, groups, more in self._groups.states
            for full, brief in [self._divided(state, groups)]
        ]
        return _part("issues.html", states=states, view_of=self._view_of)

    def _series(self) -> Markup:
        singles = [s for s in self._night.series if len(s.points) == 1]
        return _part(
            "series.html", plots=list(_plots(self._night.series)), singles=singles, link_to=self._link_to,
            figure=lambda p: wording.interval(p.value, p.low, p.high, wording.exact),
        )  # fmt: skip

    def _list(self) -> Markup:
        doubts = self._groups.doubts
        ordered = sorted(
            self._night.documents, key=lambda d: (-doubts[d.id], d.status == "read", not d.changed, d.path)
        )
        listed = ordered[:_LISTED]
        left = dict(self._night.statuses)
        for document in listed:
            left[document.status] -= 1
        return _part(
            "documents.html", documents=listed, doubts=doubts, page_of=lambda d: self._document(d.id),
            total=sum(self._night.statuses.values()), left={s: n for s, n in left.items() if n > 0},
            compared=self._night.previous is not None,
        )  # fmt: skip

    def _sources(self) -> Markup:
        embedded = [(d, self._page(d.id), self._groups.links_of(d.id)) for d in self._embedded.values()]
        if not embedded:
            return Markup("")
        return _part("sources.html", embedded=embedded, issue_of=self._groups.issue_of)

    def _choose(self) -> dict[str, Document]:
        """The documents inside the report: those in doubt first, as many as there is room for."""
        doubted = [name for name in self._groups.doubts if name in self._documents]
        chosen: dict[str, Document] = {}
        room = _EMBEDDED
        for name in dict.fromkeys([*doubted, *self._documents]):
            document = self._documents[name]
            cost = 4 * len(document.text or "") + 900 * len(document.marks)
            if cost <= room:
                chosen[document.id] = document
                room -= cost
        return chosen

    def _divided(
        self, state: str, groups: Sequence[Group]
    ) -> tuple[list[_Shown], list[tuple[Issue, str | None]]]:
        """The issues of a state that are told in full, and those in a line with where to see them."""
        full = _FULL if state in ("new", "persisting") else 0
        brief = [(issue, self._seen(issue)) for group in groups[full:] for issue in group]
        return [self._shown(first, also) for first, *also in groups[:full]], brief

    def _shown(self, issue: Issue, also: Sequence[Issue]) -> _Shown:
        passages: list[Paragraph] = []
        figures = self._figures(issue)
        for name in dict.fromkeys(n.document_id for n in figures):
            passages += self._page(name).around(n for n in figures if n.document_id == name)
        return _Shown(
            issue,
            tuple(passages[:_PASSAGES]),
            tuple(_commands(issue)),
            self._seen(issue),
            tuple(also),
        )

    def _figures(self, issue: Issue) -> list[Numeral]:
        """The figures that an issue is about and a page shows.

        Of a figure that stands in several sentences, the one with the equation goes first.
        """
        figures = [n for n in issue.quantities if n.document_id in self._documents]
        summed = {q for e in issue.equations for q in e.quantities}
        return [n for n in figures if n.id in summed] or figures

    def _seen(self, issue: Issue) -> str | None:
        """Where an issue is to be seen in its source."""
        for numeral in self._figures(issue)[:1]:
            return self._view_of(numeral)
        return self._document(issue.document_id) if issue.document_id in self._documents else None

    def _page(self, name: str) -> Pages:
        if name not in self._read:
            document = self._documents[name]
            self._read[name] = Pages(document.text or "", document.marks)
        return self._read[name]

    def _view_of(self, numeral: Numeral) -> str:
        return self._place(numeral.document_id, numeral.id)

    def _document(self, name: str) -> str:
        return f"#d-{name}" if name in self._embedded else page_name(name)

    def _link_to(self, point: Point) -> str | None:
        return self._place(point.document, point.quantity) if point.document in self._documents else None

    def _place(self, document: str, anchor: str) -> str:
        return f"#{anchor}" if document in self._embedded else f"{page_name(document)}#{anchor}"


def _part(name: str, **context: Any) -> Markup:
    return Markup(template(name).render(context))


def _commands(issue: Issue) -> Iterator[str]:
    """What could be typed; the likeliest first, one of a kind."""
    if not issue.targets:
        return
    possible = {action for target in issue.targets for action in target.actions}
    start = f"wenshu decide {issue.fingerprint}"
    figure = next((t for t in issue.targets if t.kind == "quantity"), None)
    which = " --target …" if len(issue.quantities) > 1 else ""
    if figure and "correct" in possible:
        yield f'{start} correct{which} --value … --reason "…"'
    if "accept" in possible:
        yield f'{start} accept --reason "…"'
    if figure and "drop" in possible:
        yield f'{start} drop{which} --reason "…"'


def _plots(series: Sequence[Series]) -> Iterator[tuple[Series, Mapping[Lang, Plot]]]:
    """The series that have something to plot, each as drawn in either language."""
    for one in series:
        points = [point for point in one.points if point.middle is not None]
        drawn = {lang: plot(points, wording.unit(one.unit, lang), lang) for lang in LANGS}
        if all(drawn.values()):
            yield one, {lang: made for lang, made in drawn.items() if made}
