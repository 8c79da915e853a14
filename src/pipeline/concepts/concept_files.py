"""The concept list from its files: catalog/concepts, a file a theme, and catalog/breakdowns.

A line is a concept, or a value of a dimension; catalog/concepts/README.md describes the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipeline.concepts.concept import COLLECTS, KINDS, Concept
from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.concepts.modifiers import DIMENSIONS, Modifiers
from pipeline.concepts.unit_conversions import dimension
from pipeline.csvfile import read_rows
from pipeline.errors import WenshuError

COLUMNS = (
    *("code", "zh", "en", "kind", "unit", "also", "bare"),
    *("parent", "collects", "general", "nbs"),
)
"""Of a file of catalog/concepts."""
BREAKDOWN_COLUMNS = ("dimension", "value", "zh", "en", "also")
"""Of a file of catalog/breakdowns."""
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


def load_concepts(concepts: Iterable[Path], breakdowns: Iterable[Path] = ()) -> ConceptList:
    """The list that some files make together; WenshuError names the file and the line that is wrong."""
    read: dict[str, Concept] = {}
    places: dict[str, str] = {}
    claimed: dict[tuple[str, str], str] = {}
    for path in concepts:
        for line, row in read_rows(path, COLUMNS):
            concept = _concept(path, line, row)
            if concept.code in read:
                raise WenshuError(f"{path}:{line}: concept {concept.code} is declared twice")
            for name, claim in _claims(concept):
                if other := claimed.get(claim):
                    raise WenshuError(f"{path}:{line}: {name} is a name of {other} already")
                claimed[claim] = concept.code
            read[concept.code] = concept
            places[concept.code] = f"{path}:{line}"
    _check_parents(read, places)
    return ConceptList(read.values(), Modifiers(_modifiers(breakdowns)))


def _concept(path: Path, line: int, row: Mapping[str, str]) -> Concept:
    for column, allowed in (("kind", KINDS), ("collects", COLLECTS), ("general", ("", "yes"))):
        if row[column] not in allowed:
            raise WenshuError(f"{path}:{line}: {column}: want one of {', '.join(filter(None, allowed))}")
    if not _CODE.fullmatch(row["code"]):
        raise WenshuError(f"{path}:{line}: code: want small letters, digits and _, at most 60")
    if missing := next((column for column in ("zh", "en", "unit") if not row[column]), None):
        raise WenshuError(f"{path}:{line}: {missing} is empty")
    return Concept(
        **{column: row[column] for column in ("code", "zh", "en", "kind", "unit", "collects")},
        also=tuple(row["also"].split()),
        bare=tuple(row["bare"].split()),
        parent=row["parent"] or None,
        general=row["general"] == "yes",
        nbs=row["nbs"] or None,
    )


def _claims(concept: Concept) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each name, and what no other concept may claim of it: the name, if bare only with such a unit."""
    for name in (concept.zh, *concept.also):
        yield name, (normalize_name(name), "")
    for name in concept.bare:
        yield name, (normalize_name(name), dimension(concept.unit))


def _check_parents(concepts: Mapping[str, Concept], places: Mapping[str, str]) -> None:
    """Each parent exists, and no concept is above itself. places: where each concept is declared."""
    parents = {code: concept.parent for code, concept in concepts.items() if concept.parent}
    for code, parent in parents.items():
        if parent not in concepts:
            raise WenshuError(f"{places[code]}: concept {code}: its parent {parent} is no concept")
    try:
        TopologicalSorter({code: [parent] for code, parent in parents.items()}).prepare()
    except CycleError as error:
        _, *cycle = reversed(error.args[1])
        message = f"concept {cycle[0]} is above itself: {' < '.join(cycle)}"
        raise WenshuError(f"{places[cycle[0]]}: {message}") from None


def _modifiers(paths: Iterable[Path]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for path in paths:
        for line, row in read_rows(path, BREAKDOWN_COLUMNS):
            if row["dimension"] not in DIMENSIONS or not row["zh"]:
                raise WenshuError(f"{path}:{line}: want a dimension of {', '.join(DIMENSIONS)}, and a word")
            yield (
                row["dimension"],
                row["value"],
                tuple(map(normalize_name, (row["zh"], *row["also"].split()))),
            )
