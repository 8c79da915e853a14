"""CITATION.cff: how to cite the release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.releases.describe.facts import ABOUT, KEYWORDS, TITLE, DataFile, publisher, served

if TYPE_CHECKING:
    from pipeline.releases.publish import Draft


def describe(draft: Draft, files: tuple[DataFile, ...]) -> str:
    """The file CITATION.cff."""
    said = {
        "cff-version": "1.2.0",
        "message": "引用本数据请用以下信息。 Cite this data as below.",
        "type": "dataset",
        "title": " ".join(TITLE),
        "abstract": " ".join(ABOUT),
        "authors": [{"name": publisher(draft)}],
        "version": draft.version,
        "date-released": draft.date.isoformat(),
        "license": draft.licence,
        "keywords": list(KEYWORDS),
        **({"doi": draft.publication.doi} if draft.publication.doi else {}),
        **({"url": served(draft)} if served(draft) else {}),
        "identifiers": [
            {"type": kind, "value": value, "description": about}
            for kind, value, about in (
                ("doi", draft.publication.doi, "所有版本 All versions"),
                ("url", served(draft), "本版本 This version"),
                ("other", f"wenshu-{draft.version}", "本版本 This version"),
            )
            if value
        ],
    }
    # JSON values are YAML values.
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
