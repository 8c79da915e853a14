"""The screens of the catalog: what nothing claims yet, and indicators and concepts with what they catch.

What is written goes into the project's own catalog, which stands over the packaged one; a packaged file
that is changed is copied there first.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pipeline.catalog_files import catalog_files
from pipeline.concepts.unit_conversions import unit_fits
from pipeline.desk.answers import MissingError, Screen
from pipeline.desk.desk import Desk
from pipeline.desk.drafts import Concepts, Indicators
from pipeline.desk.file_memo import states
from pipeline.desk.forms import Draft, draft_of, fields
from pipeline.errors import WenshuError, one_line
from pipeline.language import in_terminal_language, translate
from pipeline.numbers.units import unit_code
from pipeline.project import packaged_path
from pipeline.safe_files import ConflictError, file_digest, folder_lock, replace_text
from pipeline.statistics.areas import Areas
from pipeline.tables.wording import Lang, format_number, region_name
from pipeline.texts.source import find_sources

_SUBJECTS = 200
"""Subjects that are listed."""
_ENTRIES = 200
"""Concepts or indicators of one page of their list."""
_ARTICLES = 60
"""Articles over which a draft is tried."""
_SHOWN = 12

Kind = type[Indicators] | type[Concepts]
SCREEN = Screen()


@SCREEN.page("/unclaimed")
def _unclaimed(desk: Desk, request: Request) -> str:
    released = desk.released()
    rows = desk.memo.of("unclaimed", released.version, lambda: released.unclaimed(_SUBJECTS))
    catalog = desk.catalog()
    known = {concept.code: (concept.en if desk.lang == "en" else concept.zh) for concept in _concepts(desk)}
    known |= {one.id: one.title[desk.lang] for one in catalog.indicators.values() if not one.concept}
    codes = [unit_code(row["kind"], row["unit"]) for row in rows]
    return desk.page(
        "unclaimed.html", "/unclaimed", rows=[*zip(rows, codes, strict=True)], version=released.version,
        known=sorted(known.items(), key=lambda pair: pair[1]),
    )  # fmt: skip


def _concepts(desk: Desk) -> list[Any]:
    return [*desk.catalog().concepts.concepts.values()]


def _screen(kind: Kind, desk: Desk, request: Request) -> str:
    """Every one that is asked for, those of the project's own files first."""
    asked = request.query_params.get("q", "").strip()
    catalog = desk.catalog()
    own = _own_places(desk)
    listed = []
    for name, (place, entry) in _entries(desk, kind).items():
        if kind is Indicators:
            one = catalog.indicators[name]
            title, words, unit = one.title[desk.lang], catalog.concepts.concepts[one.concept].names, one.unit
        else:
            title, words, unit = entry[desk.lang], (entry["zh"], *entry.get("also", ())), entry["unit"]
        if asked.lower() in f"{name} {title} {' '.join(words)}".lower():
            listed.append((place not in own, name, title, words, unit, place))
    listed.sort(key=lambda row: row[0])
    return desk.page(
        "entries.html",
        "/indicators",
        thing=kind.thing,
        rows=listed[:_ENTRIES],
        total=len(listed),
        asked=asked,
    )


def _own_places(desk: Desk) -> frozenset[str]:
    """The catalog's files that are the project's own."""
    folder, base = desk.project.catalog, packaged_path("catalog")
    own = catalog_files(folder).items() if folder != base else ()
    return frozenset(name for name, path in own if path.is_relative_to(folder))


def _entries(desk: Desk, kind: Kind) -> dict[str, tuple[str, dict[str, Any]]]:
    files = catalog_files(desk.project.catalog, kind.files)
    return desk.memo.of(kind.thing, states(files.values()), lambda: kind.entries(files))


def _form(kind: Kind, desk: Desk, request: Request) -> str:
    """The form of an entry, or of a new one filled with what a link says."""
    name, asked = request.path_params["id"], request.query_params
    if name == "new":
        subject, unit = asked.get("subject", ""), asked.get("unit")
        said: dict[str, Any] = {
            "kind": asked.get("kind", "count"), "unit": asked.get("code", "1"),
            **({"zh": subject, "collects": "stock"} if kind is Concepts else {
                "subjects": subject.split(), "measures": unit.split() if unit else [],
                "title": {"zh": subject}, "definition": {},
            }),
        }  # fmt: skip
        place = kind.own
    elif name in (known := _entries(desk, kind)):
        place, said = known[name]
    else:
        raise MissingError
    indicator = desk.catalog().indicators.get(name) if kind is Indicators else None
    return desk.page(
        "entry.html", "/indicators", thing=kind.thing, said=said, new=name == "new", place=place,
        seen=file_digest(_path(desk, place)), first=kind.first, fields=fields(kind.thing),
        concepts=_concepts(desk), own=place in _own_places(desk), known=indicator,
        title=indicator.title[desk.lang] if indicator else said.get(desk.lang),
    )  # fmt: skip


def _path(desk: Desk, place: str) -> Path:
    """Where a catalog's file is, the project's own or the packaged one."""
    return catalog_files(desk.project.catalog).get(place, desk.project.catalog / place)


