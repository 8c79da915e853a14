"""sbom.cdx.json: the packages that this code runs with, from its lock, as a CycloneDX bill of materials."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from pipeline.project import packaged_path
from pipeline.releases.metadata import Draft, as_json

LOCK = "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)( *;)?", re.MULTILINE)


def describe(draft: Draft) -> str:
    """The file sbom.cdx.json."""
    software = draft.provenance["software"]
    lock = packaged_path(LOCK).read_bytes()
    return as_json(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {
                "component": {
                    "type": "application",
                    "bom-ref": software["name"],
                    "name": software["name"],
                    "version": software["version"],
                },
                "properties": [{"name": f"{LOCK} sha256", "value": hashlib.sha256(lock).hexdigest()}],
            },
            "components": list(_components(lock.decode("utf-8"))),
        }
    )


def _components(lock: str) -> Iterator[dict[str, Any]]:
    for name, version, marked in _PINNED.findall(lock):
        purl = f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            # What only some versions of Python or some platforms take.
            "scope": "optional" if marked else "required",
        }
