"""The screen of what is to be decided: an article beside a card, and the actions of its keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from pipeline.decisions.parse_fields import parse_number
from pipeline.desk.articles import ReadArticle
from pipeline.desk.cards import ORDER, Card
from pipeline.desk.deciding import decide, decision_fields, reasons, renew, withdraw
from pipeline.desk.desk import Desk
from pipeline.desk.routes import Form, GoneError, change, page
from pipeline.errors import WenshuError
from pipeline.numbers.mention import MEASURES
from pipeline.report.records import left_side
from pipeline.tables.vocabulary import CODES
from pipeline.tables.wording import format_number, in_language, region_name

_MOST = 500
"""Cards that one decision may be for."""
_FRAME = ("subject", "measure", "base", "confidence")
"""Fields of a figure's frame that its mention has."""

_FACETS: Mapping[str, Callable[[Card], Sequence[str]]] = {
    "severity": lambda card: (card.severity,),
    "check": lambda card: card.checks,
    "document": lambda card: (card.path,) if card.path else (),
    # Of figures without an indicator, what they count.
    "concept": lambda card: card.indicators or [*{f["subject"]: 0 for f in card.figures if f["subject"]}],
}
"""What cards can be filtered by, and a card's values of it."""


@page("/queue", "/queue/{card}")
def _queue(desk: Desk, request: Request) -> str:
    """The whole page; or the article and the card alone, for a page that is open already."""
    cards = desk.cards()
    wanted = {name: request.query_params.get(name, "") for name in _FACETS}
    left = [
        card
        for card in cards
        if all(not wanted[name] or wanted[name] in values(card) for name, values in _FACETS.items())
    ]
    part = request.path_params.get("card")
    name = part or request.query_params.get("card")
    card = next((card for card in left if card.id == name), None)
    if card is None and part not in (None, "first"):
        raise GoneError
    card = card or next(iter(left), None)
    query = urlencode({name: value for name, value in wanted.items() if value})
    shown = {
        "wanted": wanted, "total": len(cards), "left": left, "query": query, "card": card,
        "place": left.index(card) if card else 0, **_card_values(desk, card),
    }  # fmt: skip
    if part:
        return desk.page("desk_card.html", "/queue", **shown)
    return desk.page("queue.html", "/queue", choices=_choices(cards), **shown)


def _card_values(desk: Desk, card: Card | None) -> dict[str, Any]:
    """What a card shows besides itself: its article, the fields of its figures, reasons to choose from."""
    article = desk.article_of(card) if card else None
    return {
        "reasons": reasons(desk.project.decisions, (entry for _, entry in desk.decisions())) if card else {},
        "measures": MEASURES,
        "bases": tuple(CODES["base"]),
        "article": article,
        "paragraphs": tuple(article.paragraphs()) if article else (),
        "frames": {f["id"]: _frame(desk, article, f["id"]) for f in card.figures} if card and article else {},
        "original": article and article.is_pdf,
    }


def _frame(desk: Desk, article: ReadArticle, quantity_id: str) -> dict[str, Any]:
    """What a figure is about, field by field."""
    mention, claim = article.mention(quantity_id), article.claim(quantity_id)
    if mention is None:
        return {}
    catalog = desk.catalog()
    area = claim.ref_area if claim else article.area
    return {
        **{name: getattr(mention, name) for name in _FRAME},
        "region": region_name(area, catalog.areas, desk.lang) if area else "",
        "period": claim.time_period or "" if claim else "",
        "indicator": catalog.indicators[claim.indicator].title[desk.lang] if claim else "",
    }


def _choices(cards: Sequence[Card]) -> dict[str, list[tuple[str, int]]]:
    """The values of each facet, each with its number of cards."""
    choices = {
        name: Counter(value for card in cards for value in values(card)).most_common(100)
        for name, values in _FACETS.items()
    }
    choices["severity"].sort(key=lambda pair: ORDER.index(pair[0]))
    return choices


