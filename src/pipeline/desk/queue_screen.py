"""The screen of what is to be decided: an article beside a card, and what its keys do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from pipeline.decisions.parse_fields import parse_number
from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.article_cache import Article
from pipeline.desk.cards import ORDER, Card
from pipeline.desk.deciding import asked, decide, reasons, renew, withdraw
from pipeline.desk.desk import Desk
from pipeline.desk.marked_sentences import remember
from pipeline.errors import WenshuError
from pipeline.numbers.mention import MEASURES
from pipeline.tables.vocabulary import CODES
from pipeline.tables.wording import format_number, region_name

SCREEN = Screen()
_MOST = 500
"""Cards that one decision may be for."""
_FRAME = ("subject", "measure", "base", "confidence")
"""What the fields of a figure say that the article's mention has."""


@SCREEN.page("/queue", "/queue/{card}")
def _screen(desk: Desk, request: Request) -> str:
    """The whole page; or the article and the card alone, for a page that is open already."""
    every = desk.cards()
    wanted = {name: request.query_params.get(name, "") for name in _FACETS}
    left = _filtered(every, wanted)
    part = request.path_params.get("card")
    name = part or request.query_params.get("card")
    card = next((card for card in left if card.id == name), None)
    if card is None and part not in (None, "first"):
        raise MissingError
    card = card or next(iter(left), None)
    said = {"wanted": wanted, "total": len(every), **_beside(desk, card, left, wanted)}
    if part:
        return desk.page("desk_card.html", "/queue", **said)
    return desk.page("queue.html", "/queue", choices=_choices(every), **said)


def _beside(desk: Desk, card: Card | None, left: Sequence[Card], wanted: Mapping[str, str]) -> dict[str, Any]:
    """What a card shows, with its article."""
    query = urlencode({name: value for name, value in wanted.items() if value})
    said: dict[str, Any] = {
        "card": card, "left": left, "query": query, "article": None, "paragraphs": (), "reasons": {},
        "place": left.index(card) if card else 0, "frames": {}, "original": None,
    }  # fmt: skip
    if card is None:
        return said
    said["reasons"] = reasons(desk.project.decisions, (entry for _, entry in desk.decisions()))
    said["measures"], said["bases"] = MEASURES, tuple(CODES["base"])
    article = desk.articles.article(card.path, card.document_id) if card.path else None
    if article is not None:
        said["article"] = article
        said["paragraphs"] = tuple(article.paragraphs())
        said["frames"] = {figure["id"]: _frame(desk, article, figure["id"]) for figure in card.figures}
        said["original"] = "pdf" if article.path.suffix.lower() == ".pdf" else None
    return said


def _frame(desk: Desk, article: Article, quantity_id: str) -> dict[str, Any]:
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


_FACETS: Mapping[str, Callable[[Card], Sequence[str]]] = {
    "severity": lambda card: (card.severity,),
    "check": lambda card: card.checks,
    "document": lambda card: (card.path,) if card.path else (),
    # Of figures without an indicator, what they count.
    "concept": lambda card: card.indicators or [*{f["subject"]: 0 for f in card.figures if f["subject"]}],
}
"""What cards can be filtered by, and what each has of it."""


def _filtered(every: Iterable[Card], wanted: Mapping[str, str]) -> list[Card]:
    return [
        card
        for card in every
        if all(not wanted[name] or wanted[name] in of(card) for name, of in _FACETS.items())
    ]


def _choices(every: Sequence[Card]) -> dict[str, list[tuple[str, int]]]:
    """What can be filtered by, each with how many cards have it."""
    listed = {
        name: Counter(one for card in every for one in of(card)).most_common(100)
        for name, of in _FACETS.items()
    }
    listed["severity"].sort(key=lambda pair: ORDER.index(pair[0]))
    return listed


def _card(desk: Desk, name: object) -> Card:
    card = next((card for card in desk.cards() if card.id == name), None)
    if card is None:
        raise MissingError
    return card


