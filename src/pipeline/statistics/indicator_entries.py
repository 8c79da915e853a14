"""An indicator as a file of catalog/indicators declares it: a cell of the cube.

What the concept says already is not said again: unit, title and definition follow from concept, measure and
breakdown where the file gives none. Names of what is counted that no concept bears make one of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.concepts.concept import Concept
from pipeline.concepts.concept_list import ConceptList
from pipeline.concepts.conversions import unit_fits
from pipeline.statistics.catalog_entries import ANY, Indicator, Share
from pipeline.statistics.catalog_reader import CatalogReader, unknown

_WORDS = ("measures", "states", "scope", "periods", "datasets")
_SAID = ("unit", "title", "definition")
_OWN = ("kind", *_SAID)
"""What an indicator must say for a concept of its own."""
_RATES = ("growth", "share", "fulfilment", "contribution")
"""Measures that are percentages whatever they are of."""
_SPANS = ("month", "months", "quarter", "half", "year", "years")
"""What a flow is stated for, where the file says nothing else: no gross product of a day."""
_TITLES: Mapping[str, tuple[str, str]] = {
    "level": ("{zh}", "{en}"),
    "change": ("{zh}增减", "{en}, change"),
    "growth": ("{zh}增速", "{en}, growth"),
    "share": ("{zh}占比", "{en}, share"),
    "fulfilment": ("{zh}完成率", "{en}, fulfilment"),
    "contribution": ("{zh}贡献", "{en}, contribution"),
    "ratio": ("{zh}倍数", "{en}, ratio"),
}
_DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "level": ("{zh}。", "{en}."),
    "change": ("{zh}比{base}增减的量，减少为负。", "Change of {en} against {base}; negative where it fell."),
    "growth": ("{zh}比{base}的增速，下降为负。", "Growth of {en} against {base}; negative where it fell."),
    "share": ("{zh}在其总体中的占比。", "Share of {en} in its whole."),
    "fulfilment": ("{zh}完成计划的比例。", "How much of its plan {en} comes to."),
    "contribution": ("{zh}的贡献。", "Contribution of {en}."),
    "ratio": ("{zh}与所比之数的倍数。", "{en} by what it is compared with."),
}
_BASES: Mapping[str, tuple[str, str]] = {
    "yoy": ("上年同期", "the same period of the year before"),
    "mom": ("上期", "the period before"),
    "prev": ("上期", "the period before"),
    "since": ("某一时期", "a named period"),
    "plan": ("计划", "the plan"),
    "average": ("平均值", "an average"),
}


def indicator_of(
    reader: CatalogReader, number: int, data: Mapping[str, Any], concepts: ConceptList
) -> tuple[Indicator, Concept]:
    """The indicator that is so manieth in the reader's file, and its concept with the names that it adds.

    Raises WenshuError where it cannot be one.
    """
    concept = _concept(reader, number, data, concepts)
    words: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _WORDS}
    if concept.code == data["id"] and "concept" not in data:  # of its own: whatever befell it
        words["states"] = words["states"] or (ANY,)
    if concept.collects == "flow" and not words["states"]:
        words["periods"] = words["periods"] or _SPANS
    indicator = Indicator(
        id=data["id"],
        **{**_derived(concept, data), **{name: data[name] for name in _SAID if name in data}},
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
    """The concept that it is a cell of: the one named, that which bears one of its names, or a new one."""
    place, names = ("indicators", number), tuple(data.get("subjects", ()))
    if "concept" in data:
        concept = concepts.concepts.get(data["concept"])
        if concept is None:
            raise reader.error((*place, "concept"), unknown("concept", data["concept"], concepts.concepts))
    elif names:
        concept = _named(reader, place, data, concepts)
    else:
        raise reader.error(place, "says nothing of what is counted; give concept or subjects")
    if ("breakdown" in data or "population" in data) and "title" not in data:
        raise reader.error(place, "is a slice, which is called otherwise than the whole; give a title")
    more = [name for name in names if name not in concept.names]
    return replace(concept, also=(*concept.also, *more)) if more else concept


def _named(
    reader: CatalogReader, place: tuple[str | int, ...], data: Mapping[str, Any], concepts: ConceptList
) -> Concept:
    kind, unit = data.get("kind"), data.get("unit")
    known = {
        concept.code: concept
        for name in data["subjects"]
        for concept in concepts.by_name(name)
        if concept.code != data["id"] and (kind is None or unit_fits(concept, kind, unit))
    }
    if len(known) > 1:
        raise reader.error((*place, "subjects"), f"are names of {' and '.join(known)}; give one as concept")
    if known:
        return next(iter(known.values()))
    if foreign := next((name for name in ("measure", "base") if name in data), None):
        raise reader.error((*place, foreign), "is of an indicator with a concept; give one, or leave it out")
    if missing := next((name for name in _OWN if name not in data), None):
        raise reader.error(place, f"has no {missing}; give one, or a concept")
    return Concept(
        code=data["id"], zh=data["subjects"][0], en=data["title"]["en"], kind=data["kind"],
        unit=data["unit"], collects="stock",
    )  # fmt: skip


def _derived(concept: Concept, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the concept says of an indicator."""
    measure = data.get("measure", "level")
    rate, level = measure in _RATES, measure in ("level", "change")
    names = {"zh": concept.zh, "en": concept.en}
    inside = names | ({} if measure in ("level", "ratio") else {"en": _small(concept.en)})
    before = dict(zip(names, _BASES[data.get("base") or "yoy"], strict=True))
    titles = dict(zip(names, _TITLES[measure], strict=True))
    definitions = dict(zip(names, _DEFINITIONS[measure], strict=True))
    return {
        "unit": "%" if rate else concept.unit if level else "1",
        "title": {language: words.format_map(names) for language, words in titles.items()},
        "definition": {
            language: words.format_map({**inside, "base": before[language]})
            for language, words in definitions.items()
        },
    }


def _small(words: str) -> str:
    """The words within a sentence: a capital stays where the second letter is one too."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
