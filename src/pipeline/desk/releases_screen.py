"""The screen of releases: what each changed and by whose decision; whether it is whole; which stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from pipeline.desk.answers import Screen
from pipeline.desk.desk import Desk
from pipeline.desk.released import Released
from pipeline.errors import WenshuError
from pipeline.releases.store import ReleaseStore, list_releases
from pipeline.releases.verify import verify_version
from pipeline.site.build import prune

SCREEN = Screen()
_ROWS = 500
"""Differences that are shown of a release."""


@SCREEN.page("/releases")
def _screen(desk: Desk, request: Request) -> str:
    found = list_releases(desk.project.output)[::-1]
    present = [one["version"] for one in found if one["present"]]
    wanted = request.query_params.get("version")
    version = wanted if wanted in present else next(iter(present), None)
    made = Released(desk.project.output, version) if version else None
    return desk.page(
        "releases.html", "/releases", list_releases=found, version=version,
        rows=made.changes(_ROWS) if made else [], deciders=made.deciders() if made else [],
    )  # fmt: skip


@SCREEN.change("/api/verify")
def _verify(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    store = ReleaseStore(desk.project.output)
    version = said.get("version")
    if version not in store.versions():
        raise WenshuError("that is not there any more; load the page again")
    return {"problems": list(verify_version(store, version, desk.project.public_key))}


@SCREEN.change("/api/prune")
def _prune(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    keep = said.get("keep")
    if not isinstance(keep, int) or keep < 1:
        raise WenshuError("at least one release stays; give 1 or more")
    return {"gone": prune(desk.project, keep)}
