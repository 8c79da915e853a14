"""An indicator as a file of catalog/indicators declares it: a cell of the cube, or words of its own.

What the concept says already is not said again: kind, unit, title and definition follow from concept,
measure and breakdown where the file gives none.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pipeline.concepts.concept import Concept
from pipeline.concepts.concept_list import ConceptList
from pipeline.statistics.catalog_reader import CatalogReader, unknown
from pipeline.statistics.entries import Indicator, Share

_WORDS = (
    *("subjects", "subject_ends", "states", "without", "scope", "without_scope"),
    *("periods", "datasets"),
)
_CELL = ("measure", "base", "breakdown", "population")
_SAID = ("kind", "unit", "title", "definition")
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
) -> Indicator:
    """The indicator that is so manieth in the reader's file; WenshuError where it cannot be one."""
    concept = _concept(reader, number, data, concepts)
    words: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _WORDS}
    said = {name: data[name] for name in _SAID if name in data}
    if concept:
        said = {**_derived(concept, data), **said}
        words["subjects"] = (concept.zh, *concept.also, *concept.bare)
        if concept.collects == "flow":
            words["periods"] = words["periods"] or _SPANS
    return Indicator(
        id=data["id"],
        **said,
        **words,
        measures=_factors(reader, number, data),
        concept=concept.code if concept else None,
        measure=data.get("measure", "level"),
        base=data.get("base"),
        breakdown=tuple(sorted(data.get("breakdown", {}).items())),
        population=data.get("population"),
        status=data.get("status"),
        event=data.get("event", False),
        part_of=data.get("part_of"),
        share_of=Share(**data["share_of"]) if "share_of" in data else None,
    )


def _concept(
    reader: CatalogReader, number: int, data: Mapping[str, Any], concepts: ConceptList
) -> Concept | None:
    """The concept that it is a cell of, or None where it has words of its own."""
    place = ("indicators", number)
    own = bool(data.get("subjects") or data.get("subject_ends"))
    if "concept" in data:
        if own:
            raise reader.error((*place, "concept"), "has the names of what is counted; leave subjects out")
        concept = concepts.concepts.get(data["concept"])
        if concept is None:
            raise reader.error((*place, "concept"), unknown("concept", data["concept"], concepts.concepts))
        if ("breakdown" in data or "population" in data) and "title" not in data:
            raise reader.error(place, "is a slice, which is called otherwise than the whole; give a title")
        return concept
    if not own:
        raise reader.error(place, "says nothing of what is counted; give concept, subjects or subject_ends")
    if foreign := next((name for name in _CELL if name in data), None):
        raise reader.error((*place, foreign), "is of an indicator with a concept; give one, or leave it out")
    if missing := next((name for name in _SAID if name not in data), None):
        raise reader.error(place, f"has no {missing}; give one, or a concept")
    return None


def _derived(concept: Concept, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the concept says of an indicator."""
    measure = data.get("measure", "level")
    rate, level = measure in _RATES, measure in ("level", "change")
    names = {"zh": concept.zh, "en": concept.en}
    inside = names | ({} if measure in ("level", "ratio") else {"en": _small(concept.en)})
    before = dict(zip(names, _BASES[data.get("base") or "yoy"], strict=True))
    titles = dict(zip(names, _TITLES[measure], strict=True))
    definitions = dict(zip(names, _DEFINITIONS[measure], strict=True))
    kind = "percent" if rate or concept.kind == "index" else concept.kind
    return {
        "kind": kind if rate or level else "measure",
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


def _factors(reader: CatalogReader, number: int, data: Mapping[str, Any]) -> dict[str, Fraction]:
    measures = data.get("measures", ())
    factors = measures if isinstance(measures, Mapping) else dict.fromkeys(measures, 1)
    try:
        return {word: Fraction(str(factor)) for word, factor in factors.items()}
    except (ValueError, ZeroDivisionError):
        place = ("indicators", number, "measures")
        raise reader.error(
            place, "each unit needs a number or a fraction as its factor: 0.001, 1/15"
        ) from None
