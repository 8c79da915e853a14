"""The screens of the catalog: unclaimed subjects, and indicators and concepts with what they claim.

What is written goes into the project's own catalog, which stands over the packaged one; a packaged file
that is changed is copied there first.
"""

from __future__ import annotations

import difflib
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pipeline.catalog_files import catalog_files
from pipeline.concepts.unit_conversions import unit_fits
from pipeline.desk.desk import Desk
from pipeline.desk.entry_files import ConceptEntries, Entry, IndicatorEntries
from pipeline.desk.entry_forms import entry_from_form, form_fields
from pipeline.desk.file_cache import file_states
from pipeline.desk.routes import Form, GoneError, change, page, text_of
from pipeline.errors import WenshuError, one_line
from pipeline.language import in_terminal_language, translate
from pipeline.numbers.units import unit_code
from pipeline.project import packaged_path
from pipeline.safe_files import ConflictError, file_digest, folder_lock, replace_text
from pipeline.statistics.regions.areas import Areas
from pipeline.tables.wording import Lang, format_number, region_name
from pipeline.texts.source import find_sources
from pipeline.web.escaping import flat

_SUBJECTS = 200
"""Subjects that are listed."""
_ENTRIES = 200
"""Concepts or indicators of one page of their list."""
_ARTICLES = 60
"""Articles over which a draft is tried."""
_SHOWN = 12

Kind = type[IndicatorEntries] | type[ConceptEntries]


@page("/unclaimed")
def _unclaimed(desk: Desk, request: Request) -> str:
    release = desk.latest_release()
    rows = desk.cache.get("unclaimed", release.version, lambda: release.unclaimed_subjects(_SUBJECTS))
    catalog = desk.catalog()
    titles = {c.code: (c.en if desk.lang == "en" else c.zh) for c in catalog.concepts.concepts.values()}
    titles |= {one.id: one.title[desk.lang] for one in catalog.indicators.values() if not one.concept}
    codes = [unit_code(row["kind"], row["unit"]) for row in rows]
    return desk.page(
        "unclaimed.html", "/unclaimed", rows=[*zip(rows, codes, strict=True)], version=release.version,
        known=sorted(titles.items(), key=lambda pair: pair[1]),
    )  # fmt: skip


def _list_page(kind: Kind, desk: Desk, request: Request) -> str:
    """The entries that contain what is looked for, those of the project's own files first."""
    wanted = request.query_params.get("q", "").strip()
    catalog = desk.catalog()
    own_files = _own_files(desk)
    rows = []
    for name, (place, entry) in _entries(desk, kind).items():
        if kind is IndicatorEntries:
            one = catalog.indicators[name]
            title, words, unit = one.title[desk.lang], catalog.concepts.concepts[one.concept].names, one.unit
        else:
            title, words, unit = entry[desk.lang], (entry["zh"], *entry.get("also", ())), entry["unit"]
        if wanted.lower() in f"{name} {title} {' '.join(words)}".lower():
            rows.append((place not in own_files, name, title, words, unit, place))
    rows.sort(key=lambda row: row[0])
    return desk.page(
        "entries.html", "/indicators", thing=kind.thing, rows=rows[:_ENTRIES], total=len(rows), wanted=wanted
    )


def _own_files(desk: Desk) -> frozenset[str]:
    """The catalog's files that are the project's own."""
    folder = desk.project.catalog
    files = catalog_files(folder).items() if folder != packaged_path("catalog") else ()
    return frozenset(name for name, path in files if path.is_relative_to(folder))


def _entries(desk: Desk, kind: Kind) -> dict[str, tuple[str, dict[str, Any]]]:
    files = catalog_files(desk.project.catalog, kind.pattern)
    state = file_states(files.values())
    return desk.cache.get(("entries", kind.thing), state, lambda: kind.read_entries(files))


def _entry_page(kind: Kind, desk: Desk, request: Request) -> str:
    """The form of an entry, or of a new one filled with what a link says."""
    name, query = request.path_params["id"], request.query_params
    if name == "new":
        subject, unit = query.get("subject", ""), query.get("unit")
        entry: dict[str, Any] = {
            "kind": query.get("kind", "count"), "unit": query.get("code", "1"),
            **({"zh": subject, "collects": "stock"} if kind is ConceptEntries else {
                "subjects": subject.split(), "measures": unit.split() if unit else [],
                "title": {"zh": subject}, "definition": {},
            }),
        }  # fmt: skip
        place = kind.own_file
    elif name in (entries := _entries(desk, kind)):
        place, entry = entries[name]
    else:
        raise GoneError
    catalog = desk.catalog()
    indicator = catalog.indicators.get(name) if kind is IndicatorEntries else None
    return desk.page(
        "entry.html", "/indicators", thing=kind.thing, entry=entry, new=name == "new", place=place,
        seen=file_digest(_path(desk, place)), first=kind.main_fields, fields=form_fields(kind.thing),
        concepts=list(catalog.concepts.concepts.values()), own=place in _own_files(desk), known=indicator,
        title=indicator.title[desk.lang] if indicator else entry.get(desk.lang),
    )  # fmt: skip


