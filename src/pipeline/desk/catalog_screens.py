"""The screens of the catalog: what nothing claims yet, and indicators with what they would catch.

What is written goes into the project's own catalog, which stands over the packaged one; a packaged file
that is changed is copied there first.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from pipeline.catalog_files import catalog_files
from pipeline.desk.answers import MissingError, changed, shown
from pipeline.desk.desk import Desk
from pipeline.desk.drafts import Draft, draft_of, fields, tried, written_with
from pipeline.errors import one_line
from pipeline.language import translated
from pipeline.locks import turn
from pipeline.tables.wording import Lang, exact, region
from pipeline.yamlwriting import ConflictError, on_trial, replace_text, state_of

if TYPE_CHECKING:
    from pipeline.statistics.areas import Areas

_SUBJECTS = 200
"""Subjects that are listed."""
_ARTICLES = 60
"""Articles over which a draft is tried."""
_SHOWN = 12
OWN = "indicators/own.yaml"
CONCEPTS = "concepts/own.csv"
"""Where new ones go, in the project's catalog."""


def routes(desk: Desk) -> list[BaseRoute]:
    """The screens' addresses."""
    return [
        Route("/unclaimed", shown(partial(_unclaimed, desk))),
        Route("/indicators", shown(partial(_screen, desk))),
        Route("/indicators/{id}", shown(partial(_form, desk))),
        Route("/api/indicator/try", changed(partial(_try, desk)), methods=["POST"]),
        Route("/api/indicator/save", changed(partial(_save, desk)), methods=["POST"]),
        Route("/api/indicator/synonym", changed(partial(_synonym, desk)), methods=["POST"]),
        Route("/api/concept", changed(partial(_concept, desk)), methods=["POST"]),
    ]


def _unclaimed(desk: Desk, request: Request) -> str:
    released = desk.released()
    rows = desk.memo.of("unclaimed", released.version, lambda: released.unclaimed(_SUBJECTS))
    return desk.page(
        "unclaimed.html", "/unclaimed", rows=rows, version=released.version, indicators=_titles(desk)
    )


def _screen(desk: Desk, request: Request) -> str:
    return desk.page(
        "indicators.html", "/indicators", indicators=desk.catalog().indicators.values(),
        places={name: place for name, (place, _) in desk.indicator_entries().items()},
    )  # fmt: skip


def _form(desk: Desk, request: Request) -> str:
    """The form of an indicator, or of a new one filled with what a link says."""
    name = request.path_params["id"]
    asked = request.query_params
    if name == "new":
        said: dict[str, Any] = {
            "kind": asked.get("kind", "count"), "subjects": [asked["subject"]] if "subject" in asked else [],
            "measures": [asked["unit"]] if asked.get("unit") else [], "unit": asked.get("code", "1"),
            "title": {"zh": asked.get("subject", ""), "en": ""}, "definition": {"zh": "", "en": ""},
        }  # fmt: skip
        place, seen = OWN, state_of(desk.project.catalog / OWN)
    else:
        found = desk.indicator_entries().get(name)
        if found is None:
            raise MissingError
        place, said = found
        seen = state_of(_path(desk, place))
    return desk.page(
        "indicator.html", "/indicators", said=said, new=name == "new", place=place, seen=seen,
        fields=fields(), concepts=desk.catalog().concepts.concepts.values(),
        own=(desk.project.catalog / place).is_file(), known=desk.catalog().indicators.get(name),
    )  # fmt: skip


def _titles(desk: Desk) -> list[tuple[str, str]]:
    found = desk.catalog().indicators.values()
    return sorted(((one.id, one.title[desk.lang]) for one in found), key=lambda pair: pair[1])


def _path(desk: Desk, place: str) -> Path:
    """Where a catalog's file is, the project's own or the packaged one."""
    return catalog_files(desk.project.catalog).get(place, desk.project.catalog / place)


def _draft(desk: Desk, said: Mapping[str, Any]) -> tuple[Draft, str, str]:
    """A form as an indicator, its file within the catalog, and what that file would say."""
    draft = draft_of(said)
    known = desk.indicator_entries()
    place = known[draft.id][0] if draft.id in known else OWN
    path = _path(desk, place)
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    return draft, place, written_with(before, draft, path)


