"""The packages that the code runs with, from its lock, for the bill of materials."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import NamedTuple

from pipeline.project import packaged_path

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)( *;)?", re.MULTILINE)


class Package(NamedTuple):
    """A pinned package."""

    name: str
    version: str
    marker: str
    """Not empty where only some versions of Python or some platforms need it."""

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{re.sub('[-_.]+', '-', self.name).lower()}@{self.version}"


class Lock(NamedTuple):
    """The content of requirements.lock."""

    sha256: str
    packages: tuple[Package, ...]


@cache
def lock() -> Lock:
    """Read requirements.lock."""
    content = packaged_path("requirements.lock").read_bytes()
    packages = tuple(Package(*found) for found in _PINNED.findall(content.decode("utf-8")))
    return Lock(hashlib.sha256(content).hexdigest(), packages)
