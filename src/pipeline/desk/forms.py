"""An indicator or a concept as a form has it: the form's fields, and from what was typed to an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pipeline.errors import WenshuError
from pipeline.project import packaged_path
from pipeline.tables.model import Bilingual

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry of the catalog that is not saved yet."""

    id: str
    entry: Mapping[str, Any]
    emptied: frozenset[str] = frozenset()
    """Fields that the form has and that say nothing any more."""


class Field(NamedTuple):
    """A field of a form, as the schema describes it."""

    name: str
    label: Bilingual
    kind: str
    """line, choice, several (of the choices), flag, both (Chinese and English), words (with spaces
    between) or pairs (亩=1/15)."""
    choices: tuple[str, ...] = ()


@cache
def fields(thing: str) -> tuple[Field, ...]:
    """The form's fields, in the order of the schema. thing: indicator or concept."""
    path = packaged_path("catalog") / "schema" / f"{thing}.schema.json"
    shapes = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return tuple(_field(name, said, shapes) for name, said in shapes[thing]["properties"].items())


def _field(name: str, said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Field:
    en, _, zh = said["description"].rpartition(" / ")
    shape = shapes[said["$ref"].rpartition("/")[2]] if "$ref" in said else said
    choices = tuple(shape.get("enum") or shape.get("items", {}).get("enum", ()))
    kinds = {"boolean": "flag", "array": "words", "object": "both" if "$ref" in said else "pairs"}
    kind = kinds.get(str(shape.get("type")), "line")
    if isinstance(shape.get("type"), list) or "part" in shape.get("properties", {}):
        kind = "pairs"
    if choices:
        kind = "choice" if "enum" in shape else "several"
    return Field(name, Bilingual(zh, en), kind, choices)


def draft_of(thing: str, said: Mapping[str, Any]) -> Draft:
    """A form as an entry: words apart, empty fields left out. Raises `WenshuError` where it has no name."""
    entry: dict[str, Any] = {}
    emptied = set()
    for field in fields(thing):
        name = field.name
        value = _both(said, name) if field.kind == "both" else _value(field, said.get(name))
        if value not in (None, "", [], {}, False):
            entry[name] = value
        elif name in said or f"{name}_zh" in said:
            emptied.add(name)
    key = fields(thing)[0].name
    if not entry.get(key):
        raise WenshuError(f"{key} is empty; give a name of small letters, digits and _")
    return Draft(str(entry[key]), entry, frozenset(emptied))


def _both(said: Mapping[str, Any], name: str) -> dict[str, str] | None:
    """A text in Chinese and English; where the English is missing, the Chinese stands for it."""
    given = said.get(name)
    known = given if isinstance(given, Mapping) else {}
    zh, en = (
        str(known.get(lang) or said.get(f"{name}_{lang}") or "").strip()[:_LONGEST] for lang in ("zh", "en")
    )
    return {"zh": zh, "en": en or zh} if zh else None


def _value(field: Field, value: object) -> object:
    """What a field says: as its file had it, or as it was typed."""
    if not isinstance(value, str):
        return value
    words = value.split()
    if field.kind in ("line", "choice"):
        return " ".join(words)[:_LONGEST]
    if field.kind != "pairs" or not all("=" in word for word in words):
        return words
    pairs = (word.partition("=") for word in words)
    return {key: int(said) if said.isascii() and said.isdecimal() else said for key, _, said in pairs}