def _try(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """What an indicator would catch, come near to, and dispute, and what would change in its file."""
    named = said.get("title_zh") or "草稿"  # what is still to be written does not keep it from being tried
    blank = {"id": "draft", "title_zh": named, "definition_zh": named}
    filled = blank if not said.get("concept") else {"id": "draft"}
    draft, place, after = _draft(desk, {**said, **{k: said.get(k) or v for k, v in filled.items()}})
    path = _path(desk, place)
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    catalog = desk.catalog()
    trial = tried(catalog, draft, after, place, _articles(desk))
    said_of = partial(_said, catalog.areas, desk.lang)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "", "", lineterm="", n=1)
    return {
        "caught": [said_of(one) for one in trial.caught[draft.id][:_SHOWN]],
        "near": [
            *({**said_of(one), "why": translated(one.reason)} for one in trial.missed[draft.id][:_SHOWN]),
            *(
                {"quote": one.quote, "path": f"{one.subject} ×{one.times}", "why": translated(one.reason)}
                for one in trial.near[draft.id][:_SHOWN]
            ),
        ],
        "counts": [len(trial.caught[draft.id]), len(trial.missed[draft.id]) + len(trial.near[draft.id])],
        "conflicts": [finding.message for finding in trial.findings[:_SHOWN]],
        "diff": [line for line in lines if not line.startswith(("---", "+++"))],
        "file": f"catalog/{place}",
    }


def _said(areas: Areas, lang: Lang, one: Any) -> dict[str, Any]:
    """A figure that was caught, or nearly."""
    claim = one.claim
    figures = [exact(v) for v in (claim.value, claim.low, claim.high) if v is not None] if claim else []
    area = region(claim.ref_area, areas, lang) if claim and claim.ref_area else "—"
    return {
        "quote": one.quote, "path": one.source.path, "value": figures[0] if figures else "",
        "where": [area, claim.time_period or "—"] if claim else [],
    }  # fmt: skip


def _articles(desk: Desk) -> Iterator[tuple[Any, Any]]:
    from pipeline.texts.source import find_sources

    for path in find_sources(desk.project.raw)[:_ARTICLES]:
        article = desk.articles.article(path.relative_to(desk.project.raw).as_posix())
        if article is not None and article.source.status == "read":
            yield article.source, article.reading


def _save(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    desk.decider()
    draft, place, after = _draft(desk, said)
    tried(desk.catalog(), draft, after, place, ())  # raises where the catalog would not be sound
    seen, source = str(said.get("seen", "")), _path(desk, place)
    path = desk.own_catalog() / place
    _write(path, after, seen, source)
    return {"id": draft.id, "file": f"catalog/{place}"}


def _write(path: Path, text: str, seen: str, source: Path) -> None:
    """Write a file of the project's catalog, unless what it was made of changed meanwhile."""
    with turn(path.parent):
        if source != path and state_of(source) != seen:
            raise ConflictError(
                f"{one_line(path.name)} was changed meanwhile, and is left as it is; look at it again"
            )
        replace_text(path, text, seen if source == path else state_of(path))


def _synonym(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Have an indicator count one more subject."""
    found = desk.indicator_entries().get(str(said.get("indicator")))
    subject = str(said.get("subject") or "").strip()
    if found is None or not subject:
        raise MissingError
    place, entry = found
    subjects = list(dict.fromkeys([*entry.get("subjects", ()), subject]))
    state = state_of(_path(desk, place))
    return _save(desk, {**entry, "subjects": subjects, "seen": state})


def _concept(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Add a line to the project's own list of concepts."""
    from pipeline.concepts.files import COLUMNS, load_concepts

    desk.decider()
    row = {name: " ".join(str(said.get(name) or "").split()) for name in COLUMNS}
    source = _path(desk, CONCEPTS)
    seen = state_of(source)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    if not seen:
        writer.writeheader()
    writer.writerow(row)
    text = source.read_text(encoding="utf-8-sig").rstrip("\n") + "\n" if seen else ""
    text += out.getvalue()
    others = [
        p for name, p in catalog_files(desk.project.catalog, "concepts/*.csv").items() if name != CONCEPTS
    ]
    path = desk.own_catalog() / CONCEPTS
    with turn(path.parent):
        with on_trial(text, Path(CONCEPTS)) as draft:
            load_concepts([*others, draft])
        replace_text(path, text, seen)
    return {"code": row["code"], "file": f"catalog/{CONCEPTS}"}