def _path(desk: Desk, place: str) -> Path:
    """The path of a catalog's file, the project's own or the packaged one."""
    return catalog_files(desk.project.catalog).get(place, desk.project.catalog / place)


def _draft(kind: Kind, desk: Desk, form: Form) -> tuple[Entry, str, str, str]:
    """A form as an entry, its file within the catalog, and the file's text before and after."""
    draft = entry_from_form(kind.thing, form)
    place, _ = _entries(desk, kind).get(draft[kind.main_fields[0]], (kind.own_file, None))
    path = _path(desk, place)
    before = path.read_bytes().decode("utf-8") if path.is_file() else ""  # line ends and all
    return draft, place, before, kind.with_draft(before, draft, path)


def _try(kind: Kind, desk: Desk, form: Form) -> dict[str, Any]:
    """The figures that an entry would claim or nearly claim, its conflicts, and the change of its file."""
    # A draft is tried even where required fields are still empty.
    blank = dict.fromkeys(("id", "code"), "draft") | {"en": "draft"}
    if not form.get("concept"):
        blank |= dict.fromkeys(("title_zh", "definition_zh"), form.get("title_zh") or "草稿")
    filled = {**form, **{field: form.get(field) or value for field, value in blank.items()}}
    draft, place, before, after = _draft(kind, desk, filled)
    catalog = desk.catalog()
    files = catalog_files(desk.project.catalog)
    trial, conflicts = kind.try_draft(catalog, files, draft, place, after, _articles(desk))
    name = draft[kind.main_fields[0]]
    figure = partial(_figure, catalog.areas, desk.lang)
    caught, missed, near = trial.caught[name], trial.missed[name], trial.near[name]
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "", "", lineterm="", n=1)
    return {
        "caught": [figure(one) for one in caught[:_SHOWN]],
        "near": [
            *({**figure(one), "why": translate(one.reason)} for one in missed[:_SHOWN]),
            *(
                {"quote": one.quote, "path": f"{one.subject} ×{one.times}", "why": translate(one.reason)}
                for one in near[:_SHOWN]
            ),
        ],
        "counts": [len(caught), len(missed) + len(near)],
        "conflicts": [in_terminal_language(conflict) for conflict in conflicts[:_SHOWN]],
        "diff": [line for line in lines if not line.startswith(("---", "+++"))],
        "file": f"catalog/{place}",
    }


def _figure(areas: Areas, lang: Lang, one: Any) -> dict[str, Any]:
    """A figure that was caught or missed."""
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
    articles = (desk.article(path.relative_to(raw).as_posix()) for path in paths)
    return [(one.source, one.reading) for one in articles if one is not None and one.source.status == "read"]


def _save(kind: Kind, desk: Desk, form: Form) -> dict[str, Any]:
    desk.require_officer()
    draft, place, _, after = _draft(kind, desk, form)
    files = catalog_files(desk.project.catalog)
    kind.try_draft(desk.catalog(), files, draft, place, after, ())  # raises where it would not be sound
    seen, source = str(form.get("seen", "")), _path(desk, place)
    path = desk.own_catalog() / place
    with folder_lock(path.parent):
        if source != path and file_digest(source) != seen:
            raise ConflictError(
                f"{one_line(path.name)} was changed meanwhile, and is left as it is; look at it again"
            )
        replace_text(path, after, seen if source == path else file_digest(path))
    return {"address": f"/{kind.thing}s/{draft[kind.main_fields[0]]}", "file": f"catalog/{place}"}


@change("/api/synonym")
def _synonym(desk: Desk, form: Form) -> dict[str, Any]:
    """Give a concept, or an indicator with names of its own, one more name."""
    name, subject = text_of(form, "known"), flat(text_of(form, "subject"))
    kind: Kind = IndicatorEntries
    names = "subjects"
    found = _entries(desk, IndicatorEntries).get(name)
    if found is None or found[1].get("concept"):
        name = found[1]["concept"] if found else name
        kind, names, found = ConceptEntries, "also", _entries(desk, ConceptEntries).get(name)
    if found is None or not subject:
        raise GoneError
    if kind is ConceptEntries:
        concept, unit = desk.catalog().concepts.concepts[name], str(form.get("code") or "1")
        if not unit_fits(concept, str(form.get("kind")), unit):
            raise WenshuError(f"{subject} is in {unit}, {concept.code} in {concept.unit}; make another of it")
    place, entry = found
    words = list(dict.fromkeys([*entry.get(names, ()), subject]))
    return _save(kind, desk, {**entry, names: words, "seen": file_digest(_path(desk, place))})


for _kind in (IndicatorEntries, ConceptEntries):
    page(f"/{_kind.thing}s")(partial(_list_page, _kind))
    page(f"/{_kind.thing}s/{{id}}")(partial(_entry_page, _kind))
    change(f"/api/{_kind.thing}/try")(partial(_try, _kind))
    change(f"/api/{_kind.thing}/save")(partial(_save, _kind))
