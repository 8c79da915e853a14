"""The site's style, script and icon, under names that change with what is in them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ASSETS = ("site.css", "site.js", "icon.svg")


@cache
def asset(name: str) -> bytes:
    """What is in an asset."""
    return (Path(__file__).parent / "templates" / name).read_bytes()


@cache
def asset_name(name: str) -> str:
    """Its path below output/site/: a browser may keep it for ever, for another content has another name."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(asset(name)).hexdigest()[:10]}.{suffix}"
