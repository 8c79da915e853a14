"""The site's style, script and icon, under names that change with what is in them."""

from __future__ import annotations

import hashlib
from functools import cache

from pipeline.web.environment import asset as content

ASSETS = ("site.css", "site.js", "icon.svg")


def asset(name: str) -> bytes:
    """What is in an asset."""
    return content("pipeline.site", name).encode()


@cache
def asset_name(name: str) -> str:
    """Its path below output/site/: a browser may keep it for ever, for another content has another name."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(asset(name)).hexdigest()[:10]}.{suffix}"
