"""Descriptions of a release by the standards that others read: a template of templates/ for each file.

All of them follow from the table declarations and the provenance; none reads the clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.releases.describe import dictionary, release_notes, sbom
from pipeline.releases.metadata import ABOUT, KEYWORDS, TITLE, ReleaseDraft
from pipeline.tables import Bilingual
from pipeline.web.environment import environment

DESCRIPTIONS = (
    "datapackage.json", "csv-metadata.json", "dcat.jsonld", "schema.jsonld", "croissant.json",
    "prov.jsonld", "sbom.cdx.json", "dictionary.csv", "dictionary.html", "CITATION.cff", "zenodo.json",
    "LICENSE.md", "RELEASE.md",
)  # fmt: skip


def describe(draft: ReleaseDraft) -> dict[str, bytes]:
    """Every description of the release, by file name."""
    return {name: describe_as(name, draft).encode() for name in DESCRIPTIONS}


def describe_as(name: str, draft: ReleaseDraft) -> str:
    """One of `DESCRIPTIONS`."""
    if name == "dictionary.csv":
        return dictionary.as_csv(draft)
    values = {"draft": draft, "TITLE": TITLE, "ABOUT": ABOUT, "KEYWORDS": KEYWORDS}
    if name.endswith((".md", ".html")):
        page = environment("pipeline.releases").get_template(name)
        return f"{page.render(values, file_notes=dictionary.NOTES, **release_notes.counts(draft))}\n"
    text = _JSON.get_template(name).render(values, lock=sbom.lock)
    if name.endswith(".cff"):  # YAML, of which JSON values are a part
        return f"{text}\n"
    content = json.loads(text, object_pairs_hook=_without_empty)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _without_empty(fields: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a JSON object, but for those without a value: null or an empty object."""
    return {name: value for name, value in fields if value not in (None, {})}


def _tagged(words: Bilingual) -> list[dict[str, str]]:
    """A text in both languages, as JSON-LD has it."""
    return [{"@value": text, "@language": language} for language, text in words._asdict().items()]


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_JSON = Environment(
    loader=PackageLoader("pipeline.releases"), undefined=StrictUndefined, autoescape=False,
    trim_blocks=True, lstrip_blocks=True, finalize=_as_json,
)  # fmt: skip
"""The templates of JSON: every value in them is written as JSON, whatever characters it has."""
_JSON.filters.update(tagged=_tagged, regex_escape=re.escape)
