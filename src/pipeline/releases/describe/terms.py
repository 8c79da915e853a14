"""On what terms the data is had: how to cite it, what may be done with it, and a deposit to have a DOI."""

from __future__ import annotations

import json

from pipeline.releases.metadata import ABOUT, KEYWORDS, TITLE, Draft, as_json, said
from pipeline.web.environment import environment


def citation(draft: Draft) -> str:
    """The file CITATION.cff."""
    doi, served = draft.publication.doi, draft.served
    identifiers = (
        ("doi", doi, "所有版本 All versions"),
        ("url", served, "本版本 This version"),
        ("other", f"wenshu-{draft.version}", "本版本 This version"),
    )
    cited = {
        "cff-version": "1.2.0",
        "message": "引用本数据请用以下信息。 Cite this data as below.",
        "type": "dataset",
        "title": " ".join(TITLE),
        "abstract": " ".join(ABOUT),
        "authors": [{"name": draft.creator}],
        "version": draft.version,
        "date-released": draft.date.isoformat(),
        "license": draft.licence,
        "keywords": list(KEYWORDS),
        **said(doi=doi, url=served),
        "identifiers": [
            {"type": kind, "value": value, "description": about}
            for kind, value, about in identifiers
            if value
        ],
    }
    # JSON values are YAML values.
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in cited.items())


def deposit(draft: Draft) -> str:
    """The file zenodo.json: what to send beside the files, as Zenodo's API takes it."""
    same = {"identifier": draft.served, "relation": "isIdenticalTo", "resource_type": "dataset"}
    return as_json(
        {
            "metadata": {
                "upload_type": "dataset",
                "title": " ".join(TITLE),
                "creators": [{"name": draft.creator}],
                "description": f"<p>{ABOUT.zh}</p><p>{ABOUT.en}</p>",
                "publication_date": draft.date.isoformat(),
                "version": draft.version,
                "language": "zho",
                "access_right": "open",
                "license": draft.licence.lower(),
                "keywords": list(KEYWORDS),
                **said(related_identifiers=[same] if draft.served else None),
            }
        }
    )


def licence(draft: Draft) -> str:
    """The file LICENSE.md."""
    page: str = environment("pipeline.releases").get_template("LICENSE.md").render(draft=draft)
    return f"{page}\n"
