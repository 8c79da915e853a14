"""The report as HTML: one file that needs nothing else, and the source view's pages beside it.

The pages hold text from anywhere. Templates escape everything; the content security
policy admits the one script and the one style by their hashes and nothing from anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from pipeline.numbers.mention import KINDS, STATISTICAL
from pipeline.report.night import STATES, Document, Equation, Issue, Night, Numeral, Point
from pipeline.report.passages import Pages, Paragraph
from pipeline.report.plots import lines, nights, shares
from pipeline.report.templating import frame, number, template
from pipeline.report.words import word
from pipeline.tables.model import Words

SOURCES = "sources"
"""Folder of the source view's pages, beside the report."""
_EMBEDDED = 500_000
"""Bytes of source view inside the report itself, for who has nothing but the mail's attachment."""
_FULL = 200
"""Issues that are shown in full; the rest in a line each."""
_LISTED = 500
"""Documents in the list, and issues of each state."""
_PASSAGES = 4
"""Paragraphs that an issue shows."""


def render(night: Night) -> str:
    """The report: a page in Chinese with an English switch, self-contained."""
    return _Report(night).html()


def source_page(night: Night, document: Document) -> str:
    """The page of one document in the source view, with links back to the report."""
    issues = [i for i in night.issues if i.document_id == document.id and i.state != "resolved"]
    page: str = template("source.html").render(
        frame(document.title or document.path),
        document=document,
        pages=Pages(document),
        home="../report.html",
        issues={n.id: f"../report.html#i-{i.fingerprint}" for i in reversed(issues) for n in i.quantities},
        listed=[(f"../report.html#i-{i.fingerprint}", _named(i)) for i in issues],
    )
    return page


def page_name(document_id: str) -> str:
    """Where a document's page is, from the report."""
    return f"{SOURCES}/{document_id}.html"