def _card(desk: Desk, name: object) -> Card:
    card = next((card for card in desk.cards() if card.id == name), None)
    if card is None:
        raise GoneError
    return card


@change("/api/decide")
def _decide(desk: Desk, form: Form) -> dict[str, Any]:
    desk.require_officer()
    card = _card(desk, form.get("card"))
    if card.decision is not None:
        return _decide_again(desk, card.decision, form)
    return {"done": [decide(desk, card, decision_fields(desk, form), form.get("figure") or None)]}


def _decide_again(desk: Desk, decision: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Renew or withdraw the stale decision of a card."""
    entry = next((entry for one, entry in desk.decisions() if one.id == decision["id"]), None)
    if entry is None:
        raise GoneError
    if form.get("action") == "drop":
        withdraw(desk, decision["id"], seen=entry)
        return {"done": [], "result": "withdrawn"}
    if form.get("action") not in ("accept", "correct"):
        raise WenshuError("a stale decision is renewed or withdrawn")
    return {"done": [], "result": "renewed", "id": renew(desk, form, decision["id"], entry)}


@change("/api/decide-these")
def _decide_these(desk: Desk, form: Form) -> dict[str, Any]:
    """The same decision on several cards; those that could not be written are listed, the rest stands."""
    desk.require_officer()
    names = form.get("cards")
    if not isinstance(names, list) or not 0 < len(names) <= _MOST or form.get("action") == "correct":
        raise WenshuError(f"name 1 to {_MOST} cards to accept, drop or flag")
    fields = decision_fields(desk, form)
    by_id, done, failed = {card.id: card for card in desk.cards() if not card.decision}, [], []
    for name in dict.fromkeys(map(str, names)):
        try:
            if name not in by_id:
                raise GoneError
            done.append(decide(desk, by_id[name], fields))
        except WenshuError as error:
            failed.append({"card": name, "error": str(error)})
    return {"done": done, "failed": failed}


@change("/api/preview")
def _preview(desk: Desk, form: Form) -> dict[str, Any]:
    """What one decision on these cards would be about."""
    names = {*map(str, form.get("cards") or ())}
    wanted = [card for card in desk.cards() if card.id in names and card.decision is None][:_MOST]
    return {
        "cards": [
            {"id": card.id, "title": in_language(card.title, desk.lang), "about": _label(card)}
            for card in wanted
        ]
    }


def _label(card: Card) -> str:
    """What a card is about, in a line."""
    label = next((target["label"] for target in card.targets), card.message)
    return f"{label} · {card.path}" if card.path else label


@change("/api/undo")
def _undo(desk: Desk, form: Form) -> dict[str, Any]:
    ids = form.get("ids")
    if not isinstance(ids, list) or not ids or len(ids) > _MOST:
        raise WenshuError("there is nothing to take back")
    for name in reversed(ids):
        withdraw(desk, str(name))
    return {}


@change("/api/equation")
def _equation(desk: Desk, form: Form) -> dict[str, Any]:
    """The equations of a card's text, with a figure as it would be corrected."""
    card = _card(desk, form.get("card"))
    article = desk.article_of(card)
    if article is None:
        raise GoneError
    values: dict[str, Decimal] = {}
    if form.get("value") not in (None, ""):
        values[str(form.get("figure"))] = parse_number(str(form["value"]))
    figures = {frozenset(e["quantities"]) for e in card.equations} or {
        frozenset(f["id"] for f in card.figures)
    }
    equations = [
        {
            "left": left_side(one.expression), "computed": format_number(one.computed),
            "stated": format_number(one.total), "residual": format_number(one.residual),
            "verdict": one.verdict,
        }
        for one, ids in article.equations(values)
        if one.relation != "repeat" and any(wanted <= {*ids} or {*ids} <= wanted for wanted in figures)
    ]  # fmt: skip
    return {"equations": equations}