@SCREEN.change("/api/decide")
def _decide(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    officer, card = desk.decider(), _card(desk, said.get("card"))
    if card.decision is not None:
        return _redecide(desk, card, said, officer)
    what = asked(said, desk.project.today(), lambda: desk.catalog().areas)
    done = decide(desk.project, card, what, officer)
    kept = False
    if what.frame and (article := desk.articles.article(card.path or "", card.document_id)):
        figure = what.figure or card.figures[0]["id"]
        kept = remember(desk.project.decisions, article, figure, what.frame)
    return {"done": [done], "kept": kept}


def _redecide(desk: Desk, card: Card, said: Mapping[str, Any], officer: str) -> dict[str, Any]:
    """Renew or withdraw the stale decision that a card is about."""
    decision = card.decision or {}
    entry = next((entry for one, entry in desk.decisions() if one.id == decision["id"]), None)
    if entry is None:
        raise MissingError
    if said.get("action") == "drop":
        withdraw(desk.project, decision["id"], officer, seen=entry)
        return {"done": [], "said": "withdrawn"}
    if said.get("action") not in ("accept", "correct"):
        raise WenshuError("a stale decision is renewed or withdrawn")
    return {"done": [], "said": "renewed", "id": renew(desk.project, said, decision, entry, officer)}


@SCREEN.change("/api/decide-these")
def _decide_these(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """The same decision on several cards; what could not be written is said, the rest stands."""
    officer, names = desk.decider(), said.get("cards")
    if not isinstance(names, list) or not 0 < len(names) <= _MOST or said.get("action") == "correct":
        raise WenshuError(f"name 1 to {_MOST} cards to accept, drop or flag")
    what = asked(said, desk.project.today(), lambda: desk.catalog().areas)
    known, done, failed = {card.id: card for card in desk.cards()}, [], []
    for name in dict.fromkeys(map(str, names)):
        card = known.get(name)
        try:
            if card is None or card.decision is not None:
                raise WenshuError("that is not there any more; load the page again")
            done.append(decide(desk.project, card, what, officer))
        except WenshuError as error:
            failed.append({"card": name, "error": str(error)})
    return {"done": done, "failed": failed}


@SCREEN.change("/api/preview")
def _preview(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """What one decision on these cards would be about."""
    names = {*map(str, said.get("cards") or ())}
    wanted = [card for card in desk.cards() if card.id in names and card.decision is None][:_MOST]
    return {
        "cards": [
            {"id": card.id, "title": card.title[desk.lang == "en"], "about": _label(card)} for card in wanted
        ]
    }


def _label(card: Card) -> str:
    """What a card is about, in a line."""
    said = next((target["label"] for target in card.targets), card.message)
    return f"{said} · {card.path}" if card.path else said


@SCREEN.change("/api/undo")
def _undo(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    ids = said.get("ids")
    if not isinstance(ids, list) or not ids or len(ids) > _MOST:
        raise WenshuError("there is nothing to take back")
    for name in reversed(ids):
        withdraw(desk.project, str(name), desk.decider())
    return {"undone": len(ids)}


@SCREEN.change("/api/equation")
def _equation(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """The equations of a card's text, with a figure as it would be corrected."""
    card = _card(desk, said.get("card"))
    article = desk.articles.article(card.path, card.document_id) if card.path else None
    if article is None:
        raise MissingError
    values: dict[str, Decimal] = {}
    if said.get("value") not in (None, ""):
        values[str(said.get("figure"))] = parse_number(str(said["value"]))
    asked_of = {frozenset(e["quantities"]) for e in card.equations} or {
        frozenset(f["id"] for f in card.figures)
    }
    found = [
        {
            "left": one.expression.rpartition("=")[0].strip() or one.expression, "expression": one.expression,
            "computed": format_number(one.computed), "stated": format_number(one.total),
            "residual": format_number(one.residual),
            "verdict": one.verdict,
        }
        for one, ids in article.equations(values)
        if one.relation != "repeat" and any(wanted <= {*ids} or {*ids} <= wanted for wanted in asked_of)
    ]  # fmt: skip
    return {"equations": found}