@dataclass(frozen=True, slots=True)
class _Shown:
    """An issue, with what only its page needs."""

    issue: Issue
    equations: tuple[Mapping[str, Any], ...]
    passages: tuple[Paragraph, ...]
    commands: tuple[str, ...]
    view: str | None
    also: tuple[Issue, ...]
    """Lesser issues about the same equation, told with this one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.issue, name)


class _Report:
    """A report while it is put together."""

    def __init__(self, night: Night) -> None:
        self._night = night
        self._documents = {d.id: d for d in night.documents if d.text is not None}
        self._pages: dict[str, Pages] = {}
        self._open = [i for i in night.issues if i.state != "resolved"]
        self._embedded = self._choose()

    def html(self) -> str:
        night = self._night
        statistical = sum(count for kind, count in night.account.items() if kind in STATISTICAL)
        account = [(kind, night.account[kind]) for kind in KINDS if night.account.get(kind)]
        ordered = sorted(night.documents, key=lambda d: (-self._doubts()[d.id], d.status == "read", d.path))
        page: str = template("report.html").render(
            frame(f"{night.date} {word('outcome', night.outcome).zh}"),
            night=night,
            why=_why(night),
            figures=list(_figures(night)),
            changes=list(_changes(night)),
            by_state=[(state, group) for state in STATES if (group := list(self._issues(state)))],
            total=sum(night.account.values()),
            statistical=statistical,
            shares=shares(account),
            nights=nights(night),
            lines=list(lines(night.series)),
            singles=[s for s in night.series if len(s.points) == 1],
            listed_documents=ordered[:_LISTED],
            doubts=self._doubts(),
            embedded=[(d, self._page(d.id), self._listed(d)) for d in self._embedded.values()],
            issue_of={n.id: f"#i-{i.fingerprint}" for i in reversed(self._open) for n in i.quantities},
            view_of=self._view_of,
            page_of=lambda d: self._document(d.id),
            link_to=self._link_to,
            interval_text=_interval_text,
        )
        return page

    def _choose(self) -> dict[str, Document]:
        """The documents inside the report: those in doubt first, as many as there is room for."""
        doubted = [i.document_id for i in self._open if i.document_id in self._documents]
        chosen: dict[str, Document] = {}
        room = _EMBEDDED
        for name in dict.fromkeys([*doubted, *self._documents]):
            document = self._documents[str(name)]
            cost = 4 * len(document.text or "") + 900 * len(document.marks)
            if cost <= room:
                chosen[document.id] = document
                room -= cost
        return chosen

    def _issues(self, state: str) -> Iterator[_Shown | Issue]:
        """Issues in this state, the gravest first; those about one equation are told once."""
        rank = {"critical": 0, "warning": 1, "info": 2}
        found = sorted((i for i in self._night.issues if i.state == state), key=lambda i: rank[i.severity])
        if state not in ("new", "persisting"):
            yield from found
            return
        groups: dict[object, list[Issue]] = {}
        for issue in found:
            equations = tuple(sorted(e.id for e in issue.equations))
            groups.setdefault(equations or issue.fingerprint, []).append(issue)
        for place, (first, *others) in enumerate(groups.values()):
            if place < _FULL:
                yield self._shown(first, others)
            else:
                yield from (first, *others)

    def _shown(self, issue: Issue, also: Iterable[Issue]) -> _Shown:
        passages: list[Paragraph] = []
        figures = [n for n in issue.quantities if n.document_id in self._documents]
        # Of a figure that stands in several sentences, the one with the equation goes first.
        summed = {q for e in issue.equations for q in e.quantities}
        figures = [n for n in figures if n.id in summed] or figures
        for name in dict.fromkeys(n.document_id for n in figures):
            passages += self._page(name).around(n for n in figures if n.document_id == name)
        view = self._view_of(figures[0]) if figures else None
        if view is None and issue.document_id in self._documents:
            view = self._document(str(issue.document_id))
        return _Shown(
            issue,
            tuple(map(_equation, issue.equations)),
            tuple(passages[:_PASSAGES]),
            tuple(_commands(issue)),
            view,
            tuple(also),
        )

    def _page(self, name: str) -> Pages:
        if name not in self._pages:
            self._pages[name] = Pages(self._documents[name])
        return self._pages[name]

    def _listed(self, document: Document) -> list[tuple[str, str]]:
        """Links from a document to its issues, one for each name."""
        said = {
            _named(i): f"#i-{i.fingerprint}" for i in reversed(self._open) if i.document_id == document.id
        }
        return [(link, name) for name, link in said.items()]

    def _doubts(self) -> Counter[str]:
        return Counter(i.document_id for i in self._open if i.document_id)

    def _view_of(self, numeral: Numeral) -> str:
        inside = numeral.document_id in self._embedded
        return f"#{numeral.id}" if inside else f"{page_name(numeral.document_id)}#{numeral.id}"

    def _document(self, name: str) -> str:
        return f"#d-{name}" if name in self._embedded else page_name(name)

    def _link_to(self, point: Point) -> str:
        inside = point.document_id in self._embedded
        return f"#{point.quantity}" if inside else f"{page_name(point.document_id)}#{point.quantity}"


def _named(issue: Issue) -> str:
    return issue.equations[0].expression if issue.equations else issue.check


def _equation(equation: Equation) -> dict[str, Any]:
    said = {field.name: getattr(equation, field.name) for field in fields(equation)}
    return said | {"left": equation.expression.rpartition("=")[0].strip() or equation.expression}


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


def _why(night: Night) -> Words:
    """The verdict in a sentence."""
    grave = night.count("new", "persisting", severity="critical")
    stands = night.version
    held = sum(night.held.values())
    if night.outcome == "withheld":
        said = f"{grave} critical issue{'s' * (grave != 1)}: nothing was released"
        if stands is None:
            return Words(
                f"有 {grave} 项严重问题，本次不发布；至今尚无发布。", f"{said}, and nothing was before."
            )
        return Words(
            f"有 {grave} 项严重问题，本次不发布；latest/ 仍为 {stands}。", f"{said}; latest/ is {stands}."
        )
    if night.outcome == "unchanged":
        return Words(f"与 {stands} 相比没有新内容，未另行发布。", f"Nothing new since {stands}.")
    if held:
        return Words(
            f"已发布 {stands}；有疑的 {held} 行暂缓。",
            f"{stands} is out; {held} rows in doubt were held back.",
        )
    return Words(f"{stands} 已发布，各行俱在。", f"{stands} is out, with every row.")


def _figures(night: Night) -> Iterator[tuple[Words, int, str]]:
    """The night in a few numbers. The third item says how they look where they are not 0."""
    grave = night.count("new", "persisting", severity="critical")
    yield Words("新现事项", "new issues"), night.count("new"), "bad" if grave else "odd"
    yield Words("仍在事项", "persisting"), night.count("persisting"), "odd"
    yield Words("已消事项", "resolved"), night.count("resolved"), "good"
    yield Words("文档", "documents"), len(night.documents), "plain"
    yield Words("数字", "numerals"), sum(night.account.values()), "plain"
    yield Words("统计数", "quantities"), night.rows.get("quantities", 0), "plain"
    yield Words("观测值", "observations"), night.rows.get("observations", 0), "plain"
    yield Words("扣住的行", "rows held back"), sum(night.held.values()), "odd"


def _changes(night: Night) -> Iterator[Mapping[str, Any]]:
    for (table, change, cause), count in sorted(night.changes.items()):
        yield {"table": table, "change": change, "cause": cause, "count": count}


def _interval_text(point: Point) -> str:
    if point.value is not None:
        return number(point.value)
    low, high = (number(v) if v is not None else "…" for v in (point.low, point.high))
    return f"{low} – {high}"
