"""An indicator as a form has it: to its YAML, and over articles before it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import WenshuError
from pipeline.project import packaged
from pipeline.tables.model import Words
from pipeline.yamlwriting import dumped, loaded, on_one_line, on_trial

if TYPE_CHECKING:
    from pipeline.numbers.extract import Reading
    from pipeline.statistics.catalog import Catalog
    from pipeline.statistics.trial import Trial
    from pipeline.texts.source import Source

_HEADER = "# yaml-language-server: $schema=../schema/indicator.schema.json\nindicators:\n"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """An indicator that is not saved yet."""

    id: str
    entry: Mapping[str, Any]
    emptied: frozenset[str] = frozenset()
    """Fields that the form has and that say nothing any more."""


class Field(NamedTuple):
    """A field of the form, as indicator.schema.json describes it."""

    name: str
    label: Words
    kind: str
    """line, choice, flag, both (Chinese and English), words (with spaces between) or pairs (亩=1/15)."""
    choices: tuple[str, ...] = ()


@cache
def fields() -> tuple[Field, ...]:
    """The form's fields, in the schema's order."""
    path = packaged("catalog") / "schema" / "indicator.schema.json"
    shapes = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return tuple(_field(name, said, shapes) for name, said in shapes["indicator"]["properties"].items())


def _field(name: str, said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Field:
    en, _, zh = said["description"].rpartition(" / ")
    shape = shapes[said["$ref"].rpartition("/")[2]] if "$ref" in said else said
    kinds = {"boolean": "flag", "array": "words", "object": "both" if "$ref" in said else "pairs"}
    kind = "choice" if "enum" in shape else kinds.get(str(shape.get("type")), "line")
    if isinstance(shape.get("type"), list) or "part" in shape.get("properties", {}):
        kind = "pairs"
    return Field(name, Words(zh, en), kind, tuple(shape.get("enum", ())))


def draft_of(said: Mapping[str, Any]) -> Draft:
    """A form as an entry of catalog/indicators/: words apart, empty fields left out."""
    entry: dict[str, Any] = {}
    emptied = set()
    for field in fields():
        name = field.name
        value = _both(said, name) if field.kind == "both" else _value(field, said.get(name))
        if value not in (None, "", [], {}, False):
            entry[name] = value
        elif name in said or f"{name}_zh" in said:
            emptied.add(name)
    if not entry.get("id"):
        raise WenshuError("an indicator needs an id: small letters, digits and _")
    return Draft(str(entry["id"]), entry, frozenset(emptied))


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
    if not isinstance(value, str) or field.kind not in ("words", "pairs"):
        return value
    words = value.split()
    if field.kind == "words" or not all("=" in word for word in words):
        return words
    pairs = (word.partition("=") for word in words)
    return {key: int(said) if said.isascii() and said.isdecimal() else said for key, _, said in pairs}


def written_with(text: str, draft: Draft, path: Path) -> str:
    """A file's text with an indicator in it: in its place where it is there, else at the end."""
    document = loaded(text or _HEADER, path)
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if document.get("indicators") is None:
        document["indicators"] = CommentedSeq()
    known = next((one for one in document["indicators"] if one.get("id") == draft.id), None)
    item = CommentedMap() if known is None else known
    for name in [name for name in item if name in draft.emptied]:
        del item[name]
    for name, value in draft.entry.items():
        if item.get(name) != value:
            item[name] = _shaped(value)
    if known is None:
        document["indicators"].append(item)
    return dumped(document)


def _shaped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return on_one_line(value)
    if isinstance(value, list):
        from ruamel.yaml.comments import CommentedSeq

        words = CommentedSeq(value)
        words.fa.set_flow_style()
        return words
    return value


def tried(
    catalog: Catalog, draft: Draft, text: str, place: str, readings: Iterable[tuple[Source, Reading]]
) -> Trial:
    """What a draft does over articles. text: its file, as it would be; place: that within the catalog.

    Raises `WenshuError` where the file would not be sound.
    """
    from pipeline.statistics.catalog import load_indicators
    from pipeline.statistics.trial import try_on

    with on_trial(text, Path(place)) as path:
        found = load_indicators([path], catalog.concepts)
    return try_on(catalog, [found[draft.id]], readings)
