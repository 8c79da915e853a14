"""The words of the user: names, idioms and units that catalog/lexicon.yaml adds to the grammar's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.catalog_files import LEXICONS, WEIGHTS, catalog_files
from pipeline.errors import WenshuError, one_line
from pipeline.numbers.grammar import Grammar, default_grammar
from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.units import Unit, Units, base_units
from pipeline.numbers.words import Word, Words, base_words
from pipeline.yamlfile import load_yaml

_KINDS = {"names": "name", "others": "other"}


def load_grammar(catalog: Path) -> Grammar:
    """The grammar with the words and units of a catalog folder's lexicon, if it has one.

    Only what the grammar needs is checked, so that `extract` starts at once; `load_catalog`
    holds the whole file to its schema. Raises `WenshuError` naming file and field.
    """
    words: dict[str, Word] = {}
    units: dict[str, Unit] = {}
    nouns: set[str] = set()
    for path in catalog_files(catalog, LEXICONS).values():
        data = load_yaml(path).data
        if not isinstance(data, dict):
            raise WenshuError(f"{one_line(str(path))}: must be a mapping of names, others and units")
        for field, kind in _KINDS.items():
            words |= dict.fromkeys(_words(data, field, path), Word(kind, fixed=True))
        units |= _units(data, path)
        nouns.update(_words(data, "nouns", path))
    weights = catalog_files(catalog, WEIGHTS).get(WEIGHTS)
    return replace(
        default_grammar(),
        units=Units({**base_units(), **units}),
        words=Words({**base_words(), **words}),
        nouns=frozenset(nouns),
        weights=weights.read_text(encoding="ascii", errors="replace") if weights else None,
    )


def _words(data: Mapping[str, Any], field: str, path: Path) -> list[str]:
    words = data.get(field) or []
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise WenshuError(f"{one_line(str(path))}: {field} must be a list of words")
    return words


def _units(data: Mapping[str, Any], path: Path) -> dict[str, Unit]:
    try:
        entries = (data.get("units") or {}).items()
        units = {word: Unit(str(entry["kind"]), str(entry["code"])) for word, entry in entries}
    except (AttributeError, KeyError, TypeError) as error:
        raise WenshuError(f"{one_line(str(path))}: each of units needs a kind and a code") from error
    for word, unit in units.items():
        if unit.kind not in STATISTICAL:
            raise WenshuError(
                f"{one_line(str(path))}: units.{word}: kind must be one of {', '.join(sorted(STATISTICAL))}"
            )
    return units