def _draft(kind: Kind, desk: Desk, said: Mapping[str, Any]) -> tuple[Draft, str, str, str]:
    """A form as an entry, its file within the catalog, what that says and what it would say."""
    draft = draft_of(kind.thing, said)
    known = _entries(desk, kind)
    place = known[draft.id][0] if draft.id in known else kind.own
    path = _path(desk, place)
    before = path.read_bytes().decode("utf-8") if path.is_file() else ""  # line ends and all
    return draft, place, before, kind.written(before, draft, path)


def _try(kind: Kind, desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry would catch, come near to, and dispute, and what would change in its file."""
    # What is still to be written does not keep it from being tried.
    blank = dict.fromkeys(("id", "code"), "draft") | {"en": "draft"}
    if not said.get("concept"):
        blank |= dict.fromkeys(("title_zh", "definition_zh"), said.get("title_zh") or "草稿")
    draft, place, before, after = _draft(
        kind, desk, {**said, **{k: said.get(k) or v for k, v in blank.items()}}
    )
    catalog = desk.catalog()
    files = catalog_files(desk.project.catalog)
    trial, conflicts = kind.tried(catalog, files, draft, place, after, _articles(desk))
    said_of = partial(_said, catalog.areas, desk.lang)
    caught, missed, near = trial.caught[draft.id], trial.missed[draft.id], trial.near[draft.id]
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "", "", lineterm="", n=1)
    return {
        "caught": [said_of(one) for one in caught[:_SHOWN]],
        "near": [
            *({**said_of(one), "why": translate(one.reason)} for one in missed[:_SHOWN]),
            *(
                {"quote": one.quote, "path": f"{one.subject} ×{one.times}", "why": translate(one.reason)}
                for one in near[:_SHOWN]
            ),
        ],
        "counts": [len(caught), len(missed) + len(near)],
        "conflicts": [in_terminal_language(said) for said in conflicts[:_SHOWN]],
        "diff": [line for line in lines if not line.startswith(("---", "+++"))],
        "file": f"catalog/{place}",
    }


def _said(areas: Areas, lang: Lang, one: Any) -> dict[str, Any]:
    """A figure that was caught, or nearly."""
    claim = one.claim
    figures = (
        [format_number(v) for v in (claim.value, claim.low, claim.high) if v is not None] if claim else []
    )
    area = region_name(claim.ref_area, areas, lang) if claim and claim.ref_area else "—"
    return {
        "quote": one.quote, "path": one.source.path, "value": figures[0] if figures else "",
        "where": [area, claim.time_period or "—"] if claim else [],
    }  # fmt: skip


def _articles(desk: Desk) -> list[tuple[Any, Any]]:
    raw = desk.project.raw
    paths = find_sources(raw)[:_ARTICLES] if raw.is_dir() else []
    articles = (desk.articles.article(path.relative_to(raw).as_posix()) for path in paths)
    return [(one.source, one.reading) for one in articles if one is not None and one.source.status == "read"]


def _save(kind: Kind, desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    desk.decider()
    draft, place, _, after = _draft(kind, desk, said)
    files = catalog_files(desk.project.catalog)
    kind.tried(desk.catalog(), files, draft, place, after, ())  # raises where it would not be sound
    seen, source = str(said.get("seen", "")), _path(desk, place)
    path = desk.own_catalog() / place
    with folder_lock(path.parent):
        if source != path and file_digest(source) != seen:
            raise ConflictError(
                f"{one_line(path.name)} was changed meanwhile, and is left as it is; look at it again"
            )
        replace_text(path, after, seen if source == path else file_digest(path))
    return {"address": f"/{kind.thing}s/{draft.id}", "file": f"catalog/{place}"}


@SCREEN.change("/api/synonym")
def _synonym(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Have a concept, or an indicator with words of its own, go by one more name."""
    name, subject = str(said.get("known") or "").strip(), "".join(str(said.get("subject") or "").split())
    kind: Kind = Indicators
    names = "subjects"
    found = _entries(desk, Indicators).get(name)
    if found is None or found[1].get("concept"):
        name = found[1]["concept"] if found else name
        kind, names, found = Concepts, "also", _entries(desk, Concepts).get(name)
    if found is None or not subject:
        raise MissingError
    if kind is Concepts:
        concept, unit = desk.catalog().concepts.concepts[name], str(said.get("code") or "1")
        if not unit_fits(concept, str(said.get("kind")), unit):
            raise WenshuError(f"{subject} is in {unit}, {concept.code} in {concept.unit}; make another of it")
    place, entry = found
    state = file_digest(_path(desk, place))
    words = list(dict.fromkeys([*entry.get(names, ()), subject]))
    return _save(kind, desk, {**entry, names: words, "seen": state})


for _kind in (Indicators, Concepts):
    SCREEN.page(f"/{_kind.thing}s")(partial(_screen, _kind))
    SCREEN.page(f"/{_kind.thing}s/{{id}}")(partial(_form, _kind))
    SCREEN.change(f"/api/{_kind.thing}/try")(partial(_try, _kind))
    SCREEN.change(f"/api/{_kind.thing}/save")(partial(_save, _kind))
