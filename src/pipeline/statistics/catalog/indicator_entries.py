"""An indicator as a file of catalog/indicators declares it: a cell of the cube.

Unit, title and definition follow from concept, measure and breakdown where the file gives none. An indicator
with subjects that are names of no concept makes a concept of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from pipeline.concepts.concept import Concept
from pipeline.concepts.concept_list import ConceptList
from pipeline.concepts.unit_conversions import unit_fits
from pipeline.statistics.catalog.entries import ANY, Indicator, Share
from pipeline.statistics.catalog.reader import CatalogReader, unknown
from pipeline.tsv import read_entries

_LIST_KEYS = ("measures", "states", "scope", "periods", "datasets")
_TEXT_KEYS = ("unit", "title", "definition")
_REQUIRED = ("kind", *_TEXT_KEYS)
"""Keys that an indicator without a concept must have."""
_RATES = ("growth", "share", "fulfilment", "contribution")
"""Measures that are percentages whatever they are of."""
_FLOW_PERIODS = ("month", "months", "quarter", "half", "year", "years")
"""Kinds of period of a flow, where the file gives none: there is no gross product of a day."""
_TEXTS = {
    (entry["kind"], entry["code"]): entry
    for entry in read_entries(files(__package__) / "indicator_texts.tsv")
}
"""Title and definition by measure, and what a change is against by base."""


def indicator_of(
    reader: CatalogReader, number: int, data: Mapping[str, Any], concepts: ConceptList
) -> tuple[Indicator, Concept]:
    """The indicator at an index of the reader's file, and its concept with the names that it adds.

    Raises WenshuError where it cannot be one.
    """
    concept = _concept(reader, number, data, concepts)
    words: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _LIST_KEYS}
    if concept.code == data["id"] and "concept" not in data:  # a concept of its own: in any state
        words["states"] = words["states"] or (ANY,)
    if concept.collects == "flow" and not words["states"]:
        words["periods"] = words["periods"] or _FLOW_PERIODS
    indicator = Indicator(
        id=data["id"],
        **{**_derived(concept, data), **{name: data[name] for name in _TEXT_KEYS if name in data}},
        **words,
        concept=concept.code,
        measure=data.get("measure", "level"),
        base=data.get("base"),
        breakdown=tuple(sorted(data.get("breakdown", {}).items())),
        population=data.get("population"),
        status=data.get("status"),
        event=data.get("event", False),
        part_of=data.get("part_of"),
        share_of=Share(**data["share_of"]) if "share_of" in data else None,
    )
    return indicator, concept


def _concept(reader: CatalogReader, number: int, data: Mapping[str, Any], concepts: ConceptList) -> Concept:
    """The concept that it is a cell of: the one given, the one of its subjects' name, or a new one."""
    place, names = ("indicators", number), tuple(data.get("subjects", ()))
    if "concept" in data:
        concept = concepts.concepts.get(data["concept"])
        if concept is None:
            raise reader.error((*place, "concept"), unknown("concept", data["concept"], concepts.concepts))
    elif names:
        concept = _concept_by_name(reader, place, data, concepts)
    else:
        raise reader.error(place, "says nothing of what is counted; give concept or subjects")
    if ("breakdown" in data or "population" in data) and "title" not in data:
        raise reader.error(place, "is a slice, which is called otherwise than the whole; give a title")
    more = [name for name in names if name not in concept.names]
    return replace(concept, also=(*concept.also, *more)) if more else concept


def _concept_by_name(
    reader: CatalogReader, place: tuple[str | int, ...], data: Mapping[str, Any], concepts: ConceptList
) -> Concept:
    kind, unit = data.get("kind"), data.get("unit")
    named = {
        concept.code: concept
        for name in data["subjects"]
        for concept in concepts.by_name(name)
        if concept.code != data["id"] and (kind is None or unit_fits(concept, kind, unit))
    }
    if len(named) > 1:
        raise reader.error((*place, "subjects"), f"are names of {' and '.join(named)}; give one as concept")
    if named:
        return next(iter(named.values()))
    if foreign := next((name for name in ("measure", "base") if name in data), None):
        raise reader.error((*place, foreign), "is of an indicator with a concept; give one, or leave it out")
    if missing := next((name for name in _REQUIRED if name not in data), None):
        raise reader.error(place, f"has no {missing}; give one, or a concept")
    return Concept(
        code=data["id"], zh=data["subjects"][0], en=data["title"]["en"], kind=data["kind"],
        unit=data["unit"], collects="stock",
    )  # fmt: skip


def _derived(concept: Concept, data: Mapping[str, Any]) -> dict[str, Any]:
    """Unit, title and definition, as they follow from the concept."""
    measure = data.get("measure", "level")
    rate, level = measure in _RATES, measure in ("level", "change")
    texts, base = _TEXTS["measure", measure], _TEXTS["base", data.get("base") or "yoy"]
    names = {"zh": concept.zh, "en": concept.en}
    within = names if measure in ("level", "ratio") else names | {"en": _lower_first(concept.en)}
    return {
        "unit": "%" if rate else concept.unit if level else "1",
        "title": {language: texts[f"title_{language}"].format_map(names) for language in names},
        "definition": {
            language: texts[f"definition_{language}"].format_map(
                {**within, "base": base[f"title_{language}"]}
            )
            for language in names
        },
    }


def _lower_first(words: str) -> str:
    """The words within a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
