"""An indicator as a form has it: to its YAML, and over articles before it is saved."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WenshuError
from pipeline.yamlwriting import dumped, loaded, on_one_line

if TYPE_CHECKING:
    from pipeline.numbers.extract import Reading
    from pipeline.statistics.trial import Trial
    from pipeline.texts.source import Source

LISTS = (
    *("measures", "subjects", "subject_ends", "states", "without", "scope", "without_scope"),
    *("periods", "negative", "datasets"),
)
"""Fields that hold several words."""
_TEXTS = ("title", "definition")
_ORDER = (
    *("id", "concept", "measure", "base", "breakdown", "population", "title", "definition", "kind", "unit"),
    *LISTS, "status", "event", "part_of", "share_of",
)  # fmt: skip
_HEADER = "# yaml-language-server: $schema=../schema/indicator.schema.json\nindicators:\n"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """An indicator that is not saved yet."""

    id: str
    entry: Mapping[str, Any]
    emptied: frozenset[str] = frozenset()
    """Fields that the form has and that say nothing any more."""


def draft_of(said: Mapping[str, Any]) -> Draft:
    """A form as an entry of catalog/indicators/: words apart, empty fields left out."""
    entry: dict[str, Any] = {}
    emptied = set()
    for name in _ORDER:
        value = said.get(name)
        if name in LISTS:
            words = value.split() if isinstance(value, str) else value
            value = words if isinstance(words, Mapping) else [str(word) for word in words or ()]
        elif name in _TEXTS:
            both = value if isinstance(value, Mapping) else {}
            value = {
                lang: str(both.get(lang) or said.get(f"{name}_{lang}") or "").strip()[:_LONGEST]
                for lang in ("zh", "en")
            }
            value = {lang: text or value["zh"] for lang, text in value.items()} if value["zh"] else None
        if value not in (None, "", [], False):
            entry[name] = value
        elif name in said or f"{name}_zh" in said:
            emptied.add(name)
    if not entry.get("id"):
        raise WenshuError("an indicator needs an id: small letters, digits and _")
    return Draft(str(entry["id"]), entry, frozenset(emptied))


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
    catalog: Path, draft: Draft, text: str, place: str, readings: Iterable[tuple[Source, Reading]]
) -> Trial:
    """What a draft does over articles. text: its file, as it would be; place: that within the catalog.

    Raises `WenshuError` where the file would not be sound.
    """
    from pipeline.statistics.catalog import load_catalog, load_indicators
    from pipeline.statistics.trial import try_on

    whole = load_catalog(catalog)
    with tempfile.TemporaryDirectory(prefix="wenshu-") as folder:
        path = Path(folder, place)
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        try:
            found = load_indicators([path], whole.concepts)
        except WenshuError as error:
            raise WenshuError(str(error).replace(f"{folder}{os.sep}", "")) from error
    trial: Trial = try_on(whole, [found[draft.id]], readings)
    return trial
