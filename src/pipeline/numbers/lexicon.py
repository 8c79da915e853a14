"""The user's own words: names, idioms and units that catalog/lexicon.yaml adds to the grammar's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.catalog_files import LEXICONS, WEIGHTS, catalog_files
from pipeline.errors import WenshuError, one_line
from pipeline.numbers.grammar import Grammar, grammar_with
from pipeline.numbers.mention import STATISTICAL
from pipeline.numbers.units import Unit
from pipeline.yamlfile import load_yaml

_KINDS = {"names": "name", "others": "other"}


class Lexicon(NamedTuple):
    """What a catalog adds to the grammar."""

    names: Mapping[str, str] = {}
    """Words that are no numbers, each with its kind: name or other."""
    units: Mapping[str, Unit] = {}
    nouns: frozenset[str] = frozenset()
    """What is counted, kept whole."""


def load_grammar(catalog: Path) -> Grammar:
    """The grammar with the words and units of a catalog folder's lexicon, if it has one.

    Only what the grammar needs is checked, so that `extract` starts at once; `load_catalog`
    holds the whole file to its schema. Raises `WenshuError` naming file and field.
    """
    lexicon = load_lexicon(catalog)
    grammar = grammar_with(lexicon.names, lexicon.units, lexicon.nouns)
    own = catalog_files(catalog, WEIGHTS).get(WEIGHTS)
    return replace(grammar, weights=own.read_text(encoding="ascii", errors="replace")) if own else grammar


def load_lexicon(catalog: Path) -> Lexicon:
    """The lexicon of a catalog folder, empty where it has none. Raises as `load_grammar`."""
    names: dict[str, str] = {}
    units: dict[str, Unit] = {}
    nouns: set[str] = set()
    for path in catalog_files(catalog, LEXICONS).values():
        data = load_yaml(path).data
        if not isinstance(data, dict):
            raise WenshuError(f"{one_line(str(path))}: must be a mapping of names, others and units")
        names |= {word: kind for field, kind in _KINDS.items() for word in _words(data, field, path)}
        units |= {word: Unit(*said) for word, said in _units(data, path).items()}
        nouns.update(_words(data, "nouns", path))
    return Lexicon(names, units, frozenset(nouns))


def _words(data: Mapping[str, Any], field: str, path: Path) -> list[str]:
    words = data.get(field) or []
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise WenshuError(f"{one_line(str(path))}: {field} must be a list of words")
    return words


def _units(data: Mapping[str, Any], path: Path) -> dict[str, tuple[str, str]]:
    units = data.get("units") or {}
    try:
        said = {word: (str(unit["kind"]), str(unit["code"])) for word, unit in units.items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise WenshuError(f"{one_line(str(path))}: each of units needs a kind and a code") from error
    for word, (kind, _) in said.items():
        if kind not in STATISTICAL:
            raise WenshuError(
                f"{one_line(str(path))}: units.{word}: kind must be one of {', '.join(sorted(STATISTICAL))}"
            )
    return said
