"""The queue: what the last run doubts and nobody has decided on since, a card for each cause.

Several checks may find one misprint; they are one card, which shows the gravest. Figures of low confidence
come between what holds rows back and what is only noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.decisions.apply_waivers import stale_fingerprints
from pipeline.decisions.decision import Decision
from pipeline.report.records import EQUATION_FAILS
from pipeline.tables.model import Bilingual, cell_text
from pipeline.tables.vocabulary import OPEN_STATES, code_name
from pipeline.web.escaping import flat

ORDER = ("critical", "warning", "doubt", "info")
"""Severities of cards, the gravest first; doubt is a figure of low confidence."""
Issue = Mapping[str, Any]
"""As report.json has it."""
_DOUBT = Bilingual("所数之物把握不大", "What a figure counts is uncertain")
_ADVICE = Bilingual(
    "看一看这个数数的是什么：读得对就认可，不对就改下面的框，不是统计数就不作。",
    "See what this figure counts: accept it where it was read right, mend the fields below, or leave it out.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something to decide on."""

    id: str
    severity: str
    """One of `ORDER`."""
    title: Bilingual
    message: str
    advice: Bilingual
    path: str | None
    """Of the document that it is about first."""
    document_id: str | None
    checks: tuple[str, ...]
    figures: tuple[Mapping[str, Any], ...] = ()
    """Those that can be chosen, as report.json has them; the operands of equations first."""
    equations: tuple[Mapping[str, Any], ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    """What can be decided on: kind, id, label, expect, actions."""
    decision: Mapping[str, Any] | None = None
    """The stale decision that it is about, as report.json has it."""
    indicators: tuple[str, ...] = ()
    """Of its figures."""

    def target(self, action: str, figure: str | None) -> Mapping[str, Any] | None:
        """What an action applies to: the chosen figure, or the only target that it fits."""
        fitting = [t for t in self.targets if action in t["actions"]]
        if figure:
            return next((t for t in fitting if t["id"] == figure), None)
        figures = [t for t in fitting if t["kind"] == "quantity"]
        if action in ("correct", "drop"):
            return figures[0] if len(figures) == 1 else None if figures else next(iter(fitting), None)
        return next(iter(fitting), None)

    @property
    def actions(self) -> frozenset[str]:
        """All that fit a target."""
        return frozenset(action for target in self.targets for action in target["actions"])


def cards(
    report: Mapping[str, Any] | None,
    doubted: Iterable[Mapping[str, Any]],
    decisions: Sequence[Decision],
    indicators: Mapping[str, str],
) -> list[Card]:
    """The open cards, in the order of the queue.

    report: the last run's report.json. doubted: figures of low confidence, as the release has them,
    with `path`. decisions: those in the files now. indicators: of figures, by their ids.
    """
    report = report or {"issues": [], "decisions": []}
    applied = {decision["id"] for decision in report["decisions"]}
    decided = {(d.kind, d.target) for d in decisions}
    decided_since = {(d.kind, d.target) for d in decisions if d.id not in applied}
    expected = {d.id: d.expected for d in decisions}
    stale = {
        fingerprint: decision
        for decision in report["decisions"]
        if decision["stale"]
        for fingerprint in stale_fingerprints(decision["id"])
    }
    found: list[Card] = []
    for group in _grouped([issue for issue in report["issues"] if issue["state"] in OPEN_STATES]):
        card = _card(group, stale, indicators)
        if card.decision is not None:
            if expected.get(card.decision["id"]) == card.decision["expect"]:
                found.append(card)
        elif not any((t["kind"], t["id"]) in decided_since for t in card.targets):
            found.append(card)
    found.sort(key=_position)
    in_issues = {figure["id"] for card in found for figure in card.figures}
    found += (
        _doubt(row)
        for row in doubted
        if row["quantity_id"] not in in_issues and ("quantity", row["quantity_id"]) not in decided
    )
    return sorted(found, key=lambda card: ORDER.index(card.severity))


def _position(card: Card) -> tuple[str, int]:
    """Article and offset, so that a reader goes through article after article."""
    return card.path or "", min((figure["start"] for figure in card.figures), default=0)


def _grouped(issues: Sequence[Issue]) -> Iterator[list[Issue]]:
    """Issues that share an equation, or are about the very same figures, together."""
    parent = list(range(len(issues)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    first: dict[object, int] = {}
    for n, issue in enumerate(issues):
        causes: list[object] = [("equation", e["id"]) for e in issue["equations"]]
        if not causes and issue["quantities"]:
            causes = [tuple(sorted({q["id"] for q in issue["quantities"]}))]
        for cause in causes:
            parent[root(n)] = root(first.setdefault(cause, n))
    groups: dict[int, list[Issue]] = {}
    for n, issue in enumerate(issues):
        groups.setdefault(root(n), []).append(issue)
    for group in groups.values():
        yield sorted(group, key=lambda issue: ORDER.index(issue["severity"]))


def _card(
    group: Sequence[Issue], stale: Mapping[str, Mapping[str, Any]], indicators: Mapping[str, str]
) -> Card:
    gravest = group[0]
    equations = {e["id"]: e for issue in group for e in issue["equations"]}
    figures = {q["id"]: q for issue in group for q in issue["quantities"] if q["quantity"]}
    operands = [name for e in equations.values() for name in e["quantities"] if name in figures]
    ordered = [figures[name] for name in dict.fromkeys((*operands, *figures))]
    targets = {(t["kind"], t["id"]): t for issue in group for t in issue["targets"]}
    expected = gravest["expected"]
    title = Bilingual(**expected) if expected else code_name("check", gravest["check"])
    if equations:
        title = EQUATION_FAILS
    elif gravest["check"].startswith(("source", "decision")):
        title = code_name("check", gravest["check"])
    return Card(
        id=gravest["fingerprint"], severity=gravest["severity"], title=title, message=gravest["message"],
        advice=Bilingual(**gravest["advice"]),
        path=next((issue["path"] for issue in group if issue["path"]), None),
        document_id=gravest["document_id"] or (ordered[0]["document_id"] if ordered else None),
        checks=tuple(dict.fromkeys(issue["check"] for issue in group)),
        figures=tuple(ordered),
        equations=tuple(equations.values()), targets=tuple(targets.values()),
        decision=stale.get(gravest["fingerprint"]),
        indicators=tuple(dict.fromkeys(indicators[name] for name in figures if name in indicators)),
    )  # fmt: skip


def _doubt(row: Mapping[str, Any]) -> Card:
    name = row["quantity_id"]
    figure = {
        "id": name, "document_id": row["document_id"], "start": row["start"], "end": row["end"],
        "text": row["text"], "kind": row["kind"], "value": cell_text(row["value"]), "unit": row["unit"],
        "subject": row["subject"], "quantity": True,
    }  # fmt: skip
    target = {
        "kind": "quantity", "id": name, "label": f"{flat(row['text'])} {row['subject']}",
        "expect": {"text": row["text"], "value": cell_text(row["value"]), "subject": row["subject"]},
        "actions": ("correct", "drop", "accept", "flag"),
    }  # fmt: skip
    return Card(
        id=f"f-{name}", severity="doubt", title=_DOUBT, message=row["quote"] or "", advice=_ADVICE,
        path=row["path"], document_id=row["document_id"], checks=("subject_doubtful",),
        figures=(figure,), targets=(target,),
        indicators=(row["indicator"],) if row.get("indicator") else (),
    )  # fmt: skip
