"""Decisions made, withdrawn, renewed and changed on the desk, in their files.

A sentence whose figure was corrected goes into the project's own bank, decisions/bank/, marked as in the
packaged bank: `wenshu train` learns from it. It stays on this machine, and leaves with its decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.decisions.parse_fields import parse_last_day, parse_number, parse_reason
from pipeline.decisions.writing import (
    BANK,
    change_decision,
    entry_of,
    read_log,
    withdraw_decision,
    write_decision,
)
from pipeline.desk.articles import ReadArticle
from pipeline.desk.cards import Card
from pipeline.desk.desk import Desk
from pipeline.desk.routes import GoneError, text_of
from pipeline.errors import WenshuError
from pipeline.safe_files import file_digest, replace_text
from pipeline.training.bank import mark_figure

_LOGGED = 2_000
"""Lines of the log in which reasons are looked for."""
_OFFERED = 6
_BANK_HEADER = "# 本项目更正过的句子 | sentences corrected in this project\n"


def decision_fields(desk: Desk, form: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of a decision: action, reason, value, frame and expires.

    Raises `WenshuError`, which says what to give instead.
    """
    action = form.get("action")
    if action not in ("accept", "correct", "drop", "flag"):
        raise WenshuError("a decision accepts, corrects, drops or flags")
    frame = _frame(desk, form.get("frame")) if action == "correct" else {}
    value = text_of(form, "value")
    return {
        "action": action,
        "reason": parse_reason(text_of(form, "reason")),
        "value": parse_number(value) if action == "correct" and (value or not frame) else None,
        "frame": frame,
        "expires": parse_last_day(text_of(form, "expires"), desk.project.today()),
    }


def decide(desk: Desk, card: Card, fields: Mapping[str, Any], figure: str | None = None) -> dict[str, Any]:
    """Write a decision on a card, and keep its sentence. Returns id, file and what it is about.

    fields: as `decision_fields` gives them. figure: the id of the chosen one. Raises `WenshuError` where
    the action fits nothing on the card, and `pipeline.safe_files.ConflictError` where somebody
    decided meanwhile.
    """
    project, target = desk.project, card.target(fields["action"], figure)
    if target is None:
        raise WenshuError(
            "choose the figure first, by its number"
            if card.figures
            else "this cannot be done to what is doubted here"
        )
    entry = entry_of(target=target, officer=desk.require_officer(), day=project.today(), **fields)
    path, decision = write_decision(project.decisions, entry, about=f"{card.checks[0]}: {target['label']}")
    if fields["frame"] and (article := desk.article_of(card)):
        remember(project.decisions, article, target["id"], fields["frame"])
    return {"id": decision.id, "file": f"{path.parent.name}/{path.name}", "about": target["label"]}


def withdraw(desk: Desk, decision_id: str, seen: Mapping[str, Any] | None = None) -> None:
    """Take a decision back, and the sentence that was marked by it. Raises as `withdraw_decision`."""
    folder = desk.project.decisions
    forget(folder, withdraw_decision(folder, decision_id, desk.require_officer(), seen))


def renew(desk: Desk, form: Mapping[str, Any], decision_id: str, entry: Mapping[str, Any]) -> str:
    """Have a stale decision hold again, for its target as it is now. Returns its new id.

    entry: as it was shown. Raises `WenshuError` where its target is gone, for there is nothing left that
    it could hold for.
    """
    reported = desk.reported_decisions().get(decision_id)
    if reported is None:
        raise GoneError
    today = desk.project.today().isoformat()
    changes: dict[str, Any] = {"date": today, "officer": desk.require_officer()}
    if reported["now"] is not None:
        changes["expect"] = reported["now"]
    elif not entry.get("expires") or entry["expires"] >= today:
        raise WenshuError("its target is gone, or another decision stands before it; withdraw it")
    return change(desk, form, decision_id, entry, **changes)


def change(
    desk: Desk, form: Mapping[str, Any], decision_id: str, entry: Mapping[str, Any], **changes: Any
) -> str:
    """Change the fields of a decision that a form gives; an empty last day takes it away. Returns its new id.

    entry: as it was shown. changes: further fields.
    """
    expires = parse_last_day(text_of(form, "expires"), desk.project.today())
    changes["expires"] = expires.isoformat() if expires else None
    if text_of(form, "value") and entry.get("action") == "correct":
        changes["value"] = parse_number(text_of(form, "value"))
    if text_of(form, "reason"):
        changes["reason"] = parse_reason(text_of(form, "reason"))
    folder, officer = desk.project.decisions, desk.require_officer()
    return change_decision(folder, decision_id, changes, officer, entry).id


def reasons(folder: Path, entries: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Reasons to offer for each action: the last one given, then the most used."""
    given: dict[str, list[str]] = {}
    for line in read_log(folder, _LOGGED):
        entry = line.get("entry") or {}
        if line.get("did") == "added" and isinstance(entry.get("reason"), str):
            given.setdefault(str(entry.get("action")), [entry["reason"]])
    times = Counter((entry["action"], entry["reason"]) for entry in entries)
    for (action, reason), _ in times.most_common():
        given.setdefault(action, []).append(reason)
    return {action: list(dict.fromkeys(texts))[:_OFFERED] for action, texts in given.items()}


def _frame(desk: Desk, form: object) -> dict[str, Any]:
    """Fields of a frame that a page sent: empty ones are null, a region is a code."""
    if not isinstance(form, Mapping):
        return {}
    frame: dict[str, Any] = {str(name): str(cell).strip() or None for name, cell in form.items()}
    if region := frame.get("region"):
        areas = desk.catalog().areas
        code = region if region == "CN" or region in areas else areas.read(region)
        if code is None:
            raise WenshuError("the region is not known; give its name with that of its city, or its code")
        frame["region"] = code
    return frame


def remember(folder: Path, article: ReadArticle, quantity_id: str, frame: Mapping[str, Any]) -> None:
    """Keep the sentence of a figure whose frame a decision corrected, if it can be marked.

    folder: of the decisions.
    """
    mention = article.mention(quantity_id)
    if mention is None:
        return
    flow, text = article.reading.flow, article.source.text
    begin, stop = flow.sentences[mention.sentence]
    before, after = flow.written(text, begin, mention.begin), flow.written(text, mention.stop, stop)
    figure = flow.written(text, mention.begin, mention.stop)
    if sentence := mark_figure(before, figure, after, {**mention._asdict(), **frame}):
        path = folder / BANK / f"{quantity_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, f"{_BANK_HEADER}{sentence}\n", file_digest(path))


def forget(folder: Path, entry: Mapping[str, Any]) -> None:
    """Delete the sentence of a decision that was withdrawn, if there is one. entry: the decision's."""
    quantity_id = str(entry["target"].get("quantity"))
    if quantity_id.isalnum():  # files are edited by hand: an id could be a path
        (folder / BANK / f"{quantity_id}.txt").unlink(missing_ok=True)
