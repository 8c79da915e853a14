"""The screen of releases: what each changed and by whose decision; whether it is whole; which stay."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from pipeline.desk.desk import Desk
from pipeline.desk.release_tables import ReleaseTables
from pipeline.desk.routes import Form, GoneError, change, page
from pipeline.errors import WenshuError
from pipeline.releases.store import ReleaseStore, list_releases
from pipeline.releases.verify import verify_version
from pipeline.site.build import prune

_ROWS = 500
"""Differences that are shown of a release."""


@page("/releases")
def _releases(desk: Desk, request: Request) -> str:
    releases = list_releases(desk.project.output)[::-1]
    present = [release["version"] for release in releases if release["present"]]
    wanted = request.query_params.get("version")
    version = wanted if wanted in present else next(iter(present), None)
    tables = ReleaseTables(desk.project.output, version) if version else None
    return desk.page(
        "releases.html", "/releases", listed=releases, version=version,
        rows=tables.changes(_ROWS) if tables else [], deciders=tables.decisions() if tables else [],
    )  # fmt: skip


@change("/api/verify")
def _verify(desk: Desk, form: Form) -> dict[str, Any]:
    store = ReleaseStore(desk.project.output)
    version = form.get("version")
    if version not in store.versions():
        raise GoneError
    return {"problems": list(verify_version(store, version, desk.project.public_key))}


@change("/api/prune")
def _prune(desk: Desk, form: Form) -> dict[str, Any]:
    keep = form.get("keep")
    if not isinstance(keep, int) or keep < 1:
        raise WenshuError("at least one release stays; give 1 or more")
    return {"gone": prune(desk.project, keep)}
