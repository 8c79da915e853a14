"""CITATION.cff: how to cite the release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.releases.describe.facts import ABOUT, KEYWORDS, TITLE, DataFile, publisher

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
        **({"url": draft.url} if draft.url else {}),
    }
    # JSON values are YAML values.
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
