"""Forms of indicators and concepts: their fields, and the entry of the catalog that was typed into one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pipeline.errors import WenshuError
from pipeline.project import packaged_path
from pipeline.tables.model import Bilingual

_LONGEST = 2_000


class FormField(NamedTuple):
    """A field of a form, as the schema describes it."""

    name: str
    label: Bilingual
    kind: str
    """line, choice, several (of the choices), flag, both (Chinese and English), words (with spaces
    between) or pairs (亩=1/15)."""
    choices: tuple[str, ...] = ()


@cache
def form_fields(thing: str) -> tuple[FormField, ...]:
    """The form's fields, in the order of the schema. thing: indicator or concept."""
    path = packaged_path("catalog") / "schema" / f"{thing}.schema.json"
    definitions = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    properties = definitions[thing]["properties"]
    return tuple(_field(name, schema, definitions) for name, schema in properties.items())


def _field(name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> FormField:
    en, _, zh = schema["description"].rpartition(" / ")
    shape = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    choices = tuple(shape.get("enum") or shape.get("items", {}).get("enum", ()))
    kinds = {"boolean": "flag", "array": "words", "object": "both" if "$ref" in schema else "pairs"}
    kind = kinds.get(str(shape.get("type")), "line")
    if isinstance(shape.get("type"), list) or "part" in shape.get("properties", {}):
        kind = "pairs"
    if choices:
        kind = "choice" if "enum" in shape else "several"
    return FormField(name, Bilingual(zh, en), kind, choices)


def entry_from_form(thing: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """A form as an entry: words split, empty fields None. Raises `WenshuError` where it has no id."""
    entry: dict[str, Any] = {}
    for field in form_fields(thing):
        name = field.name
        value = _both(form, name) if field.kind == "both" else _value(field, form.get(name))
        if value not in (None, "", [], {}, False):
            entry[name] = value
        elif name in form or f"{name}_zh" in form:
            entry[name] = None
    key = form_fields(thing)[0].name
    if not entry.get(key):
        raise WenshuError(f"{key} is empty; give a name of small letters, digits and _")
    return entry


def _both(form: Mapping[str, Any], name: str) -> dict[str, str] | None:
    """A text in Chinese and English; the Chinese stands for a missing English one."""
    given = form.get(name)
    texts = given if isinstance(given, Mapping) else {}
    zh, en = (
        str(texts.get(lang) or form.get(f"{name}_{lang}") or "").strip()[:_LONGEST] for lang in ("zh", "en")
    )
    return {"zh": zh, "en": en or zh} if zh else None


def _value(field: FormField, value: object) -> object:
    """A field's value: from a file as it is, or from what was typed."""
    if not isinstance(value, str):
        return value
    words = value.split()
    if field.kind in ("line", "choice"):
        return " ".join(words)[:_LONGEST]
    if field.kind != "pairs" or not all("=" in word for word in words):
        return words
    pairs = (word.partition("=") for word in words)
    return {key: int(cell) if cell.isascii() and cell.isdecimal() else cell for key, _, cell in pairs}
